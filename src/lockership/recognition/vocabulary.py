"""The words of all networks together, and what can be told from them before any pattern is tried.

A text without one of the :func:`stems` is a plain street.  A buyer's name without any word of the
patterns says nothing of the place, and is left out when the rest is read: an address is then the
same whoever collects there, so that what was found once holds for the next buyer.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from lockership.recognition import home, notes, place, postal
from lockership.recognition.amazon import AMAZON
from lockership.recognition.fedex import FEDEX
from lockership.recognition.fold import Text, read
from lockership.recognition.phrase import Network, any_of
from lockership.recognition.spelling import is_slip
from lockership.recognition.ups import UPS
from lockership.recognition.usps import USPS

if TYPE_CHECKING:
    from lockership.address import Address

__all__ = ["BESIDE_A_STREET", "NETWORKS", "NUMBER", "read_place", "says_nothing", "some_stem", "stems"]

NETWORKS: tuple[Network, ...] = (
    home.APARTMENT_LOCKERS,
    AMAZON,
    UPS,
    FEDEX,
    USPS,
    home.PRIVATE_MAILBOXES,
)
BESIDE_A_STREET = home.PRIVATE_MAILBOXES
NUMBER = "#"
"""The one stem that is no word."""


def stems() -> str:
    """Give the stems, one of which stands in every address that is more than a plain street.

    They are read over letters, digits and ``| , #`` alone, in lower case.
    """
    networks = [network.stems for network in NETWORKS]
    return " ".join([*networks, postal.STEMS, place.MILITARY_STEMS, notes.STEMS, NUMBER])


@cache
def some_stem() -> re.Pattern[str]:
    """Give the stems in ASCII as one pattern; Chinese is looked at wherever it stands."""
    return any_of(" ".join(filter(str.isascii, stems().split())))


_ORDINARY = re.compile(r"[A-Za-z .'-]{0,27}")
"""Names of letters, shorter than a line that a form would cut."""
_LETTERS = re.compile(r"[a-z]+")


def says_nothing(name: str) -> bool:
    """Tell whether a name is a person's and nothing else, as far as any pattern can see.

    False for every name with a word of the patterns, as *Will* is: its address is read with the name.

    >>> says_nothing("Ana Lopez"), says_nothing("Ana Lopez c/o UPS"), says_nothing("Walgreens 4411")
    (True, False, False)
    """
    if _ORDINARY.fullmatch(name) is None:
        return False
    said = _LETTERS.findall(name.lower())
    words, beginnings = _words()
    for word in said:
        if word in words or word[:5] in beginnings or is_slip(word):
            return False
    return some_stem().search("".join(said)) is None


def read_place(address: Address) -> Text:
    """Join and fold the fields that are evidence, without a name that says nothing."""
    text = read(address)
    if not says_nothing(address.name):
        return text
    end = text.folded.index("|")
    return Text(text.shown[end:], text.folded[end:])


_NO_LETTERS = re.compile(r"\\x20|\\.|\[[^]]*]|\{[^}]*}")
_LAST = r"(?! [a-z]{2})"
"""Of words that a pattern asks for side by side, as ``tom thumb``, the last one tells."""
_WORD = re.compile(rf"(?<![a-z])[a-z]{{2,}}+(?!_s[ |)]){_LAST}")
_ONE_LETTER_LESS = re.compile(r"(?<![a-z])[a-z]{2,}(?=[a-z]\?)")
_OF_SOMEBODY = re.compile(rf"(?<![a-z])[a-z]{{2,}}+(?=_s(?![a-z]){_LAST})")
_RUNS_ON = re.compile(r"[a-z]{5,}(?=\??\)?[_(])")


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """Collect the words of all patterns, and five letters of those that may run on, as ``dollar_general``."""
    patterns = [text for network in NETWORKS for one in network.phrases for text in (one.pattern, one.beside)]
    patterns += [*home.PATTERNS, *notes.PATTERNS, *place.PATTERNS, *postal.PATTERNS, *notes.TRIGGERS]
    text = _NO_LETTERS.sub(" ", " ".join(patterns))
    names = [word + end for word in _OF_SOMEBODY.findall(text) for end in ("", "s")]
    words = frozenset([*_WORD.findall(text), *_ONE_LETTER_LESS.findall(text), *names])
    return words, frozenset(word[:5] for word in _RUNS_ON.findall(text))
