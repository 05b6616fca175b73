"""Whom to ask: the APIs that can express a hand-off."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from lockership import Address, Location, Parcel, route_parcel
from lockership.errors import InputError, NothingToShip
from lockership.labels.easypost import UnverifiedHold
from lockership.labels.plan import KNOWN, plan
from lockership.testing import decisions

if TYPE_CHECKING:
    from lockership.decision import Decision

PARCEL = Parcel.of("9 x 6 x 3 in", "2 lb")


def decided(company: str, carrier: str, **fields: str) -> Decision:
    """Return the decision on a small parcel for a place."""
    address = Address(
        name="Zhang Wei",
        company=company,
        city="Los Angeles",
        state="CA",
        zip="90026",
        email="zhang.wei@example.com",
        **{"street1": "1250 W Sunset Blvd", **fields},
    )
    return route_parcel(address, carrier, PARCEL, location=Location.of("1434185"))


@pytest.mark.parametrize(
    ("company", "carrier", "able"),
    [
        ("", "ups", {"easypost", "shippo", "ups"}),
        ("", "ontrac", {"easypost", "shippo"}),
        ("UPS Access Point - CVS 8421", "ups", {"ups"}),
        ("FedEx Office", "fedex", {"fedex"}),
        ("USPS Hold For Pickup", "usps", {"usps"}),
        ("USPS Smart Locker", "usps", {"usps"}),
        ("Amazon Hub Locker - Oregano", "amazon", {"amazon"}),
        ("UPS Customer Center", "ups", set()),
    ],
)
def test_each_place_has_its_own_apis(company: str, carrier: str, able: set[str]) -> None:
    """A place is asked for only where an API has words for it; the others each say why not."""
    whom = plan(decided(company, carrier), KNOWN)
    assert set(whom.able) == able
    assert {no.api for no in whom.unable} == set(KNOWN) - able
    assert all(no.reason for no in whom.unable)


def test_the_users_order_is_kept() -> None:
    """Of those that can, the first that the user named comes first; a name given twice counts once."""
    home = decided("", "ups")
    assert plan(home, ["ups", "shippo", "easypost", "ups"]).able == ("ups", "shippo", "easypost")
    assert plan(home, ["easypost", "ups"]).able == ("easypost", "ups")


def test_only_what_the_user_has_is_planned() -> None:
    """APIs that the user has not do not appear, and having none is no error."""
    whom = plan(decided("UPS Access Point - CVS 8421", "ups"), ["shippo"])
    assert whom.able == ()
    assert [no.api for no in whom.unable] == ["shippo"]
    assert plan(decided("", "ups"), []).able == ()


def test_an_unverified_hold_is_planned_only_when_asked_for() -> None:
    """EasyPost's hold, which nobody has verified, counts only where the user says so."""
    at_office = decided("FedEx Office", "fedex")
    assert plan(at_office, ["easypost"]).able == ()
    allowed = plan(at_office, ["easypost"], options={"easypost": {"hold": UnverifiedHold()}})
    assert allowed.able == ("easypost",)


def test_missing_facts_are_no_reason() -> None:
    """An API that could be asked once a fact is known is able: the fact can be filled in."""
    point = Address(
        company="UPS Access Point", street1="1250 W Sunset Blvd", city="Los Angeles", state="CA", zip="90026"
    )
    whom = plan(route_parcel(point, "ups", PARCEL), ["ups"])
    assert whom.able == ("ups",)
    assert whom.handoff.missing == ("access_point_id",)


def test_review_has_no_plan() -> None:
    """Under review nothing may be shipped, so there is nobody to ask."""
    with pytest.raises(NothingToShip):
        plan(decided("UPS Access Point", "fedex"), KNOWN)


def test_an_unknown_api_is_an_error() -> None:
    """A name that is no API is refused with the names that are."""
    with pytest.raises(InputError, match="'upss' is not one of easypost"):
        plan(decided("", "ups"), ["ups", "upss"])


@given(decisions())
def test_every_decision_has_a_plan_or_needs_a_person(decision: Decision) -> None:
    """Every API is either able or says why not, whatever was decided; a plan survives pickling."""
    if decision.deliver_to is None:
        return
    whom = plan(decision, KNOWN)
    assert sorted((*whom.able, *(no.api for no in whom.unable))) == sorted(KNOWN)
    assert pickle.loads(pickle.dumps(whom)) == whom
