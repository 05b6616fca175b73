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
    from collections.abc import Callable, Iterable

__all__ = [
    "GAP",
    "HOLD",
    "LOCKER",
    "LOCKER_STEMS",
    "LOCKER_WORD",
    "NOT_A_FIRM",
    "PICK_UP_POINT",
    "Match",
    "Network",
    "Phrase",
    "any_of",
    "blank",
    "compiled",
    "first_match",
    "words",
]

GAP = (
    r"(?:(?!(?:fulfil|warehouse|sort|logistics|services|supply|freight|ground|drop|leav|driver|deliver"
    r"|packages|please)[a-z]*|(?:put|place|go|goes|use|into|my|our|is)\b)[^\x20|,~]{1,30}\x20++){0,3}?"
)
"""Up to three words between a network and its word of holding, none of which makes it a workplace."""

LOCKER_WORD = r"(?:lockers?|casilleros?|taquillas?)"
"""A locker in English and in the Spanish of Latin America and of Spain."""

LOCKER_STEMS = "lock loke lokc loce lcok l0ck lckr casillero taquilla"
LOCKER = rf"(?:{LOCKER_WORD}|lockr|lckrs?|loker|lokcer|lcoker|locekr|lockerr|lockre|l0cker)\b"
"""The word that decides between a shop and a locker, with the slips that occur most."""

PICK_UP_POINT = r"(?:access_p(?:oin)?ts?|puntos? de (?:acceso|recogida|recoleccion|entrega|retiro))\b"
"""A point in the networks' own English and in Spanish."""

NOT_A_FIRM = (
    r"(?!_(?:rooms?|team|dept|department|operations|ops|engineering|engineers?|support|installations?"
    r"|installers?"
    r"|repairs?|maintenance|technicians?|tech|llc|inc|corp|corporation|company|manufacturing|sales"
    r"|rentals?|solutions?|systems?|technologies|hq|headquarters)\b)"
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
    """Compile a choice of stems, grouped by first letter: that makes it three times as fast.

    A plain stem that holds another one is left out: ``hublocker`` is found by ``hub``.
    """
    by_letter: dict[str, list[str]] = {}
    plain = {stem for stem in stems.split() if stem.isalnum()}
    for stem in dict.fromkeys(stems.split()):
        if stem in plain and any(other in stem for other in plain - {stem}):
            continue
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
        stems: Parts of words, of which one stands in every text that the pattern fits, read without
            blanks and breaks: a cheap test, without which the pattern is not tried.  ``""``: always tried.
    """

    rule: str
    kind: Kind
    pattern: str
    confidence: Confidence = Confidence.CERTAIN
    alternatives: tuple[Kind, ...] = ()
    beside: str = ""
    stems: str = ""


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

    def likely(self, letters: str) -> list[Phrase]:
        """Give the phrases whose stems stand in these letters: few or none, at the cost of a glance."""
        if self._has_stem(letters) is None:
            return []
        letters = letters.replace("|", "")
        likely: list[Phrase] = []
        for phrase, stems in self._stems:
            for stem in stems:
                if stem in letters:
                    likely.append(phrase)
                    break
        return likely

    @cached_property
    def _has_stem(self) -> Callable[[str], re.Match[str] | None]:
        return any_of(self.stems).search

    @cached_property
    def _stems(self) -> tuple[tuple[Phrase, tuple[str, ...]], ...]:
        return tuple((phrase, tuple(phrase.stems.split()) or ("",)) for phrase in self.phrases)


class Match(NamedTuple):
    """A phrase that was found, and where."""

    phrase: Phrase
    start: int
    end: int


def first_match(phrases: Iterable[Phrase], folded: str, *, across_lines: bool = False) -> Match | None:
    """Find the first phrase that fits; ``across_lines`` lets its blanks reach into the next line."""
    for phrase in phrases:
        found = compiled(phrase.pattern, across_lines=across_lines).search(folded)
        if found and (not phrase.beside or compiled(phrase.beside).search(folded)):
            return Match(phrase, *found.span())
    return None


@cache
def compiled(pattern: str, *, across_lines: bool = False) -> re.Pattern[str]:
    """Compile a pattern of a phrase; ``across_lines`` lets its blanks reach into the next line."""
    blank = "[ |]" if across_lines else r"\x20"
    return re.compile(pattern.replace(" ", f"{blank}++").replace("_", f"{blank}*+"), re.ASCII)
