"""How a carrier is asked: one word for each kind of place."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given

from lockership import Address, Decision, Location, Parcel, route_parcel
from lockership.errors import NothingToShip
from lockership.handoff import handoff
from lockership.rules import Asked
from lockership.testing import decisions
from lockership.words import Route

BOX = Parcel.of("10x8x4 in", "5 lb")
HOME = Address(name="Ann Lee", street1="9 Oak St", city="Reno", state="NV", zip="89501", phone="5550100")


@pytest.mark.parametrize(
    ("company", "street1", "carrier", "asked"),
    [
        ("", "1 Elm St", "ups", Asked.HOME),
        ("The UPS Store", "1 Elm St PMB 12", "fedex", Asked.HOME),
        ("Luxer One", "1 Elm St", "ups", Asked.HOME),
        ("", "PO Box 12", "usps", Asked.POSTAL),
        ("", "General Delivery", "usps", Asked.GENERAL_DELIVERY),
        ("UPS Access Point", "1 Elm St", "ups", Asked.ALTERNATE_DELIVERY),
        ("UPS Access Point Locker", "1 Elm St", "ups", Asked.ALTERNATE_DELIVERY),
        ("UPS Customer Center", "1 Elm St", "ups", Asked.HOLD_AT_LOCATION),
        ("FedEx OnSite", "1 Elm St", "fedex", Asked.HOLD_AT_LOCATION),
        ("FedEx Office", "1 Elm St", "fedex", Asked.HOLD_AT_LOCATION),
        ("FedEx Ship Center", "1 Elm St", "fedex", Asked.HOLD_AT_LOCATION),
        ("Hold at FedEx", "1 Elm St", "fedex", Asked.HOLD_AT_LOCATION),
        ("USPS Hold For Pickup", "1 Elm St", "usps", Asked.HOLD_AT_LOCATION),
        ("USPS Smart Locker", "1 Elm St", "usps", Asked.PARCEL_LOCKER),
        ("Amazon Locker - Chive", "1 Elm St", "amazon", Asked.THROUGH_AMAZON),
        ("Amazon Hub Counter", "1 Elm St", "amazon", Asked.THROUGH_AMAZON),
    ],
)
def test_each_place_is_asked_for_in_its_own_word(
    company: str, street1: str, carrier: str, asked: Asked
) -> None:
    """A network says how it is asked for; nothing becomes an ordinary delivery in silence."""
    address = Address(name="Ann Lee", company=company, street1=street1, city="Reno", state="NV", zip="89501")
    found = handoff(route_parcel(address, carrier, BOX))
    assert found.asked is asked
    assert (found.point is None) is (asked in (Asked.HOME, Asked.POSTAL, Asked.GENERAL_DELIVERY))
    assert found.buyer.name == "Ann Lee"


def test_military_mail_is_postal() -> None:
    """An APO, FPO or DPO address is asked for as it stands, from USPS."""
    address = Address(name="Sgt Lee", street1="PSC 3 Box 12", city="APO", state="AE", zip="09012")
    assert handoff(route_parcel(address, "usps", BOX)).asked is Asked.POSTAL


def test_a_parcel_that_goes_home_is_asked_for_at_the_home() -> None:
    """The point is gone from the hand-off; the buyer and the home address are there."""
    point = Address(name="Ann Lee", company="UPS Access Point", street1="1 Elm St", email="ann@example.com")
    found = handoff(route_parcel(point, "ups", Parcel.of("10x8x4 in", "45 lb"), home=HOME))
    assert (found.asked, found.address, found.point) == (Asked.HOME, HOME, None)
    assert (found.buyer.phone, found.buyer.email) == ("5550100", "ann@example.com")


def test_the_location_s_id_goes_before_the_text_s() -> None:
    """What the network itself says of the point is surer than what the buyer typed."""
    point = Address(company="UPS Access Point U11111111", street1="1 Elm St")
    told = handoff(route_parcel(point, "ups", BOX, location=Location.of("U22222222")))
    typed = handoff(route_parcel(point, "ups", BOX))
    assert told.point is not None
    assert typed.point is not None
    assert (told.point.id, typed.point.id) == ("U22222222", "U11111111")


@given(decisions())
def test_review_never_becomes_a_hand_off(decision: Decision) -> None:
    """Nothing may be shipped under review; every other decision can be handed on, and travels."""
    if decision.route is Route.REVIEW:
        with pytest.raises(NothingToShip):
            handoff(decision)
        return
    found = handoff(decision)
    assert found.missing == decision.missing
    assert found.address == decision.address
    assert pickle.loads(pickle.dumps(found)) == found
