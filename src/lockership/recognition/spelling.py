"""Slips in the key words: one letter wrong, missing, doubled or swapped, and words run together.

Only used for a second reading, when the first found nothing: a slip counts only beside the other
words that make a phrase, so that ``Locke`` or ``Paint Rd`` mean nothing by themselves.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from lockership.recognition.phrase import words

if TYPE_CHECKING:
    from lockership.recognition.fold import Text

__all__ = ["is_slip", "is_sound", "repaired"]

_KEY_WORDS = words(
    """
    amazon fedex locker lockers counter access point pickup customer center general delivery office
    onsite shipcenter station postal smart parcel package private mailbox restante apartado luxer
    pending postmaster
    """
)
_REAL_WORDS = words(
    """
    locke locked lockes looker rocker docker counted counts country officer officers deliver delivers livery
    fede feder stations nation smarts generals parcels packages customers
    """
)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz015"
_RUN_TOGETHER = re.compile(
    r"\b(?:(?:amazon|amzn|ups|fedex|usps)(?=(?:hub|lock|lok|acc|acs|office|onsite|ship|pick|hold|smart|parcel"
    r"|customer|cust))"
    r"|(?:hub|access|pick|general|smart|parcel|post|customer)(?=(?:lock|lok|count|point|pt|pon|poi"
    r"|deliv|delv|office|cent)[a-z0-9]{0,6}\b))",
    re.ASCII,
)
_WORD = re.compile(r"(?<![a-z0-9])[a-z0-9]{4,12}(?![a-z0-9])")


@cache
def _slips() -> dict[str, str]:
    """Map every spelling with one slip to its word."""
    slips: dict[str, str] = {}
    for word in sorted(_KEY_WORDS):
        for at in range(len(word)):
            head, tail = word[:at], word[at:]
            slips[head + tail[1:]] = word
            if len(tail) > 1:
                slips[head + tail[1] + tail[0] + tail[2:]] = word
            if at:  # hardly anybody gets the first letter wrong
                for letter in _ALPHABET:
                    slips[head + letter + tail[1:]] = word
                    slips[head + letter + tail] = word
        for letter in _ALPHABET:
            slips[word + letter] = word
    for word in (*_KEY_WORDS, *_REAL_WORDS):
        slips.pop(word, None)
    return slips


def is_slip(word: str) -> bool:
    """Tell whether this is a key word with one slip."""
    return word in _slips()


def is_sound(word: str) -> bool:
    """Tell whether :func:`repaired` would leave this word as it is."""
    return not is_slip(word) and _RUN_TOGETHER.search(word) is None


def repaired(text: Text) -> Text | None:
    """Read the key words as they were meant; None where there is nothing to mend.

    The mended text is quoted as the whole line in which the slip stands.
    """
    slips = _slips()
    apart = _RUN_TOGETHER.sub(r"\g<0> ", text.folded)
    if not slips.keys().isdisjoint(_WORD.findall(apart)):
        return text.respelled(_WORD.sub(lambda found: slips.get(found.group(), found.group()), apart))
    return None if apart == text.folded else text.respelled(apart)
