"""The contract read twice, independently; both readings must give the same decisions."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from hypothesis import given

from lockership import Address, Kind, Policy, recognise, route_parcel
from lockership.inbound import read_order
from lockership.testing import orders, policies
from lockership.words import Note, RefusalCode, RemedyCode, Route

from .oracle import DEFAULT_POLICY, Told, answer
from .some_orders import Orders

ORDERS = int(os.environ.get("LOCKERSHIP_ORACLE_ORDERS", "20000"))
"""How many orders both readings are asked about; tests/proof asks about more."""


def told(order: dict[str, Any]) -> Told:
    """Take from recognition what the oracle does not find out itself, without the channel's flags."""
    seen = recognise(Address(**order["ship_to"]))
    home = str(recognise(Address(**order["home"])).kind) if order.get("home") else None
    remarks = () if seen.country_covered else ("country_not_covered",)
    declined = ("locker_declined",) if seen.locker_declined else ()
    named = "U88498244" in order["ship_to"].get("company", "")
    return Told(str(seen.kind), seen.confidence.value, home, named, remarks + declined)


def read_policy(policy: dict[str, Any]) -> dict[str, Any]:
    """Write a policy as the oracle reads it."""
    return DEFAULT_POLICY | {key: None if value is False else value for key, value in policy.items()}


def decide(order: dict[str, Any], policy: dict[str, Any]) -> dict[str, Any]:
    """Route the order as the command does."""
    read = read_order(json.dumps({"order_id": 1} | order))
    parcel = read.parcels[0]
    assert not isinstance(parcel, Exception)
    decision = route_parcel(
        read.ship_to,
        read.carrier,
        parcel,
        home=read.home,
        service=read.service,
        signals=read.signals,
        location=read.location,
        policy=Policy.from_dict(policy),
    ).to_dict()
    del decision["order_id"], decision["explanation"]
    return decision


def expect(order: dict[str, Any], policy: dict[str, Any]) -> dict[str, Any]:
    """Ask the oracle."""
    plain = json.loads(json.dumps(order))
    value = plain["parcel"].get("declared_value")
    plain["parcel"]["declared_value"] = None if value in (None, "") else str(value)
    return answer(plain, told(order), read_policy(policy))


@pytest.mark.parametrize("seed", range(4))
def test_both_readings_agree(seed: int) -> None:
    """Every generated order gets the decision that the contract's letter gives it."""
    orders = Orders(seed)
    for _ in range(ORDERS // 4):
        order, policy = orders.next()
        assert decide(order, policy) == expect(order, policy), (order, policy)


def test_the_orders_reach_every_word_of_the_contract() -> None:
    """The generated orders meet every kind, route, refusal, remedy, note and missing fact there is."""
    seen: set[str] = set()
    orders = Orders(99)
    for _ in range(3_000):
        order, policy = orders.next()
        decision = expect(order, policy)
        seen |= {decision["kind"], decision["route"], *decision["notes"], *decision["missing"]}
        seen |= {refusal["code"] for refusal in decision["refusals"]}
        seen |= {refusal["by"] for refusal in decision["refusals"]}
        seen |= {remedy["code"] for remedy in decision["remedies"]}
    facts = {"access_point_id", "location_id", "facility_id", "email", "phone", "name"}
    by = {"carrier", "network", "house", "location"}
    words = {*Kind, *Route, *Note, *RefusalCode, *RemedyCode}
    assert {str(word) for word in words} | facts | by <= seen


@given(orders(), policies())
def test_both_readings_agree_on_the_smallest_order(order: dict[str, Any], policy: Policy) -> None:
    """As above, with Hypothesis looking, so that a difference comes with the smallest order that shows it."""
    plain = order | {"ship_to": {key: value or "" for key, value in order["ship_to"].items()}}
    plain["home"] = order["home"] and {key: value or "" for key, value in order["home"].items()}
    house = {
        "unattended_refuses": [trait.value for trait in policy.unattended_refuses],
        "pickup_refuses": [trait.value for trait in policy.pickup_refuses],
        "pickup_refuses_except": [str(kind) for kind in policy.pickup_refuses_except],
        "max_longest": False if policy.max_longest is None else policy.max_longest.text(),
        "max_weight": False if policy.max_weight is None else policy.max_weight.text(),
        "amazon_carriers": list(policy.amazon_carriers),
    }
    assert decide(plain, house) == expect(plain, house)
