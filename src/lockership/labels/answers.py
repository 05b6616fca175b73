"""Read an API's answers without trusting their shape, and repeat its words without a person's data.

APIs put names, streets and telephone numbers into their messages.  A warehouse needs the message; an
error or a log must not carry the person.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["entries", "mapping", "said", "text", "texts_of", "word_of"]

_WORD = re.compile(r"[^\W_]+")
_MOST = 200
_HIDDEN = "▒"


def mapping(value: object) -> dict[str, Any]:
    """Give a JSON object as it is, and an empty one in place of anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def entries(value: object) -> list[dict[str, Any]]:
    """Give the JSON objects of a list; anything else in it, or in its place, is passed over."""
    listed = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", entry) for entry in listed if isinstance(entry, dict)]


def text(value: object) -> str:
    """Give a text as it is, and ``""`` in place of anything else."""
    return value if isinstance(value, str) else ""


def said(texts: Iterable[object], asked: Mapping[str, object] | None) -> str:
    """Join messages with every word hidden that the request's addresses contain.

    Hidden too: words that are not ASCII, numbers of four digits or more, words of 24 letters or more
    (ids and keys).  Without the request nothing is known to be safe, and nothing is repeated.

    >>> asked = {"to_address": {"name": "Zhang Wei", "street1": "12 Elm St"}, "reference": "A-1"}
    >>> said(["Address not found: 12 ELM ST", "Insufficient funds"], asked)
    'Address not found: ▒ ▒ ▒; Insufficient funds'
    >>> said(["Address not found: 12 ELM ST"], None)
    ''
    """
    if asked is None:
        return ""
    hidden = {_folded(word) for key, value in asked.items() if "address" in key for word in _words(value)}

    def shown(match: re.Match[str]) -> str:
        word = match[0]
        secret = _folded(word) in hidden or not word.isascii() or len(word) >= 24
        return _HIDDEN if secret or (word.isdigit() and len(word) >= 4) else word

    joined = "; ".join(" ".join(words) for words in (text(one).split() for one in texts) if words)
    return _WORD.sub(shown, joined)[:_MOST]


def word_of(value: object) -> str | None:
    """Read an API's code, as ``SHIPMENT.POSTAGE.FAILURE``; anything that is no code is None.

    >>> word_of("ADDRESS.VERIFY.FAILURE"), word_of("Zhang Wei, 12 Elm St"), word_of(None)
    ('ADDRESS.VERIFY.FAILURE', None, None)
    """
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,59}", value, re.ASCII):
        return value
    return None


def texts_of(body: object, key: str = "", depth: int = 0) -> Iterator[str]:
    """Give the texts of an error's body, whatever its form, with the field that they are about.

    >>> list(
    ...     texts_of(
    ...         {"error": {"code": "X", "message": "no", "errors": [{"field": "zip", "message": "bad"}]}}
    ...     )
    ... )
    ['no', 'field: zip', 'bad']
    >>> list(texts_of({"rate": ["Rate with supplied object_id not found."]}))
    ['rate: Rate with supplied object_id not found.']
    """
    if isinstance(body, str) and key != "code":
        yield body if key in _PLAIN or word_of(key) is None else f"{key}: {body}"
    if depth == _DEEPEST:
        return
    for name, inner in mapping(body).items():
        yield from texts_of(inner, name, depth + 1)
    for inner in cast("list[object]", body) if isinstance(body, list) else []:
        yield from texts_of(inner, key, depth + 1)


_DEEPEST = 6
_PLAIN = {"", "message", "error", "errors", "detail", "__all__", "text", "messages"}


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from _WORD.findall(value)
    for inner in mapping(value).values():
        yield from _words(inner)


def _folded(word: str) -> str:
    """Compare as APIs rewrite: without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
