"""Read what carriers' own APIs answer: the label's file, what was paid, and what to look at."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any, cast

import attrs

from lockership.errors import InputError, LabelUncertain
from lockership.labels.answers import entries, mapping, text, word_of
from lockership.labels.label import Label, LabelFile
from lockership.units import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

__all__ = [
    "alerts",
    "code_of",
    "digits_or_text",
    "file_of",
    "listed",
    "price_of",
    "uncertain",
    "with_file",
    "words_of",
]


def listed(value: object) -> list[dict[str, Any]]:
    """Give the JSON objects of a list; an object alone counts as a list of one.

    >>> listed([{"Code": "01"}, "x"]), listed({"Code": "01"}), listed("")
    ([{'Code': '01'}], [{'Code': '01'}], [])
    """
    alone = mapping(value)
    return [alone] if alone else entries(value)


def digits_or_text(value: object) -> str:
    """Give a text as it is and a whole number as its digits; anything else is ``""``."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value).strip()


def price_of(amount: object, currency: object) -> Money | None:
    """Read an amount exactly as it was written, or None where it or its currency is not told."""
    if not text(currency).strip():
        return None
    if isinstance(amount, float):
        amount = repr(amount)
    try:
        return Money.of(cast("str | int | Decimal", amount), text(currency))
    except InputError:
        return None


def file_of(encoded: object, file_format: str) -> LabelFile | None:
    """Decode a label's file, or answer None where nothing comes out of it.

    >>> file_of("XlhBXlha", "ZPL").content, file_of("not base64!", "ZPL")
    (b'^XA^XZ', None)
    """
    try:
        content = base64.b64decode("".join(text(encoded).split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return LabelFile(content, file_format, hashlib.sha256(content).hexdigest()) if content else None


def with_file(label: Label, encoded: object) -> Label:
    """Give the label its file; one that cannot be decoded is paid for all the same, and says so."""
    file = file_of(encoded, label.format)
    if file is None and not label.url:
        return attrs.evolve(label, warnings=(*label.warnings, "file_not_fetched"))
    return attrs.evolve(label, file=file)


def uncertain(api: str, message: str, reference: str, bought: str = "") -> LabelUncertain:
    """Make the error of an answer that does not show what became of a purchase."""
    return LabelUncertain(f"{api}: {message}", api=api, reference=reference or None, bought=bought or None)


def code_of(body: object) -> str | None:
    """Give the code of the first error in a carrier's refusal, whichever of the four forms it has.

    >>> code_of({"response": {"errors": [{"code": "120802", "message": "Address Validation Error"}]}})
    '120802'
    >>> code_of({"error": {"code": "400", "errors": [{"code": "160089", "detail": "mailClass"}]}})
    '160089'
    """
    found = mapping(body)
    for holder in (found, mapping(found.get("response")), mapping(found.get("error"))):
        for error in entries(holder.get("errors")):
            if (code := word_of(digits_or_text(error.get("code")))) is not None:
                return code
    return word_of(digits_or_text(mapping(found.get("error")).get("code")))


_WORDS = ("message", "detail", "details", "title")


def words_of(body: object) -> Iterator[str]:
    """Give what a refusal says, without the ids and addresses that stand beside it."""
    found = mapping(body)
    for holder in (found, mapping(found.get("response")), mapping(found.get("error"))):
        errors = entries(holder.get("errors"))
        for error in errors:
            yield from (text(error.get(word)) for word in _WORDS if text(error.get(word)))
        if not errors and text(holder.get("message")):
            yield text(holder.get("message"))


def alerts(found: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Name the carrier's own warnings by their codes; their texts may hold the buyer's address.

    >>> alerts([{"code": "SHIPMENT.VALIDATION", "alertType": "NOTE"}, {"Code": "121524"}])
    ('alert_121524',)
    """
    codes = [
        word_of(digits_or_text(alert.get("code", alert.get("Code"))))
        for alert in found
        if alert.get("alertType") != "NOTE"
    ]
    return tuple(dict.fromkeys(f"alert_{code}" for code in codes if code))
