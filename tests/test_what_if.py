"""The nearest parcel that would pass: it does pass, and nothing more than needed is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given

from lockership import (
    Address,
    Decision,
    Length,
    Location,
    Parcel,
    Policy,
    Refusal,
    Signals,
    Weight,
    route_parcel,
)
from lockership.decision import Change
from lockership.location import LocationStatus
from lockership.routing import case_of
from lockership.testing import decisions
from lockership.verdict import judge
from lockership.what_if import what_if as search
from lockership.words import RefusalCode

if TYPE_CHECKING:
    from lockership.decision import WhatIf

AMAZON = Address(company="Amazon Locker - Chive", street1="2012 E 7th St", city="Austin", state="TX")
UPS = Address(company="UPS Access Point - CVS 8421", street1="1250 W Sunset Blvd", zip="90026")
BOX = Address(street1="PO Box 12", city="Reno", state="NV", zip="89501")
STREET = Address(street1="933 Sanborn Ave", city="Los Angeles", state="CA", zip="90029")

BARRING = {
    RefusalCode.CARRIER_CANNOT_SERVE,
    RefusalCode.SERVICE_NOT_ALLOWED,
    RefusalCode.SELLER_NOT_ELIGIBLE,
    RefusalCode.LOCATION_CLOSED,
    RefusalCode.LOCATION_FULL,
    RefusalCode.LOCATION_NOT_ACCEPTING,
}


def found(decision: Decision) -> WhatIf:
    """Give what would pass; the decision must say."""
    what_if = decision.would_pass_if()
    assert what_if is not None
    return what_if


def refusals(decision: Decision, parcel: Parcel) -> tuple[Refusal, ...]:
    """Judge another parcel in the same case."""
    return judge(case_of(decision, None, None)._replace(parcel=parcel))[2]


@given(decisions())
def test_there_is_a_nearest_parcel_unless_something_else_stands_in_the_way(decision: Decision) -> None:
    """A refusal of the parcel itself can be mended; one of carrier, service, seller or state can't."""
    codes = {refusal.code for refusal in decision.refusals}
    assert (decision.what_if is not None) is (bool(codes) and codes.isdisjoint(BARRING))


@given(decisions())
def test_the_nearest_parcel_passes_and_is_never_larger(decision: Decision) -> None:
    """It breaks no rule, and no side, weight, value or trait of it goes beyond the parcel's own."""
    if decision.what_if is None:
        return
    parcel, nearest = decision.parcel, decision.what_if.parcel
    assert refusals(decision, nearest) == ()
    assert all(new <= old for new, old in zip(nearest.sides, parcel.sides, strict=True))
    assert nearest.weight <= parcel.weight
    assert set(nearest.traits) <= set(parcel.traits)
    assert nearest.declared_value in (parcel.declared_value, None)


@given(decisions())
def test_nothing_is_asked_that_is_not_needed(decision: Decision) -> None:
    """Each part that changed is needed: with that part as it was, the parcel is refused again."""
    if decision.what_if is None:
        return
    parcel, nearest = decision.parcel, decision.what_if.parcel
    mixed = [
        attrs.evolve(nearest, weight=parcel.weight),
        attrs.evolve(nearest, length=parcel.length, width=parcel.width, height=parcel.height),
        attrs.evolve(nearest, declared_value=parcel.declared_value),
        *(attrs.evolve(nearest, traits=(trait,)) for trait in parcel.traits if trait not in nearest.traits),
    ]
    for other in mixed:
        assert _same(other, nearest) or refusals(decision, other)


def _same(one: Parcel, other: Parcel) -> bool:
    return (one.sides, one.weight, one.declared_value, one.traits) == (
        other.sides,
        other.weight,
        other.declared_value,
        other.traits,
    )


def test_a_strict_limit_is_passed_by_the_smallest_unit() -> None:
    """Just under 10 lb and under 16 in: the nearest parcel is one unit below, the worker hears tenths."""
    decision = route_parcel(AMAZON, "amazon", Parcel.of("16x12x10 in", "10 lb"))
    what_if = found(decision)
    assert what_if.changes == (Change("longest_side", "0.1 in"), Change("weight", "0.1 lb"))
    assert what_if.parcel.weight == Weight(Weight.of(10, "lb").ng - 1)
    assert what_if.parcel.length == Length(Length.of(16, "in").um - 1)
    assert refusals(decision, what_if.parcel) == ()


def test_an_inclusive_limit_is_met_exactly() -> None:
    """44 lb are taken at an Access Point, so 45 lb lose one pound and no more."""
    what_if = found(route_parcel(UPS, "ups", Parcel.of("14x10x6 in", "45 lb")))
    assert what_if.changes == (Change("weight", "1 lb"),)
    assert what_if.parcel.weight == Weight.of(44, "lb")


@pytest.mark.parametrize(
    ("sides", "amount", "keeps_length"),
    [
        ("140x1x1 in", "14 in", False),
        ("128x1x1 in", "2 in", True),
        ("60x30x20 in", "30 in", True),
        ("100x20x5 in", "20 in", True),
        ("100x20x5.0001 in", "20.1 in", True),
        ("100.00001x20x5 in", "20.1 in", True),
    ],
)
def test_length_plus_girth_is_cut_where_it_can_be(sides: str, amount: str, *, keeps_length: bool) -> None:
    """The shortest side is cut first, then the middle one; only what is too long alone gets shorter."""
    decision = route_parcel(BOX, "usps", Parcel.of(sides, "5 lb"))
    what_if = found(decision)
    assert what_if.changes == (Change("length_plus_girth", amount),)
    assert refusals(decision, what_if.parcel) == ()
    old, new = decision.parcel.sides, what_if.parcel.sides
    assert (new[0] == old[0]) is keeps_length
    assert new[1] == old[1] or new[2] == 1
    assert 0 <= Length.of(130, "in").um - what_if.parcel.length_plus_girth <= 1


def test_the_points_own_limits_count() -> None:
    """A known location's size and weight are limits as any other."""
    point = Location.of(max_sides=("12", "10", "8"), max_weight="5")
    decision = route_parcel(UPS, "ups", Parcel.of("14x10x6 in", "8 lb"), location=point)
    assert found(decision).changes == (Change("longest_side", "2 in"), Change("weight", "3 lb"))
    assert refusals(decision, found(decision).parcel) == ()


def test_contents_and_value_are_named() -> None:
    """What must not be in the parcel is named; what may be declared instead is not said."""
    parcel = Parcel.of("10x8x6 in", "5 lb", value="5000", traits=["hazmat", "fragile", "alcohol"])
    what_if = found(route_parcel(AMAZON, "amazon", parcel))
    assert set(what_if.changes) == {
        Change("value", "5000 USD"),
        Change("trait", "fragile"),
        Change("trait", "hazmat"),
    }
    assert (what_if.parcel.declared_value, what_if.parcel.traits) == (None, ("alcohol",))


def test_a_street_has_the_carriers_limits_alone() -> None:
    """At a street the carrier's own limits are what must be met."""
    decision = route_parcel(STREET, "usps", Parcel.of("14x10x6 in", "75 lb"))
    assert found(decision).changes == (Change("weight", "5 lb"),)


@pytest.mark.parametrize(
    "decision",
    [
        route_parcel(UPS, "ups", Parcel.of("14x10x6 in", "8 lb")),
        route_parcel(UPS, "fedex", Parcel.of("14x10x6 in", "45 lb")),
        route_parcel(
            UPS, "ups", Parcel.of("14x10x6 in", "45 lb"), location=Location(status=LocationStatus.FULL)
        ),
        route_parcel(
            AMAZON, "amazon", Parcel.of("9x9x9 in", "45 lb"), signals=Signals(amazon_fulfilled=False)
        ),
    ],
    ids=["nothing to mend", "another carrier", "a full point", "another seller"],
)
def test_no_parcel_is_named_where_none_helps(decision: Decision) -> None:
    """Nothing is said when nothing stands in the way, or when no change to the parcel would help."""
    assert decision.would_pass_if() is None


def test_a_house_that_is_stricter_is_met_as_well() -> None:
    """The nearest parcel passes the house's own limits beside the network's."""
    policy = Policy.from_dict({"stricter": {"ups.access_point": {"max_sides": "10x10x10 in"}}})
    decision = route_parcel(UPS, "ups", Parcel.of("14x12x6 in", "8 lb"), policy=policy)
    assert found(decision).changes == (Change("longest_side", "4 in"), Change("middle_side", "2 in"))
    assert refusals(decision, found(decision).parcel) == ()


def test_a_value_over_the_houses_limit_is_named_with_that_limit() -> None:
    """The house says at most: at its limit nothing is asked, above it the limit is named."""
    policy = Policy.from_dict({"stricter": {"ups.customer_center": {"max_value": "400 USD"}}})
    center = Address(company="UPS Customer Center", street1="1 Elm St")
    for value, changes in (("400", None), ("400.01", (Change("value", "400 USD"),))):
        parcel = Parcel.of("14x10x6 in", "8 lb", value=value)
        what_if = route_parcel(center, "ups", parcel, policy=policy).would_pass_if()
        assert (what_if and what_if.changes) == changes


def test_what_must_go_is_never_rounded_down() -> None:
    """A worker who takes out what he reads has taken out enough, be it many tons."""
    what_if = found(route_parcel(UPS, "ups", Parcel.of("14x10x6 in", "900000.1 lb")))
    assert what_if.changes == (Change("weight", "899957 lb"),)


@pytest.mark.parametrize(
    ("sides", "weight", "change"),
    [
        ("38x23x23 in", "45 lb", Change("weight", "1 lb")),
        ("39x4x4 in", "44 lb", Change("longest_side", "1 in")),
        ("38x24x23 in", "44 lb", Change("length_plus_girth", "2 in")),
    ],
)
def test_what_is_at_its_limit_need_not_change(sides: str, weight: str, change: Change) -> None:
    """Of weight, side and girth only the one that is over is named, though the others leave no room."""
    assert found(route_parcel(UPS, "ups", Parcel.of(sides, weight))).changes == (change,)


@pytest.mark.parametrize("currency", ["AED", "EUR", "ZAR"])
def test_a_value_in_another_currency_is_left_as_it_is(currency: str) -> None:
    """Nothing is ever converted (contract 1), so nothing about such a value can be asked."""
    parcel = Parcel.of("14x10x6 in", "45 lb", value="9000", currency=currency)
    what_if = found(route_parcel(UPS, "ups", parcel))
    assert what_if.changes == (Change("weight", "1 lb"),)
    assert what_if.parcel.declared_value == parcel.declared_value


def test_a_parcel_that_passes_needs_no_change() -> None:
    """Asked about a parcel that no rule refuses, the search finds nothing to change."""
    case = case_of(route_parcel(UPS, "ups", Parcel.of("14x10x6 in", "8 lb")), None, None)
    assert search(case.plan(), case.parcel, Location.of(max_weight="8")) is None
