"""The carriers' directories of points, in all the shapes in which they come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Address, Parcel, route_parcel
from lockership.errors import InputError, LabelRejected, LabelUnavailable
from lockership.labels.carrier_points import (
    amazon_points,
    ups_points,
    ups_search,
    usps_lockers,
    usps_post_offices,
)
from lockership.location import LocationStatus
from lockership.words import Kind, Route

NEAR = Address(street1="417 Montgomery St", city="Los Angeles", state="CA", zip="90026-1234")


def drop(**about: Any) -> dict[str, Any]:
    """Return a drop location as UPS gives it."""
    return {
        "LocationID": "12345",
        "AddressKeyFormat": {
            "ConsigneeName": "CVS STORE # 8421",
            "AddressLine": "1250 W SUNSET BLVD",
            "PoliticalDivision2": "LOS ANGELES",
            "PoliticalDivision1": "CA",
            "PostcodePrimaryLow": "90026",
            "PostcodeExtendedLow": "4301",
            "CountryCode": "US",
        },
        "Distance": {"Value": "0.4", "UnitOfMeasurement": {"Code": "MI"}},
        "AccessPointInformation": {
            "PublicAccessPointID": "U88498244",
            "AccessPointStatus": {"Code": "01", "Description": "Active"},
            **about,
        },
    }


def located(drops: object) -> dict[str, Any]:
    """Return an answer of UPS's Locator."""
    return {
        "LocatorResponse": {"Response": {"ResponseStatusCode": "1"}, "SearchResults": {"DropLocation": drops}}
    }


@pytest.mark.parametrize("shape", ["list", "object"])
@pytest.mark.parametrize(
    "line", ["1250 W SUNSET BLVD", ["1250 W SUNSET BLVD"], ["1250 W SUNSET BLVD", "STE 2"]]
)
@pytest.mark.parametrize("unit", [{"Code": "MI"}, "MI"])
def test_every_shape_of_a_drop_location_is_read(shape: str, line: object, unit: object) -> None:
    """A list or its only part, a line or lines, a unit as text or object: the point comes out the same."""
    one = drop()
    one["AddressKeyFormat"]["AddressLine"] = line
    one["Distance"]["UnitOfMeasurement"] = unit
    (point,) = ups_points(located([one] if shape == "list" else one))
    assert (point.location.id, point.kind, point.miles) == (
        "U88498244",
        Kind.UPS_ACCESS_POINT,
        Decimal("0.4"),
    )
    assert (point.name, point.address.street1) == ("CVS STORE # 8421", "1250 W SUNSET BLVD")
    assert (point.address.city, point.address.zip) == ("LOS ANGELES", "90026-4301")
    assert point.location.status is LocationStatus.OPEN


@pytest.mark.parametrize(
    ("status", "reason", "found"),
    [
        ("01", None, LocationStatus.OPEN),
        ("06", None, LocationStatus.NOT_ACCEPTING),
        ("07", None, LocationStatus.NOT_ACCEPTING),
        ("07", "02", LocationStatus.FULL),
        ("07", "01", LocationStatus.NOT_ACCEPTING),
        ("07", "04", LocationStatus.CLOSED),
        ("01", "02", LocationStatus.FULL),
        ("08", "02", LocationStatus.CLOSED),
        ("99", None, None),
    ],
)
def test_the_state_of_an_access_point(status: str, reason: str | None, found: LocationStatus | None) -> None:
    """The reason counts where one is given, a terminated point is closed, an unknown status says nothing."""
    about: dict[str, Any] = {"AccessPointStatus": {"Code": status}}
    if reason is not None:
        about["Availability"] = {"ShippingAvailability": {"UnavailableReason": {"Code": reason}}}
    (point,) = ups_points(located(drop(**about)))
    assert point.location.status is found


def test_a_full_point_refuses_the_parcel() -> None:
    """What the directory says reaches the decision: a full point is refused."""
    reason = {"ShippingAvailability": {"UnavailableReason": {"Code": "02"}}}
    (point,) = ups_points(located(drop(Availability=reason)))
    there = attrs.evolve(point.address, company="UPS Access Point")
    decision = route_parcel(there, "ups", Parcel.of("9x6x3 in", "2 lb"), location=point.location)
    assert decision.route is Route.REVIEW
    assert [refusal.code.value for refusal in decision.refusals] == ["location_full"]


def test_the_id_is_the_public_one() -> None:
    """LocationID must not be shown to anybody; a point without a public id is left out."""
    assert ups_points(located([drop(PublicAccessPointID=""), drop()])) == ups_points(located([drop()]))


def test_a_locker_is_told_by_its_name() -> None:
    """The Locator tells no type of point, so the name does."""
    one = drop()
    one["AddressKeyFormat"]["ConsigneeName"] = "UPS ACCESS POINT LOCKER"
    assert ups_points(located([one]))[0].kind is Kind.UPS_LOCKER


@pytest.mark.parametrize(
    ("severity", "error"), [("Hard", LabelRejected), ("TransientError", LabelUnavailable)]
)
def test_a_locator_that_fails_is_an_error(severity: str, error: type[Exception]) -> None:
    """A failed search is no empty street: it is rejected, or may be asked again."""
    response = {"ResponseStatusCode": "0", "Error": {"ErrorSeverity": severity, "ErrorCode": "350201"}}
    with pytest.raises(error) as caught:
        ups_points({"LocatorResponse": {"Response": response}})
    assert "350201" in str(caught.value)


def test_a_search_names_the_place_and_not_the_person() -> None:
    """A search sends the address without a name, and asks for points that hold parcels for pick-up."""
    made = ups_search(attrs.evolve(NEAR, name="Zhang Wei"), radius=5, most=3)["LocatorRequest"]
    assert made["OriginAddress"]["AddressKeyFormat"] == {
        "AddressLine": "417 Montgomery St",
        "PoliticalDivision2": "Los Angeles",
        "PoliticalDivision1": "CA",
        "PostcodePrimaryLow": "90026",
        "CountryCode": "US",
    }
    criteria = made["LocationSearchCriteria"]
    assert (criteria["SearchRadius"], criteria["MaximumListSize"]) == ("5", "3")
    assert "Zhang" not in str(made)


@pytest.mark.parametrize(
    "options", [{}, {"near": NEAR, "radius": 4}, {"near": NEAR, "most": 51}, {"point_id": "U-1"}]
)
def test_a_search_that_ups_would_refuse_is_an_error(options: dict[str, Any]) -> None:
    """Neither place nor id, figures out of range and ids with signs are errors."""
    with pytest.raises(InputError):
        ups_search(**options)


LOCKER = {
    "facilityID": "1368559",
    "locationName": "JOSE MARTI",
    "locationAddress": {
        "streetAddress": "100 MAIN ST",
        "city": "ANYTOWN",
        "state": "VA",
        "ZIPCode": "99999",
        "ZIPPlus4": "9998",
    },
    "lockerOnline": True,
    "serviceDirectShip": True,
    "lockerSizeMaximumLength": 18.5,
    "lockerSizeMaximumWidth": Decimal("15.25"),
    "lockerSizeMaximumHeight": "12",
}


def test_a_parcel_locker_is_read() -> None:
    """The largest parcel is read exactly, whatever type the numbers have."""
    (point,) = usps_lockers([LOCKER])
    assert (point.kind, point.location.id) == (Kind.USPS_SMART_LOCKER, "1368559")
    assert point.location.max_sides is not None
    assert [side.text() for side in point.location.max_sides] == ["18.5 in", "15.25 in", "12 in"]
    assert point.address.zip == "99999-9998"
    assert point.location.status is LocationStatus.OPEN


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"lockerOnline": False}, LocationStatus.CLOSED),
        ({"serviceDirectShip": False}, LocationStatus.NOT_ACCEPTING),
        ({"serviceDirectShip": None}, None),
    ],
)
def test_a_locker_must_be_online_and_take_parcels(
    change: dict[str, Any], status: LocationStatus | None
) -> None:
    """Only a locker that is online and takes parcels straight from a sender is open."""
    (point,) = usps_lockers([LOCKER | change])
    assert point.location.status is status


@pytest.mark.parametrize("size", [None, 0, -1, "NaN", "large", True])
def test_a_size_that_is_none_is_unknown(size: object) -> None:
    """A locker without a proper size is still a locker, of unknown size."""
    (point,) = usps_lockers([LOCKER | {"lockerSizeMaximumWidth": size}])
    assert point.location.max_sides is None
    assert point.location.id == "1368559"


def office(**fields: Any) -> dict[str, Any]:
    """Return a list of one Post Office, spelled as in USPS's own sample."""
    one = {
        "facilityName": "KINGSBRIDGE",
        "facilityAddress": {
            "streetAddress": "5517 BROADWAY",
            "city": "BRONX",
            "state": "NY",
            "ZIPCode": "10463",
        },
        "facilityId": "1369089",
        "distance": 0.2,
        "services": [{"service": "PO_BOX"}, {"service": "HOLD_FOR_PICKUP"}],
        **fields,
    }
    return {"locations": [one]}


@pytest.mark.parametrize(
    ("fields", "on", "status"),
    [
        ({}, None, LocationStatus.OPEN),
        ({"temporaryClosure": False}, None, LocationStatus.OPEN),
        ({"services": [{"service": "PO_BOX"}]}, None, LocationStatus.NOT_ACCEPTING),
        ({"temporaryClosure": True}, None, LocationStatus.CLOSED),
        (
            {"temporaryClosure": True, "temporaryClosureDate": "2026-12-01"},
            date(2026, 11, 24),
            LocationStatus.OPEN,
        ),
        (
            {"temporaryClosure": True, "temporaryClosureDate": "2026-11-24"},
            date(2026, 11, 24),
            LocationStatus.CLOSED,
        ),
    ],
)
def test_a_post_office_is_read(fields: dict[str, Any], on: date | None, status: LocationStatus) -> None:
    """An office holds parcels when it says so and is not closed on the day."""
    (point,) = usps_post_offices(office(**fields), on=on)
    assert (point.kind, point.location.id) == (Kind.USPS_HOLD_FOR_PICKUP, "1369089")
    assert point.location.status is status
    assert point.miles == Decimal("0.2")


@pytest.mark.parametrize(
    ("type_name", "kind"),
    [
        ("CORE_LOCKER", Kind.AMAZON_LOCKER),
        ("HELIX", Kind.AMAZON_COUNTER),
        ("DOBBY_LOCKER", Kind.APARTMENT_LOCKER),
        ("3P", Kind.AMAZON_ACCESS_POINT),
        ("TELEPORTER", Kind.AMAZON_ACCESS_POINT),
    ],
)
def test_amazons_types_are_kinds(type_name: str, kind: Kind) -> None:
    """Each type is a kind; points of carriers and new types are access points of unknown type."""
    point = {"accessPointId": "0-1", "name": "Amazon Hub - X", "address": {"addressLine1": "1 Elm St"}}
    (found,) = amazon_points({"payload": {"accessPointsMap": {type_name: [point]}}})
    assert (found.kind, found.location.id) == (kind, "0-1")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
KEYS = st.sampled_from(
    (
        *("LocatorResponse", "Response", "SearchResults", "DropLocation", "AccessPointInformation"),
        *("PublicAccessPointID", "AddressKeyFormat", "AddressLine", "Distance", "Value"),
        *("locations", "facilityID", "facilityId", "locationAddress", "services"),
        *("payload", "accessPointsMap", "HELIX", "accessPointId", "address", "addressObject"),
        "lockerSizeMaximumLength",
    )
)
shaped = st.recursive(
    json_values,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(shaped)
def test_no_answer_breaks_the_reader(answer: object) -> None:
    """Whatever a directory answers, the readers give points or a label error, and never stumble."""
    for read in (ups_points, usps_lockers, usps_post_offices, amazon_points):
        try:
            assert all(point.location.id for point in read(answer))
        except (LabelRejected, LabelUnavailable):
            assert read is ups_points
