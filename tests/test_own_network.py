"""A seller's own networks and stricter limits, without touching our files."""

from __future__ import annotations

import pickle
from datetime import date, timedelta

import attrs
import pytest

from lockership import Address, InputError, Length, Parcel, Policy, Weight, route_parcel
from lockership.handoff import handoff
from lockership.policy import Stricter
from lockership.rules import Asked, Channel, HoldDays, MaxWeight, Needs, Network, Rule, Source, Sure
from lockership.words import Kind, RefusalCode, RemedyCode, Route, Trait

OWN = Source("OWN", "the lobby's own rules")
LOBBY = Network(
    "lobby",
    "Lobby lockers",
    (
        Channel(
            kind="lobby.locker",
            name="Lobby Locker",
            name_zh="大堂柜",
            name_es="casillero del vestíbulo",
            carriers=(),
            asked=Asked.HOME,
            unattended=True,
            rules=(
                Rule(MaxWeight(Weight.of(20, "lb")), OWN, Sure.DESIGN),
                Rule(HoldDays(4, "calendar"), OWN, Sure.DESIGN),
                Rule(Needs(("phone",)), OWN, Sure.DESIGN),
            ),
            spellings=("Lobby Locker", "大堂柜"),
        ),
        Channel(
            kind="lobby.desk",
            name="Lobby Desk",
            name_zh="大堂前台",
            name_es="recepción",
            carriers=("ups", "fedex"),
            asked=Asked.HOME,
            spellings=("Lobby Desk",),
        ),
    ),
)
POLICY = Policy(networks=(LOBBY,))
SMALL = Parcel.of("10x8x4 in", "5 lb")


@pytest.mark.parametrize(
    "company", ["Lobby Locker 12", "LOBBY-LOCKER™", "ｌｏｂｂｙ　ｌｏｃｋｅｒ", "大堂柜 7号"]
)
def test_an_own_network_is_recognised_by_its_spellings(company: str) -> None:
    """A seller's own words make an address his own channel, however they are written."""
    decision = route_parcel(Address(company=company, street1="1 Main St"), "OnTrac", SMALL, policy=POLICY)
    assert (decision.kind, decision.network, decision.route) == ("lobby.locker", "lobby", Route.PICKUP)
    assert decision.missing == ("phone",)
    assert decision.hold is not None
    assert decision.hold.days == 4
    assert decision.recognition.evidence[0].rule == "lobby.locker.spelling"


@pytest.mark.parametrize(
    "address",
    [
        Address(company="no lobby locker please", street1="1 Main St"),
        Address(company="Lobby Lockersmith Inc", street1="1 Main St"),
        Address(company="Lobby Locker", street1="1 Main St", city="Toronto", country="CA"),
        Address(company="Lobby Locker", street1="PSC 802 Box 74", city="APO", state="AE", zip="09499"),
    ],
)
def test_an_own_network_is_not_seen_where_it_is_not_meant(address: Address) -> None:
    """Refusals, other words, other countries and military lines are no own channel."""
    decision = route_parcel(address, "usps", SMALL, policy=POLICY)
    assert not decision.kind.startswith("lobby.")


def test_rules_of_an_own_network_refuse_and_propose_its_other_channel() -> None:
    """Own channels have refusals, remedies and words like the four networks' own."""
    address = Address(company="Lobby Locker", street1="1 Main St")
    decision = route_parcel(address, "ups", Parcel.of("10x8x4 in", "25 lb"), policy=POLICY)
    assert decision.route is Route.REVIEW
    assert [refusal.code for refusal in decision.refusals] == [RefusalCode.TOO_HEAVY]
    other = next(r for r in decision.remedies if r.code is RemedyCode.CHOOSE_OTHER_POINT)
    assert other.channel == "lobby.desk"
    assert "Lobby Desk" in decision.explain("en")
    assert "大堂前台" in decision.explain("zh")


def test_the_house_rules_for_lockers_hold_at_an_own_locker() -> None:
    """A locker that nobody watches is one, whoever owns it: no fragile goods, nothing over 18 in."""
    address = Address(company="Lobby Locker", street1="1 Main St")
    parcel = Parcel.of("19x3x3 in", "5 lb", traits=["fragile"])
    decision = route_parcel(address, "ups", parcel, policy=POLICY)
    assert [refusal.code for refusal in decision.refusals] == [
        RefusalCode.TRAIT_REFUSED,
        RefusalCode.TOO_LONG,
    ]


def test_a_carrier_that_does_not_reach_an_own_channel_is_refused() -> None:
    """An own channel may name its carriers; without any, every carrier comes."""
    address = Address(company="Lobby Desk", street1="1 Main St")
    assert route_parcel(address, "fedex", SMALL, policy=POLICY).route is Route.PICKUP
    decision = route_parcel(address, "usps", SMALL, policy=POLICY)
    assert decision.refusals[0].code is RefusalCode.CARRIER_CANNOT_SERVE
    assert decision.remedies[0].carrier == "ups"


def test_a_decision_of_an_own_network_travels() -> None:
    """Policy and decision pickle, and the decision has a hand-off."""
    address = Address(name="Ann", company="Lobby Locker", street1="1 Main St", phone="5550100")
    decision = route_parcel(address, "OnTrac", SMALL, policy=POLICY)
    assert pickle.loads(pickle.dumps(decision)) == decision
    asked = handoff(decision)
    assert asked.point is not None
    assert asked.point.name == "Lobby Locker"


def test_without_the_policy_nobody_knows_the_network() -> None:
    """Own networks live in the policy alone: nothing is registered behind the scenes."""
    address = Address(company="Lobby Desk", street1="1 Main St")
    assert route_parcel(address, "fedex", SMALL).kind == Kind.STREET


def test_an_own_kind_may_not_hide_one_of_ours() -> None:
    """A kind that is taken, or that does not begin with its network's slug, is refused."""
    taken = Channel("ups.locker", "x", "x", "x", carriers=(), asked=Asked.HOME)
    with pytest.raises(InputError, match=r"ups\.locker is taken"):
        Policy(networks=(Network("ups", "mine", (taken,)),))
    with pytest.raises(ValueError, match="must begin with"):
        Network("lobby", "mine", (taken,))


def test_a_house_may_be_stricter_at_one_channel() -> None:
    """Stricter limits of the house refuse by house, beside the network's own, at that channel only."""
    strict = Policy(
        stricter=(
            Stricter(
                Kind.UPS_ACCESS_POINT,
                refuses=(Trait.FRAGILE,),
                max_longest=Length.of(20, "in"),
                max_weight=Weight.of(30, "lb"),
            ),
        )
    )
    parcel = Parcel.of("21x10x4 in", "45 lb", traits=["fragile"])
    point = Address(company="UPS Access Point", street1="1 Main St")
    decision = route_parcel(point, "ups", parcel, policy=strict)
    told = [(refusal.code.value, refusal.by.value, refusal.limit) for refusal in decision.refusals]
    assert told == [
        ("too_heavy", "network", "44 lb"),
        ("trait_refused", "house", None),
        ("too_long", "house", "20 in"),
        ("too_heavy", "house", "30 lb"),
    ]
    center = Address(company="UPS Customer Center", street1="1 Main St")
    assert route_parcel(center, "ups", parcel, policy=strict).route is Route.PICKUP


def test_stricter_limits_are_read_from_plain_values() -> None:
    """A TOML table of channels becomes stricter limits, and mistakes are told with their path."""
    policy = Policy.from_dict(
        {"stricter": {"ups.locker": {"max_sides": "20x16x12 in", "max_value": "500 USD"}}}
    )
    assert policy.stricter[0].max_sides == (Length.of(20, "in"), Length.of(16, "in"), Length.of(12, "in"))
    with pytest.raises(InputError) as caught:
        Policy.from_dict({"stricter": {"ups.loker": {"max_wieght": "30 lb"}, "ups.locker": 5}})
    assert [problem.field for problem in caught.value.problems] == [
        "stricter.ups.loker.max_wieght",
        "stricter.ups.loker",
        "stricter.ups.locker",
    ]
    assert "did you mean ups.locker?" in str(caught.value)


def test_a_dated_rule_says_since_when() -> None:
    """A worker reads since when a rule holds; before its first day it does not hold at all."""
    since = date(2026, 7, 1)
    rule = Rule(MaxWeight(Weight.of(20, "lb")), OWN, Sure.DESIGN, since=since)
    locker = attrs.evolve(LOBBY.channels[0], rules=(rule,))
    policy = Policy(networks=(attrs.evolve(LOBBY, channels=(locker,)),))
    address = Address(company="Lobby Locker", street1="1 Main St")
    heavy = Parcel.of("10x8x4 in", "25 lb")
    decision = route_parcel(address, "ups", heavy, policy=policy, on=since)
    assert decision.refusals[0].since == since
    assert "since 2026-07-01" in decision.explain("en")
    assert "2026-07-01 起" in decision.explain("zh")
    before = route_parcel(address, "ups", heavy, policy=policy, on=since - timedelta(days=1))
    assert [refusal.by.value for refusal in before.refusals] == ["house"]


@pytest.mark.parametrize(
    ("limits", "parcel", "told"),
    [
        ({"max_sides": "12x10x6 in"}, "12x10x6.1 in", ("does_not_fit", "12 x 10 x 6 in")),
        ({"max_sides": "12x10x6 in"}, "12x10.1x6 in", ("does_not_fit", "12 x 10 x 6 in")),
        ({"max_sides": "6x12x10 in"}, "12.1x10x6 in", ("does_not_fit", "12 x 10 x 6 in")),
        ({"max_longest": "12 in"}, "12.1x4x4 in", ("too_long", "12 in")),
        ({"max_length_plus_girth": "30 in"}, "14x4x4.1 in", ("girth_over", "30 in")),
        ({"max_value": "500 USD"}, "5x5x5 in", ("value_over", "500 USD")),
    ],
)
def test_each_stricter_limit_refuses_just_above_itself(
    limits: dict[str, str], parcel: str, told: tuple[str, str]
) -> None:
    """A stricter limit takes what is just at it, in any order of sides, and refuses the next tenth."""
    policy = Policy.from_dict({"stricter": {"ups.customer_center": limits}})
    center = Address(company="UPS Customer Center", street1="1 Main St")
    over = route_parcel(center, "ups", Parcel.of(parcel, "5 lb", value="500.01"), policy=policy)
    assert [(refusal.code.value, refusal.limit) for refusal in over.refusals] == [told]
    at = route_parcel(center, "ups", Parcel.of(parcel.replace(".1", ""), "5 lb", value="500"), policy=policy)
    assert at.route is Route.PICKUP
