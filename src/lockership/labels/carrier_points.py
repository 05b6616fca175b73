"""Pick-up points as the carriers' directories give them: how they are asked, and how the answers read.

Enough to choose a point and to know whether it takes parcels now: its id, name, address, largest parcel
and state.  The answers vary in shape (a list or its only part, a text or an object, two spellings of one
key), so nothing in them is trusted; a point without an id is left out.

More information:
* https://github.com/UPS-API/api-documentation/blob/e6f36df/Locator.yaml, and its issues 53 and 191
* https://developers.usps.com/locationsv3
* https://github.com/amzn/selling-partner-api-models/blob/34dc93f/models/shipping-api-model/shippingV2.json
"""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import attrs

from lockership.address import Address
from lockership.errors import (
    MAX_TEXT,
    OUT_OF_RANGE,
    InputError,
    LabelRejected,
    LabelUnavailable,
    Problem,
)
from lockership.labels.answers import mapping, text, word_of
from lockership.labels.carrier_address import Form, lay_out, street_first
from lockership.labels.carrier_body import at
from lockership.labels.carrier_reply import digits_or_text, listed
from lockership.labels.lines import plain
from lockership.location import Location, LocationStatus
from lockership.words import Kind

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "UPS_LOCATOR_PATH",
    "Point",
    "amazon_points",
    "ups_points",
    "ups_search",
    "usps_lockers",
    "usps_post_offices",
]

UPS_LOCATOR_PATH = "/api/locations/v3/search/availabilities/64"
"""Where :func:`ups_search` is posted to; 64 asks for Access Points."""


@attrs.frozen
class Point:
    """One pick-up point of a directory.

    Attributes:
        kind: The channel; where the directory does not tell it, our reading of the name.
        name: What the network calls it.
        address: Where it is, with the name as company.
        location: Its id, largest parcel and state, as ``route_parcel(location=…)`` takes them.
        miles: How far it is from where was searched, as the directory says, or None.
    """

    kind: Kind
    name: str
    address: Address
    location: Location
    miles: Decimal | None = None


_ORIGIN = Form("ups", rows=1, width=100, city=50, email=50, letters="latin-1", territories=True)


def ups_search(
    near: Address | None = None, *, point_id: str | None = None, radius: int = 10, most: int = 10
) -> dict[str, Any]:
    """Write a search of UPS's Locator for Access Points that take parcels to be held.

    Args:
        near: Where to search; its city, state and ZIP code are sent, and its street.
        point_id: One point to look up instead, whatever its state.
        radius: Miles, 5 to 100.
        most: How many points, 1 to 50.

    Raises:
        InputError: There is neither an address nor an id, or a figure is out of range.

    >>> made = ups_search(point_id="U88498244")["LocatorRequest"]
    >>> made["LocationSearchCriteria"]["AccessPointSearch"]
    {'PublicAccessPointID': 'U88498244'}
    """
    problems: list[Problem] = []
    search: dict[str, Any] = {"MaximumListSize": str(most), "SearchRadius": str(radius)}
    key: dict[str, Any] = {"CountryCode": "US"}
    for value, least, limit, field in ((radius, 5, 100, "radius"), (most, 1, 50, "most")):
        if not least <= value <= limit:
            problems.append(Problem(OUT_OF_RANGE, f"{least} to {limit} are accepted", field))
    if point_id is not None:
        if not (1 <= len(point_id) <= 15 and point_id.isascii() and point_id.isalnum()):
            problems.append(
                Problem(OUT_OF_RANGE, "one to fifteen letters and digits are accepted", "point_id")
            )
        search["AccessPointSearch"] = {"PublicAccessPointID": point_id}
    elif near is None:
        problems.append(Problem(OUT_OF_RANGE, "an address or a point's id is needed", "near"))
    else:
        nobody = attrs.evolve(near, name="", company="-")  # a place is searched, not a person
        lines = lay_out(street_first(nobody), problems, _ORIGIN, of="near")
        key = {
            "AddressLine": " ".join(lines.street),
            "PoliticalDivision2": lines.city,
            "PoliticalDivision1": lines.state,
            "PostcodePrimaryLow": lines.zip[:5],
            "CountryCode": lines.country,
        }
        search["AccessPointSearch"] = {
            "AccessPointStatus": "01",
            "IncludeCriteria": {
                "SearchFilter": {"ShippingAvailabilityIndicator": ""},
                "ServiceOfferingList": {
                    "ServiceOffering": [{"Code": "001", "Description": "Direct To Retail"}]
                },
            },
        }
    if problems:
        raise InputError(problems)
    return {
        "LocatorRequest": {
            "Request": {"RequestAction": "Locator"},
            "OriginAddress": {"AddressKeyFormat": key},
            "Translate": {"Locale": "en_US"},
            "UnitOfMeasurement": {"Code": "MI"},
            "LocationSearchCriteria": search,
        }
    }


_UPS_STATUS = {
    "06": LocationStatus.NOT_ACCEPTING,  # suspended
    "07": LocationStatus.NOT_ACCEPTING,  # active, unavailable
    "08": LocationStatus.CLOSED,  # terminated
}
_UPS_REASON = {
    "01": LocationStatus.NOT_ACCEPTING,  # temporarily unavailable
    "02": LocationStatus.FULL,
    "03": LocationStatus.NOT_ACCEPTING,  # unavailable
    "04": LocationStatus.CLOSED,  # weather
}


def ups_points(answer: object) -> tuple[Point, ...]:
    """Read UPS's Locator; the id is ``PublicAccessPointID``, never ``LocationID``.

    Raises:
        LabelRejected: The Locator refused the search.
        LabelUnavailable: It could not answer now.
    """
    body = mapping(mapping(answer).get("LocatorResponse"))
    response = mapping(body.get("Response"))
    if digits_or_text(response.get("ResponseStatusCode")) == "0":
        error = mapping(response.get("Error"))
        code = word_of(digits_or_text(error.get("ErrorCode")))
        transient = "transient" in text(error.get("ErrorSeverity")).casefold()
        kind = LabelUnavailable if transient else LabelRejected
        raise kind(f"ups: the Locator refused ({code or 'no code'})", api="ups", code=code)
    found = (_ups_point(drop) for drop in listed(mapping(body.get("SearchResults")).get("DropLocation")))
    return tuple(point for point in found if point is not None)


def _ups_point(drop: dict[str, Any]) -> Point | None:
    about = mapping(drop.get("AccessPointInformation"))
    point_id = digits_or_text(about.get("PublicAccessPointID"))
    key = mapping(drop.get("AddressKeyFormat"))
    name = plain(text(key.get("ConsigneeName"))) or "UPS Access Point"
    lines = key.get("AddressLine")
    streets = (
        [lines] if isinstance(lines, str) else cast("list[object]", lines) if isinstance(lines, list) else []
    )
    zip_code, extended = (
        digits_or_text(key.get("PostcodePrimaryLow")),
        digits_or_text(key.get("PostcodeExtendedLow")),
    )
    address = _address(
        name,
        [text(street) for street in streets],
        key.get("PoliticalDivision2"),
        key.get("PoliticalDivision1"),
        f"{zip_code}-{extended}" if extended else zip_code,
    )
    if not point_id or address is None:
        return None
    kind = Kind.UPS_LOCKER if "locker" in name.casefold() else Kind.UPS_ACCESS_POINT
    return Point(kind, name, address, Location(point_id, status=_ups_state(about)), _ups_miles(drop))


def _ups_state(about: dict[str, Any]) -> LocationStatus | None:
    """Tell the state by the reason where one is given, else by the status."""
    status = mapping(about.get("AccessPointStatus"))
    code = digits_or_text(status.get("Code")) or digits_or_text(about.get("AccessPointStatus"))
    shipping = mapping(mapping(about.get("Availability")).get("ShippingAvailability"))
    reason = mapping(shipping.get("UnavailableReason"))
    if code != "08" and (found := _UPS_REASON.get(digits_or_text(reason.get("Code")))) is not None:
        return found
    return LocationStatus.OPEN if code == "01" else _UPS_STATUS.get(code)


def _ups_miles(drop: dict[str, Any]) -> Decimal | None:
    distance = mapping(drop.get("Distance"))
    unit = distance.get("UnitOfMeasurement")
    code = text(mapping(unit).get("Code")) or text(unit)
    return _number(distance.get("Value")) if code.upper() in ("MI", "MILES") else None


def usps_lockers(answer: object) -> tuple[Point, ...]:
    """Read USPS's parcel lockers; the sizes are read as inches, which the description does not say.

    A locker is open only when it is online *and* takes parcels straight from a sender.
    """
    found: list[Point] = []
    for locker in listed(answer):
        facility = _facility(locker)
        name = plain(text(locker.get("locationName"))) or "USPS Smart Locker"
        address = _usps_address(name, locker.get("locationAddress"))
        if not facility or address is None:
            continue
        online, direct = locker.get("lockerOnline"), locker.get("serviceDirectShip")
        status = None
        if online is False:
            status = LocationStatus.CLOSED
        elif direct is False:
            status = LocationStatus.NOT_ACCEPTING
        elif online is True and direct is True:
            status = LocationStatus.OPEN
        found.append(Point(Kind.USPS_SMART_LOCKER, name, address, _sized(facility, locker, status), None))
    return tuple(found)


def _sized(facility: str, locker: dict[str, Any], status: LocationStatus | None) -> Location:
    sides = [_number(locker.get(f"lockerSizeMaximum{side}")) for side in ("Length", "Width", "Height")]
    with suppress(InputError):  # a size of 0 is no size
        a, b, c = sides
        if a is not None and b is not None and c is not None:
            return Location.of(facility, max_sides=(a, b, c), unit="in", status=status)
    return Location.of(facility, status=status)


def usps_post_offices(answer: object, *, on: date | None = None) -> tuple[Point, ...]:
    """Read USPS's Post Offices as places where a parcel is held for pick-up.

    Args:
        answer: The answer as plain JSON values.
        on: The day asked about; without it an announced closure counts as one.
    """
    found: list[Point] = []
    for office in listed(mapping(answer).get("locations")):
        facility = _facility(office)
        name = plain(text(office.get("facilityName"))) or "Post Office"
        address = _usps_address(name, office.get("facilityAddress"))
        if not facility or address is None:
            continue
        services = {text(one.get("service")) for one in listed(office.get("services"))}
        status = LocationStatus.OPEN
        begins = text(office.get("temporaryClosureDate"))
        if office.get("temporaryClosure") is True and (on is None or begins <= on.isoformat()):
            status = LocationStatus.CLOSED
        elif services and "HOLD_FOR_PICKUP" not in services:
            status = LocationStatus.NOT_ACCEPTING
        location = Location(facility, status=status)
        found.append(
            Point(Kind.USPS_HOLD_FOR_PICKUP, name, address, location, _number(office.get("distance")))
        )
    return tuple(found)


def _facility(found: dict[str, Any]) -> str:
    """The description spells the key one way in its text and samples, another way in its schema."""
    return digits_or_text(found.get("facilityID")) or digits_or_text(found.get("facilityId"))


def _usps_address(name: str, found: object) -> Address | None:
    there = mapping(found)
    plus = digits_or_text(there.get("ZIPPlus4"))
    code = digits_or_text(there.get("ZIPCode"))
    streets = [text(there.get("streetAddress")), text(there.get("secondaryAddress"))]
    return _address(name, streets, there.get("city"), there.get("state"), f"{code}-{plus}" if plus else code)


_AMAZON_KIND = {
    "CORE_LOCKER": Kind.AMAZON_LOCKER,
    "ODIN_LOCKER": Kind.AMAZON_LOCKER,
    "CAMPUS_LOCKER": Kind.AMAZON_LOCKER,
    "CAMPUS_ROOM": Kind.AMAZON_LOCKER,
    "HELIX": Kind.AMAZON_COUNTER,
    "OMNI_LOCKER": Kind.APARTMENT_LOCKER,
    "DOBBY_LOCKER": Kind.APARTMENT_LOCKER,
}
"""Our reading; points that a carrier runs (``3P``) and new types are access points of unknown type."""


def amazon_points(answer: object) -> tuple[Point, ...]:
    """Read Amazon's access points; Amazon tells neither their size nor whether they are full."""
    payload = mapping(mapping(answer).get("payload")) or mapping(answer)
    by_type = mapping(payload.get("accessPointsMap")) or payload
    found: list[Point] = []
    for type_name, points in by_type.items():
        for point in listed(points):
            point_id = text(point.get("accessPointId"))
            name = plain(text(point.get("name"))) or "Amazon access point"
            there = mapping(point.get("address"))
            there = mapping(there.get("addressObject")) or there
            address = _address(
                name,
                [text(there.get(f"addressLine{line}")) for line in (1, 2, 3)],
                there.get("city"),
                there.get("stateOrRegion"),
                digits_or_text(there.get("postalCode")) or digits_or_text(there.get("zipOrPostalCode")),
                text(there.get("countryCode")),
            )
            if not point_id or address is None:
                continue
            kind = _AMAZON_KIND.get(text(point.get("type")) or type_name, Kind.AMAZON_ACCESS_POINT)
            distance = _number(at(point, "accessibilityAttributes.distance"))
            found.append(Point(kind, name, address, Location(point_id), distance))
    return tuple(found)


def _number(value: object) -> Decimal | None:
    """Read a number, or a text of one, exactly as it is written; a negative one is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    with suppress(ArithmeticError):
        read = Decimal(str(value))
        return read if read.is_finite() and read >= 0 else None
    return None


def _address(
    name: str, streets: list[str], city: object, state: object, code: str, country: str = ""
) -> Address | None:
    lines = [plain(street)[:MAX_TEXT] for street in streets if plain(street)]
    street1, street2, street3 = (*lines, "", "", "")[:3]
    with suppress(InputError):
        return Address(
            company=name,
            street1=street1,
            street2=street2,
            street3=street3,
            city=plain(text(city)),
            state=plain(text(state)),
            zip=code,
            country=country,
        )
    return None
