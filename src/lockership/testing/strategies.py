"""Hypothesis strategies for this library's values; they seek the limits of carriers and networks.

Each shrinks to the plainest value that still shows what is wrong, and says which that is.  A strategy
is made once and kept: making it anew for every value takes longer than drawing the value.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from lockership.address import Address, Signals
from lockership.carriers import ALIASES
from lockership.decision import Decision
from lockership.location import Location, LocationStatus
from lockership.networks import CARRIERS, NETWORKS
from lockership.parcel import Parcel
from lockership.policy import Policy
from lockership.routing import route_parcel
from lockership.rules import Clause, MaxLengthPlusGirth, MaxLongest, MaxSides, MaxValue, MaxWeight
from lockership.testing.places import FORMS, LOOK_ALIKES, NAMES, STREETS, TOWNS, Form
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, Length, Money, Weight
from lockership.words import CHANNELS, Kind, Trait

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = [
    "addresses",
    "carriers",
    "decisions",
    "locations",
    "look_alikes",
    "parcels",
    "policies",
    "register",
    "services",
    "signals",
]

_INCH = LENGTH_UNITS["in"]
_POUND = WEIGHT_UNITS["lb"]
_OTHER_CARRIERS = ("DHL eCommerce", "OnTrac", "UPS SurePost", "FedEx Ground Economy", "amazon-like")
_SERVICES = (
    None,
    "ground",
    "Priority Mail",
    "priority_mail_express",
    "express",
    "USPS Ground Advantage",
    "media_mail",
    "FEDEX_GROUND",
    "FEDEX_2_DAY",
    "UPS Next Day Air",
    "first class",
)


@cache
def _clauses() -> tuple[Clause, ...]:
    """Gather what is ruled, so that a changed rule moves the test values with it."""
    rules = [rule for network in NETWORKS for channel in network.channels for rule in channel.rules]
    rules += [rule for carrier in CARRIERS.values() for rule in carrier.rules]
    return tuple(rule.clause for rule in rules)


# --- addresses -----------------------------------------------------------------------------------


def _address(
    form: Form, town: tuple[str, str, str], street: str, number: int, name: str, country: str, *, told: bool
) -> Address:
    city, state, code = town
    fields = {"name": name, "city": city, "state": state, "zip": code, "country": country}
    if told:
        fields |= {"email": "buyer@shop.example", "phone": "+1 512 555 0100"}
    return Address(**fields | {field: text.format(street=street, n=number) for field, text in form.items()})


def _filled(forms: Iterable[Form]) -> SearchStrategy[Address]:
    return st.builds(
        _address,
        st.sampled_from(tuple(forms)),
        st.sampled_from(TOWNS),
        st.sampled_from(STREETS),
        st.integers(1, 9_999),
        st.sampled_from(NAMES),
        st.sampled_from(("", "US", "usa")),
        told=st.booleans(),
    )


def addresses(kind: str | None = None) -> SearchStrategy[Address]:
    """Addresses as buyers write them, of one kind or of all, in forms that leave no doubt.

    Each is recognised as the kind that was asked for.  Shrinks to the plainest form of the kind, of a
    street where none was asked for.

    Raises:
        ValueError: There is no such kind.

    >>> from hypothesis import find
    >>> find(addresses("ups.locker"), lambda address: address.zip != "90026").company
    'UPS Access Point Locker'
    >>> addresses("ups.lokcer")
    Traceback (most recent call last):
    ValueError: 'ups.lokcer' is not a valid Kind
    """
    return _one_of_kind(None if kind is None else Kind(kind))


@st.composite
def _one_of_kind(draw: DrawFn, kind: Kind | None) -> Address:
    return draw(_addresses(kind))


@cache
def _addresses(kind: Kind | None) -> SearchStrategy[Address]:
    if kind is not None:
        return _filled(FORMS[kind])
    return st.one_of(*(_filled(forms) for forms in FORMS.values()))


@st.composite
def look_alikes(draw: DrawFn) -> Address:
    """Street addresses that bear a network's words: Foot Locker, Amazon Way, RR 1 Box 2.

    Each is a ``street``, and a parcel for it must go there.  Shrinks to ``1 Locker St``.
    """
    return draw(_look_alikes())


@cache
def _look_alikes() -> SearchStrategy[Address]:
    return _filled(LOOK_ALIKES)


# --- parcels -------------------------------------------------------------------------------------


def _near(figures: Iterable[int]) -> SearchStrategy[int]:
    """Give one of the figures, or its neighbour by the smallest unit."""
    steps = sorted({figure + step for figure in figures for step in (-1, 0, 1)})
    return st.sampled_from(steps)


def _around(girth: int, longest: int, share: int) -> tuple[int, ...]:
    """Give sides with just this length plus girth: the longest a share of it, then the others."""
    side = girth * longest // 100
    side -= (girth - side) % 2  # twice two sides is an even number, so the longest takes what is odd
    around = (girth - side) // 2
    shorter = max(1, around * share // 100)
    return side, around - shorter, shorter


@cache
def _sides() -> SearchStrategy[tuple[int, ...]]:
    inches = st.integers(1, 24).map(lambda inch: inch * _INCH)
    house = Policy().max_longest
    longest = [c.limit.um for c in _clauses() if isinstance(c, MaxLongest)]
    longest += [] if house is None else [house.um]
    girths = [c.limit.um for c in _clauses() if isinstance(c, MaxLengthPlusGirth)]
    boxes = sorted({tuple(side.um for side in c.limits) for c in _clauses() if isinstance(c, MaxSides)})
    sides: SearchStrategy[tuple[int, ...]] = st.one_of(
        st.tuples(inches, inches, inches),
        st.tuples(_near(longest), inches, inches),
        st.sampled_from(boxes),
        *(st.tuples(*(_near([side]) for side in box)) for box in boxes),
        st.builds(_around, _near(girths), st.integers(26, 70), st.integers(10, 90)),
    )
    turns = st.sampled_from(tuple(permutations(range(3))))
    return st.builds(_turned, sides, turns)


def _turned(sides: tuple[int, ...], turn: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sides[place] for place in turn)


@cache
def _weights() -> SearchStrategy[int]:
    free = st.integers(1, 400).map(lambda half: half * _POUND // 2)
    house = Policy().max_weight
    limits = [c.limit.ng for c in _clauses() if isinstance(c, MaxWeight)]
    limits += [] if house is None else [house.ng]
    return st.one_of(free, _near([*limits, *(2 * limit for limit in limits)]))


@cache
def _money() -> SearchStrategy[Money]:
    limits = {c.limit.amount for c in _clauses() if isinstance(c, MaxValue)}
    cent = Decimal("0.01")
    amounts = [
        Decimal(0),
        Decimal(42),
        *sorted(x + step for x in limits for step in (-cent, Decimal(0), cent)),
    ]
    return st.builds(Money, st.sampled_from(amounts), st.sampled_from(("USD", "EUR", "CNY")))


@cache
def _traits() -> SearchStrategy[tuple[Trait, ...]]:
    return st.lists(st.sampled_from(tuple(Trait)), max_size=3, unique=True).map(_in_order)


def _in_order(traits: list[Trait]) -> tuple[Trait, ...]:
    return tuple(trait for trait in Trait if trait in traits)


def _lengths(sides: tuple[int, ...]) -> tuple[Length, Length, Length]:
    a, b, c = sides
    return Length(a), Length(b), Length(c)


@st.composite
def parcels(draw: DrawFn) -> Parcel:
    """Parcels of all sizes, many of them just at, just below and just above some published limit.

    Sides and weight lie a micrometre and a nanogram apart; contents and value vary.  Shrinks to
    1 x 1 x 1 in and half a pound, with nothing declared and nothing special in it.
    """
    return draw(_parcels())


@cache
def _parcels() -> SearchStrategy[Parcel]:
    return st.builds(_parcel, _sides(), _weights(), st.none() | _money(), _traits())


def _parcel(sides: tuple[int, ...], ng: int, value: Money | None, traits: tuple[Trait, ...]) -> Parcel:
    return Parcel(*_lengths(sides), Weight(ng), value, traits)


# --- what stands beside them ----------------------------------------------------------------------


@cache
def carriers() -> SearchStrategy[str]:
    """Names of carriers: the four, their aliases in other spellings, and names of others.

    Shrinks to ``usps``.
    """
    spelt = [
        name
        for alias in sorted(ALIASES)
        for name in (alias, alias.upper(), f" {alias}®", f"{alias[:2]}-{alias[2:]}")
    ]
    return st.one_of(
        st.sampled_from(("usps", "ups", "fedex", "amazon")),
        st.sampled_from(spelt),
        st.sampled_from(_OTHER_CARRIERS),
    )


@cache
def services() -> SearchStrategy[str | None]:
    """Names of services, or None; some decide which limit holds.  Shrinks to None."""
    return st.sampled_from(_SERVICES)


@st.composite
def locations(draw: DrawFn) -> Location:
    """What is known of a pick-up point: any of its id, largest parcel and state.

    Shrinks to a point of which nothing is known.
    """
    return draw(_locations())


@cache
def _locations() -> SearchStrategy[Location]:
    return st.builds(
        Location,
        st.sampled_from(("", "U88498244", "YBZA", "1434185")),
        st.none() | _sides().map(_lengths),
        st.none() | _weights().map(Weight),
        st.sampled_from((None, *LocationStatus)),
        st.sampled_from(("in", "cm", "mm")),
        st.sampled_from(("lb", "kg", "oz")),
    )


@cache
def signals() -> SearchStrategy[Signals]:
    """What Amazon says of an order.  Shrinks to nothing said."""
    said = st.sampled_from((None, False, True))
    kinds = st.sampled_from((None, "Residential", "Commercial", "PICKUP_POINT"))
    return st.builds(Signals, said, kinds, said, said)


@st.composite
def policies(draw: DrawFn) -> Policy:
    """House policies over the four networks.  Shrinks to the defaults."""
    return draw(_policies())


@cache
def _policies() -> SearchStrategy[Policy]:
    house = Policy()
    longest = st.none() | st.integers(6, 40).map(lambda inch: Length(inch * _INCH))
    heaviest = st.none() | st.integers(1, 60).map(lambda pound: Weight(pound * _POUND))
    some_channels = st.lists(st.sampled_from(CHANNELS), max_size=2, unique=True).map(tuple)
    return st.builds(
        Policy,
        st.just(house.unattended_refuses) | _traits(),
        st.just(house.pickup_refuses) | _traits(),
        st.just(house.pickup_refuses_except) | some_channels,
        st.just(house.max_longest) | longest,
        st.just(house.max_weight) | heaviest,
        st.sampled_from(((), ("ups",), ("usps", "ontrac"))),
    )


@st.composite
def decisions(draw: DrawFn) -> Decision:
    """Decisions that routing gives, each with all that it was decided about.

    Shrinks to an ordinary home delivery.
    """
    return draw(_decisions())


@cache
def _decisions() -> SearchStrategy[Decision]:
    return st.builds(
        route_parcel,
        addresses() | look_alikes(),
        carriers(),
        parcels(),
        home=st.none() | addresses(),
        service=services(),
        signals=st.none() | signals(),
        location=st.none() | locations(),
        policy=policies(),
        on=st.none(),
    )


def register() -> None:
    """Register a strategy for each value with Hypothesis, to be found by its type."""
    st.register_type_strategy(Length, st.integers(1, 48).map(lambda inch: Length(inch * _INCH)))
    st.register_type_strategy(Weight, _weights().map(Weight))
    st.register_type_strategy(Money, _money())
    st.register_type_strategy(Address, addresses())
    st.register_type_strategy(Signals, signals())
    st.register_type_strategy(Parcel, parcels())
    st.register_type_strategy(Location, locations())
    st.register_type_strategy(Policy, policies())
    st.register_type_strategy(Decision, decisions())
