"""Shippo, API 2018-02-08: what is asked, and how its answers read.  Pure: nothing here asks the network.

Shippo has no field at all for pick-up by the recipient in the United States: no hold, no access point,
no place's id.  A label to the shop's street address would be an ordinary delivery to a shop, so every
pick-up channel but PO Boxes and General Delivery is :class:`~lockership.errors.Inexpressible` here.

Measures are text with at most four decimals, inches and pounds, rounded up; a parcel's longest side is
its length.

More information:
* https://docs.goshippo.com/shippoapi/public-api/
* https://github.com/goshippo/shippo-csharp-sdk/issues/38 (Smart Lockers: asked for, not answered)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockership.carriers import carrier_key
from lockership.errors import (
    OUT_OF_RANGE,
    Inexpressible,
    InputError,
    LabelRejected,
    LabelUnavailable,
    LabelUncertain,
    Problem,
)
from lockership.labels.answers import entries, mapping, said, text, word_of
from lockership.labels.label import Label, Quote, Rate
from lockership.labels.lines import Lines, address_lines, general_delivery, plain
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

__all__ = ["API", "EXTRA_KEYS", "inexpressible", "pending", "read", "read_rates", "request"]

API = "shippo"

_METADATA = 100  # "A string of up to 100 characters", ShipmentCreateRequest.metadata
_MOST = 999_999_9999  # "up to six digits before the decimal point, four after", in ten-thousandths
_API_PAGE = "https://docs.goshippo.com/shippoapi/public-api/"
_LOCKERS = "https://github.com/goshippo/shippo-csharp-sdk/issues/38"

_NO_WORDS = {
    Asked.THROUGH_AMAZON: (
        "Amazon's points take only parcels that Amazon itself tenders, and no field names such a point",
        _API_PAGE,
    ),
    Asked.ALTERNATE_DELIVERY: (
        "no field names a UPS Access Point; a label to its address is an ordinary delivery to the shop",
        _API_PAGE,
    ),
    Asked.PARCEL_LOCKER: ("no field names a USPS Smart Locker", _LOCKERS),
    Asked.HOLD_AT_LOCATION: ("no field asks a carrier to hold a parcel at a place", _API_PAGE),
}
_USPS_ONLY = "only USPS reaches PO Boxes, General Delivery and military addresses"
_REFUSED = {"async": "is set by the library: the answer must be waited for"}

_UPS_REFERENCES = (
    "accounts_receivable_customer_account appropriation_number bill_of_lading_number cod_number "
    "dealer_order_number fda_product_code manifest_number model_number part_number production_code "
    "purchase_request_number salesperson_number serial_number store_number transaction_reference_number"
)
_OTHER_EXTRAS = (
    "COD alcohol ancillary_endorsement authority_to_leave billing bypass_address_validation "
    "carbon_neutral carrier_hub_id carrier_hub_travel_time container_type critical_pull_time "
    "customer_branch customer_reference dangerous_goods dangerous_goods_code delivery_instructions "
    "dept_number dry_ice fulfillment_center insurance invoice_number is_return lasership_attrs "
    "lasership_declared_value po_number preferred_delivery_timeframe premium qr_code_requested "
    "reference_1 reference_2 request_retail_rates return_service_type rma_number saturday_delivery "
    "signature_confirmation"
)
EXTRA_KEYS = frozenset(f"{_UPS_REFERENCES} {_OTHER_EXTRAS}".split())
"""Every key of ``shipment.extra``; Shippo drops others without a word.  Source: shippo 3.9.0."""


def request(
    handoff: Handoff,
    sender: Address,
    *,
    reference: str,
    also: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write the arguments of ``components.ShipmentCreateRequest(**request)``, which buys nothing yet.

    Not sent: insurance (it costs money), customs declarations, the class of hazardous contents; give
    them by ``also``.

    Args:
        handoff: How the carrier must be asked; its parcel is sent too.
        sender: The warehouse.  Its e-mail and phone are needed: USPS refuses without them at the
            moment of purchase, which is late (told by third parties, not by Shippo).
        reference: The caller's own key of the parcel, at most 100 characters.
        also: Further fields, nested as Shippo has them; none may override what the decision asks.

    Raises:
        Inexpressible: Shippo has no words for this hand-off.
        InputError: Facts are missing or do not fit; all problems at once, before anything is asked.
    """
    if (no := inexpressible(handoff)) is not None:
        raise Inexpressible(no[0], api=API, source=no[1], reference=reference)
    problems = facts_problems(handoff) + reference_problems(reference, _METADATA)
    keys = ("dangerous_goods", "dangerous_goods_code")
    problems += hazmat_problems(handoff, also or {}, "extra", keys)
    room = 3 if handoff.carrier == "ups" else 2  # street3: "USPS international and UPS only"
    address = handoff.address
    extra: dict[str, Any] = {}
    if handoff.asked is Asked.GENERAL_DELIVERY:
        address = general_delivery(address, "General Delivery")
        # No directory lists General Delivery.  The field is documented, its need here is not.
        extra["bypass_address_validation"] = True
    if Trait.ADULT_SIGNATURE in handoff.parcel.traits:
        extra["signature_confirmation"] = "ADULT"
    if Trait.ALCOHOL in handoff.parcel.traits:
        extra["alcohol"] = {"contains_alcohol": True, "recipient_type": "consumer"}
    name = recipient(handoff)
    to_lines = address_lines(address, problems, of="ship_to", room=room, carrier=handoff.carrier, name=name)
    address_to = _address(to_lines)
    for field in ("phone", "email"):
        if value := plain(getattr(handoff.buyer, field)):
            address_to[field] = value
    from_lines = address_lines(sender, problems, of="sender", room=room, carrier=handoff.carrier)
    why = "Shippo's carriers refuse a purchase without it"
    problems += sender_problems(from_lines, ("email", "phone"), why)
    made: dict[str, Any] = {
        "address_from": _address(from_lines),
        "address_to": address_to,
        "parcels": [_parcel(handoff, problems)],
        "extra": extra,
        "metadata": reference,
        "async_": False,
    }
    problems += join(made, also, _REFUSED)
    for key in made["extra"].keys() - EXTRA_KEYS:
        problems.append(
            Problem(OUT_OF_RANGE, "Shippo knows no such key and would drop it", f"also.extra.{key}")
        )
    if problems:
        raise InputError(problems)
    return made


def inexpressible(handoff: Handoff) -> tuple[str, str | None] | None:
    """Say why Shippo cannot be asked for this hand-off, and where that stands; None when it can."""
    if handoff.kind in POSTAL_KINDS and handoff.carrier != "usps":
        return _USPS_ONLY, _API_PAGE
    return _NO_WORDS.get(handoff.asked)


def _address(lines: Lines) -> dict[str, Any]:
    """Write an address; blank fields are left out.  Shippo needs a name: a company's where no person's is."""
    street1, street2, street3 = (*lines.street, "", "", "")[:3]
    made = {
        "name": lines.name or lines.company,
        "company": lines.company if lines.name else "",
        "street1": street1,
        "street2": street2,
        "street3": street3,
        "city": lines.city,
        "state": lines.state,
        "zip": lines.zip,
        "country": lines.country,
        "phone": lines.phone,
        "email": lines.email,
    }
    return {field: text for field, text in made.items() if text}


def _parcel(handoff: Handoff, problems: list[Problem]) -> dict[str, str]:
    length, width, height = (ceil_to(side, LENGTH_UNITS["in"], 4) for side in handoff.parcel.sides)
    pounds = ceil_to(handoff.parcel.weight.ng, WEIGHT_UNITS["lb"], 4)
    if pounds > _MOST:
        problems.append(Problem(OUT_OF_RANGE, "Shippo writes weights below 1,000,000 lb", "parcel.weight"))
    return {
        "length": _four(length),
        "width": _four(width),
        "height": _four(height),
        "distance_unit": "in",
        "weight": _four(pounds),
        "mass_unit": "lb",
    }


def _four(number: int) -> str:
    """Print ten-thousandths.

    >>> _four(82_000), _four(1), _four(100_000)
    ('8.2', '0.0001', '10')
    """
    whole, part = divmod(number, 10_000)
    return f"{whole}.{part:04}".rstrip("0").rstrip(".")


def read_rates(shipment: object) -> tuple[Rate, ...]:
    """Read the rates of a shipment; one without id, carrier or price cannot be bought and is left out."""
    rates = map(_rate, entries(mapping(shipment).get("rates")))
    return tuple(rate for rate in rates if rate is not None)


def _rate(rate: dict[str, Any]) -> Rate | None:
    service = text(mapping(rate.get("servicelevel")).get("token"))
    rate_id, provider = text(rate.get("object_id")), text(rate.get("provider"))
    if not (rate_id and service):
        return None
    try:
        price = Money.of(rate.get("amount", ""), text(rate.get("currency")))
        carrier = carrier_key(provider)
    except InputError:
        return None
    days, account = rate.get("estimated_days"), text(rate.get("carrier_account"))
    return Rate(rate_id, carrier, service, price, days if isinstance(days, int) else None, account)


def pending(transaction: object) -> bool:
    """Whether Shippo is still at work on a purchase, so that its answer must be asked for again."""
    return mapping(transaction).get("status") in ("QUEUED", "WAITING")


def read(transaction: object, *, quote: Quote | None = None, asked: Mapping[str, Any] | None = None) -> Label:
    """Read a transaction: an answer of status ``SUCCESS`` is no proof, its ``status`` field decides.

    Messages beside a label are remarks and are passed over.

    Args:
        transaction: The answer as plain JSON values.
        quote: What was to be bought.
        asked: The request; only with it are Shippo's own words repeated, without the addresses' words.

    Raises:
        LabelRejected: The carrier or Shippo refused; nothing was bought.
        LabelUnavailable: The carrier did not answer Shippo; nothing was bought.
        LabelUncertain: The answer does not show what became of the purchase.
    """
    found = mapping(transaction)
    reference = quote.reference if quote else text(found.get("metadata"))
    transaction_id, status = text(found.get("object_id")), text(found.get("status"))
    url, number = text(found.get("label_url")), text(found.get("tracking_number"))
    if status == "ERROR" and not (url or number):
        raise _refused(found, reference, asked)
    if status != "SUCCESS" or not url or not number:
        message = f"{API}: the answer has no label ({word_of(status) or 'no status'})"
        bought = transaction_id or (quote.rate.id if quote else None)
        raise LabelUncertain(message, api=API, reference=reference, bought=bought, quote=quote)
    file_type = text(found.get("label_file_type"))
    return Label(
        api=API,
        reference=reference,
        carrier=quote.rate.carrier if quote else "",
        service=quote.rate.service if quote else "",
        tracking_number=number,
        price=quote.rate.price if quote else None,
        url=url,
        format="ZPL" if file_type.startswith("ZPL") else file_type[:3],
        shipment_id=quote.shipment_id if quote else "",
        rate_id=quote.rate.id if quote else text(found.get("rate")),
        transaction_id=transaction_id,
        test=found.get("test") is True,
    )


def _refused(
    transaction: dict[str, Any], reference: str, asked: Mapping[str, Any] | None
) -> LabelRejected | LabelUnavailable:
    messages = entries(transaction.get("messages"))
    codes = [code for message in messages if (code := word_of(message.get("code")))]
    texts = [text(message.get("text")) for message in messages]
    # The code is mostly empty, so the one text that Shippo documents for it counts too.
    silent = "carrier_timeout" in codes or any("did not respond" in words.casefold() for words in texts)
    answer = "the carrier did not answer Shippo" if silent else "refused"
    words = said(texts, asked)
    message = f"{API}: {answer}{f' ({words})' if words else ''}"
    error = LabelUnavailable if silent else LabelRejected
    return error(message, api=API, reference=reference, code=codes[0] if codes else None)
