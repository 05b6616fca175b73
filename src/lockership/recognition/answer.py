"""What recognition answers: the kind of an address, how sure, why, and what the text names."""

from __future__ import annotations

from typing import NamedTuple

import attrs

from lockership.words import Confidence

__all__ = ["Evidence", "Extract", "Recognition"]


class Evidence(NamedTuple):
    """One reason for the answer: the field, its words, and the rule that read them.

    ``words`` are the buyer's own, without control characters and with single blanks.
    """

    field: str
    words: str
    rule: str


@attrs.frozen
class Extract:
    """What the text names, each ``""`` where it does not; in the buyer's spelling.

    Attributes:
        buyer: The person, without ``c/o`` and network words.
        point_name: The pick-up point's own name, as ``Amazon Hub Locker - Oregano``.
        host: The shop or building that hosts the point, as ``CVS 8421``.
        point_id: The network's id of the point, as ``U12345678``.
        box: The number of the PO Box or private mailbox.
        street1: The street line that a driver can find.
        street2: Its unit, or what else belongs to the street.
    """

    buyer: str = ""
    point_name: str = ""
    host: str = ""
    point_id: str = ""
    box: str = ""
    street1: str = ""
    street2: str = ""


@attrs.frozen(slots=False)  # set in half the time so, and few live long
class Recognition:
    """The kind of an address and why.

    Attributes:
        kind: What the address is: a :class:`~lockership.words.Kind`, or the name of a channel of the
            seller's own.
        confidence: ``certain``, ``likely`` or ``possible``; it never changes the route.
        evidence: What decided, strongest first.
        alternatives: What else it could be, where the text alone cannot decide.
        country_covered: False for countries other than the United States and its territories.
        signal_conflict: The sales channel's flag and the text disagree.
        locker_declined: The text refuses lockers ("no Access Point please").
    """

    kind: str
    confidence: Confidence = Confidence.LIKELY
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[str, ...] = ()
    country_covered: bool = True
    signal_conflict: bool = False
    locker_declined: bool = False
