"""Amazon Shipping 2: what is asked, and how its answers read.  Pure: nothing here asks the network.

Amazon's points take only what Amazon tenders.  There are two ways to say where:

* The parcel belongs to an Amazon order: ``channelType`` ``AMAZON`` with the order's id.  Amazon takes the
  destination from the order, with the pick-up point that the buyer chose, and ignores any other.
* It does not: ``EXTERNAL`` with ``destinationAccessPointDetails``.  The field is described; that access
  points in the United States are open to sellers is **not verified**.

Sides are hundredths of inches and weights hundredths of pounds, both rounded up.

More information:
* https://github.com/amzn/selling-partner-api-models/blob/34dc93f/models/shipping-api-model/shippingV2.json
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import attrs

from lockership.errors import MISSING_FIELD, OUT_OF_RANGE, TOO_LONG, Inexpressible, InputError, Problem
from lockership.labels.answers import mapping, text
from lockership.labels.carrier_address import Form, email_of, lay_out, phone_of, street_first
from lockership.labels.carrier_body import at, cannot, home_of, inches, join_deep, needs, number, pounds
from lockership.labels.carrier_reply import digits_or_text, listed, price_of, uncertain, with_file
from lockership.labels.label import Label
from lockership.labels.lines import Lines, plain
from lockership.labels.tender import facts_problems, recipient, reference_problems
from lockership.rules import Asked
from lockership.words import Trait

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lockership.address import Address
    from lockership.handoff import Handoff

__all__ = [
    "API",
    "HEADERS",
    "PATH",
    "Account",
    "inexpressible",
    "order_of",
    "rates_request",
    "read",
    "request",
]

API = "amazon"
PATH = "/shipping/v2/oneClickShipment"
HEADERS = {"x-amzn-shipping-business-id": "AmazonShipping_US"}
"""Amazon's own default is the United Kingdom."""

_MODEL = (
    "https://github.com/amzn/selling-partner-api-models/blob/34dc93f/"
    "models/shipping-api-model/shippingV2.json"
)
_FORM = Form("amazon", rows=3, width=60, city=100, email=64, letters="utf-8")
_ORDER = re.compile(r"[0-9]{3}-[0-9]{7}-[0-9]{7}", re.ASCII)
_NO_WORDS = {
    Asked.ALTERNATE_DELIVERY: "Amazon tenders no parcels to UPS Access Points",
    Asked.HOLD_AT_LOCATION: "Amazon tenders no parcels to be held by another carrier",
    Asked.PARCEL_LOCKER: "Amazon tenders no parcels to USPS Smart Lockers",
}
_REFUSED = {
    "destinationAccessPointDetails": "is the decision's pick-up point",
    "channelDetails": "is told by order_id=",
}


@attrs.frozen
class Account:
    """Which of Amazon's services may be bought; no key stands here.

    Attributes:
        services: The ids of services, best first, as Amazon's rates name them.
        label_dpi: Dots per inch of the label printer.

    >>> Account(("SWA-US-RECLM",)).label_dpi
    203
    >>> Account(())
    Traceback (most recent call last):
    lockership.errors.InputError: services: the id of at least one service is needed
    """

    services: tuple[str, ...]
    label_dpi: int = 203

    def __attrs_post_init__(self) -> None:
        if not self.services or not all(self.services):
            message = "the id of at least one service is needed"
            raise InputError([Problem(MISSING_FIELD, message, "services")])


def inexpressible(handoff: Handoff) -> tuple[str, str | None] | None:
    """Say why Amazon cannot be asked for this hand-off, and where that stands; None when it can."""
    return cannot(handoff, API, _NO_WORDS, _MODEL)


def request(
    handoff: Handoff,
    sender: Address,
    account: Account,
    *,
    reference: str,
    order_id: str | None = None,
    items: Sequence[Mapping[str, Any]] = (),
    label_format: Literal["ZPL", "PDF", "PNG"] = "ZPL",
    also: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the body of a one-click shipment, which **buys** a label when it is posted.

    Not sent: insurance (its value is 0), customs forms, tax numbers, the class of hazardous contents;
    give the last three by ``also``.

    Args:
        handoff: How the carrier must be asked; its parcel is sent too.
        sender: The warehouse.
        account: Which services may be bought.
        reference: The caller's own key of the parcel; Amazon calls it packageClientReferenceId.
        order_id: The Amazon order that the parcel belongs to.  It carries the buyer's choice, and for it
            Amazon ignores any other destination.
        items: What is in the parcel, in Amazon's words; one unnamed piece where nothing is told.
        label_format: The format of the label.
        also: Further fields, nested as Amazon has them; none may override what the decision asks.

    Raises:
        Inexpressible: Amazon has no words for this hand-off.
        InputError: Facts are missing or do not fit; all problems at once, before anything is asked.
    """
    made, problems = _shipment(handoff, sender, reference, order_id, items, also)
    made["labelSpecifications"] = {
        "format": label_format,
        "size": {"width": 4, "length": 6, "unit": "INCH"},
        "dpi": account.label_dpi,
        "needFileJoining": False,
        "requestedDocumentTypes": ["LABEL"],
    }
    made["serviceSelection"] = {"serviceId": list(account.services)}
    problems += join_deep(made, also, _REFUSED)
    if problems:
        raise InputError(problems)
    return made


def order_of(reference: str) -> str | None:
    """Give the Amazon order that a parcel's reference begins with, or None.

    >>> order_of("123-1234567-1234567/2"), order_of("A-1001/1")
    ('123-1234567-1234567', None)
    """
    found = _ORDER.match(reference)
    return found[0] if found else None


def rates_request(
    handoff: Handoff,
    sender: Address,
    *,
    reference: str,
    order_id: str | None = None,
    items: Sequence[Mapping[str, Any]] = (),
    also: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the body of a request for rates, which buys nothing; see :func:`request`."""
    made, problems = _shipment(handoff, sender, reference, order_id, items, also)
    problems += join_deep(made, also, _REFUSED)
    if problems:
        raise InputError(problems)
    return made


def _shipment(
    handoff: Handoff,
    sender: Address,
    reference: str,
    order_id: str | None,
    items: Sequence[Mapping[str, Any]],
    also: Mapping[str, Any] | None,
) -> tuple[dict[str, Any], list[Problem]]:
    if (no := inexpressible(handoff)) is not None:
        raise Inexpressible(no[0], api=API, source=no[1], reference=reference)
    problems = facts_problems(handoff) + reference_problems(reference, 255)
    if order_id is not None and not _ORDER.fullmatch(order_id):
        problems.append(Problem(OUT_OF_RANGE, "an Amazon order is numbered 123-1234567-1234567", "order_id"))
    problems += _contents_problems(handoff, items, also)
    shipper = lay_out(street_first(sender), problems, _FORM, of="sender")
    made: dict[str, Any] = {
        "shipFrom": _address(shipper, sender.phone, sender.email, "sender", problems),
        "packages": [_package(handoff, reference, items)],
        "channelDetails": {"channelType": "EXTERNAL"},
    }
    if order_id is not None:
        made["channelDetails"] = {"channelType": "AMAZON", "amazonOrderDetails": {"orderId": order_id}}
    else:
        made["shipTo"] = _ship_to(handoff, problems)
        if handoff.asked is Asked.THROUGH_AMAZON:
            point_id = plain(handoff.point.id) if handoff.point is not None else ""
            why = "a parcel for Amazon's point needs the Amazon order, or the point's accessPointId"
            needs(problems, point_id, why, "order_id")
            made["destinationAccessPointDetails"] = {"accessPointId": point_id}
    return made, problems


def _contents_problems(
    handoff: Handoff, items: Sequence[Mapping[str, Any]], also: Mapping[str, Any] | None
) -> list[Problem]:
    """Ask for what Amazon must know of the contents, and has no plain word for."""
    problems: list[Problem] = []
    traits = handoff.parcel.traits
    if Trait.HAZMAT in traits:
        declared = any(mapping(dict(item)).get("dangerousGoodsDetails") for item in items)
        message = "hazardous contents must be declared with their class, as dangerousGoodsDetails of an item"
        needs(problems, declared, message, "items")
    if Trait.ADULT_SIGNATURE in traits or Trait.ALCOHOL in traits:
        message = "an adult's signature and alcohol are services of Amazon's whose ids stand in its rates"
        given = at(also, "valueAddedServicesDetails") or at(also, "valueAddedServices")
        needs(problems, given, message, "also.valueAddedServicesDetails")
    return problems


def _ship_to(handoff: Handoff, problems: list[Problem]) -> dict[str, Any]:
    to, of, home = handoff.address, "ship_to", home_of(handoff)
    if handoff.asked is Asked.THROUGH_AMAZON and home is not None:
        to, of = home, "home"
    lines = lay_out(street_first(to), problems, _FORM, of=of, name=recipient(handoff))
    return _address(lines, handoff.buyer.phone, handoff.buyer.email, of, problems)


def _address(lines: Lines, phone: str, email: str, of: str, problems: list[Problem]) -> dict[str, Any]:
    name = lines.name or lines.company
    if len(name) > 50:
        problems.append(Problem(TOO_LONG, f"{len(name)} characters, amazon takes at most 50", f"{of}.name"))
    known = phone_of(phone)
    made = {
        "name": name,
        "companyName": lines.company if lines.name else "",
        **{f"addressLine{place}": line for place, line in enumerate(lines.street, 1)},
        "city": lines.city,
        "stateOrRegion": lines.state,
        "postalCode": lines.zip,
        "countryCode": lines.country,
        "email": email_of(email, _FORM),
        "phoneNumber": f"+1{known.number}" if known is not None and not known.extension else "",
    }
    return {field: value for field, value in made.items() if value}


def _package(handoff: Handoff, reference: str, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    length, width, height = (number(side, 2) for side in inches(handoff, 2))
    made: dict[str, Any] = {
        "packageClientReferenceId": reference,
        "dimensions": {"length": length, "width": width, "height": height, "unit": "INCH"},
        "weight": {"value": number(pounds(handoff, 2), 2), "unit": "POUND"},
        "insuredValue": {"value": 0, "unit": "USD"},
        "items": [dict(item) for item in items] or [{"quantity": 1}],
    }
    if Trait.HAZMAT in handoff.parcel.traits:
        made["isHazmat"] = True
    return made


def read(answer: object, *, reference: str = "", asked: Mapping[str, Any] | None = None) -> Label:
    """Read the answer to a one-click shipment.

    Bought means: a shipment's id and one parcel with a tracking number are there.  Amazon's sample has
    the tracking number as a JSON number and no envelope around the answer; both forms are read.

    Args:
        answer: The answer as plain JSON values.
        reference: The caller's own key of the parcel.
        asked: The request.

    Raises:
        LabelUncertain: The answer does not show that one label was bought.
    """
    found = mapping(mapping(answer).get("payload")) or mapping(answer)
    shipment_id = digits_or_text(found.get("shipmentId"))
    parcels = listed(found.get("packageDocumentDetails"))
    parcel = parcels[0] if len(parcels) == 1 else {}
    tracking_number = digits_or_text(parcel.get("trackingId"))
    if not shipment_id or not tracking_number:
        raise uncertain(API, f"the answer shows {len(parcels)} parcels and no number", reference, shipment_id)
    documents = [one for one in listed(parcel.get("packageDocuments")) if one.get("type") == "LABEL"]
    document = documents[0] if documents else {}
    charge = mapping(found.get("totalCharge"))
    label = Label(
        api=API,
        reference=reference or text(parcel.get("packageClientReferenceId")),
        carrier=API,
        service=text(mapping(found.get("service")).get("id")),
        tracking_number=tracking_number,
        price=price_of(charge.get("value"), charge.get("unit")),
        url="",
        format=text(document.get("format")),
        shipment_id=shipment_id,
        warnings=_another_carrier(found, asked),
    )
    return with_file(label, document.get("contents"))


def _another_carrier(found: Mapping[str, Any], asked: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Say so when a parcel for Amazon's point was given to another carrier, who does not get in."""
    if not at(asked, "destinationAccessPointDetails.accessPointId"):
        return ()
    carrier = text(mapping(found.get("carrier")).get("id"))
    return () if carrier.startswith("AMZN") else ("hold_not_confirmed",)
