r"""How the words of a network are written down, and how they are looked for.

A network is a few :class:`Phrase`\\ s, tried in order.  A pattern is an ordinary regular expression
over folded text (see ``fold.py``) in which

* a blank stands for one or more blanks, ``_`` for any number of blanks, also none;
* ``{GAP}`` stands for up to three words of the same line.

Every repetition in a pattern is bounded or possessive, and every pattern begins at a word: that
keeps the search linear on any text.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from lockership.words import Confidence, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from lockership.recognition.fold import Text

    _Search = Callable[[str], re.Match[str] | None]

__all__ = [
    "GAP",
    "HOLD",
    "LOCKER",
    "NOT_A_FIRM",
    "Match",
    "Network",
    "Phrase",
    "any_of",
    "blank",
    "compiled",
    "words",
]

GAP = (
    r"(?:(?!(?:fulfil|warehouse|sort|logistics|services|supply|freight|ground|drop|leav|driver|deliver"
    r"|packages|please)[a-z]*|(?:put|place|go|goes|use|into|my|our|is)\b)[^\x20|,~]{1,30}\x20++){0,3}?"
)
"""Up to three words between a network and its word of holding, none of which makes it a workplace."""

LOCKER = r"(?:lockers?|lockr|loker|lokcer|lcoker|locekr|lockerr|lockre|l0cker)\b"
"""The word that decides between a shop and a locker, with the slips that occur most."""

NOT_A_FIRM = (
    r"(?!_(?:rooms?|team|dept|department|operations|ops|engineering|engineers?|support|installations?"
    r"|installers?"
    r"|repairs?|maintenance|technicians?|tech|llc|inc|corp|corporation|company|manufacturing|sales"
    r"|rentals?|solutions?|hq|headquarters)\b)"
)
"""After a word of holding: no firm or team that works on such things."""

HOLD = (
    r"\b(?:(?:hold|held|holding)_(?:for|at|until)_(?:pick|location|customer|recipient|collection|will"
    r"|consignee|pu\b|hal\b)"
    r"|(?:hold|held)_(?:4|to)_pick|will_call\b|holdforpickup)"
)
"""A wish that the carrier keeps the parcel; a hotel that holds one for a guest is not meant."""


def words(text: str) -> frozenset[str]:
    """Take a list of words apart."""
    return frozenset(text.split())


def blank(found: re.Match[str]) -> str:
    """Cover what was found, so that no pattern reads it again and everything else keeps its place."""
    return "~" * len(found.group())


def any_of(stems: str) -> re.Pattern[str]:
    """Compile a choice of stems, grouped by first letter: that makes it three times as fast."""
    by_letter: dict[str, list[str]] = {}
    for stem in stems.split():
        first = stem[:2] if stem.startswith("\\") else stem[0]
        by_letter.setdefault(first, []).append(stem[len(first) :])
    return re.compile(
        "|".join([f"{first}(?:{'|'.join(rest)})" for first, rest in by_letter.items()]), re.ASCII
    )


class Phrase(NamedTuple):
    """One way of writing an address of a kind.

    Attributes:
        rule: The name under which evidence reports it.
        kind: What an address with these words is.
        pattern: The words.
        confidence: How sure they make it.
        alternatives: What else they could be.
        beside: Words that must stand somewhere in the address too.
    """

    rule: str
    kind: Kind
    pattern: str
    confidence: Confidence = Confidence.CERTAIN
    alternatives: tuple[Kind, ...] = ()
    beside: str = ""


class Network:
    """The phrases of one network, in the order in which they are tried.

    Args:
        stems: Patterns, of which one stands in every text that any of the phrases fits, read without
            blanks: a cheap test, without which no phrase is tried.
        phrases: Most telling first; the first that fits is the network's answer.
    """

    def __init__(self, stems: str, *phrases: Phrase) -> None:
        self.stems = stems
        self.phrases = phrases

    def first_match(self, text: Text, *, across_lines: bool = False) -> Match | None:
        """Find the first phrase that fits; ``across_lines`` lets its blanks reach into the next line."""
        if self._has_stem(text.letters) is None:
            return None
        for phrase, search, beside in self._across if across_lines else self._within:
            found = search(text.folded)
            if found and (beside is None or beside(text.folded)):
                return Match(phrase, *found.span())
        return None

    @cached_property
    def _has_stem(self) -> _Search:
        return any_of(self.stems).search

    @cached_property
    def _within(self) -> tuple[tuple[Phrase, _Search, _Search | None], ...]:
        return self._searches(across_lines=False)

    @cached_property
    def _across(self) -> tuple[tuple[Phrase, _Search, _Search | None], ...]:
        return self._searches(across_lines=True)

    def _searches(self, *, across_lines: bool) -> tuple[tuple[Phrase, _Search, _Search | None], ...]:
        return tuple(
            (
                phrase,
                compiled(phrase.pattern, across_lines=across_lines).search,
                compiled(phrase.beside).search if phrase.beside else None,
            )
            for phrase in self.phrases
        )


class Match(NamedTuple):
    """A phrase that was found, and where."""

    phrase: Phrase
    start: int
    end: int


@cache
def compiled(pattern: str, *, across_lines: bool = False) -> re.Pattern[str]:
    """Compile a pattern of a phrase; ``across_lines`` lets its blanks reach into the next line."""
    blank = "[ |]" if across_lines else r"\x20"
    return re.compile(pattern.replace(" ", f"{blank}++").replace("_", f"{blank}*+"), re.ASCII)
