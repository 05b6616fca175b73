"""Hypothesis strategies for this library's values; they seek the limits of carriers and networks.

Each shrinks to the plainest value that still shows what is wrong, and says which that is.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal, localcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from lockership.address import FIELDS, Address, Signals
from lockership.carriers import ALIASES
from lockership.decision import Decision
from lockership.location import Location, LocationStatus
from lockership.networks import CARRIERS, NETWORKS
from lockership.parcel import Parcel
from lockership.policy import Policy
from lockership.routing import route_parcel
from lockership.rules import MaxLengthPlusGirth, MaxLongest, MaxSides, MaxValue, MaxWeight
from lockership.testing.places import FORMS, LOOK_ALIKES, NAMES, STREETS, TOWNS, Form
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, Length, Money, Weight
from lockership.words import CHANNELS, Kind, Trait

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = [
    "addresses",
    "carriers",
    "decisions",
    "locations",
    "look_alikes",
    "orders",
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


class _Limits:
    """The figures at which a decision may change, gathered from the rules themselves."""

    def __init__(self) -> None:
        rules = [rule for network in NETWORKS for channel in network.channels for rule in channel.rules]
        rules += [rule for carrier in CARRIERS.values() for rule in carrier.rules]
        clauses = [rule.clause for rule in rules]
        house = Policy()
        boxes = {tuple(side.um for side in c.limits) for c in clauses if isinstance(c, MaxSides)}
        longest = {c.limit.um for c in clauses if isinstance(c, MaxLongest)}
        weights = {c.limit.ng for c in clauses if isinstance(c, MaxWeight)}
        if house.max_longest is not None and house.max_weight is not None:
            longest.add(house.max_longest.um)
            weights.add(house.max_weight.ng)
        self.boxes = sorted(boxes)
        self.longest = sorted(longest)
        self.girths = sorted({c.limit.um for c in clauses if isinstance(c, MaxLengthPlusGirth)})
        self.weights = sorted({*weights, *(2 * weight for weight in weights)})
        self.values = sorted({c.limit.amount for c in clauses if isinstance(c, MaxValue)})


@cache
def _limits() -> _Limits:
    return _Limits()


# --- addresses -----------------------------------------------------------------------------------


@st.composite
def _address(draw: DrawFn, forms: tuple[Form, ...]) -> Address:
    form = draw(st.sampled_from(forms))
    city, state, code = draw(st.sampled_from(TOWNS))
    street = draw(st.sampled_from(STREETS))
    number = draw(st.integers(1, 9_999))
    fields = {"name": draw(st.sampled_from(NAMES)), "city": city, "state": state, "zip": code}
    fields |= {field: text.format(street=street, n=number) for field, text in form.items()}
    fields |= {
        "country": draw(st.sampled_from(("", "US", "usa"))),
        "email": draw(st.sampled_from(("", "buyer@shop.example"))),
        "phone": draw(st.sampled_from(("", "+1 512 555 0100"))),
    }
    return Address(**fields)


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
    if kind is not None:
        return _address(FORMS[Kind(kind)])
    return st.sampled_from(tuple(FORMS)).flatmap(lambda each: _address(FORMS[each]))


def look_alikes() -> SearchStrategy[Address]:
    """Street addresses that bear a network's words: Foot Locker, Amazon Way, RR 1 Box 2.

    Each is a ``street``, and a parcel for it must go there.  Shrinks to ``1 Locker St``.
    """
    return _address(LOOK_ALIKES)


# --- parcels -------------------------------------------------------------------------------------


def _near(figures: list[int]) -> SearchStrategy[int]:
    """Give one of the figures, or its neighbour by the smallest unit."""
    return st.tuples(st.sampled_from(figures), st.sampled_from((0, -1, 1))).map(sum)


@st.composite
def _sides(draw: DrawFn) -> tuple[int, int, int]:
    inches = st.integers(1, 24).map(lambda inch: inch * _INCH)
    limits = _limits()
    match draw(st.sampled_from(("free", "longest", "box", "girth"))):
        case "longest":
            sides = [draw(_near(limits.longest)), draw(inches), draw(inches)]
        case "box":
            box = draw(st.sampled_from(limits.boxes))
            sides = [draw(_near([side])) for side in box]
        case "girth":
            girth = draw(_near(limits.girths))
            longest = draw(st.integers(girth // 4, girth * 3 // 4))
            # Twice two sides is an even number, so the longest side takes what is odd.
            longest -= (girth - longest) % 2
            around = (girth - longest) // 2
            shorter = draw(st.integers(1, around - 1))
            sides = [longest, around - shorter, shorter]
        case _:
            sides = [draw(inches), draw(inches), draw(inches)]
    a, b, c = draw(st.permutations(sides))
    return a, b, c


def _weights() -> SearchStrategy[int]:
    free = st.integers(1, 400).map(lambda half: half * _POUND // 2)
    return st.one_of(free, _near(_limits().weights))


@st.composite
def _money(draw: DrawFn) -> Money:
    limits = [*_limits().values, Decimal(42)]
    amount = draw(st.sampled_from((Decimal(0), Decimal(42), *limits)))
    amount += draw(st.sampled_from((Decimal(0), Decimal("0.01"))))
    return Money(amount, draw(st.sampled_from(("USD", "EUR", "CNY"))))


@st.composite
def parcels(draw: DrawFn) -> Parcel:
    """Parcels of all sizes, many of them just at, just below and just above some published limit.

    Sides and weight lie a micrometre and a nanogram apart; contents and value vary.  Shrinks to
    1 x 1 x 1 in and half a pound, with nothing declared and nothing special in it.
    """
    length, width, height = draw(_sides())
    return Parcel(
        Length(length),
        Length(width),
        Length(height),
        Weight(draw(_weights())),
        draw(st.none() | _money()),
        draw(_traits()),
    )


def _traits() -> SearchStrategy[tuple[Trait, ...]]:
    few = st.lists(st.sampled_from(tuple(Trait)), max_size=3, unique=True)
    return few.map(lambda traits: tuple(sorted(traits, key=tuple(Trait).index)))


# --- what stands beside them ----------------------------------------------------------------------


def carriers() -> SearchStrategy[str]:
    """Names of carriers: the four, their aliases in other spellings, and names of others.

    Shrinks to ``usps``.
    """
    plain = st.sampled_from(("usps", "ups", "fedex", "amazon"))
    spelt = st.sampled_from(sorted(ALIASES)).flatmap(
        lambda alias: st.sampled_from((alias, alias.upper(), f" {alias}®", f"{alias[:2]}-{alias[2:]}"))
    )
    return st.one_of(plain, spelt, st.sampled_from(_OTHER_CARRIERS))


def services() -> SearchStrategy[str | None]:
    """Names of services, or None; some decide which limit holds.  Shrinks to None."""
    return st.sampled_from(_SERVICES)


@st.composite
def locations(draw: DrawFn) -> Location:
    """What is known of a pick-up point: any of its id, largest parcel and state.

    Shrinks to a point of which nothing is known.
    """
    known = draw(st.tuples(*(st.booleans() for _ in range(4))))
    sides = draw(_sides()) if known[1] else None
    return Location(
        draw(st.sampled_from(("U88498244", "YBZA", "1434185"))) if known[0] else "",
        None if sides is None else (Length(sides[0]), Length(sides[1]), Length(sides[2])),
        Weight(draw(_weights())) if known[2] else None,
        draw(st.sampled_from(LocationStatus)) if known[3] else None,
        draw(st.sampled_from(("in", "cm", "mm"))),
        draw(st.sampled_from(("lb", "kg", "oz"))),
    )


def signals() -> SearchStrategy[Signals]:
    """What Amazon says of an order.  Shrinks to nothing said."""
    said = st.sampled_from((None, False, True))
    kinds = st.sampled_from((None, "Residential", "Commercial", "PICKUP_POINT"))
    return st.builds(Signals, said, kinds, said, said)


@st.composite
def policies(draw: DrawFn) -> Policy:
    """House policies over the four networks.  Shrinks to the defaults."""
    default = Policy()
    if draw(st.booleans()):
        default = default.evolve(
            unattended_refuses=draw(_traits()),
            pickup_refuses=draw(_traits()),
            pickup_refuses_except=tuple(draw(st.lists(st.sampled_from(CHANNELS), max_size=2, unique=True))),
        )
    if draw(st.booleans()):
        default = default.evolve(
            max_longest=draw(st.none() | st.integers(6, 40).map(lambda inch: Length(inch * _INCH))),
            max_weight=draw(st.none() | st.integers(1, 60).map(lambda pound: Weight(pound * _POUND))),
        )
    return default.evolve(amazon_carriers=draw(st.sampled_from(((), ("ups",), ("usps", "ontrac")))))


@st.composite
def decisions(draw: DrawFn) -> Decision:
    """Decisions that routing gives, each with all that it was decided about.

    Shrinks to an ordinary home delivery.
    """
    return route_parcel(
        draw(addresses() | look_alikes()),
        draw(carriers()),
        draw(parcels()),
        home=draw(st.none() | addresses()),
        service=draw(services()),
        signals=draw(st.none() | signals()),
        location=draw(st.none() | locations()),
        policy=draw(policies()),
    )


# --- order JSON ------------------------------------------------------------------------------------


def _written(units: int, per: int) -> str:
    """Write a measure in a unit so that it is read back as just the same."""
    with localcontext(prec=60):
        text = format((Decimal(units) / per).quantize(Decimal("1e-12"), ROUND_FLOOR), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@st.composite
def _number(draw: DrawFn, text: str) -> str | int:
    """Give a number as text, or as a JSON number where it is a whole one."""
    return int(text) if "." not in text and draw(st.booleans()) else text


@st.composite
def _parcel_json(draw: DrawFn) -> dict[str, Any]:
    parcel = draw(parcels())
    size, heavy = draw(st.sampled_from(tuple(LENGTH_UNITS))), draw(st.sampled_from(tuple(WEIGHT_UNITS)))
    record: dict[str, Any] = {
        side: draw(_number(_written(getattr(parcel, side).um, LENGTH_UNITS[size])))
        for side in ("length", "width", "height")
    }
    record |= {
        "dimension_unit": size,
        "weight": draw(_number(_written(parcel.weight.ng, WEIGHT_UNITS[heavy]))),
        "weight_unit": heavy,
        "traits": [trait.value for trait in parcel.traits],
    }
    if (value := parcel.declared_value) is not None:
        record |= {"declared_value": str(value.amount), "currency": value.currency}
    return record


@st.composite
def _location_json(draw: DrawFn) -> dict[str, Any]:
    location = draw(locations())
    record: dict[str, Any] = {"id": location.id or None}
    if location.max_sides is not None:
        names = ("max_length", "max_width", "max_height")
        for name, side in zip(names, location.max_sides, strict=True):
            record[name] = _written(side.um, LENGTH_UNITS[location.unit])
        record["unit"] = location.unit
    if location.max_weight is not None:
        record["max_weight"] = _written(location.max_weight.ng, WEIGHT_UNITS[location.weight_unit])
        record["weight_unit"] = location.weight_unit
    record["status"] = None if location.status is None else location.status.value
    return record


def _fields(address: Address) -> dict[str, str | None]:
    return {name: getattr(address, name) or None for name in FIELDS}


@st.composite
def orders(draw: DrawFn, kind: str | None = None) -> dict[str, Any]:
    """Order JSON as the command reads it, every record lawful; ``kind`` fixes what its ship-to is.

    Shrinks to a small parcel by usps to a plain street.
    """
    return {
        "order_id": draw(st.sampled_from(("A-1001", 1001))),
        "carrier": draw(carriers()),
        "service": draw(services()),
        "ship_to": _fields(draw(addresses(kind))),
        "home": draw(st.none() | addresses().map(_fields)),
        "parcel": draw(_parcel_json()),
        "signals": draw(st.none() | signals().map(_flags)),
        "location": draw(st.none() | _location_json()),
    }


def _flags(signals: Signals) -> dict[str, bool | str | None]:
    return {
        "amazon_is_access_point_order": signals.amazon_is_access_point_order,
        "amazon_address_type": signals.amazon_address_type,
        "amazon_fulfilled": signals.amazon_fulfilled,
        "amazon_has_access_point": signals.amazon_has_access_point,
    }


def register() -> None:
    """Register a strategy for each value with Hypothesis, to be found by its type."""
    measures = st.integers(1, 48)
    st.register_type_strategy(Length, measures.map(lambda inch: Length(inch * _INCH)))
    st.register_type_strategy(Weight, _weights().map(Weight))
    st.register_type_strategy(Money, _money())
    st.register_type_strategy(Address, addresses())
    st.register_type_strategy(Signals, signals())
    st.register_type_strategy(Parcel, parcels())
    st.register_type_strategy(Location, locations())
    st.register_type_strategy(Policy, policies())
    st.register_type_strategy(Decision, decisions())
