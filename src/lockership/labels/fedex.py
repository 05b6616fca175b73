"""FedEx's Ship API: what is asked, and how its answer reads.  Pure: nothing here asks the network.

A hold is asked for by the special service ``HOLD_AT_LOCATION`` with the place's id, which comes from
FedEx's Locations Search API; the recipient stays the buyer.  FedEx spells one type of place
``RETAIL_ALLICANCE_LOCATION``, and so do we.

Measures are whole inches and tenths of pounds, both rounded up; the longest side is the length.  The
description names no character set, so addresses are sent in ASCII: that is our reading.

More information:
* https://developer.fedex.com/api/en-us/catalog/ship/docs.html
* https://developer.fedex.com/api/en-us/catalog/locations/docs.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import attrs

from lockership.errors import OUT_OF_RANGE, Inexpressible, InputError, Problem
from lockership.labels.answers import mapping, text
from lockership.labels.carrier_address import Form, email_of, lay_out, phone_of, street_first, without_company
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
from lockership.labels.carrier_reply import alerts, digits_or_text, listed, price_of, uncertain, with_file
from lockership.labels.label import Label
from lockership.labels.lines import Lines, plain
from lockership.labels.tender import facts_problems, recipient, reference_problems
from lockership.networks.sources import FDX_SHIP
from lockership.rules import Asked
from lockership.words import Kind, Trait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockership.address import Address
    from lockership.handoff import Handoff

__all__ = [
    "API",
    "HEADERS",
    "LOCATION_TYPES",
    "PATH",
    "SERVICES",
    "Account",
    "inexpressible",
    "read",
    "request",
]

API = "fedex"
PATH = "/ship/v1/shipments"
HEADERS = {"x-locale": "en_US"}

_FORM = Form("fedex", rows=3, width=35, city=35, email=80, letters="ascii", territories=True)

SERVICES = {
    "ground": "FEDEX_GROUND",
    "homedelivery": "GROUND_HOME_DELIVERY",
    "groundhomedelivery": "GROUND_HOME_DELIVERY",
    "expresssaver": "FEDEX_EXPRESS_SAVER",
    "2day": "FEDEX_2_DAY",
    "2dayam": "FEDEX_2_DAY_AM",
    "standardovernight": "STANDARD_OVERNIGHT",
    "priorityovernight": "PRIORITY_OVERNIGHT",
    "firstovernight": "FIRST_OVERNIGHT",
}
"""Domestic services by name.  The description names some of them in its examples and links to the rest,
so the others are widely used, not verified here."""

LOCATION_TYPES = (
    "FEDEX_AUTHORIZED_SHIP_CENTER",
    "FEDEX_OFFICE",
    "FEDEX_SELF_SERVICE_LOCATION",
    "FEDEX_STAFFED",
    "RETAIL_ALLICANCE_LOCATION",
    "FEDEX_GROUND_TERMINAL",
    "FEDEX_ONSITE",
)
"""FedEx's types of places, in FedEx's spelling."""

_TYPE_OF: dict[str, str] = {
    Kind.FEDEX_ONSITE: "FEDEX_ONSITE",
    Kind.FEDEX_OFFICE: "FEDEX_OFFICE",
    Kind.FEDEX_SHIP_CENTER: "FEDEX_STAFFED",
}
"""Our reading; where the type is not known, none is sent: the place's id decides."""

_POINT_ID = re.compile(r"[A-Z0-9]{3,10}", re.ASCII)  # the description says alphanumeric; its example is YBZA
_LINE = "requestedShipment.requestedPackageLineItems.0"
_REFUSED = {
    "requestedShipment.recipientLocationNumber": "names a recipient's own location, not where to hold",
    "requestedShipment.shipmentSpecialServices.returnShipmentDetail": "makes a return label",
    "oneLabelAtATime": "one request is one parcel here",
    "processingOptionType": "the answer must be waited for",
}


@attrs.frozen
class Account:
    """Who ships with FedEx and who pays; no key stands here.

    Attributes:
        number: The account, at most nine letters and digits.
        service: The service where an order names none.
        pickup: How FedEx gets the parcels, in FedEx's word.
        payer: The account that pays, where that is a third party's.

    >>> Account("123456789").pickup
    'USE_SCHEDULED_PICKUP'
    >>> Account("123-456")
    Traceback (most recent call last):
    lockership.errors.InputError: number: 1 to 9 letters and digits are accepted
    """

    number: str = attrs.field(repr=False)
    service: str = "ground"
    pickup: str = "USE_SCHEDULED_PICKUP"
    payer: str = attrs.field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        shape = {"number": (1, 9)} | ({"payer": (1, 9)} if self.payer else {})
        problems = account_problems({field: getattr(self, field) for field in shape}, shape)
        known = ("USE_SCHEDULED_PICKUP", "CONTACT_FEDEX_TO_SCHEDULE", "DROPOFF_AT_FEDEX_LOCATION")
        if self.pickup not in known:
            problems.append(Problem(OUT_OF_RANGE, f"accepted are {', '.join(known)}", "pickup"))
        if problems:
            raise InputError(problems)


def inexpressible(handoff: Handoff) -> tuple[str, str | None] | None:
    """Say why FedEx cannot be asked for this hand-off, and where that stands; None when it can."""
    return cannot(handoff, API, {}, FDX_SHIP.url)


def request(
    handoff: Handoff,
    sender: Address,
    account: Account,
    *,
    reference: str,
    location_type: str | None = None,
    label_format: Literal["ZPLII", "EPL2", "PDF", "PNG"] = "ZPLII",
    also: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the body of a Create Shipment request, which **buys** a label when it is posted.

    Held at a location the buyer is the recipient at their own address where the order has one; else at
    the place's address, which is our reading: the description asks for an address and says no more.

    Not sent: declared value (it costs money), the class of hazardous contents; give them by ``also``.

    Args:
        handoff: How the carrier must be asked; its parcel is sent too.
        sender: The warehouse; its phone is needed.
        account: Who ships and who pays.
        reference: The caller's own key of the parcel, at most 30 characters; it is printed on the label.
        location_type: FedEx's type of the place where it is better known than by the address, one of
            :data:`LOCATION_TYPES`.
        label_format: The format of the label.
        also: Further fields, nested as FedEx has them; none may override what the decision asks.

    Raises:
        Inexpressible: FedEx has no words for this hand-off.
        InputError: Facts are missing or do not fit; all problems at once, before anything is asked.
        MissingDependency: The address must be romanised and anyascii is not installed.
    """
    if (no := inexpressible(handoff)) is not None:
        raise Inexpressible(no[0], api=API, source=no[1], reference=reference)
    held = handoff.asked is Asked.HOLD_AT_LOCATION
    problems = point_problems(handoff, "location_id") if held else facts_problems(handoff)
    problems += reference_problems(reference, 30)  # 40 with Express, 30 with Ground
    service = service_code(handoff, account.service, SERVICES, problems)
    shipper = lay_out(street_first(sender), problems, _FORM, of="sender")
    to_contact, to_address = _recipient(handoff, problems)
    if service == "GROUND_HOME_DELIVERY":
        to_address["residential"] = True
    weight, package = _package(handoff, reference, problems)
    shipment: dict[str, Any] = {
        "shipper": {
            "contact": _contact(shipper, sender.phone, sender.email, "sender.phone", problems),
            "address": _address(shipper),
        },
        "recipients": [{"contact": to_contact, "address": to_address}],
        "pickupType": account.pickup,
        "serviceType": service,
        "packagingType": "YOUR_PACKAGING",
        "totalWeight": weight,
        "shippingChargesPayment": _payment(account),
        "labelSpecification": {
            "imageType": label_format,
            "labelStockType": "PAPER_4X6" if label_format in ("PDF", "PNG") else "STOCK_4X6",
        },
        "requestedPackageLineItems": [package],
    }
    if held:
        shipment["shipmentSpecialServices"] = {
            "specialServiceTypes": ["HOLD_AT_LOCATION"],
            "holdAtLocationDetail": _place(handoff, location_type, problems),
        }
    made: dict[str, Any] = {
        "accountNumber": {"value": account.number},
        "labelResponseOptions": "LABEL",
        "requestedShipment": shipment,
    }
    if Trait.HAZMAT in handoff.parcel.traits:
        path = f"{_LINE}.packageSpecialServices.dangerousGoodsDetail"
        needs(
            problems, at(also, path), "hazardous contents must be declared with their class", f"also.{path}"
        )
    problems += join_deep(made, also, _REFUSED)
    if problems:
        raise InputError(problems)
    return made


def _payment(account: Account) -> dict[str, Any]:
    if not account.payer:
        return {"paymentType": "SENDER"}
    party = {"accountNumber": {"value": account.payer}}
    return {"paymentType": "THIRD_PARTY", "payor": {"responsibleParty": party}}


def _recipient(handoff: Handoff, problems: list[Problem]) -> tuple[dict[str, Any], dict[str, Any]]:
    buyer, home = handoff.buyer, home_of(handoff)
    if handoff.asked is not Asked.HOLD_AT_LOCATION:
        to, of, name = handoff.address, "ship_to", recipient(handoff)
    elif home is not None:
        to, of, name = home, "home", plain(home.name) or recipient(handoff)
    else:  # the company is the place, which is named in its own block
        to, of, name = without_company(handoff.address), "ship_to", recipient(handoff)
    lines = lay_out(street_first(to), problems, _FORM, of=of, name=name)
    if handoff.asked is Asked.HOLD_AT_LOCATION:
        needs(problems, lines.name, "who collects at a FedEx location must be named", "name")
    return _contact(lines, buyer.phone, buyer.email, "phone", problems), _address(lines)


def _contact(lines: Lines, phone: str, email: str, field: str, problems: list[Problem]) -> dict[str, Any]:
    known = phone_of(phone)
    needs(problems, known, "FedEx needs a telephone number of the United States, ten digits", field)
    made = {"personName": lines.name, "companyName": lines.company, "emailAddress": email_of(email, _FORM)}
    if known is not None:
        made["phoneNumber"] = known.number
        if len(known.extension) > 6:
            problems.append(Problem(OUT_OF_RANGE, "FedEx takes an extension of at most six digits", field))
        made["phoneExtension"] = known.extension
    return {key: value for key, value in made.items() if value}


def _address(lines: Lines) -> dict[str, Any]:
    made = {
        "streetLines": list(lines.street),
        "city": lines.city,
        "stateOrProvinceCode": lines.state,
        "postalCode": lines.zip,
        "countryCode": lines.country,
    }
    return {field: value for field, value in made.items() if value}


def _place(handoff: Handoff, location_type: str | None, problems: list[Problem]) -> dict[str, Any]:
    place = handoff.point
    location_id = plain(place.id).upper() if place is not None else ""
    if location_id and not _POINT_ID.fullmatch(location_id):
        problems.append(Problem(OUT_OF_RANGE, "three to ten letters and digits are accepted", "location_id"))
    if location_type is not None and location_type not in LOCATION_TYPES:
        accepted = f"accepted are {', '.join(LOCATION_TYPES)}"
        problems.append(Problem(OUT_OF_RANGE, accepted, "location_type"))
    told_with_the_recipient: list[Problem] = []
    collector = problems if home_of(handoff) is not None else told_with_the_recipient
    names = (handoff.address.company, place.name, place.host) if place is not None else ()
    there = street_first(attrs.evolve(handoff.address, company=first_that_fits(names, 35)))
    lines = lay_out(there, collector, _FORM, of="ship_to", name="")
    made: dict[str, Any] = {
        "locationId": location_id,
        "locationContactAndAddress": {
            "contact": {"companyName": lines.company},
            "address": _address(lines),
        },
    }
    if known := location_type or _TYPE_OF.get(handoff.kind):
        made["locationType"] = known
    return made


def _package(handoff: Handoff, reference: str, problems: list[Problem]) -> tuple[int | float, dict[str, Any]]:
    length, width, height = inches(handoff)
    if length > 999:
        problems.append(Problem(OUT_OF_RANGE, "FedEx writes sides up to 999 in", "parcel.length"))
    weight = number(pounds(handoff, 1), 1)
    made: dict[str, Any] = {
        "weight": {"units": "LB", "value": weight},
        "dimensions": {"length": length, "width": width, "height": height, "units": "IN"},
        "customerReferences": [{"customerReferenceType": "CUSTOMER_REFERENCE", "value": reference}],
    }
    special: dict[str, Any] = {"specialServiceTypes": []}
    if Trait.ADULT_SIGNATURE in handoff.parcel.traits:
        special["specialServiceTypes"].append("SIGNATURE_OPTION")
        special["signatureOptionType"] = "ADULT"
    if Trait.ALCOHOL in handoff.parcel.traits:
        special["specialServiceTypes"].append("ALCOHOL")
        special["alcoholDetail"] = {"alcoholRecipientType": "CONSUMER"}
    if special["specialServiceTypes"]:
        made["packageSpecialServices"] = special
    return weight, made


def read(answer: object, *, reference: str = "", asked: Mapping[str, Any] | None = None) -> Label:
    """Read the answer to a Create Shipment request.

    Bought means: one parcel with a tracking number is there.  With the request, the place that comes
    back is compared with the place that was asked for.

    Args:
        answer: The answer as plain JSON values.
        reference: The caller's own key of the parcel.
        asked: The request.

    Raises:
        LabelUncertain: The answer does not show that one label was bought.
    """
    body, output = mapping(answer), mapping(mapping(answer).get("output"))
    shipments = listed(output.get("transactionShipments"))
    shipment = shipments[0] if len(shipments) == 1 else {}
    pieces = listed(shipment.get("pieceResponses"))
    piece = pieces[0] if len(pieces) == 1 else {}
    tracking_number = digits_or_text(piece.get("trackingNumber")) or digits_or_text(
        shipment.get("masterTrackingNumber")
    )
    transaction = text(body.get("transactionId"))
    if not tracking_number or len(pieces) > 1:
        raise uncertain(API, f"the answer shows {len(pieces)} parcels", reference, transaction)
    documents = [
        one
        for one in (*listed(piece.get("packageDocuments")), *listed(shipment.get("shipmentDocuments")))
        if one.get("contentType", "LABEL") in ("LABEL", "MERGED_LABELS_ONLY", "MERGED_LABEL_DOCUMENTS")
    ]
    document = documents[0] if documents else {}
    kind = text(document.get("docType")) or text(at(asked, "requestedShipment.labelSpecification.imageType"))
    completed = mapping(shipment.get("completedShipmentDetail"))
    rate = listed(mapping(completed.get("shipmentRating")).get("shipmentRateDetails"))
    label = Label(
        api=API,
        reference=reference,
        carrier=API,
        service=text(shipment.get("serviceType")),
        tracking_number=tracking_number,
        price=price_of(rate[0].get("totalNetCharge"), rate[0].get("currency")) if rate else None,
        url=text(document.get("url")),
        format={"ZPLII": "ZPL"}.get(kind, kind),
        shipment_id=digits_or_text(shipment.get("masterTrackingNumber")),
        transaction_id=transaction,
        warnings=(
            *_held(completed, asked),
            *alerts([*listed(output.get("alerts")), *listed(shipment.get("alerts"))]),
        ),
    )
    return with_file(label, document.get("encodedLabel"))


def _held(completed: Mapping[str, Any], asked: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Compare the place that came back with the one asked for; FedEx describes it as its *default* place."""
    detail = mapping(at(asked, "requestedShipment.shipmentSpecialServices.holdAtLocationDetail"))
    if not detail:
        return ()
    found = mapping(completed.get("completedHoldAtLocationDetail"))
    if not found:
        return ("hold_not_confirmed",)
    wanted = mapping(at(detail, "locationContactAndAddress.address"))
    there = mapping(at(found, "holdingLocation.address"))
    zips = [text(one.get("postalCode"))[:5] for one in (wanted, there)]
    return ("point_lost",) if zips[0] != zips[1] else ()
