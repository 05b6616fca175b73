"""How the words of a network are written down, and how they are looked for.

A network is a few :class:`Phrase`\\ s, tried in order.  A pattern is an ordinary regular expression
over folded text (see ``fold.py``) in which

* a blank stands for one or more blanks, ``_`` for any number of blanks, also none;
* ``{GAP}`` stands for up to three words of the same line.

Every repetition in a pattern is bounded or possessive, and every pattern begins at a word: that
keeps the search linear on any text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lockership.words import Confidence, Kind

if TYPE_CHECKING:
    from lockership.recognition.fold import Text

__all__ = ["GAP", "HOLD", "NOT_A_FIRM", "Match", "Network", "Phrase", "compiled", "first_match"]

GAP = r"(?:(?!(?:fulfil|warehouse|sort|logistics|services|supply|freight|ground|drop)[a-z]*)[^\x20|,~]{1,30}\x20++){0,3}?"
"""Up to three words between a network and its word of holding, none of which makes it a workplace."""

NOT_A_FIRM = (
    r"(?!_(?:rooms?|team|dept|department|operations|ops|engineering|engineers?|support|installations?|installers?"
    r"|repairs?|maintenance|technicians?|tech|llc|inc|corp|corporation|company|manufacturing|sales|rentals?)\b)"
)
"""After a word of holding: no firm or team that works on such things."""

HOLD = (
    r"\b(?:(?:hold|held|holding)_(?:for|at|until)_(?:pick|location|customer|recipient|collection|will|consignee|pu\b|hal\b)"
    r"|(?:hold|held)_(?:4|to)_pick|will_call\b|holdforpickup)"
)
"""A wish that the carrier keeps the parcel; a hotel that holds one for a guest is not meant."""


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


class Network(NamedTuple):
    """The phrases of one network, in the order in which they are tried.

    Attributes:
        stems: A pattern for something that stands in every text that any of the phrases fits: a
            cheap test, without which no phrase is tried.
        phrases: Most telling first; the first that fits is the network's answer.
    """

    stems: str
    phrases: tuple[Phrase, ...]


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


def first_match(network: Network, text: Text, *, across_lines: bool = False) -> Match | None:
    """Find the first phrase of the network that fits the text."""
    folded = text.folded
    if compiled(network.stems).search(folded) is None:
        return None
    for phrase in network.phrases:
        found = compiled(phrase.pattern, across_lines=across_lines).search(folded)
        if found and (not phrase.beside or compiled(phrase.beside).search(folded)):
            return Match(phrase, *found.span())
    return None
