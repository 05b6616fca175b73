"""Which rules stand between a parcel and a place: in their own currency, at their own channel, in order."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Kind, Length, Money, Parcel, Policy, Trait, Weight
from lockership.checks import Plan, plan_for
from lockership.networks import CHANNEL_OF
from lockership.policy import Stricter
from lockership.rules import (
    Asked,
    Channel,
    MaxLengthPlusGirth,
    MaxLongest,
    MaxSides,
    MaxWeight,
    Network,
    OnlySellers,
    OnlyServices,
    RefusesTrait,
    Rule,
    Source,
    Sure,
)
from lockership.testing import parcels, policies
from lockership.words import CHANNELS, RefusalCode

_SIDES = (Length.of(10, "in"), Length.of(8, "in"), Length.of(4, "in"))
carriers = st.sampled_from(("usps", "ups", "fedex", "amazon", "ontrac"))


def plan(kind: str, policy: Policy | None = None, carrier: str | None = None, service: str = "") -> Plan:
    """Give the rules for a place, by default for its own carrier, where the location publishes nothing."""
    named = carrier if carrier is not None else CHANNEL_OF[kind].carriers[0]
    return plan_for(
        kind,
        named,
        service,
        False,  # noqa: FBT003 - by place, as in the plan's own key
        False,  # noqa: FBT003
        False,  # noqa: FBT003
        policy or Policy(),
        None,
    )


@given(st.sampled_from(tuple(Kind)), carriers, policies(), parcels())
def test_a_plan_takes_what_it_does_not_refuse(
    kind: Kind, carrier: str, policy: Policy, parcel: Parcel
) -> None:
    """The quick answer and the full list never contradict each other."""
    asked = plan(kind, policy, carrier)
    assert asked.takes(parcel) is (asked.refusals(parcel) == ())


@pytest.mark.parametrize("kind", [kind for kind in CHANNELS if plan(kind).compares_value])
@pytest.mark.parametrize("currency", ["EUR", "CNY", "ZAR", "AED", "usdt"])
def test_a_value_is_compared_in_its_own_currency_only(kind: str, currency: str) -> None:
    """Nothing is ever converted (contract 1): 9,000 of another currency is neither over nor under."""
    house = Policy(stricter=(Stricter(kind, max_value=Money.of(400)),))
    other = Parcel.of("10x8x4 in", "5 lb", value="9000", currency=currency)
    dollars = Parcel.of("10x8x4 in", "5 lb", value="9000")
    assert plan(kind, house).refusals(other) == ()
    assert [refusal.code for refusal in plan(kind, house).refusals(dollars)] == [RefusalCode.VALUE_OVER] * 2


def test_a_house_limit_on_value_takes_the_limit_itself() -> None:
    """The house says at most, so 400 dollars pass where 400 are allowed, and a cent more does not."""
    house = Policy(stricter=(Stricter("ups.customer_center", max_value=Money.of(400)),))
    asked = plan("ups.customer_center", house)
    assert asked.takes(Parcel.of("10x8x4 in", "5 lb", value="400.00"))
    [refusal] = asked.refusals(Parcel.of("10x8x4 in", "5 lb", value="400.01"))
    assert (refusal.measured, refusal.limit) == ("400.01 USD", "400 USD")


def test_a_value_never_reads_the_same_as_its_limit() -> None:
    """At most six significant digits, rounded away from each other (contract 4), for money too."""
    house = Policy(stricter=(Stricter("ups.access_point", max_value=Money.of("4999.9999")),))
    told = plan("ups.access_point", house).refusals(Parcel.of("10x8x4 in", "5 lb", value="5000.001"))
    assert [(refusal.measured, refusal.limit) for refusal in told] == [
        ("5000.01 USD", "under 5000 USD"),
        ("5000.01 USD", "4999.99 USD"),
    ]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in CHANNELS])
def test_a_home_has_no_rule_on_value_no_needs_and_no_hold(kind: Kind) -> None:
    """Where nobody keeps the parcel the carrier's own limits are all there is."""
    asked = plan(kind, carrier="usps")
    assert (asked.compares_value, asked.needs, asked.hold) == (False, (), None)
    assert {check.by for check in asked.checks} == {"carrier"}


@pytest.mark.parametrize("kind", CHANNELS)
def test_a_stricter_limit_holds_at_its_own_channel_only(kind: str) -> None:
    """What the house asks at one channel is asked there, and nowhere else."""
    inch, ounce = Length.of(1, "in"), Weight.of(1, "oz")
    stricter = Stricter(kind, (Trait.ALCOHOL,), (inch, inch, inch), inch, inch, ounce, Money.of(1))
    house = Policy(stricter=(stricter,))
    for other in CHANNELS:
        added = [check for check in plan(other, house).checks if check not in plan(other).checks]
        assert len(added) == (6 if other == kind else 0)


def test_a_refused_service_stands_before_what_the_house_refuses() -> None:
    """Network before house (contract 1), though the service is refused without a look at the parcel."""
    chilled = Parcel.of("10x8x4 in", "71 lb", traits=["cold_chain"])
    told = [
        refusal.code.value for refusal in plan("usps.hold_for_pickup", service="mediamail").refusals(chilled)
    ]
    assert told == ["too_heavy", "service_not_allowed", "trait_refused"]


def test_limits_of_the_house_stand_in_the_order_of_the_contract() -> None:
    """House: contents, size, weight (contract 1); the value stands with the contents."""
    inch = Length.of(1, "in")
    stricter = Stricter(
        "usps.smart_locker", (Trait.ALCOHOL,), (inch, inch, inch), inch, inch, Weight.of(1, "oz"), Money.of(1)
    )
    house = Policy(stricter=(stricter,))
    parcel = Parcel.of("20x8x4 in", "16 lb", value="5", traits=["fragile", "cold_chain", "alcohol"])
    told = [
        (refusal.code.value, refusal.trait or refusal.limit)
        for refusal in plan("usps.smart_locker", house).refusals(parcel)
        if refusal.by == "house"
    ]
    assert told == [
        ("trait_refused", "fragile"),
        ("trait_refused", "cold_chain"),
        ("trait_refused", "alcohol"),
        ("value_over", "1 USD"),
        ("does_not_fit", "1 x 1 x 1 in"),
        ("too_long", "1 in"),
        ("girth_over", "1 in"),
        ("too_long", "18 in"),
        ("too_heavy", "0.0625 lb"),
        ("too_heavy", "15 lb"),
    ]


def test_a_refusal_says_since_when_its_rule_holds() -> None:
    """Whoever asks why it was taken last month reads the day of the change, whichever rule it is."""
    change = date(2026, 3, 1)
    clauses = (
        OnlyServices(("ground",)),
        OnlySellers("the lobby's own"),
        MaxWeight(Weight.of(4, "lb")),
        RefusesTrait(Trait.ALCOHOL),
    )
    sheet = Source("OWN", "a sheet on the wall")
    rules = tuple(Rule(clause, sheet, Sure.DESIGN, since=change) for clause in clauses)
    desk = Channel("lobby.desk", "Desk", "Desk", "Desk", (), Asked.HOME, rules=rules)
    house = Policy(networks=(Network("lobby", "Lobby", (desk,)),))
    asked = plan_for("lobby.desk", "ontrac", "air", True, False, False, house, None)  # noqa: FBT003
    wine = Parcel.of("10x8x4 in", "5 lb", traits=["alcohol"])
    assert [(refusal.code, refusal.since) for refusal in asked.refusals(wine)] == [
        (clause.code, change) for clause in clauses
    ]


@pytest.mark.parametrize(
    ("clause", "at", "below"),
    [
        (MaxWeight(Weight.of(5, "lb"), inclusive=False), "10x8x4 in, 5 lb", "10x8x4 in, 4.99999999 lb"),
        (MaxLongest(Length.of(10, "in"), inclusive=False), "10x8x4 in, 5 lb", "9.9999x8x4 in, 5 lb"),
        (MaxLengthPlusGirth(Length.of(34, "in"), inclusive=False), "10x8x4 in, 5 lb", "9.9999x8x4 in, 5 lb"),
        (MaxSides(_SIDES, inclusive=False), "10x8x4 in, 5 lb", "9.9999x7.9999x3.9999 in, 5 lb"),
        (MaxSides(_SIDES, inclusive=False), "9x7x4 in, 5 lb", "9x7x3.9999 in, 5 lb"),
        (MaxSides(_SIDES, inclusive=False), "9x8x3 in, 5 lb", "9x7.9999x3 in, 5 lb"),
        (MaxWeight(Weight.of(5, "lb")), "10x8x4 in, 5.00000001 lb", "10x8x4 in, 5 lb"),
        (MaxLongest(Length.of(10, "in")), "10.0001x8x4 in, 5 lb", "10x8x4 in, 5 lb"),
        (MaxLengthPlusGirth(Length.of(34, "in")), "10.0001x8x4 in, 5 lb", "10x8x4 in, 5 lb"),
        (MaxSides(_SIDES), "10x8x4.0001 in, 5 lb", "10x8x4 in, 5 lb"),
        (MaxSides(_SIDES), "10x8.0001x4 in, 5 lb", "4x8x10 in, 5 lb"),
    ],
)
def test_every_limit_of_an_own_network_is_exact(clause: MaxWeight, at: str, below: str) -> None:
    """Under a limit or at most a limit, of whatever measure: the last lawful figure passes, the next not."""
    rule = Rule(clause, Source("OWN", "a sheet on the wall"), Sure.DESIGN)
    desk = Channel("lobby.desk", "Desk", "Desk", "Desk", (), Asked.HOME, rules=(rule,))
    asked = plan("lobby.desk", Policy(networks=(Network("lobby", "Lobby", (desk,)),)), "ontrac")
    refused, taken = (Parcel.of(*text.split(", ")) for text in (at, below))
    assert [refusal.code for refusal in asked.refusals(refused)] == [clause.code]
    assert asked.takes(taken)
    assert not asked.takes(refused)
