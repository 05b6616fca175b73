from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import given

from lockership import (
    Address,
    Decision,
    Location,
    Parcel,
    Policy,
    Refusal,
    Remedy,
    Route,
    Trait,
    route_parcel,
)
from lockership.decision import Hold
from lockership.inbound import read_order
from lockership.rules import Asked, By, Channel, Network
from lockership.testing import decisions
from lockership.words import RefusalCode, RemedyCode

EXAMPLE = """
{"order_id": "A-1001",
 "carrier": "ups", "service": null,
 "ship_to": {"name": "Zhang Wei", "company": "UPS Access Point - CVS 8421", "street1": "1250 W Sunset Blvd",
             "street2": null, "street3": null, "city": "Los Angeles", "state": "CA", "zip": "90026",
             "country": "US", "phone": null, "email": null},
 "home": null,
 "parcel": {"length": 14, "width": 10, "height": 6, "dimension_unit": "in",
            "weight": 8.2, "weight_unit": "lb", "declared_value": 42, "currency": "USD", "traits": []},
 "signals": {"amazon_is_access_point_order": null, "amazon_address_type": null, "amazon_fulfilled": null},
 "location": {"id": null, "max_length": null, "max_width": null, "max_height": null, "unit": "in",
              "max_weight": null, "weight_unit": "lb", "status": null}}
"""


def decide(text: str) -> dict[str, Any]:
    """Route the one parcel of an order."""
    order = read_order(text)
    parcel = order.parcels[0]
    assert isinstance(parcel, Parcel)
    decision = route_parcel(
        order.ship_to,
        order.carrier,
        parcel,
        home=order.home,
        service=order.service,
        signals=order.signals,
        location=order.location,
    )
    return decision.to_dict(order.order_id)


def test_the_example_of_the_contract() -> None:
    """The order of the contract gives the decision of the contract, key by key."""
    decision = decide(EXAMPLE)
    assert list(decision) == [
        "order_id",
        "route",
        "kind",
        "network",
        "confidence",
        "deliver_to",
        "refusals",
        "remedies",
        "missing",
        "notes",
        "hold",
        "explanation",
    ]
    explanation, hold = decision.pop("explanation"), decision.pop("hold")
    assert decision == {
        "order_id": "A-1001",
        "route": "pickup",
        "kind": "ups.access_point",
        "network": "ups",
        "confidence": "certain",
        "deliver_to": "ship_to",
        "refusals": [],
        "remedies": [],
        "missing": ["access_point_id"],
        "notes": [],
    }
    assert hold.pop("source").startswith("https://")
    assert hold == {"days": 7, "basis": "calendar", "on_expiry": "returned_to_sender"}
    assert set(explanation) == {"en", "zh"}


def test_the_example_at_45_lb() -> None:
    """The same order at 45 lb is refused and helped as the contract says."""
    decision = decide(EXAMPLE.replace("8.2", "45"))
    assert (decision["route"], decision["deliver_to"]) == ("review", None)
    assert (decision["missing"], decision["hold"]) == ([], None)
    (refusal,) = decision["refusals"]
    assert refusal.pop("source").startswith("https://")
    assert refusal == {"code": "too_heavy", "by": "network", "measured": "45 lb", "limit": "44 lb"}
    assert decision["remedies"] == [
        {"code": "ask_home_address"},
        {"code": "choose_other_point", "channel": "ups.customer_center"},
        {"code": "split_parcel"},
    ]


def test_a_strict_limit_reads_under() -> None:
    """A strict limit reads ``under 10 lb``; sides as ``16 x 14 x 12 in``, sorted (contract 4)."""
    locker = Address(company="Amazon Locker - Chive", street1="2012 E 7th St")
    refusals = route_parcel(locker, "amazon", Parcel.of("12x16x14 in", "160 oz")).refusals
    assert [(refusal.measured, refusal.limit) for refusal in refusals] == [
        ("10 lb", "under 10 lb"),
        ("16 x 14 x 12 in", "under 16 x 14 x 12 in"),
    ]


@pytest.mark.parametrize(
    ("weight", "measured"),
    [
        ("44.000001 lb", "44.0001 lb"),
        ("20 kg", "44.0925 lb"),
        ("704.1 oz", "44.0063 lb"),
        ("123456.7 lb", "123457 lb"),
    ],
)
def test_what_is_over_never_reads_as_the_limit(weight: str, measured: str) -> None:
    """At most six significant digits, rounded away from each other (contract 4)."""
    point = Address(company="UPS Access Point", street1="1250 W Sunset Blvd")
    refusals = route_parcel(point, "ups", Parcel.of("1x1x1 in", weight)).refusals
    network = [refusal for refusal in refusals if refusal.by is By.NETWORK]
    assert [(refusal.measured, refusal.limit) for refusal in network] == [(measured, "44 lb")]


def test_a_refusal_names_a_trait_only_where_one_is_refused() -> None:
    """``trait_refused`` (with ``trait``); no other refusal has the key (contract 1)."""
    trait = Refusal(RefusalCode.TRAIT_REFUSED, By.HOUSE, trait=Trait.FRAGILE).to_dict()
    assert trait["trait"] == "fragile"
    assert "trait" not in Refusal(RefusalCode.LOCATION_FULL, By.LOCATION).to_dict()


@pytest.mark.parametrize(
    ("remedy", "written"),
    [
        (Remedy(RemedyCode.USE_CARRIER, carrier="ups"), {"code": "use_carrier", "carrier": "ups"}),
        (
            Remedy(RemedyCode.CHOOSE_OTHER_POINT, channel="ups.locker"),
            {"code": "choose_other_point", "channel": "ups.locker"},
        ),
        (Remedy(RemedyCode.SPLIT_PARCEL), {"code": "split_parcel"}),
    ],
)
def test_a_remedy_names_what_it_names(remedy: Remedy, written: dict[str, str]) -> None:
    """A carrier or a channel stands only where the remedy names one."""
    assert remedy.to_dict() == written


def test_several_parcels_say_which_they_are() -> None:
    """The key ``parcel`` stands only where an order has several (contract 4)."""
    decision = route_parcel(Address(street1="12 Elm St"), "ups", Parcel.of("1x1x1 in", "1 lb"))
    assert list(decision.to_dict("A", 2))[:2] == ["order_id", "parcel"]
    assert "parcel" not in decision.to_dict("A")


def test_a_hold_without_an_end_says_so() -> None:
    """What no source tells is null, not absent."""
    assert json.dumps(Hold(5, "business", None, None).to_dict()) == (
        '{"days": 5, "basis": "business", "on_expiry": null, "source": null}'
    )


@given(decisions())
def test_the_address_to_deliver_to_is_the_one_that_is_named(decision: Decision) -> None:
    """``deliver_to`` is ``ship_to``, ``home`` or null (contract 4), and ``address`` is that address."""
    expected = {"ship_to": decision.ship_to, "home": decision.home, None: None}
    assert decision.address is expected[decision.deliver_to]
    assert (decision.address is None) is (decision.route is Route.REVIEW)


@given(decisions())
def test_the_members_of_the_json_are_those_of_the_dictionary(decision: Decision) -> None:
    """What is written as text at once is what ``to_dict()`` gives, after the order id."""
    answer = decision.to_dict()
    del answer["order_id"]
    assert f"{{{decision.json_members()}}}" == json.dumps(answer, ensure_ascii=False)


def test_decisions_that_differ_in_one_thing_have_words_of_their_own() -> None:
    """Words are kept for decisions that read alike, and only for those."""
    point = Address(company="UPS Access Point", street1="1 Elm St", city="Reno", state="NV")
    office = Address(company="USPS Hold For Pickup", street1="1 Elm St", city="Reno", state="NV")
    street = Address(name="Ana", street1="1 Elm St", city="Reno", state="NV", zip="89501")
    declined = attrs.evolve(street, street2="No Amazon Locker please")
    lobby = Address(company="Lobby Locker", street1="1 Elm St")
    parcel, heavy = Parcel.of("10x8x4 in", "5 lb"), Parcel.of("10x8x4 in", "45 lb")
    decided = [
        route_parcel(point, "ups", parcel),
        route_parcel(point, "ups", parcel, location=Location.of("U12345678")),
        route_parcel(point, "ups", heavy),
        route_parcel(point, "ups", heavy, home=street),
        route_parcel(office, "usps", parcel),
        route_parcel(office, "usps", parcel, service="express"),
        route_parcel(street, "ups", parcel),
        route_parcel(declined, "ups", parcel),
        *(
            route_parcel(lobby, "ups", parcel, policy=Policy(networks=(_lobby(name),)))
            for name in ("Atrium box", "Hall box")
        ),
    ]
    for decision in decided * 2:
        own = {language: decision.explain(language) for language in ("en", "zh")}
        assert decision.to_dict()["explanation"] == own
        assert json.loads(f"{{{decision.json_members()}}}")["explanation"] == own
    assert len({decision.explain() for decision in decided}) == len(decided)


def test_a_likely_place_is_not_told_as_a_certain_one() -> None:
    """Two addresses of one kind, one in unusual words: each decision keeps its own confidence."""
    parcel = Parcel.of("10x8x4 in", "5 lb")
    for company, confidence in (("UPS Access Point", "certain"), ("Access Point UPS", "likely")):
        decision = route_parcel(Address(company=company, street1="1 Elm St"), "ups", parcel)
        assert decision.to_dict()["confidence"] == confidence
        assert json.loads(f"{{{decision.json_members()}}}")["confidence"] == confidence


def _lobby(name: str) -> Network:
    locker = Channel("lobby.locker", name, name, name, (), Asked.HOME, spellings=("Lobby Locker",))
    return Network("lobby", "Lobby", (locker,))


@given(decisions())
def test_a_printed_decision_names_no_person(decision: Decision) -> None:
    """What goes into logs, ``repr`` and the decision JSON, holds no name and no street of the buyer."""
    marked = attrs.evolve(
        decision.ship_to,
        name="Qzx Person",
        street1="7 Qzx Street",
        street3="Qzx Hall",
        email="Qzx@mail.example",
    )
    again = route_parcel(marked, decision.carrier, decision.parcel)
    assert "Qzx" not in json.dumps(again.to_dict())
    assert "Qzx" not in repr(again)


@given(decisions())
def test_a_printed_decision_tells_the_answer_and_not_the_question(decision: Decision) -> None:
    """``repr`` is for a log line: neither the rules of the channel nor the whole policy stand in it."""
    asked = ("Channel(", "Policy(", "Location(", "Parcel(", "Address(", "Recognition(")
    assert [word for word in asked if word in repr(decision)] == []
