"""What label APIs answer with: a rate, a quote, a bought label and its file."""

from __future__ import annotations

from typing import Any

import attrs

from lockership.units import Money

__all__ = ["Label", "LabelFile", "Offer", "Quote", "Rate"]


@attrs.frozen
class Rate:
    """One service at one price; it is bought by its id.

    Attributes:
        id: The API's id of it.
        carrier: The carrier's key: UPSDAP is ``ups``, FedExDefault is ``fedex``.
        service: The service as the API names it: ``GroundAdvantage``, ``usps_ground_advantage``.
        price: What it costs, exactly as the API says; None where it tells that only with the label.
        days: Days that it takes as the API estimates them, or None.
        account: The carrier as the API names it, or its account.
    """

    id: str
    carrier: str
    service: str
    price: Money | None
    days: int | None = None
    account: str = ""


@attrs.frozen
class Quote:
    """One rate of one shipment at one label API: all that buying and looking up need.

    Attributes:
        api: The label API, ``easypost`` or ``shippo``.
        reference: The caller's own reference of the parcel.
        shipment_id: The API's id of the shipment.
        rate: What is to be bought.
        transaction_id: Shippo's id of the purchase once it is known, else ``""``.
    """

    api: str
    reference: str
    shipment_id: str
    rate: Rate
    transaction_id: str = ""


@attrs.frozen
class Offer:
    """What one label API would take for a parcel; nothing is bought.

    Attributes:
        api: The label API.
        reference: The caller's own reference of the parcel.
        shipment_id: The API's id of the shipment.
        rates: Every rate that can be bought, of every carrier.
        remarks: Why carriers gave no rate, in the API's words without those of the addresses.
        asked: The request.
    """

    api: str
    reference: str
    shipment_id: str
    rates: tuple[Rate, ...]
    remarks: tuple[str, ...] = ()
    asked: dict[str, Any] = attrs.field(factory=dict[str, Any], repr=False)

    def quote(self, rate: Rate) -> Quote:
        """Give what buying this rate needs."""
        return Quote(self.api, self.reference, self.shipment_id, rate)


@attrs.frozen
class LabelFile:
    """A label's file as it was fetched; ``sha256`` is of its content, in hexadecimal."""

    content: bytes = attrs.field(repr=False)
    format: str
    sha256: str


@attrs.frozen
class Label:
    """A label that was bought.

    Attributes:
        api: The label API, ``easypost`` or ``shippo``.
        reference: The caller's own reference of the parcel, or ``""``.
        carrier: The carrier's key, or ``""`` where the answer does not tell.
        service: The service as the API names it, or ``""``.
        tracking_number: The carrier's number.
        price: What was paid, exactly, or None where the answer does not tell.
        url: Where the label's file lies; fetch it at once, such addresses expire.
        format: ``PNG``, ``PDF``, ``ZPL`` or ``EPL2``, as the API says; ``""`` when it does not.
        shipment_id, rate_id, transaction_id: The API's ids; ``""`` where it has none.
        test: It is a sample that no carrier accepts.
        warnings: What a person should look at: ``hold_not_confirmed`` (the API did not repeat the
            hold that was asked for), ``point_lost`` (the pick-up point's id or name did not come
            back).  That a hold *was* repeated is no proof that it is honoured.
        file: The label's file once it was fetched.
    """

    api: str
    reference: str
    carrier: str
    service: str
    tracking_number: str
    price: Money | None
    url: str = attrs.field(repr=False)
    format: str = ""
    shipment_id: str = ""
    rate_id: str = ""
    transaction_id: str = ""
    test: bool = False
    warnings: tuple[str, ...] = ()
    file: LabelFile | None = None
