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
from lockership.recognition.amazon import AMAZON
from lockership.recognition.answer import Evidence, Recognition
from lockership.recognition.fedex import FEDEX
from lockership.recognition.fold import Text, clean, plain_letters, read
from lockership.recognition.phrase import Match, Network, Phrase, any_of, compiled
from lockership.recognition.spelling import repaired
from lockership.recognition.ups import UPS
from lockership.recognition.usps import USPS
from lockership.words import CHANNELS, Confidence, Kind, network_of

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from lockership.address import Address, Signals

__all__ = ["recognise", "stems"]

_NETWORKS: tuple[Network, ...] = (
    home.APARTMENT_LOCKERS,
    AMAZON,
    UPS,
    FEDEX,
    USPS,
    home.PRIVATE_MAILBOXES,
)
_SURENESS = {Confidence.CERTAIN: 2, Confidence.LIKELY: 1, Confidence.POSSIBLE: 0}
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
    letters = plain_letters(address)
    if letters is not None and _stems().search(letters) is None:
        return _plain(address.street1), None
    text = read(address)
    if letters is None and not has_hint(text):
        return _plain(text.line("street1")), None
    return _read(text)


def _plain(street1: str) -> Recognition:
    """Answer for lines in which no word of any other kind stands."""
    street1 = street1.strip()
    if street1[:1].isdigit():
        return Recognition(_STREET, _CERTAIN, (Evidence("street1", street1, "street.house_number"),))
    return Recognition(_STREET, _LIKELY, (Evidence("street1", street1, "street.no_other_words"),))


# Looking a member up in its enumeration takes longer than all the rest of such an answer.
_STREET, _CERTAIN, _LIKELY = Kind.STREET, Confidence.CERTAIN, Confidence.LIKELY


def stems() -> str:
    """Give the stems, one of which stands in every address that is more than a plain street.

    They are read over letters, digits and ``| , #`` alone, in lower case.
    """
    networks = [network.stems for network in _NETWORKS]
    return " ".join([*networks, postal.STEMS, place.MILITARY_STEMS, notes.STEMS, "#"])


@cache
def _stems() -> re.Pattern[str]:
    return any_of(stems())


def has_hint(text: Text) -> bool:
    """Tell in a few microseconds whether any word stands here that could make more than a street."""
    if _stems().search(text.letters):
        return True
    return not text.folded.isascii() and compiled(_CHINESE).search(text.folded) is not None


_CHINESE = "[\u4e00-\u9fff]"


def _read(text: Text) -> tuple[Recognition, Evidence | None]:
    """Read lines with all patterns; give the answer of the text, and the refusal of lockers if any."""
    if found := place.find_military(text):
        return _answer(text, found), None
    folded, span = notes.read_notes(text.folded)
    declined = Evidence(*text.quote(*span), "locker_declined") if span else None
    noted = text._replace(folded=folded)
    lines = text._replace(folded=notes.blank_streets(folded))
    best = _best(lines, noted)
    if best is None or best[1].phrase.confidence is Confidence.POSSIBLE:
        best = next(_other_readings(lines, noted, sure=best is not None), best)
    if best is None:
        if unit := compiled(home.BARE_UNIT).search(noted.folded, noted.start_of("street1") - 1):
            best = noted, Match(_BARE_UNIT, *unit.span())
        else:
            return _plain(text.line("street1")), declined
    quoted, found = best
    return _answer(quoted, found), declined


_BARE_UNIT = Phrase(
    "street.bare_number",
    Kind.STREET,
    home.BARE_UNIT,
    Confidence.POSSIBLE,
    (Kind.USPS_PO_BOX, Kind.PRIVATE_MAILBOX),
)


def _best(lines: Text, noted: Text, *, across_lines: bool = False) -> tuple[Text, Match] | None:
    """Take the surest match of all networks, the earlier network when two are equally sure.

    ``lines`` has no streets, for the words of networks; ``noted`` has them, for boxes beside a street.
    """
    best: tuple[Text, Match] | None = None
    for network in _NETWORKS:
        read_from = noted if network is home.PRIVATE_MAILBOXES else lines
        found = network.first_match(read_from, across_lines=across_lines)
        if found and (best is None or _is_surer(found, best[1])):
            best = read_from, found
            if found.phrase.confidence is Confidence.CERTAIN:
                return best
    box = postal.find_po_box(noted.folded)
    return (noted, box) if box and (best is None or _is_surer(box, best[1])) else best


def _is_surer(one: Match, other: Match) -> bool:
    return _SURENESS[one.phrase.confidence] > _SURENESS[other.phrase.confidence]


def _other_readings(lines: Text, noted: Text, *, sure: bool) -> Iterator[tuple[Text, Match]]:
    """Read again: words that reach into the next line, lines glued where a form cut them, slips mended.

    ``sure`` asks for more than a possible reading.
    """
    end = lines.folded.find("|")  # a person's name does not run on into the address
    nameless = lines._replace(folded="~" * end + lines.folded[end:])
    for text, found in _readings(nameless, lines, noted):
        if not sure or found.phrase.confidence is not Confidence.POSSIBLE:
            yield text, found


def _readings(nameless: Text, lines: Text, noted: Text) -> Iterator[tuple[Text, Match]]:
    if (across := _best(nameless, noted, across_lines=True)) and "|" in lines.folded[
        across[1].start : across[1].end
    ]:
        yield across
    if not has_hint(noted):
        return  # glue and slips count beside sound words only
    if glued := noted.glued():
        best = _best(glued._replace(folded=notes.blank_streets(glued.folded)), glued)
        if best and any(best[1].start < seam < best[1].end for seam in glued.seams):
            yield best
    if (mended := repaired(lines)) and (best := _best(mended, mended)):
        yield best
    if (mended := repaired(nameless)) and (best := _best(mended, mended, across_lines=True)):
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
