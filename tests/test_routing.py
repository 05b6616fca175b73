"""The door to the decision: its arguments, its notes, and what a label still needs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lockership import Address, Location, Parcel, Policy, Signals, route_parcel
from lockership.routing import case_of
from lockership.verdict import judge
from lockership.words import Note, Route

STREET = Address(name="Ann Lee", street1="1 Elm St", city="Reno", state="NV", zip="89501")
POINT = Address(name="Ann Lee", company="UPS Access Point", street1="1 Elm St", city="Reno", state="NV")
BOX = Parcel.of("10x8x4 in", "5 lb")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("address", {"street1": "1 Elm St"}, "a Address, found dict"),
        ("address", None, "a Address, found NoneType"),
        ("parcel", "10x8x4 in", "a Parcel, found str"),
        ("parcel", None, "a Parcel, found NoneType"),
        ("home", {}, "a Address, found dict"),
        ("service", 5, "a str, found int"),
        ("signals", 0, "a Signals, found int"),
        ("location", "U12345678", "a Location, found str"),
        ("policy", {}, "a Policy, found dict"),
        ("on", "2026-11-24", "a date, found str"),
        ("on", datetime(2026, 11, 24, tzinfo=UTC), "a date, found datetime"),
    ],
)
def test_an_argument_of_another_type_is_named(name: str, value: object, told: str) -> None:
    """Whoever passes JSON, text or a moment where a value belongs reads which argument it was."""
    arguments: dict[str, Any] = {"address": STREET, "carrier": "ups", "parcel": BOX, name: value}
    with pytest.raises(TypeError) as error:
        route_parcel(**arguments)
    assert str(error.value) == f"{name} must be {told}; lockership.inbound reads order JSON"


def test_every_argument_may_be_none_but_the_first_three() -> None:
    """What is not known is left out or None; the decision is the same."""
    plain = route_parcel(STREET, "ups", BOX)
    nothing = route_parcel(
        STREET, "ups", BOX, home=None, service=None, signals=None, location=None, policy=None, on=None
    )
    known = route_parcel(
        STREET,
        "ups",
        BOX,
        signals=Signals(),
        location=Location(),
        policy=Policy(),
        on=date(2026, 11, 24),
    )
    assert plain == nothing
    assert plain.to_dict() == known.to_dict()


@pytest.mark.parametrize(
    ("address", "location", "missing"),
    [
        (POINT, None, ("access_point_id",)),
        (POINT, Location.of("U12345678"), ()),
        (POINT, Location.of("  "), ("access_point_id",)),
        (Address(company="UPS Access Point U12345678", street1="1 Elm St"), None, ()),
        (
            Address(company="UPS Access Point", street1="1 Elm St", phone="U12345678"),
            None,
            ("access_point_id",),
        ),
    ],
)
def test_an_id_in_the_address_counts_as_given_and_blanks_do_not(
    address: Address, location: Location | None, missing: tuple[str, ...]
) -> None:
    """An id in the address text counts as given; text of blanks does not (contract 1)."""
    assert route_parcel(address, "ups", BOX, location=location).missing == missing


def test_a_person_s_blanks_are_missing() -> None:
    """A Post Office needs e-mail, phone and name; a blank is none."""
    office = Address(
        name=" ", company="USPS Hold For Pickup", street1="1 Elm St", email="\t", phone="5550100"
    )
    assert route_parcel(office, "usps", BOX).missing == ("facility_id", "email", "name")


def test_only_a_pickup_misses_facts_and_has_a_hold() -> None:
    """A parcel that goes home, or to a person, needs no id of a point and is kept nowhere."""
    heavy = Parcel.of("10x8x4 in", "45 lb")
    for decision in (route_parcel(POINT, "ups", heavy), route_parcel(POINT, "ups", heavy, home=STREET)):
        assert (decision.missing, decision.hold) == ((), None)
    assert route_parcel(POINT, "ups", BOX).hold is not None


def test_a_case_can_be_judged_again() -> None:
    """The case of a decision gives the same verdict, so that it can be asked with something changed."""
    heavy = Parcel.of("10x8x4 in", "45 lb")
    signals = Signals(amazon_fulfilled=False)
    locker = Address(company="Amazon Locker - Chive", street1="2012 E 7th St")
    for address, carrier, home in ((POINT, "ups", STREET), (POINT, "ups", None), (locker, "amazon", None)):
        decision = route_parcel(address, carrier, heavy, home=home, signals=signals)
        again = judge(case_of(decision, signals, None))
        assert again == (decision.route, decision.deliver_to, decision.refusals)


@pytest.mark.parametrize(
    ("carrier", "weight", "noted"),
    [("amazon", "5 lb", False), ("amazon", "12 lb", True), ("ups", "5 lb", False)],
)
def test_amazon_takes_the_address_from_its_order(carrier: str, weight: str, *, noted: bool) -> None:
    """An Amazon channel by Amazon that goes home or to review is noted, and nothing else is."""
    locker = Address(company="Amazon Locker - Chive", street1="2012 E 7th St")
    decision = route_parcel(locker, carrier, Parcel.of("10x8x4 in", weight))
    assert (Note.AMAZON_TAKES_ADDRESS_FROM_ORDER in decision.notes) is noted


def test_a_post_box_as_home_is_reached_by_usps_only() -> None:
    """A known home that is a PO Box or military is one where the carrier serves it (contract 2.4)."""
    locker = Address(company="USPS Smart Locker", street1="1 Elm St")
    long_box = Parcel.of("30x8x4 in", "5 lb")
    for home in (
        Address(street1="PO Box 12", city="Reno", state="NV", zip="89501"),
        Address(street1="General Delivery", city="Reno", state="NV", zip="89501"),
        Address(street1="PSC 3 Box 12", city="APO", state="AE", zip="09012"),
    ):
        assert route_parcel(locker, "usps", long_box, home=home).route is Route.HOME
        assert route_parcel(POINT, "ups", Parcel.of("10x8x4 in", "45 lb"), home=home).route is Route.REVIEW


@pytest.mark.parametrize("currency", ["AED", "EUR", "USD", "ZAR"])
def test_a_value_that_cannot_be_compared_is_noted(currency: str) -> None:
    """A value rule stands and the currency is not USD (contract 1); where no rule stands nothing is noted."""
    parcel = Parcel.of("10x8x4 in", "5 lb", value="42", currency=currency)
    noted = () if currency == "USD" else (Note.VALUE_NOT_COMPARED,)
    assert route_parcel(POINT, "ups", parcel).notes == noted
    assert route_parcel(STREET, "ups", parcel).notes == ()


def test_a_refused_locker_is_noted() -> None:
    """Whoever packs reads that the buyer wants no locker (contract 1)."""
    declined = Address(name="Ann Lee", street1="1 Elm St", street2="No Amazon Locker please", city="Reno")
    assert route_parcel(declined, "ups", BOX).notes == (Note.LOCKER_DECLINED,)


def test_what_is_known_beside_is_given_by_name() -> None:
    """A home address never stands by mistake where the service should."""
    ask: Any = route_parcel
    with pytest.raises(TypeError, match="positional"):
        ask(POINT, "ups", BOX, STREET)
