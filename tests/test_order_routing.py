"""Several parcels of one order: each decided alone, and the order judged together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Address, Location, Parcel, Policy, Signals, Weight, route_order, route_parcel
from lockership.order_routing import TogetherCode
from lockership.rules import Asked, Channel, MaxWeight, Network, Rule, Source, Sure
from lockership.testing import addresses, locations, parcels, policies, services, signals
from lockership.words import Route

POINT = Address(company="UPS Access Point", street1="1 Elm St", city="Reno", state="NV")
HOME = Address(name="Ann Lee", street1="1 Elm St", city="Reno", state="NV", zip="89501")
LIGHT = Parcel.of("10x8x4 in", "5 lb")
HEAVY = Parcel.of("10x8x4 in", "45 lb")


@given(
    addresses(),
    st.sampled_from(["usps", "ups", "fedex", "amazon"]),
    st.lists(parcels(), min_size=1, max_size=4),
)
def test_an_order_never_changes_the_decision_of_a_parcel(
    address: Address, carrier: str, boxes: list[Parcel]
) -> None:
    """One over-limit parcel must not send its sisters somewhere else without saying so."""
    order = route_order(address, carrier, boxes)
    assert list(order.decisions) == [route_parcel(address, carrier, box) for box in boxes]
    placed = [*order.places(Route.PICKUP), *order.places(Route.HOME), *order.places(Route.REVIEW)]
    assert sorted(placed) == list(range(1, len(boxes) + 1))
    assert (order.route is not None) or not order.together
    assert not (order.together and order.ways)


@given(
    addresses(),
    st.sampled_from(["usps", "ups", "fedex", "amazon"]),
    st.lists(parcels(), min_size=1, max_size=2),
    st.fixed_dictionaries(
        {
            "home": st.none() | addresses(),
            "service": services(),
            "signals": st.none() | signals(),
            "location": st.none() | locations(),
            "policy": st.none() | policies(),
            "on": st.none() | st.dates(),
        }
    ),
)
def test_all_that_is_known_of_an_order_is_known_of_each_parcel(
    address: Address, carrier: str, boxes: list[Parcel], known: dict[str, Any]
) -> None:
    """Home, service, signals, location, policy and day are as for ``route_parcel``."""
    order = route_order(address, carrier, boxes, **known)
    assert list(order.decisions) == [route_parcel(address, carrier, box, **known) for box in boxes]


def test_parcels_that_all_pass_stay_together() -> None:
    """Where every parcel goes to the same place, nothing is proposed."""
    order = route_order(POINT, "ups", [LIGHT, LIGHT])
    assert (order.together, order.route, order.ways) == (True, Route.PICKUP, ())


def test_a_split_order_says_how_it_could_stay_together() -> None:
    """Another channel of the network where all pass, or a home address to ask for."""
    order = route_order(POINT, "ups", [LIGHT, HEAVY])
    assert (order.together, order.route) == (False, None)
    assert [(way.code, way.channel) for way in order.ways] == [
        (TogetherCode.CHOOSE_OTHER_POINT, "ups.customer_center"),
        (TogetherCode.ASK_HOME_ADDRESS, None),
    ]


def test_a_known_home_takes_all_when_the_carrier_can() -> None:
    """With a home address one parcel goes home by itself; all of them could, and that is said first."""
    order = route_order(POINT, "ups", [LIGHT, HEAVY], home=HOME)
    assert order.places(Route.PICKUP) == (1,)
    assert order.places(Route.HOME) == (2,)
    assert order.to_dict()["ways"] == [
        {"code": "send_all_home"},
        {"code": "choose_other_point", "channel": "ups.customer_center"},
    ]


def test_of_several_points_that_would_do_the_first_is_proposed() -> None:
    """At a locker that is too small for one, the next channel of the table takes all: one way, not two."""
    locker = Address(company="UPS Access Point Locker", street1="1 Elm St", city="Reno", state="NV")
    order = route_order(locker, "ups", [LIGHT, Parcel.of("30x8x4 in", "5 lb")])
    assert [way.channel for way in order.ways] == ["ups.access_point", None]


def test_another_point_is_not_bound_by_the_limits_of_this_one() -> None:
    """What is known of the point that the buyer chose says nothing of another one."""
    point = Location.of(max_weight="6")
    order = route_order(POINT, "ups", [LIGHT, Parcel.of("10x8x4 in", "7 lb")], location=point)
    assert order.places(Route.REVIEW) == (2,)
    assert [(way.code, way.channel) for way in order.ways] == [
        (TogetherCode.CHOOSE_OTHER_POINT, "ups.locker"),
        (TogetherCode.ASK_HOME_ADDRESS, None),
    ]


def test_a_home_that_the_carrier_does_not_reach_takes_nothing() -> None:
    """UPS brings nothing to a PO Box: it is neither offered for all nor asked for again."""
    box = Address(name="Ann Lee", street1="PO Box 12", city="Reno", state="NV", zip="89501")
    order = route_order(POINT, "ups", [LIGHT, HEAVY], home=box)
    assert [way.code for way in order.ways] == [TogetherCode.CHOOSE_OTHER_POINT]


def test_the_ways_are_those_of_the_seller_and_the_day() -> None:
    """A way holds under the order's own signals and on its own day, as the decisions do."""
    locker = Address(company="Amazon Locker - Chive", street1="2012 E 7th St", city="Austin", state="TX")
    seller = Signals(amazon_fulfilled=False, amazon_is_access_point_order=True)
    boxes = [LIGHT, Parcel.of("10x8x4 in", "12 lb")]
    flagged = route_order(locker, "amazon", boxes, signals=seller)
    assert [way.channel for way in flagged.ways] == ["amazon.counter", None]
    change = date(2026, 3, 1)
    desk, shelf = (
        Channel(
            f"lobby.{name}",
            name,
            name,
            name,
            carriers=(),
            asked=Asked.HOME,
            rules=(
                Rule(MaxWeight(Weight.of(pounds, "lb")), Source("OWN", "a sheet"), Sure.DESIGN, since=since),
            ),
            spellings=(f"Lobby {name}",),
        )
        for name, pounds, since in (("Desk", 10, None), ("Shelf", 11, change))
    )
    policy = Policy(networks=(Network("lobby", "Lobby", (desk, shelf)),))
    there = Address(company="Lobby Desk", street1="1 Elm St")

    def ways(on: date | None) -> list[str | None]:
        return [way.channel for way in route_order(there, "ups", boxes, policy=policy, on=on).ways]

    assert ways(change - timedelta(days=1)) == ["lobby.Shelf", None]
    assert ways(change) == ways(None) == [None]
    shelf_there = Address(company="Lobby Shelf", street1="1 Elm St")
    before = route_order(shelf_there, "ups", boxes, policy=policy, on=change - timedelta(days=1))
    assert (before.together, before.route) == (True, Route.PICKUP)
    assert not route_order(shelf_there, "ups", boxes, policy=policy, on=change).together


def test_nothing_keeps_together_what_no_carrier_rule_lets_pass() -> None:
    """A parcel that the carrier itself cannot take anywhere splits the order, whatever else is done."""
    order = route_order(POINT, "ups", [LIGHT, Parcel.of("10x8x4 in", "200 lb")], home=HOME)
    assert order.ways == ()
    street = route_order(HOME, "ups", [LIGHT, Parcel.of("10x8x4 in", "200 lb")])
    assert (street.together, street.ways) == (False, ())


def test_an_order_travels_as_json() -> None:
    """The judgement names the parcels by their places, from 1, beside the decision of each."""
    told = route_order(POINT, "ups", [LIGHT, HEAVY]).to_dict("A-1")
    assert (told["pickup"], told["home"], told["review"]) == ([1], [], [2])
    assert told["ways"][0] == {"code": "choose_other_point", "channel": "ups.customer_center"}
    assert told["ways"][1] == {"code": "ask_home_address"}
    assert (told["order_id"], told["together"]) == ("A-1", False)
    assert [(parcel["order_id"], parcel["parcel"]) for parcel in told["parcels"]] == [("A-1", 1), ("A-1", 2)]
    home = route_order(HOME, "ups", [LIGHT, LIGHT]).to_dict()
    assert (home["order_id"], home["home"], home["together"], home["ways"]) == (None, [1, 2], True, [])


def test_what_is_known_beside_is_given_by_name() -> None:
    """A home address never stands by mistake where the service should."""
    ask: Any = route_order
    with pytest.raises(TypeError, match="positional"):
        ask(POINT, "ups", [LIGHT], HOME)


def test_an_order_without_parcels_is_refused() -> None:
    """There is nothing to decide about no parcel."""
    with pytest.raises(ValueError, match=r"^an order needs at least one parcel$"):
        route_order(POINT, "ups", [])
