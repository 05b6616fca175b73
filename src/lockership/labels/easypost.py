"""EasyPost, API v2: what is asked, and how its answers read.  Pure: nothing here asks the network.

EasyPost has one lever for pick-up by the recipient, ``options.hold_for_pickup``, and one field for a
place, ``to_address.carrier_facility``.  No field names a UPS Access Point, an Amazon point or a USPS
Smart Locker, so those are :class:`~lockership.errors.Inexpressible` here: a label to the shop's street
address would be an ordinary delivery to a shop.

Lengths are inches and weights ounces, both with one decimal, rounded up; a parcel's longest side is
its length.

More information:
* https://docs.easypost.com/docs/shipments
* https://docs.easypost.com/docs/shipments/options
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import attrs

from lockership.carriers import carrier_key
from lockership.errors import (
    MISSING_FIELD,
    OUT_OF_RANGE,
    TOO_LONG,
    Inexpressible,
    InputError,
    LabelUncertain,
    Problem,
)
from lockership.labels.answers import entries, mapping, text
from lockership.labels.label import Label, Quote, Rate
from lockership.labels.lines import STREET_LINE, Lines, address_lines, general_delivery, plain, wrap
from lockership.labels.tender import (
    POSTAL_KINDS,
    ceil_to,
    facts_problems,
    hazmat_problems,
    join,
    recipient,
    reference_problems,
    sender_problems,
)
from lockership.rules import Asked
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, Money
from lockership.words import Trait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockership.address import Address
    from lockership.handoff import Handoff

__all__ = ["API", "UnverifiedHold", "inexpressible", "read", "read_rates", "request"]

API = "easypost"

_STREET_LINES = 2
_REFERENCE = 255  # not documented; long enough for an order number, short enough for any database
_OPTIONS = "https://docs.easypost.com/docs/shipments/options"

_NO_WORDS = {
    Asked.THROUGH_AMAZON: (
        "Amazon's points take only parcels that Amazon itself tenders, and no field names such a point"
    ),
    Asked.ALTERNATE_DELIVERY: (
        "no field names a UPS Access Point; a label to its address is an ordinary delivery to the shop"
    ),
    Asked.PARCEL_LOCKER: "no field names a USPS Smart Locker",
    Asked.HOLD_AT_LOCATION: (
        "options.hold_for_pickup exists, but nothing says that this carrier honours it, nor how the place "
        "is chosen; hold=UnverifiedHold() asks for it all the same"
    ),
}
_USPS_ONLY = "only USPS reaches PO Boxes, General Delivery and military addresses"
_REFUSED = {
    "service": "buys in one call: when its answer is lost, nothing is left to ask about",
    "options.hold_for_pickup": "is asked for by hold=UnverifiedHold() only",
}


@attrs.frozen
class UnverifiedHold:
    """Ask EasyPost for a hold in the one way it may work; **nobody has verified that it does**.

    It covers FedEx Hold at Location, USPS Hold For Pickup and UPS Customer Centers.  The request
    carries ``options.hold_for_pickup: true``, the place's street address, and the place's id where
    :attr:`location_id_in` says.  The meaning of the option is documented; that FedEx, USPS or UPS
    honour it, and which field selects the place, is a guess from a British carrier's use of it.
    Before you rely on it, buy one label for each carrier account and look for the carrier's own hold
    marking on it.

    Attributes:
        location_id_in: Where the place's id goes: ``to_address.carrier_facility``, or a key of the
            options, as ``options.facility_code``.

    >>> UnverifiedHold("options.facility_code").location_id_in
    'options.facility_code'
    >>> UnverifiedHold("from_address.name")
    Traceback (most recent call last):
    lockership.errors.InputError: location_id_in: accepted are to_address.carrier_facility and options.<key>
    """

    location_id_in: str = "to_address.carrier_facility"

    def __attrs_post_init__(self) -> None:
        block, _, key = self.location_id_in.partition(".")
        if self.location_id_in == "to_address.carrier_facility" or (
            block == "options" and key.isidentifier()
        ):
            return
        message = "accepted are to_address.carrier_facility and options.<key>"
        raise InputError([Problem(OUT_OF_RANGE, message, "location_id_in")])


def request(
    handoff: Handoff,
    sender: Address,
    *,
    reference: str,
    hold: UnverifiedHold | None = None,
    label_format: Literal["PNG", "PDF", "ZPL", "EPL2"] = "PNG",
    also: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the arguments of ``client.shipment.create(**request)``, which buys nothing yet.

    Not sent: insurance and declared value (they cost money), customs forms, the class of hazardous
    contents, lithium markings; give them by ``also``.

    Args:
        handoff: How the carrier must be asked; its parcel is sent too.
        sender: The warehouse.  A hold at a Post Office needs its name, e-mail and phone.
        reference: The caller's own key of the parcel.
        hold: Ask for a hold although nobody has verified that EasyPost passes it on.
        label_format: PNG is the only one that EasyPost converts into the others afterwards.
        also: Further fields, nested as EasyPost has them; none may override what the decision asks.

    Raises:
        Inexpressible: EasyPost has no words for this hand-off.
        InputError: Facts are missing or do not fit; all problems at once, before anything is asked.
    """
    if (no := inexpressible(handoff, hold)) is not None:
        raise Inexpressible(no[0], api=API, source=no[1], reference=reference)
    problems = facts_problems(handoff) + reference_problems(reference, _REFERENCE)
    problems += hazmat_problems(handoff, also or {}, "options", ("hazmat",))
    held = handoff.asked is Asked.HOLD_AT_LOCATION
    options: dict[str, Any] = {"label_format": label_format, "label_size": "4x6"}
    to_address = _to_address(handoff, problems)
    if held and hold is not None:
        options["hold_for_pickup"] = True
        to_address["residential"] = False
        _name_the_place(handoff, hold, to_address, options, problems)
    if handoff.asked is Asked.GENERAL_DELIVERY:
        # No directory lists General Delivery; "0" asks for the least, and is for USPS postage only.
        options["address_validation_level"] = "0"
    if Trait.ADULT_SIGNATURE in handoff.parcel.traits:
        options["delivery_confirmation"] = "ADULT_SIGNATURE"
    if Trait.ALCOHOL in handoff.parcel.traits:
        options["alcohol"] = True
    from_lines = address_lines(sender, problems, of="sender", room=_STREET_LINES, carrier=handoff.carrier)
    if held and handoff.carrier == "usps":
        why = "USPS Hold For Pickup needs it of the sender"
        problems += sender_problems(from_lines, ("name", "email", "phone"), why)
    made: dict[str, Any] = {
        "to_address": to_address,
        "from_address": _address(from_lines),
        "parcel": _parcel(handoff),
        "options": options,
        "reference": reference,
    }
    problems += join(made, also, _REFUSED)
    if problems:
        raise InputError(problems)
    return made


def inexpressible(handoff: Handoff, hold: UnverifiedHold | None = None) -> tuple[str, str | None] | None:
    """Say why EasyPost cannot be asked for this hand-off, and where that stands; None when it can."""
    if handoff.asked is Asked.HOLD_AT_LOCATION and hold is not None:
        return None
    if handoff.kind in POSTAL_KINDS and handoff.carrier != "usps":
        return _USPS_ONLY, _OPTIONS
    reason = _NO_WORDS.get(handoff.asked)
    return None if reason is None else (reason, _OPTIONS)


def _to_address(handoff: Handoff, problems: list[Problem]) -> dict[str, Any]:
    address, point = handoff.address, handoff.point
    if handoff.asked is Asked.GENERAL_DELIVERY:
        address = general_delivery(address, "GENERAL DELIVERY")
    lines = address_lines(
        address,
        problems,
        of="ship_to",
        room=_STREET_LINES,
        carrier=handoff.carrier,
        name=recipient(handoff),
        company=point.name if point is not None else "",
    )
    made = _address(lines)
    for field in ("phone", "email"):
        if value := plain(getattr(handoff.buyer, field)):
            made[field] = value
    return made


def _name_the_place(
    handoff: Handoff,
    hold: UnverifiedHold,
    to_address: dict[str, Any],
    options: dict[str, Any],
    problems: list[Problem],
) -> None:
    """Put the place's id where the carrier may look for it, and its name where a person reads it."""
    point = handoff.point
    if point is None:
        problems.append(Problem(MISSING_FIELD, "a hold needs the place that the buyer chose", "ship_to"))
        return
    if point.id:
        block, _, key = hold.location_id_in.partition(".")
        (to_address if block == "to_address" else options)[key] = plain(point.id)
    printed = [plain(text) for text in (point.name, point.host, point.id)]
    laid = wrap(dict.fromkeys(printed), 3)
    if laid is None:
        found = len(" ".join(filter(None, printed)))
        message = f"the place's name and id, {found} characters, do not fit on 3 lines of {STREET_LINE}"
        problems.append(Problem(TOO_LONG, message, "ship_to.company"))
        return
    options |= {f"print_custom_{number}": line for number, line in enumerate(laid, 1)}


def _address(lines: Lines) -> dict[str, Any]:
    """Write an address; blank fields are left out, except that a reader expects every street line."""
    street1, street2 = (*lines.street, "", "")[:2]
    made = {
        "name": lines.name,
        "company": lines.company,
        "street1": street1,
        "street2": street2,
        "city": lines.city,
        "state": lines.state,
        "zip": lines.zip,
        "country": lines.country,
        "phone": lines.phone,
        "email": lines.email,
    }
    return {field: text for field, text in made.items() if text}


def _parcel(handoff: Handoff) -> dict[str, Any]:
    sides = (ceil_to(side, LENGTH_UNITS["in"], 1) for side in handoff.parcel.sides)
    length, width, height = map(_tenths, sides)
    ounces = ceil_to(handoff.parcel.weight.ng, WEIGHT_UNITS["oz"], 1)
    return {"length": length, "width": width, "height": height, "weight": _tenths(ounces)}


def _tenths(tenths: int) -> int | float:
    """Make a JSON number that is written exactly so: of whole tenths below 2**53, Python prints them."""
    return tenths // 10 if tenths % 10 == 0 else float(Decimal(tenths) / 10)


def read_rates(shipment: object) -> tuple[Rate, ...]:
    """Read the rates of a shipment; one without id, carrier or price cannot be bought and is left out."""
    rates = map(_rate, entries(mapping(shipment).get("rates")))
    return tuple(rate for rate in rates if rate is not None)


def _rate(rate: dict[str, Any]) -> Rate | None:
    rate_id, carrier, service = text(rate.get("id")), text(rate.get("carrier")), text(rate.get("service"))
    if not (rate_id and service):
        return None
    try:
        price = Money.of(rate.get("rate", ""), text(rate.get("currency")))
        carrier_name = carrier_key(carrier)
    except InputError:
        return None
    days = rate.get("est_delivery_days", rate.get("delivery_days"))
    return Rate(rate_id, carrier_name, service, price, days if isinstance(days, int) else None, carrier)


def read(shipment: object, *, quote: Quote | None = None, asked: Mapping[str, Any] | None = None) -> Label:
    """Read a bought shipment.

    Bought means: a label's address and a tracking number are there, under the id that was asked for.

    Args:
        shipment: The answer as plain JSON values.
        quote: What was to be bought.
        asked: The request, to compare what came back with it.

    Raises:
        LabelUncertain: The answer does not show that a label was bought, or shows another one.
    """

    def uncertain(message: str) -> LabelUncertain:
        return LabelUncertain(
            f"{API}: {message}",
            api=API,
            reference=quote.reference if quote else None,
            bought=quote.shipment_id if quote else None,
            quote=quote,
        )

    found = mapping(shipment)
    shipment_id = text(found.get("id"))
    if not shipment_id or (quote is not None and shipment_id != quote.shipment_id):
        raise uncertain("the answer is not about this shipment")
    postage = mapping(found.get("postage_label"))
    url, number = text(postage.get("label_url")), text(found.get("tracking_code"))
    if not url or not number:
        raise uncertain("the answer has no label or no tracking number")
    rate = _rate(mapping(found.get("selected_rate")))
    if quote is not None:
        if rate is not None and rate.carrier != quote.rate.carrier:
            raise uncertain(f"a label of {rate.carrier} was bought, {quote.rate.carrier} was asked for")
        rate = rate or quote.rate
    return Label(
        api=API,
        reference=quote.reference if quote else text(found.get("reference")),
        carrier=rate.carrier if rate else "",
        service=rate.service if rate else "",
        tracking_number=number,
        price=rate.price if rate else None,
        url=url,
        format=_FORMATS.get(text(postage.get("label_file_type")), ""),
        shipment_id=shipment_id,
        rate_id=rate.id if rate else "",
        test=found.get("mode") == "test",
        warnings=_warnings(found, asked or {}),
    )


_FORMATS = {
    "image/png": "PNG",
    "application/pdf": "PDF",
    "application/zpl": "ZPL",
    "application/epl2": "EPL2",
}


def _warnings(shipment: dict[str, Any], asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Compare what came back with what was asked for; buying rewrites addresses, so only loosely."""
    if not mapping(asked.get("options")).get("hold_for_pickup"):
        return ()
    found: list[str] = []
    options, to_address = mapping(shipment.get("options")), mapping(shipment.get("to_address"))
    if options.get("hold_for_pickup") is not True:
        found.append("hold_not_confirmed")
    came_back = " ".join(text(value) for value in (*options.values(), *to_address.values()))
    sent = mapping(asked.get("to_address"))
    named = f"{text(sent.get('company'))} {text(sent.get('carrier_facility'))}"
    if not set(named.casefold().split()) <= set(came_back.casefold().split()):
        found.append("point_lost")
    return tuple(found)
