"""Parcels by column are the parcels of the orders, and break the same rules."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Length, Money, Parcel, Policy, Weight
from lockership.checks import plan_for
from lockership.columnar.fields import Coded, Fields
from lockership.columnar.parcels import broken, parcels_of, read_parcels
from lockership.columnar.rows import Layout
from lockership.inbound import read_order
from lockership.parcel import MAX_SIDE, MAX_WEIGHT
from lockership.policy import Stricter
from lockership.rules import By, MaxLengthPlusGirth, MaxLongest, MaxSides, MaxValue, MaxWeight
from lockership.testing import parcels
from lockership.testing.order_json import _parcel_json
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS
from lockership.words import Kind, Trait

from ..some_orders import Orders  # noqa: TID252 - tests are no package that could be named
from ..test_inbound import changed  # noqa: TID252 - as above
from .both_ways import nested

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lockership.checks import Plan
    from lockership.columnar.parcels import Parcels
    from lockership.decision import Refusal

CARRIERS = ("ups", "fedex", "usps", "amazon", "ontrac")
HOUSES = (
    Policy(),
    Policy(unattended_refuses=(), pickup_refuses=(), max_longest=None, max_weight=None),
    Policy(
        stricter=tuple(
            Stricter(
                kind,
                refuses=(Trait.ALCOHOL,),
                max_sides=(Length.of("20.001", "in"), Length.of(15, "in"), Length.of(10, "in")),
                max_longest=Length.of(45, "cm"),
                max_length_plus_girth=Length.of(100, "in"),
                max_weight=Weight.of(9, "kg"),
                max_value=Money.of("99.99", "EUR"),
            )
            for kind in ("ups.locker", "usps.po_box", "fedex.onsite", "amazon.locker")
        )
    ),
)


def plan(kind: str, carrier: str, policy: Policy, service: str = "") -> Plan:
    """Give the rules for one kind, carrier and house."""
    return plan_for(kind, carrier, service, False, False, False, policy, None)  # noqa: FBT003 - nothing is told


PLANS = [
    *(plan(kind, carrier, policy) for kind in Kind for carrier in CARRIERS for policy in HOUSES),
    plan("usps.hold_for_pickup", "usps", HOUSES[0], "prioritymailexpress"),
]


def by_column(given_parcels: Sequence[Parcel]) -> Parcels:
    """Lay parcels out as columns."""

    def whole(numbers: list[int]) -> Any:
        return np.array(numbers, dtype=np.int64)

    def coded(values: list[Any]) -> Coded:
        different = list(dict.fromkeys(value for value in values if value))
        return Coded(whole([different.index(value) if value else -1 for value in values]), different)

    length, width, height = (
        whole([getattr(parcel, side).um for parcel in given_parcels])
        for side in ("length", "width", "height")
    )
    weight = whole([parcel.weight.ng for parcel in given_parcels])
    values = coded([parcel.declared_value for parcel in given_parcels])
    return parcels_of(
        length, width, height, weight, values, coded([parcel.traits for parcel in given_parcels])
    )


def told(one: Plan, bits: int, parcel: Parcel) -> list[Refusal]:
    """Give the refusal of each check whose bit is set: every bit has just one."""
    found: list[Refusal] = []
    for place in range(len(one.checks)):
        if bits >> place & 1:
            [refusal] = only(one, place).refusals(parcel)
            found.append(refusal)
    return found


def only(one: Plan, place: int) -> Plan:
    """Give a plan of one check."""
    return type(one)((), (one.checks[place],), None, (), compares_value=one.compares_value)


def check_all(given_parcels: Sequence[Parcel], plans: Sequence[Plan]) -> None:
    """Hold the bits of each plan against its refusals."""
    columns = by_column(given_parcels)
    rows = np.arange(len(given_parcels))
    for one in plans:
        bits = broken(one, columns, rows).tolist()
        for parcel, found in zip(given_parcels, bits, strict=True):
            refused = [r for r in one.refusals(parcel) if r not in [barred for _, barred in one.barred]]
            assert told(one, found, parcel) == refused, (parcel, one)


@given(st.lists(parcels(), min_size=1, max_size=5), st.lists(st.sampled_from(PLANS), min_size=1, max_size=20))
def test_the_bits_are_the_refusals(given_parcels: list[Parcel], plans: list[Plan]) -> None:
    """For each parcel and plan, the checks whose bits are set are those that refuse it, in their order."""
    check_all(given_parcels, plans)


def at_the_limits(one: Plan) -> list[Parcel]:
    """Give parcels at each limit of a plan, a micrometre, a nanogram or a cent below, at, and above it."""
    found: list[Parcel] = []
    small = Length(1_000)
    light = Weight(1_000)
    for check in one.checks:
        for step in (-1, 0, 1):
            match check.clause:
                case MaxWeight(limit):
                    found.append(Parcel(small, small, small, Weight(limit.ng + step)))
                case MaxLongest(limit):
                    found.append(Parcel(small, Length(limit.um + step), small, light))
                case MaxLengthPlusGirth(limit):
                    # one side and twice two others that differ: every sum can be met
                    rest = limit.um + step - 2 * (small.um + small.um)
                    found.append(Parcel(small, small, Length(rest), light))
                case MaxSides(limits):
                    for place in range(3):
                        sides = [
                            Length(side.um + step * (number == place)) for number, side in enumerate(limits)
                        ]
                        found.append(Parcel(sides[1], sides[2], sides[0], light))
                case MaxValue(limit):
                    value = limit.amount + step * Decimal("0.01")
                    found += [
                        Parcel(small, small, small, light, Money.of(value, currency))
                        for currency in (limit.currency, "JPY")
                    ]
                case _:
                    pass
    return found


def test_a_micrometre_makes_the_difference() -> None:
    """At every limit of every plan, one unit below, at and above it, bits and refusals agree."""
    tried = 0
    for one in PLANS:
        limits = at_the_limits(one)
        tried += len(limits)
        if limits:
            check_all(limits, [one])
    assert tried > 500


def test_every_trait_is_refused_by_its_own_bit() -> None:
    """A parcel with one trait, with several and with none breaks just the rules of these."""
    check_all(
        [
            Parcel.of("5x4x3 in", "1 lb", traits=traits)
            for traits in ([], *([one] for one in Trait), list(Trait))
        ],
        PLANS,
    )


def test_bits_are_given_for_the_rows_that_are_asked_for() -> None:
    """Only the chosen rows are looked at, in the order in which they are chosen."""
    heavy, light = Parcel.of("5x4x3 in", "200 lb"), Parcel.of("5x4x3 in", "1 lb")
    one = plan("ups.access_point", "ups", HOUSES[0])
    found = broken(one, by_column([light, heavy, light]), np.array([1, 0])) != 0
    assert found.tolist() == [True, False]


def test_what_is_refused_whoever_carries_it_is_told_by_the_carrier_first() -> None:
    """Checks stand in the order in which refusals are told: the carrier's, the network's, the house's."""
    for one in PLANS:
        order = [(By.CARRIER, By.NETWORK, By.HOUSE).index(check.by) for check in one.checks]
        assert order == sorted(order)


# --- reading ---------------------------------------------------------------------------------------


def read(table: Any) -> tuple[Parcels, list[bool]]:
    """Read the parcels of a table, and say which rows are ordinary."""
    fields = Fields(table.combine_chunks().to_batches()[0], Layout(table.schema.names))
    return read_parcels(fields), fields.ordinary.tolist()


@given(
    st.lists(
        st.tuples(parcels(), st.sampled_from(tuple(LENGTH_UNITS)), st.sampled_from(tuple(WEIGHT_UNITS))),
        min_size=1,
        max_size=10,
    )
)
def test_parcels_are_read_exactly(given_parcels: list[tuple[Parcel, str, str]]) -> None:
    """Each row's parcel, in any units, is the one that was written, to the micrometre and nanogram."""
    records = [
        changed(parcel=_parcel_json(parcel, unit, heavy, as_numbers=False))
        for parcel, unit, heavy in given_parcels
    ]
    columns, ordinary = read(nested(records))
    assert all(ordinary)
    found = [columns.at(row) for row in range(len(records))]
    assert found == [parcel for parcel, *_ in given_parcels]
    for row, parcel in enumerate(found):
        assert tuple(int(side[row]) for side in columns.sides) == parcel.sides
        assert columns.girth[row] == parcel.length_plus_girth


def test_generated_parcels_are_read_exactly() -> None:
    """Parcels at the limits, with blanks around their units and values of every sort, are read as alone."""
    source = Orders(11)
    records = [changed(order_id=f"A-{row}", parcel=source.parcel()) for row in range(200)]
    columns, ordinary = read(nested(records))
    for row, record in enumerate(records):
        if ordinary[row]:
            text = {
                name: v if isinstance(v, list) else str(v)
                for name, v in record["parcel"].items()
                if v is not None
            }
            assert (columns.at(row),) == read_order(record | {"parcel": text}).parcels
    assert sum(ordinary) > 150


@pytest.mark.parametrize(
    ("part", "value", "ordinary"),
    [
        ("length", "100000", True),
        ("length", "100000.00001", False),
        ("length", "0.0000001", True),
        ("length", "0", False),
        ("weight", "1000000", True),
        ("weight", "1000000.000000001", False),
        ("weight", "-1", False),
        ("weight", "1e30", False),
        ("weight_unit", "stone", False),
        ("dimension_unit", None, False),
        ("declared_value", "-1", False),
        ("declared_value", " ", True),
        ("currency", "x" * 1_001, False),
        ("traits", ["frail"], False),
        ("traits", [], True),
    ],
)
def test_a_parcel_that_cannot_be_read_is_left_to_the_door(part: str, value: object, ordinary: bool) -> None:  # noqa: FBT001
    """Amounts out of range, units and traits that are unknown: the door says what is wrong."""
    record = changed(order_id="A-1", **{f"parcel__{part}": value})
    assert read(nested([changed(), record]))[1] == [True, ordinary]


def test_the_largest_parcel_does_not_overflow() -> None:
    """The largest sides and weight that are read stay exact in 64 bits."""
    most = Parcel(MAX_SIDE, MAX_SIDE, MAX_SIDE, MAX_WEIGHT)
    columns = by_column([most])
    assert (columns.at(0), int(columns.girth[0])) == (most, most.length_plus_girth)
    check_all([most], PLANS)


def test_a_table_without_a_parcel_has_no_ordinary_row() -> None:
    """Where the block is not there, or is null, every row is left to the door."""
    table = nested([changed(), changed(parcel=None)])
    assert read(table)[1] == [True, False]
    assert read(table.drop_columns(["parcel"]))[1] == [False, False]
    assert read(table.set_column(5, "parcel", pa.nulls(2)))[1] == [False, False]
