"""``recognise()``: what an address is, read from its fields and from the sales channel's signals.

The order is the design: another country, the military, what the sales channel says, then the text:
apartment lockers, the four networks, private mailboxes, PO Boxes, and the street when nothing else
was found.  A plain street never gets as far as the patterns: one cheap test sends it out.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import attrs

from lockership.recognition import home, notes, place, postal
from lockership.recognition.answer import Evidence, Recognition
from lockership.recognition.fold import Text, clean, joined, letters
from lockership.recognition.phrase import Match, Network, Phrase, any_of, compiled, first_match
from lockership.recognition.spelling import repaired
from lockership.recognition.vocabulary import (
    BESIDE_A_STREET,
    NETWORKS,
    NUMBER,
    read_place,
    some_stem,
    stems,
)
from lockership.words import CHANNELS, Confidence, Kind, network_of

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from lockership.address import Address, Signals

    _Found = tuple[Text, Match]

__all__ = ["recognise"]

# Looking a member up in its enumeration takes longer than all the rest of a plain street's answer.
_STREET = Kind.STREET
_CERTAIN, _LIKELY, _POSSIBLE = Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE
_SURENESS = {_CERTAIN: 2, _LIKELY: 1, _POSSIBLE: 0}
_NOT_AT_A_POINT = frozenset({Kind.USPS_PO_BOX, Kind.PRIVATE_MAILBOX, Kind.APARTMENT_LOCKER})


def recognise(address: Address, signals: Signals | None = None) -> Recognition:
    """Say what kind of address this is, how sure that is, and which words decided.

    Only the fields of the address and the signals are evidence; phone and e-mail are not.  Any text
    is accepted, in time proportional to its length.  Not checked: whether the address exists.

    >>> from lockership.address import Address, Signals
    >>> recognise(Address(company="Amazon Locker - Chive", street1="2012 E 7th St")).kind.value
    'amazon.locker'
    >>> recognise(Address(street1="88 Access Point Dr", street2="next to the Amazon Locker")).kind.value
    'street'
    >>> recognise(Address(street1="1 Main St"), Signals(amazon_is_access_point_order=True)).kind.value
    'amazon.access_point'
    """
    if not place.is_covered(address.country):
        evidence = Evidence("country", clean(address.country), "country.not_covered")
        return Recognition(Kind.STREET, Confidence.CERTAIN, (evidence,), country_covered=False)
    found, declined = _of_text(address)
    if signals is None and declined is None:
        return found
    return _weigh(found, declined, signals)


def _of_text(address: Address) -> tuple[Recognition, Evidence | None]:
    """Answer from the text alone: at once where no word of any kind stands, else by the patterns."""
    shown = joined(address)
    read_letters = "" if shown is None else letters(shown)
    if shown is not None and some_stem().search(read_letters) is None:
        return _plain(address.street1), None
    text = read_place(address)
    if shown is None and not has_hint(text):
        return _plain(text.line("street1")), None
    if NUMBER in read_letters and _words().search(read_letters) is None and _is_simple(text):
        return _with_number(text), None
    return _read(text)


def _is_simple(text: Text) -> bool:
    """Tell lines without notes, breaks where a form cut them, and slips: they are read one way only."""
    return not notes.may_stand(text.folded) and text.glued() is None and repaired(text) is None


def _with_number(text: Text) -> Recognition:
    """Answer for lines in which ``#`` stands and no word of any other kind."""
    if unit := compiled(home.BARE_UNIT).search(text.folded, text.start_of("street1") - 1):
        return _answer(text, Match(_BARE_UNIT, *unit.span()))
    return _plain(text.line("street1"))


def _plain(street1: str) -> Recognition:
    """Answer for lines in which no word of any other kind stands."""
    street1 = street1.strip()
    if street1[:1].isdigit():
        return Recognition(_STREET, _CERTAIN, (Evidence("street1", street1, "street.house_number"),))
    return Recognition(_STREET, _LIKELY, (Evidence("street1", street1, "street.no_other_words"),))


@cache
def _words() -> re.Pattern[str]:
    return any_of(" ".join(stem for stem in stems().split() if stem != NUMBER))


def has_hint(text: Text) -> bool:
    """Tell in a few microseconds whether any word stands here that could make more than a street."""
    if some_stem().search(text.letters):
        return True
    return not text.folded.isascii() and compiled(_CHINESE).search(text.folded) is not None


_CHINESE = "[\u4e00-\u9fff]"


def _read(text: Text) -> tuple[Recognition, Evidence | None]:
    """Read lines with all patterns; give the answer of the text, and the refusal of lockers if any."""
    if found := place.find_military(text):
        return _answer(text, found), None
    noted, declined = _without_notes(text)
    if glued := noted.glued():  # forms cut notes, too
        whole, also_declined = _without_notes(glued)
        noted, declined = noted.covered(whole.parted), declined or also_declined
    lines = noted.covered(notes.blank_streets(noted.folded))
    likely = _likely(lines, noted)
    best = _or_box(_of_networks(likely, lines, noted), noted)
    if best is None or best[1].phrase.confidence is _POSSIBLE:
        best = next(_other_readings(likely, lines, noted, sure=best is not None), best)
    if best is None:
        return _with_number(noted) if NUMBER in noted.folded else _plain(text.line("street1")), declined
    quoted, found = best
    return _answer(quoted, found), declined


def _without_notes(text: Text) -> tuple[Text, Evidence | None]:
    folded, span = notes.read_notes(text.folded)
    return text.covered(folded), Evidence(*text.quote(*span), "locker_declined") if span else None


_BARE_UNIT = Phrase(
    "street.bare_number",
    Kind.STREET,
    home.BARE_UNIT,
    Confidence.POSSIBLE,
    (Kind.USPS_PO_BOX, Kind.PRIVATE_MAILBOX),
)


def _best(lines: Text, noted: Text, *, across_lines: bool = False) -> _Found | None:
    """Take the surest match of all networks and of the PO Boxes, the earlier one when two are equally sure.

    ``lines`` has no streets, for the words of networks; ``noted`` has them, for boxes beside a street.
    """
    return _or_box(_of_networks(_likely(lines, noted), lines, noted, across_lines=across_lines), noted)


def _likely(lines: Text, noted: Text) -> list[tuple[Network, list[Phrase]]]:
    """Give what may stand in the lines, network by network: mostly little, found at a glance."""
    letters = lines.letters
    noted_letters = letters if noted is lines else noted.letters
    return [
        (network, phrases)
        for network in NETWORKS
        if (phrases := network.likely(noted_letters if network is BESIDE_A_STREET else letters))
    ]


def _of_networks(
    likely: list[tuple[Network, list[Phrase]]], lines: Text, noted: Text, *, across_lines: bool = False
) -> _Found | None:
    best: _Found | None = None
    for network, phrases in likely:
        text = noted if network is BESIDE_A_STREET else lines
        found = first_match(phrases, text.folded, across_lines=across_lines)
        if found and (best is None or _is_surer(found, best[1])):
            best = text, found
            if found.phrase.confidence is _CERTAIN:
                break
    return best


def _or_box(best: _Found | None, noted: Text) -> _Found | None:
    if best is not None and best[1].phrase.confidence is _CERTAIN:
        return best
    box = postal.find_po_box(noted.folded, noted.letters)
    return (noted, box) if box and (best is None or _is_surer(box, best[1])) else best


def _is_surer(one: Match, other: Match) -> bool:
    return _SURENESS[one.phrase.confidence] > _SURENESS[other.phrase.confidence]


def _other_readings(
    likely: list[tuple[Network, list[Phrase]]], lines: Text, noted: Text, *, sure: bool
) -> Iterator[_Found]:
    """Read again: words that reach into the next line, lines glued where a form cut them, slips mended.

    ``sure`` asks for more than a possible reading.
    """
    for text, found in _readings(likely, lines, noted):
        if not sure or found.phrase.confidence is not _POSSIBLE:
            yield text, found


def _readings(likely: list[tuple[Network, list[Phrase]]], lines: Text, noted: Text) -> Iterator[_Found]:
    end = lines.folded.find("|")  # a person's name does not run on into the address
    nameless = lines.covered("~" * end + lines.folded[end:])
    # A PO Box, too, would have been found by now.
    across = _of_networks(likely, nameless, noted, across_lines=True)
    if across and "|" in lines.folded[across[1].start : across[1].end]:
        yield across
    if not has_hint(noted):
        return  # glue and slips count beside sound words only
    if glued := noted.glued():
        best = _best(glued.covered(notes.blank_streets(glued.folded)), glued)
        if best and any(best[1].start < seam < best[1].end for seam in glued.seams):
            yield best
    if (mended := repaired(lines)) is None:
        return
    boxes = repaired(noted) or noted
    if best := _best(mended, boxes):
        yield best
    if (mended := repaired(nameless)) and (best := _best(mended, boxes, across_lines=True)):
        yield best


def _answer(text: Text, found: Match) -> Recognition:
    phrase, start, end = found
    evidence = Evidence(*text.quote(start, end), phrase.rule)
    return Recognition(phrase.kind, phrase.confidence, (evidence,), phrase.alternatives)


def _weigh(found: Recognition, declined: Evidence | None, signals: Signals | None) -> Recognition:
    """Lay the signals of the sales channel beside what the text says."""
    evidence = found.evidence if declined is None else (*found.evidence, declined)
    if signals is None:
        return attrs.evolve(found, evidence=evidence, locker_declined=declined is not None)
    kind, confidence, alternatives = found.kind, found.confidence, found.alternatives
    conflict = False
    if signals.access_point:
        flag = Evidence("signals", _flag(signals), "amazon.access_point_flag")
        conflict = kind in _NOT_AT_A_POINT or kind is Kind.MILITARY
        if kind is not Kind.MILITARY:
            kind = kind if kind in CHANNELS else Kind.AMAZON_ACCESS_POINT
            confidence, alternatives = Confidence.CERTAIN, ()
            evidence = (flag, *evidence)
        else:
            evidence = (*evidence, flag)
    if signals.amazon_is_access_point_order is False and network_of(found.kind) == "amazon":
        conflict = True
        evidence = (
            *evidence,
            Evidence("signals", "amazon_is_access_point_order: false", "amazon.flag_denies"),
        )
    if signals.amazon_has_access_point:
        evidence = (
            *evidence,
            Evidence("signals", "amazon_has_access_point: true", "amazon.can_have_access_point"),
        )
    if conflict:
        evidence = (*evidence, Evidence("signals", "flag and text disagree", "signal_conflict"))
    return Recognition(
        kind,
        confidence,
        evidence,
        alternatives,
        signal_conflict=conflict,
        locker_declined=declined is not None,
    )


def _flag(signals: Signals) -> str:
    if signals.amazon_is_access_point_order is True:
        return "amazon_is_access_point_order: true"
    return "amazon_address_type: PICKUP_POINT"
