"""The words in which rules are written: clauses with a figure, a source and dates.

A rule is data.  It can be printed, compared, pickled, listed in the docs and overridden by a seller;
the same table serves the one-parcel path and the columnar path.  What a rule says about a parcel is
in :mod:`lockership.verdict`.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeAlias

import attrs

from lockership.units import Length, Money, Weight
from lockership.words import RefusalCode, Trait

__all__ = [
    "Asked",
    "By",
    "CannotServe",
    "CarrierRules",
    "Channel",
    "Clause",
    "HoldDays",
    "MaxLengthPlusGirth",
    "MaxLongest",
    "MaxSides",
    "MaxValue",
    "MaxWeight",
    "Needs",
    "Network",
    "OnExpiry",
    "OnlyCarriers",
    "OnlySellers",
    "OnlyServices",
    "RefusesTrait",
    "Refusing",
    "Rule",
    "SidesPerLocation",
    "Source",
    "Sure",
]


class Sure(StrEnum):
    """How sure a figure is."""

    VERIFIED = "verified"
    """Read in the primary source: an official page or API description."""
    SECONDARY = "secondary"
    """Read in a reseller's, a blog's or another third party's text."""
    GUESS = "guess"
    """An inference of this project; nothing that could be read says it in so many words."""
    DESIGN = "design"
    """A choice of this project, not a fact about the network."""


@attrs.frozen
class Source:
    """Where a figure was read.

    Attributes:
        code: Short name, as ``UPS-AP-US``.
        title: What the text is, and through whom it was read.
        url: Its address, or None where there is none to give.
        read_on: The day on which it was read.
    """

    code: str
    title: str
    url: str | None = None
    read_on: date = date(2026, 11, 22)


class By(StrEnum):
    """Who sets a rule."""

    CARRIER = "carrier"
    NETWORK = "network"
    HOUSE = "house"
    LOCATION = "location"


@attrs.frozen
class MaxWeight:
    """The parcel may weigh at most this; with ``inclusive=False`` it must weigh less."""

    limit: Weight
    unit: str = "lb"
    inclusive: bool = True
    code = RefusalCode.TOO_HEAVY


@attrs.frozen
class MaxLongest:
    """The longest side may measure at most this."""

    limit: Length
    unit: str = "in"
    inclusive: bool = True
    code = RefusalCode.TOO_LONG


@attrs.frozen
class MaxSides:
    """The parcel, turned any way, must fit: sorted sides are compared, longest with longest."""

    limits: tuple[Length, Length, Length]
    unit: str = "in"
    inclusive: bool = True
    code: RefusalCode = RefusalCode.DOES_NOT_FIT


@attrs.frozen
class MaxLengthPlusGirth:
    """The longest side plus twice the two others may measure at most this."""

    limit: Length
    unit: str = "in"
    inclusive: bool = True
    code = RefusalCode.GIRTH_OVER


@attrs.frozen
class MaxValue:
    """The declared value may be at most this, compared only in the same currency."""

    limit: Money
    inclusive: bool = False
    code = RefusalCode.VALUE_OVER


@attrs.frozen
class RefusesTrait:
    """Parcels with this trait are not taken."""

    trait: Trait
    code = RefusalCode.TRAIT_REFUSED


@attrs.frozen
class OnlyServices:
    """Only these services of the carrier reach the channel; checked when the order names one."""

    services: tuple[str, ...]
    code = RefusalCode.SERVICE_NOT_ALLOWED


@attrs.frozen
class OnlySellers:
    """Only what Amazon sells or fulfils; checked when the order says that the seller fulfils it."""

    sellers: str
    code = RefusalCode.SELLER_NOT_ELIGIBLE


@attrs.frozen
class SidesPerLocation:
    """The network publishes one largest size for each location and none for all of them."""


@attrs.frozen
class HoldDays:
    """How long a point keeps a parcel: days, counted as ``calendar`` or ``business`` days."""

    days: int = attrs.field(validator=attrs.validators.gt(0))
    basis: str = attrs.field(validator=attrs.validators.in_(("calendar", "business")))


@attrs.frozen
class OnExpiry:
    """What happens to a parcel that nobody collects."""

    what: str


NEEDED = ("access_point_id", "location_id", "facility_id", "email", "phone", "name")
"""The facts that a network may need: the id of the point, and fields of the ship-to address."""


@attrs.frozen
class Needs:
    """What must be filled in before a label can be bought; never a refusal."""

    fields: tuple[str, ...] = attrs.field(
        validator=attrs.validators.deep_iterable(attrs.validators.in_(NEEDED))
    )


@attrs.frozen
class CannotServe:
    """Kinds of address that the carrier does not reach."""

    kinds: tuple[str, ...]


@attrs.frozen
class OnlyCarriers:
    """Nobody but these carriers goes there."""

    carriers: tuple[str, ...]


Refusing: TypeAlias = (
    MaxWeight
    | MaxLongest
    | MaxSides
    | MaxLengthPlusGirth
    | MaxValue
    | RefusesTrait
    | OnlyServices
    | OnlySellers
)
"""Clauses that a parcel can break."""

Clause: TypeAlias = Refusing | SidesPerLocation | HoldDays | OnExpiry | Needs | CannotServe | OnlyCarriers


@attrs.frozen
class Rule:
    """One clause, who says so, how sure that is, and when it holds.

    Attributes:
        clause: What must hold.
        source: Where that was read; the one that a refusal names.
        sure: How sure it is, by the best of its sources.
        services: The rule replaces the one of the same clause without services for these services.
        says: What the source says, in our own words, where the clause alone does not tell.
        since: First day on which the rule holds, or None.
        until: First day on which it holds no more, or None.
        also: Further texts that say the same, best first; no decision depends on them.
    """

    clause: Clause
    source: Source
    sure: Sure
    services: tuple[str, ...] = ()
    says: str = ""
    since: date | None = None
    until: date | None = None
    also: tuple[Source, ...] = ()

    def holds_on(self, day: date | None) -> bool:
        """Whether the rule holds on that day; without a day, whether it has not been superseded."""
        if day is None:
            return self.until is None
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


class Asked(StrEnum):
    """How a carrier is asked to bring a parcel to a channel; :mod:`lockership.handoff` has the words."""

    HOME = "home"
    ALTERNATE_DELIVERY = "alternate_delivery"
    HOLD_AT_LOCATION = "hold_at_location"
    PARCEL_LOCKER = "parcel_locker"
    GENERAL_DELIVERY = "general_delivery"
    POSTAL = "postal"
    THROUGH_AMAZON = "through_amazon"


@attrs.frozen
class Channel:
    """One kind of pick-up place of one network, with its rules in the order in which they are told.

    Attributes:
        kind: The channel's kind, as ``ups.access_point``.
        name, name_zh, name_es: What a warehouse worker calls it.
        carriers: The carriers that bring parcels there; the first is the network's own.  None at all
            means that every carrier does.
        asked: How the carrier is asked for it.
        unattended: A locker that nobody watches, so the house policy for lockers holds.
        spellings: How buyers write it, for a network of one's own: plain words, compared without
            case, marks and accents.  The four networks have their vocabularies in ``recognition``.
        rules: What the network asks of a parcel, how long it keeps it, and what a label needs.
    """

    kind: str
    name: str
    name_zh: str
    name_es: str
    carriers: tuple[str, ...]
    asked: Asked
    unattended: bool = False
    rules: tuple[Rule, ...] = ()
    spellings: tuple[str, ...] = ()


@attrs.frozen
class CarrierRules:
    """What a carrier itself takes, wherever the parcel goes.

    Attributes:
        carrier: ``usps``, ``ups`` or ``fedex``.
        rules: Its own limits, and the kinds that it does not reach.
    """

    carrier: str
    rules: tuple[Rule, ...] = ()


@attrs.frozen
class Network:
    """A network of pick-up points: its channels in the order in which another point is proposed.

    Raises:
        ValueError: A channel's kind does not begin with the network's slug and a dot.
    """

    slug: str
    name: str
    channels: tuple[Channel, ...]
    carrier: CarrierRules | None = None

    def __attrs_post_init__(self) -> None:
        for channel in self.channels:
            if not channel.kind.startswith(f"{self.slug}."):
                raise ValueError(f"kind {channel.kind!r} must begin with {self.slug + '.'!r}")
