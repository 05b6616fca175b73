"""UPS's Shipping API: what is asked, and how its answer reads.  Pure: nothing here asks the network.

An Access Point is asked for by ``ShipmentIndicationType`` 01 with ``AlternateDeliveryAddress``; the
shipment stays addressed to the buyer.  The account must be approved for it by UPS.  The API has no words
for a parcel that is to wait at a Customer Center: ``HoldForPickupIndicator`` is for Worldwide Express
Freight only.

UPS prints address lines from the bottom up: the first line that is sent stands just above the city.  So
the street is sent first, then its unit, then what stands above both.

Measures are whole inches and tenths of pounds, both rounded up; the longest side is the length.

More information:
* https://github.com/UPS-API/api-documentation/blob/e6f36df/Shipping.yaml
* https://github.com/UPS-API/api-documentation/issues/43 (the order of lines is intended)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import attrs

from lockership.errors import MISSING_FIELD, OUT_OF_RANGE, Inexpressible, InputError, Problem
from lockership.labels.answers import mapping, text
from lockership.labels.carrier_address import (
    Form,
    email_of,
    lay_out,
    phone_of,
    romanised,
    street_first,
    zip_digits,
)
from lockership.labels.carrier_body import (
    account_problems,
    at,
    cannot,
    first_that_fits,
    home_of,
    inches,
    join_deep,
    needs,
    number,
    point_problems,
    pounds,
    service_code,
)
from lockership.labels.carrier_reply import alerts, listed, price_of, uncertain, with_file
from lockership.labels.label import Label
from lockership.labels.lines import Lines, plain
from lockership.labels.tender import facts_problems, recipient, reference_problems
from lockership.networks.sources import UPS_SHIP
from lockership.rules import Asked
from lockership.words import Trait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockership.address import Address
    from lockership.handoff import Handoff

__all__ = ["API", "HEADERS", "PATH", "SERVICES", "Account", "inexpressible", "read", "request"]

API = "ups"
PATH = "/api/shipments/v2409/ship"
HEADERS: dict[str, str] = {}

_FORM = Form("ups", rows=3, width=35, city=30, email=50, letters="latin-1", territories=True)

SERVICES = {
    "nextdayair": "01",
    "2nddayair": "02",
    "seconddayair": "02",
    "ground": "03",
    "3dayselect": "12",
    "nextdayairsaver": "13",
    "nextdayairearly": "14",
    "2nddayairam": "59",
    "seconddayairam": "59",
}
"""Domestic services by name, as Shipment.Service.Code lists them."""

_NO_WORDS = {
    Asked.HOLD_AT_LOCATION: (
        "a domestic parcel cannot be bought to wait at a Customer Center: HoldForPickupIndicator is for "
        "Worldwide Express Freight only.  UPS's Delivery Intercept API can ask for will-call after shipping"
    ),
}
_LENGTH, _WEIGHT = 999, 99_999  # three characters of inches; five characters of pounds: 9999.9
_POINT_ID = re.compile(r"[A-Z0-9]{7,9}", re.ASCII)
_REFUSED = {
    "ShipmentRequest.Shipment.ShipmentServiceOptions.EPRAReleaseCode": "is given by release_code=",
    "ShipmentRequest.Shipment.ShipmentServiceOptions.HoldForPickupIndicator": (
        "is for Worldwide Express Freight only, and names no place"
    ),
    "ShipmentRequest.Shipment.ShipmentServiceOptions.DirectDeliveryOnlyIndicator": (
        "forbids what an Access Point is for, and is never needed for a home"
    ),
    "ShipmentRequest.Shipment.ReturnService": "makes a return label, which this is not",
}
_OPTIONS = "ShipmentRequest.Shipment.Package.0.PackageServiceOptions"


@attrs.frozen
class Account:
    """Who ships with UPS and who pays; no key stands here.

    Attributes:
        number: The shipper's account, six letters and digits.
        service: The service where an order names none.
        payer: The account that pays, where that is a third party's.
        payer_zip, payer_country: Of the paying account's address.

    >>> Account("A1B2C3").service
    'ground'
    >>> Account("12345")
    Traceback (most recent call last):
    lockership.errors.InputError: number: 6 letters and digits are accepted
    """

    number: str = attrs.field(repr=False)
    service: str = "ground"
    payer: str = attrs.field(default="", repr=False)
    payer_zip: str = ""
    payer_country: str = "US"

    def __attrs_post_init__(self) -> None:
        shape = {"number": (6, 6)} | ({"payer": (6, 6), "payer_country": (2, 2)} if self.payer else {})
        if problems := account_problems({field: getattr(self, field) for field in shape}, shape):
            raise InputError(problems)


def inexpressible(handoff: Handoff) -> tuple[str, str | None] | None:
    """Say why UPS cannot be asked for this hand-off, and where that stands; None when it can."""
    return cannot(handoff, API, _NO_WORDS, UPS_SHIP.url)


def request(
    handoff: Handoff,
    sender: Address,
    account: Account,
    *,
    reference: str,
    release_code: str | None = None,
    locale: tuple[str, str] = ("ENG", "US"),
    label_format: Literal["ZPL", "EPL", "GIF"] = "ZPL",
    also: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the body of a Shipping request, which **buys** a label when it is posted.

    At an Access Point the buyer is the consignee at their own address where the order has one; else at
    the point's address, which is our reading: the description asks for an address and says no more.

    Not sent: declared value (it costs money), customs forms, the class of hazardous contents; give them
    by ``also``.

    Args:
        handoff: How the carrier must be asked; its parcel is sent too.
        sender: The warehouse; at an Access Point with the e-mail or phone that is told of the drop.
        account: Who ships and who pays.
        reference: The caller's own key of the parcel, at most 35 characters; it is printed on the label.
        release_code: Four to six digits that the buyer must show beside a photo ID; the shipper gives
            them to the buyer.  Access Points only.
        locale: UPS's codes of the language and dialect in which buyer and shipper are told.
        label_format: The format of the label.
        also: Further fields, nested as UPS has them; none may override what the decision asks.

    Raises:
        Inexpressible: UPS has no words for this hand-off.
        InputError: Facts are missing or do not fit; all problems at once, before anything is asked.
        MissingDependency: The address must be romanised and anyascii is not installed.
    """
    if (no := inexpressible(handoff)) is not None:
        raise Inexpressible(no[0], api=API, source=no[1], reference=reference)
    at_point = handoff.asked is Asked.ALTERNATE_DELIVERY
    problems = point_problems(handoff, "access_point_id") if at_point else facts_problems(handoff)
    problems += reference_problems(reference, 35)
    shipper = _lines(sender, problems, of="sender")
    shipment: dict[str, Any] = {
        "Shipper": _party(shipper, phone=sender.phone) | {"ShipperNumber": account.number},
        "ShipTo": _ship_to(handoff, problems),
        "PaymentInformation": {"ShipmentCharge": [{"Type": "01", **_payer(account)}]},
        "Service": {"Code": service_code(handoff, account.service, SERVICES, problems)},
        "Package": [_package(handoff, problems)],
    }
    options: dict[str, Any] = {}
    if at_point:
        shipment["AlternateDeliveryAddress"] = _point(handoff, problems)
        shipment["ShipmentIndicationType"] = [{"Code": "01"}]
        options["Notification"] = _notifications(handoff, sender, locale, problems)
    if release_code is not None:
        problems += _release_problems(release_code, at_point=at_point)
        options["EPRAReleaseCode"] = release_code
    if Trait.ALCOHOL in handoff.parcel.traits:
        options["RestrictedArticles"] = {"AlcoholicBeveragesIndicator": ""}
    if options:
        shipment["ShipmentServiceOptions"] = options
    countries = {shipment[party]["Address"]["CountryCode"] for party in ("Shipper", "ShipTo")}
    holder = shipment["Package"][0] if len(countries) == 1 else shipment  # as the description divides them
    holder["ReferenceNumber"] = [{"Value": reference}]
    made: dict[str, Any] = {
        "ShipmentRequest": {
            "Request": {
                "RequestOption": "nonvalidate",
                "TransactionReference": {"CustomerContext": reference},
            },
            "Shipment": shipment,
            "LabelSpecification": {
                "LabelImageFormat": {"Code": label_format},
                "LabelStockSize": {"Height": "6", "Width": "4"},
            },
        }
    }
    if Trait.HAZMAT in handoff.parcel.traits:
        given = at(also, f"{_OPTIONS}.HazMat") or at(also, f"{_OPTIONS}.HazMatTypeCode")
        needs(
            problems, given, "hazardous contents must be declared with their class", f"also.{_OPTIONS}.HazMat"
        )
    problems += join_deep(made, also, _REFUSED)
    if problems:
        raise InputError(problems)
    return made


def _payer(account: Account) -> dict[str, Any]:
    if not account.payer:
        return {"BillShipper": {"AccountNumber": account.number}}
    address = {"CountryCode": account.payer_country}
    if account.payer_zip:
        address["PostalCode"] = account.payer_zip
    return {"BillThirdParty": {"AccountNumber": account.payer, "Address": address}}


def _lines(address: Address, problems: list[Problem], *, of: str, name: str | None = None) -> Lines:
    """Lay lines out from the bottom up, as UPS prints them; lines that must be broken read on downwards."""
    first = street_first(address)
    rows = (romanised(plain(row), _FORM.letters)[0] for row in (first.street1, first.street2, first.street3))
    if all(len(row) <= _FORM.width for row in rows):
        return lay_out(first, problems, _FORM, of=of, name=name)
    if first is not address:
        first = attrs.evolve(first, street1=first.street3, street2=first.street1, street3=first.street2)
    lines = lay_out(first, problems, _FORM, of=of, name=name)
    return attrs.evolve(lines, street=lines.street[::-1])


def _address(lines: Lines) -> dict[str, Any]:
    made = {
        "AddressLine": list(lines.street),
        "City": lines.city,
        "StateProvinceCode": lines.state,
        "PostalCode": zip_digits(lines.zip),
        "CountryCode": lines.country,
    }
    return {field: value for field, value in made.items() if value}


def _party(lines: Lines, *, phone: str = "", email: str = "") -> dict[str, Any]:
    """Write a company and its person, or a person alone; what UPS cannot take is left out."""
    made: dict[str, Any] = {"Name": lines.company or lines.name}
    if lines.company and lines.name:
        made["AttentionName"] = lines.name
    if (known := phone_of(phone)) is not None and len(known.extension) <= 4:
        made["Phone"] = {"Number": known.number}
        if known.extension:
            made["Phone"]["Extension"] = known.extension
    if found := email_of(email, _FORM):
        made["EMailAddress"] = found
    return made | {"Address": _address(lines)}


def _ship_to(handoff: Handoff, problems: list[Problem]) -> dict[str, Any]:
    buyer, home = handoff.buyer, home_of(handoff)
    if handoff.asked is not Asked.ALTERNATE_DELIVERY:
        lines = _lines(handoff.address, problems, of="ship_to", name=recipient(handoff))
    elif home is not None:
        lines = _lines(home, problems, of="home", name=plain(home.name) or recipient(handoff))
    else:
        told_with_the_point: list[Problem] = []
        lines = _lines(handoff.address, told_with_the_point, of="ship_to", name=recipient(handoff))
        lines = attrs.evolve(lines, company="")
    return _party(lines, phone=buyer.phone, email=buyer.email)


def _point(handoff: Handoff, problems: list[Problem]) -> dict[str, Any]:
    place = handoff.point
    names = (place.host, place.name, handoff.address.company) if place is not None else ()
    shop = first_that_fits(names, 35)
    point_id = plain(place.id).upper() if place is not None else ""
    if point_id and not _POINT_ID.fullmatch(point_id):
        message = "an Access Point's id has seven to nine letters and digits"
        problems.append(Problem(OUT_OF_RANGE, message, "access_point_id"))
    lines = _lines(
        attrs.evolve(handoff.address, company=shop), problems, of="ship_to", name=recipient(handoff)
    )
    needs(problems, lines.name, "who collects at an Access Point must be named", "name")
    return {
        "Name": lines.company,
        "AttentionName": lines.name,
        "UPSAccessPointID": point_id,
        "Address": _address(lines),
    }


def _notifications(
    handoff: Handoff, sender: Address, locale: tuple[str, str], problems: list[Problem]
) -> list[dict[str, Any]]:
    """Have UPS tell the buyer of the drop (012), and the shipper (013)."""
    language, dialect = locale
    if not (
        re.fullmatch(r"[A-Z]{3}", language, re.ASCII) and re.fullmatch(r"[A-Z0-9]{2}", dialect, re.ASCII)
    ):
        message = "three capital letters and two, as ('ENG', 'US'), are accepted"
        problems.append(Problem(OUT_OF_RANGE, message, "locale"))
    told: list[dict[str, Any]] = []
    who = (("012", handoff.buyer, "email"), ("013", sender, "sender.email"))
    for code, person, field in who:
        one: dict[str, Any] = {"NotificationCode": code}
        if email := email_of(person.email, _FORM):
            one["EMail"] = {"EMailAddress": [email]}
        phone = phone_of(person.phone)
        if phone is not None and not phone.extension and (code == "012" or not email):
            one["TextMessage"] = {"PhoneNumber": phone.number}
        if len(one) == 1:
            message = f"UPS tells of the drop (notification {code}) by e-mail or text message: one is needed"
            problems.append(Problem(MISSING_FIELD, message, field))
        told.append(one | {"Locale": {"Language": language, "Dialect": dialect}})
    return told


def _release_problems(code: str, *, at_point: bool) -> list[Problem]:
    """Say what stands against a release code, without the code."""
    if not at_point:
        return [Problem(OUT_OF_RANGE, "only a parcel for an Access Point can have one", "release_code")]
    if not re.fullmatch(r"[0-9]{4,6}", code, re.ASCII):
        return [Problem(OUT_OF_RANGE, "four to six digits are accepted", "release_code")]
    return []


def _package(handoff: Handoff, problems: list[Problem]) -> dict[str, Any]:
    length, width, height = inches(handoff)
    weight = pounds(handoff, 1)
    if length > _LENGTH:
        problems.append(Problem(OUT_OF_RANGE, f"UPS writes sides up to {_LENGTH} in", "parcel.length"))
    if weight > _WEIGHT:
        problems.append(Problem(OUT_OF_RANGE, "UPS writes weights up to 9,999.9 lb", "parcel.weight"))
    made: dict[str, Any] = {
        "Packaging": {"Code": "02"},
        "Dimensions": {
            "UnitOfMeasurement": {"Code": "IN"},
            "Length": str(length),
            "Width": str(width),
            "Height": str(height),
        },
        "PackageWeight": {"UnitOfMeasurement": {"Code": "LBS"}, "Weight": str(number(weight, 1))},
    }
    if Trait.ADULT_SIGNATURE in handoff.parcel.traits:
        made["PackageServiceOptions"] = {"DeliveryConfirmation": {"DCISType": "3"}}
    return made


def read(answer: object, *, reference: str = "", asked: Mapping[str, Any] | None = None) -> Label:
    """Read the answer to a Shipping request.

    Bought means: one parcel with a 1Z number is there.  UPS does not repeat the Access Point, so look at
    the first label that an account buys.

    Args:
        answer: The answer as plain JSON values.
        reference: The caller's own key of the parcel.
        asked: The request.

    Raises:
        LabelUncertain: The answer does not show that one label was bought.
    """
    body = mapping(mapping(answer).get("ShipmentResponse"))
    results, response = mapping(body.get("ShipmentResults")), mapping(body.get("Response"))
    reference = reference or text(mapping(response.get("TransactionReference")).get("CustomerContext"))
    shipment_id = text(results.get("ShipmentIdentificationNumber"))
    parcels = listed(results.get("PackageResults"))
    tracking_number = text(parcels[0].get("TrackingNumber")) if len(parcels) == 1 else ""
    if not tracking_number:
        raise uncertain(API, f"the answer shows {len(parcels)} parcels and no number", reference, shipment_id)
    charges = mapping(mapping(results.get("NegotiatedRateCharges")).get("TotalCharge")) or mapping(
        mapping(results.get("ShipmentCharges")).get("TotalCharges")
    )
    image = mapping(parcels[0].get("ShippingLabel"))
    image_format = text(mapping(image.get("ImageFormat")).get("Code"))
    label = Label(
        api=API,
        reference=reference,
        carrier=API,
        service=text(at(asked, "ShipmentRequest.Shipment.Service.Code")),
        tracking_number=tracking_number,
        price=price_of(charges.get("MonetaryValue"), charges.get("CurrencyCode")),
        url="",
        format={"EPL": "EPL2"}.get(image_format, image_format),
        shipment_id=shipment_id,
        warnings=alerts(listed(response.get("Alert"))),
    )
    return with_file(label, image.get("GraphicImage"))
