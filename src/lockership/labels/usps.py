"""USPS's Labels API 3: what is asked, and how its answer reads.  Pure: nothing here asks the network.

A Smart Locker is asked for by ``parcelLockerDelivery`` and the facility's id, without any street; a Post
Office's counter by ``holdForPickup`` and the facility's id.  What USPS's list of errors forbids is refused
before it is sent, with the number of that error.  Smart Lockers work in production only (error 160126).

Sides are hundredths of inches and weights ten-thousandths of pounds, both rounded up, so that whole ounces
are exact; the longest side is the length.  The description names no character set, and USPS writes
addresses in capitals without accents, so they are sent in ASCII: that is our reading.

More information:
* https://developers.usps.com/domesticlabelsv3
* https://github.com/USPS/api-examples/tree/d050a64 (Error Inventory)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import attrs

from lockership.errors import MISSING_FIELD, OUT_OF_RANGE, TOO_LONG, Inexpressible, InputError, Problem
from lockership.labels.answers import entries, mapping, text
from lockership.labels.carrier_address import (
    Form,
    email_of,
    first_and_last,
    lay_out,
    phone_of,
    street_first,
    without_company,
    zip_digits,
)
from lockership.labels.carrier_body import (
    at,
    cannot,
    home_of,
    inches,
    join_deep,
    needs,
    number,
    point_problems,
    pounds,
    service_code,
)
from lockership.labels.carrier_reply import alerts, price_of, uncertain, with_file
from lockership.labels.carrier_usps_errors import forbidden
from lockership.labels.label import Label
from lockership.labels.lines import Lines, general_delivery, plain
from lockership.labels.tender import facts_problems, recipient, reference_problems
from lockership.networks.sources import USPS_LABELS
from lockership.rules import Asked
from lockership.words import Trait

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from lockership.address import Address
    from lockership.handoff import Handoff
    from lockership.units import Money

__all__ = [
    "API",
    "HEADERS",
    "KEY",
    "PATH",
    "REPRINT_PATH",
    "SERVICES",
    "Account",
    "inexpressible",
    "read",
    "request",
]

API = "usps"
PATH = "/labels/v3/label"
REPRINT_PATH = "/labels/v3/label-reprint"
KEY = "X-Idempotency-Key"
"""The header with a random UUID: by it USPS shows a label again, and sells none twice."""
HEADERS = {"Accept": "application/vnd.usps.labels+json"}
"""Asks for the label within the JSON answer; the default is an answer in several parts."""

_FORM = Form("usps", rows=2, width=50, city=28, email=50, letters="ascii")

SERVICES = {
    "groundadvantage": "USPS_GROUND_ADVANTAGE",
    "prioritymail": "PRIORITY_MAIL",
    "prioritymailexpress": "PRIORITY_MAIL_EXPRESS",
    "parcelselect": "PARCEL_SELECT",
    "mediamail": "MEDIA_MAIL",
    "librarymail": "LIBRARY_MAIL",
    "boundprintedmatter": "BOUND_PRINTED_MATTER",
}
"""Mail classes by name, as packageDescription.mailClass lists them."""

_HAZARDS = frozenset({*range(810, 833), 857})
_NO_WORDS = {
    Asked.ALTERNATE_DELIVERY: "USPS has no access points",
    Asked.THROUGH_AMAZON: "Amazon's points take only parcels that Amazon itself tenders",
}
_REFUSED = {
    "toAddress.holdForPickup": "is the decision's; it never goes with a Smart Locker (USPS error 160056)",
    "toAddress.parcelLockerDelivery": "is the decision's; it never goes with a hold (USPS error 160056)",
    "toAddress.facilityId": "is the decision's pick-up point",
    "imageInfo.labelType": "is 4X6LABEL here; a hold takes no 4X5LABEL (USPS error 160078)",
    "imageInfo.returnLabel": "makes a return label, which this is not",
}


@attrs.frozen
class Account:
    """How USPS takes the parcels; who pays stands in the payment token, which is never asked for here.

    Attributes:
        service: The mail class where an order names none.
        rate_indicator: USPS's code of the packaging; ``SP`` is a single piece.
        processing: ``MACHINABLE`` or ``NONSTANDARD``.  The limits between the two are not in the
            description: they are the caller's to know.

    >>> Account().rate_indicator
    'SP'
    >>> Account(processing="ROUND")
    Traceback (most recent call last):
    lockership.errors.InputError: processing: accepted are MACHINABLE, NONSTANDARD
    """

    service: str = "ground_advantage"
    rate_indicator: str = "SP"
    processing: str = "MACHINABLE"

    def __attrs_post_init__(self) -> None:
        problems: list[Problem] = []
        if not re.fullmatch(r"[A-Z0-9]{2}", self.rate_indicator, re.ASCII):
            message = "two capital letters or digits are accepted"
            problems.append(Problem(OUT_OF_RANGE, message, "rate_indicator"))
        if self.processing not in ("MACHINABLE", "NONSTANDARD"):
            problems.append(Problem(OUT_OF_RANGE, "accepted are MACHINABLE, NONSTANDARD", "processing"))
        if problems:
            raise InputError(problems)


def inexpressible(handoff: Handoff) -> tuple[str, str | None] | None:
    """Say why USPS cannot be asked for this hand-off, and where that stands; None when it can."""
    return cannot(handoff, API, _NO_WORDS, USPS_LABELS.url)


def request(
    handoff: Handoff,
    sender: Address,
    account: Account,
    *,
    reference: str,
    mailing_on: date,
    label_format: Literal["ZPL203DPI", "ZPL300DPI", "PDF", "PNG"] = "ZPL203DPI",
    also: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the body of a label request, which **buys** a label when it is posted.

    Held at a Post Office the address is the buyer's own where the order has one; else the Post Office's,
    which is our reading: the description asks for an address and says no more.

    Not sent: insurance (it costs money), customs forms, the class of hazardous contents, content types;
    give them by ``also``.  A military address needs ``also={"customsForm": {…}}``.

    Args:
        handoff: How the carrier must be asked; its parcel is sent too.
        sender: The warehouse.  A hold at a Post Office needs its person, e-mail and phone.
        account: How USPS takes the parcels.
        reference: The caller's own key of the parcel, at most 30 characters; it is printed on the label.
        mailing_on: The day on which the parcel is mailed; USPS takes today and up to seven days more.
        label_format: The format of the label.
        also: Further fields, nested as USPS has them; none may override what the decision asks.

    Raises:
        Inexpressible: USPS has no words for this hand-off.
        InputError: Facts are missing, do not fit, or USPS would refuse them together; all problems at
            once, before anything is asked.
        MissingDependency: The address must be romanised and anyascii is not installed.
    """
    if (no := inexpressible(handoff)) is not None:
        raise Inexpressible(no[0], api=API, source=no[1], reference=reference)
    held = handoff.asked is Asked.HOLD_AT_LOCATION
    problems = _facts(handoff)
    problems += reference_problems(reference, 30)
    made: dict[str, Any] = {
        "imageInfo": {"imageType": label_format, "labelType": "4X6LABEL", "receiptOption": "NONE"},
        "toAddress": _to(handoff, problems),
        "fromAddress": _from(sender, problems, held=held),
        "packageDescription": _package(handoff, account, reference, mailing_on, problems),
    }
    problems += join_deep(made, also, _REFUSED)
    extra = made["packageDescription"]["extraServices"]
    if Trait.HAZMAT in handoff.parcel.traits:
        path = "packageDescription.packageOptions.contentType"
        declared = at(made, path) == "HAZMAT" or _HAZARDS & {*extra}
        message = "hazardous contents must be declared with their class"
        needs(problems, declared, message, f"also.{path}")
    problems += forbidden(made, handoff)
    if problems:
        raise InputError(problems)
    return made


def _facts(handoff: Handoff) -> list[Problem]:
    """Name every fact that is missing; a facility by the number of the error that USPS has for it."""
    numbers = {Asked.HOLD_AT_LOCATION: 160175, Asked.PARCEL_LOCKER: 160083}
    if handoff.asked not in numbers:
        return facts_problems(handoff)
    told = f"(USPS error {numbers[handoff.asked]})"
    return [
        problem._replace(message=f"{problem.message} {told}") if problem.field == "facility_id" else problem
        for problem in point_problems(handoff, "facility_id")
    ]


def _names(lines: Lines, of: str, problems: list[Problem]) -> dict[str, str]:
    """Write a person as first and last name, a company as a firm; a name of one word alone is a firm too."""
    first, last = first_and_last(lines.name)
    if first:
        made = {"firstName": first, "lastName": last, "firm": lines.company}
    elif lines.company:
        made = {"firstName": last, "firm": lines.company}
    else:
        made = {"firm": last}
    for part in made.values():
        if len(part) > 50:
            message = f"a part of {len(part)} characters, usps takes at most 50"
            problems.append(Problem(TOO_LONG, message, f"{of}.name"))
    return {field: value for field, value in made.items() if value}


def _address(lines: Lines) -> dict[str, str]:
    street, secondary = (*lines.street, "", "")[:2]
    digits = zip_digits(lines.zip)
    made = {
        "streetAddress": street,
        "secondaryAddress": secondary,
        "city": lines.city,
        "state": lines.state,
        "ZIPCode": digits[:5],
        "ZIPPlus4": digits[5:],
    }
    return {field: value for field, value in made.items() if value}


def _contact(phone: str, email: str) -> dict[str, str]:
    """Write what USPS takes; it has no room for an extension, so such a number is left out."""
    known = phone_of(phone)
    made = {
        "phone": known.number if known is not None and not known.extension else "",
        "email": email_of(email, _FORM),
    }
    return {field: value for field, value in made.items() if value}


def _to(handoff: Handoff, problems: list[Problem]) -> dict[str, Any]:
    buyer, place, name = handoff.buyer, handoff.point, recipient(handoff)
    contact = _contact(buyer.phone, buyer.email)
    facility: dict[str, Any] = {}
    if place is not None and plain(place.id):
        facility["facilityId"] = plain(place.id)
    if facility and not re.fullmatch(r"[0-9]{1,7}", facility["facilityId"], re.ASCII):
        problems.append(Problem(OUT_OF_RANGE, "one to seven digits are accepted", "facility_id"))
    if handoff.asked is Asked.PARCEL_LOCKER:
        told_where_it_matters: list[Problem] = []  # no street and no city are sent
        lines = lay_out(handoff.address, told_where_it_matters, _FORM, of="ship_to", name=name)
        problems += [p for p in told_where_it_matters if p.field == "ship_to.name"]
        made = _names(attrs.evolve(lines, company=""), "ship_to", problems)
        email = {"email": contact["email"]} if "email" in contact else {}
        return made | email | facility | {"parcelLockerDelivery": True}
    address, of, home = handoff.address, "ship_to", home_of(handoff)
    if handoff.asked is Asked.GENERAL_DELIVERY:
        address = general_delivery(address, "GENERAL DELIVERY")
    elif handoff.asked is Asked.HOLD_AT_LOCATION and home is not None:
        address, of = home, "home"
    elif handoff.asked is Asked.HOLD_AT_LOCATION:
        address = without_company(address)  # it names the Post Office, which is no firm
    lines = lay_out(street_first(address), problems, _FORM, of=of, name=name)
    if handoff.asked is Asked.HOLD_AT_LOCATION:
        facility["holdForPickup"] = True
    return _names(lines, of, problems) | _address(lines) | contact | facility


def _from(sender: Address, problems: list[Problem], *, held: bool) -> dict[str, Any]:
    lines = lay_out(street_first(sender), problems, _FORM, of="sender")
    contact = _contact(sender.phone, sender.email)
    if held and " " not in lines.name:
        # the counter calls a person, so a dock's name of one word is no first and last name
        message = "USPS Hold For Pickup needs the sender's first and last name (USPS errors 160079, 160080)"
        problems.append(Problem(MISSING_FIELD, message, "sender.name"))
    for field, code in (("email", 160081), ("phone", 160082)):
        needs(
            problems,
            not held or contact.get(field),
            f"USPS Hold For Pickup needs it of the sender (USPS error {code})",
            f"sender.{field}",
        )
    return _names(lines, "sender", problems) | _address(lines) | contact


def _package(
    handoff: Handoff, account: Account, reference: str, mailing_on: date, problems: list[Problem]
) -> dict[str, Any]:
    length, width, height = (number(side, 2) for side in inches(handoff, 2))
    weight = pounds(handoff, 4)
    if weight > 700_000:
        problems.append(Problem(OUT_OF_RANGE, "USPS takes at most 70 lb", "parcel.weight"))
    if Trait.ALCOHOL in handoff.parcel.traits:
        problems.append(Problem(OUT_OF_RANGE, "USPS takes no alcohol", "parcel.traits"))
    return {
        "mailClass": service_code(handoff, account.service, SERVICES, problems),
        "rateIndicator": account.rate_indicator,
        "processingCategory": account.processing,
        "destinationEntryFacilityType": "NONE",
        "mailingDate": mailing_on.isoformat(),
        "weightUOM": "lb",
        "weight": number(weight, 4),
        "dimensionsUOM": "in",
        "length": length,
        "width": width,
        "height": height,
        "extraServices": [922] if Trait.ADULT_SIGNATURE in handoff.parcel.traits else [],
        "customerReference": [{"referenceNumber": reference, "printReferenceNumber": True}],
    }


def read(answer: object, *, reference: str = "", asked: Mapping[str, Any] | None = None) -> Label:
    """Read the answer to a label request, in the form that :data:`HEADERS` asks for.

    Bought means: a tracking number is there.

    Args:
        answer: The answer as plain JSON values.
        reference: The caller's own key of the parcel.
        asked: The request; only it knows the format of the label.

    Raises:
        LabelUncertain: The answer does not show that a label was bought.
    """
    found = mapping(answer)
    tracking_number = text(found.get("trackingNumber"))
    if not tracking_number:
        raise uncertain(API, "the answer has no tracking number", reference)
    image_type = text(at(asked, "imageInfo.imageType"))
    remarks = [
        {"code": one.get("warningCode")}
        for extra in entries(found.get("extraServices"))
        for one in entries(extra.get("warnings"))
    ]
    locker_lost = at(asked, "toAddress.parcelLockerDelivery") is True and "parcelLockerNumber" not in found
    label = Label(
        api=API,
        reference=reference,
        carrier=API,
        service=text(at(asked, "packageDescription.mailClass")),
        tracking_number=tracking_number,
        price=_paid(found),
        url="",
        format="ZPL" if image_type.startswith("ZPL") else image_type,
        warnings=(("hold_not_confirmed",) if locker_lost else ()) + alerts(remarks),
    )
    return with_file(label, found.get("labelImage"))


def _paid(found: Mapping[str, Any]) -> Money | None:
    """Add postage, extra services and fees; None where the postage is not told."""
    paid = price_of(found.get("postage"), "USD")
    if paid is None:
        return None
    total = paid.amount
    for one in (*entries(found.get("extraServices")), *entries(found.get("fees"))):
        if (more := price_of(one.get("price"), "USD")) is not None:
            total += more.amount
    return attrs.evolve(paid, amount=total)
