from __future__ import annotations

import pickle
from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Address, Length, Money, Parcel, Policy, Weight, route_parcel
from lockership.networks import CARRIERS, CHANNEL_OF, MILITARY, NETWORKS
from lockership.rules import (
    NEEDED,
    Asked,
    By,
    Channel,
    HoldDays,
    MaxLengthPlusGirth,
    MaxLongest,
    MaxSides,
    MaxValue,
    MaxWeight,
    Needs,
    Network,
    Refusing,
    Rule,
    Source,
    Sure,
)
from lockership.words import RefusalCode

OWN = Source("OWN", "the lobby's own rules")
RULES = [
    *(rule for network in NETWORKS for channel in network.channels for rule in channel.rules),
    *(rule for carrier in CARRIERS.values() for rule in carrier.rules),
    MILITARY,
]

days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(days, days, days)
def test_a_rule_holds_from_its_first_day_until_the_day_after_its_last(
    since: date, until: date, day: date
) -> None:
    """``since`` is inclusive, ``until`` is exclusive."""
    rule = Rule(MaxWeight(Weight.of(1, "lb")), OWN, Sure.DESIGN, since=since, until=until)
    assert rule.holds_on(day) is (since <= day < until)
    assert rule.holds_on(since) is (since < until)
    assert not rule.holds_on(until)


def test_without_a_day_the_rules_hold_that_were_not_superseded() -> None:
    """Nothing depends on today's date unless ``on`` is given (contract 2.11)."""
    weight = MaxWeight(Weight.of(1, "lb"))
    assert Rule(weight, OWN, Sure.DESIGN).holds_on(None)
    assert Rule(weight, OWN, Sure.DESIGN, since=date(2999, 1, 1)).holds_on(None)
    assert not Rule(weight, OWN, Sure.DESIGN, until=date(2999, 1, 1)).holds_on(None)


def test_a_decision_can_be_made_by_the_rules_of_another_day() -> None:
    """Yesterday's decision stays reproducible: ``on`` chooses between a rule and its successor."""
    change = date(2026, 3, 1)
    lobby = Channel(
        "lobby.locker",
        "Lobby Locker",
        "大堂柜",
        "casillero",
        carriers=(),
        asked=Asked.HOME,
        rules=(
            Rule(MaxWeight(Weight.of(20, "lb")), OWN, Sure.DESIGN, until=change),
            Rule(MaxWeight(Weight.of(10, "lb")), OWN, Sure.DESIGN, since=change),
        ),
        spellings=("Lobby Locker",),
    )
    policy = Policy(networks=(Network("lobby", "Lobby", (lobby,)),))
    there, parcel = Address(company="Lobby Locker", street1="12 Elm St"), Parcel.of("5x5x5 in", "15 lb")

    def limit(on: date | None) -> list[str | None]:
        return [r.limit for r in route_parcel(there, "ups", parcel, policy=policy, on=on).refusals]

    assert limit(change - timedelta(days=1)) == []
    assert limit(change) == limit(None) == ["10 lb"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{type(rule.clause).__name__}-{rule.source.code}")
def test_every_rule_says_who_says_so(rule: Rule) -> None:
    """A rule names a source that was read, and an address, where there is one, that can be opened."""
    assert rule.source.code
    assert rule.source.title
    assert rule.source.url is None or rule.source.url.startswith(("https://", "http://"))
    assert rule.source.read_on <= date.today()  # noqa: DTZ011 - a day, as the source has it
    assert rule.sure in tuple(Sure)
    assert rule.since is None or rule.until is None or rule.since < rule.until


def test_the_words_of_the_rules_are_those_that_are_promised() -> None:
    """How sure, by whom and how asked: the words stand in JSON and in the docs, so they stay."""
    assert [*Sure] == ["verified", "secondary", "guess", "design"]
    assert [*By] == ["carrier", "network", "house", "location"]
    assert {*Asked} == {
        "home",
        "alternate_delivery",
        "hold_at_location",
        "parcel_locker",
        "general_delivery",
        "postal",
        "through_amazon",
    }


def test_rules_are_data() -> None:
    """Rules go through pickle unharmed, so that they can be sent to any worker."""
    assert pickle.loads(pickle.dumps(NETWORKS)) == NETWORKS


def test_boxes_are_written_longest_side_first() -> None:
    """Sorted sides are compared, so a box must be written sorted."""
    boxes = [rule.clause.limits for rule in RULES if isinstance(rule.clause, MaxSides)]
    assert boxes
    assert all(list(box) == sorted(box, reverse=True) for box in boxes)


def test_a_rule_for_some_services_replaces_one_for_all() -> None:
    """A row that names services stands beside a row of the same clause without (contract 2.9)."""
    for rules in (*(c.rules for c in CHANNEL_OF.values()), *(c.rules for c in CARRIERS.values())):
        plain = {type(rule.clause) for rule in rules if not rule.services}
        assert {type(rule.clause) for rule in rules if rule.services} <= plain


@pytest.mark.parametrize(
    ("clause", "code"),
    [(MaxWeight, "too_heavy"), (MaxLongest, "too_long"), (MaxLengthPlusGirth, "girth_over")],
)
def test_a_clause_knows_its_refusal(clause: type[MaxWeight], code: str) -> None:
    """Each clause that a parcel can break has a refusal code of its own."""
    assert clause.code == code


def test_every_refusal_code_of_a_clause_is_its_own() -> None:
    """No two clauses of a channel are told by the same code."""
    codes = [clause.code for clause in Refusing.__args__ if isinstance(clause.code, RefusalCode)]
    assert len(codes) == len(set(codes)) >= 7


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: HoldDays(0, "calendar"), "'days' must be > 0: 0"),
        (lambda: HoldDays(3, "working"), r"'basis' must be in \('calendar', 'business'\)"),
        (lambda: Needs(("shoe_size",)), r"must be in \('access_point_id', .* \(got 'shoe_size'\)"),
        (
            lambda: Network("lobby", "Lobby", (CHANNEL_OF["ups.locker"],)),
            "^kind <Kind.UPS_LOCKER: 'ups.locker'> must begin with 'lobby.'$",
        ),
    ],
)
def test_a_wrong_word_in_a_rule_is_refused_where_it_is_written(wrong: object, told: str) -> None:
    """Whoever writes a network of his own learns of a slip at once."""
    assert callable(wrong)
    with pytest.raises(ValueError, match=told):
        wrong()


def test_a_network_may_write_what_its_source_leaves_open() -> None:
    """One day is a hold, each fact that a label may need can be asked for, and a limit stands in US units."""
    assert HoldDays(1, "business").days == 1
    assert Needs(NEEDED).fields == NEEDED
    assert set(NEEDED) == {"access_point_id", "location_id", "facility_id", "email", "phone", "name"}
    inch = Length.of(1, "in")
    limits = (MaxLongest(inch), MaxLengthPlusGirth(inch), MaxSides((inch, inch, inch)))
    assert {(limit.unit, limit.inclusive) for limit in limits} == {("in", True)}
    heavy, worth = MaxWeight(Weight.of(1, "lb")), MaxValue(Money.of(1))
    assert (heavy.unit, heavy.inclusive, worth.inclusive) == ("lb", True, False)


def test_a_rule_can_be_overridden() -> None:
    """``attrs.evolve`` makes another rule; the old one stays as it was."""
    rule = CHANNEL_OF["amazon.locker"].rules[0]
    other = attrs.evolve(rule, until=date(2027, 1, 1))
    assert (rule.until, other.until) == (None, date(2027, 1, 1))
