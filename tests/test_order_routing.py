"""Several parcels of one order: each decided alone, and the order judged together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Address, Parcel, route_order, route_parcel
from lockership.order_routing import TogetherCode
from lockership.testing import addresses, parcels
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
    assert order.ways[0].code is TogetherCode.SEND_ALL_HOME


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
    assert [parcel["parcel"] for parcel in told["parcels"]] == [1, 2]


def test_an_order_without_parcels_is_refused() -> None:
    """There is nothing to decide about no parcel."""
    with pytest.raises(ValueError, match="at least one parcel"):
        route_order(POINT, "ups", [])
