"""What the ledger knows of one parcel, and where it may go from there."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import attrs

from lockership.labels.label import Label, Quote, Rate
from lockership.units import Money

if TYPE_CHECKING:
    from lockership.address import Address
    from lockership.handoff import Handoff

__all__ = [
    "ASKING",
    "BEGINS_ANEW",
    "IN_DOUBT",
    "NEXT",
    "OURS",
    "Entry",
    "State",
    "digest",
    "labelled",
    "quoted",
]


class State(StrEnum):
    """Where a parcel stands."""

    ASKED = "asked"
    """A label is wanted; nothing is bought."""
    PRICED = "priced"
    """A rate is chosen; nothing is bought."""
    BUYING = "buying"
    """A purchase is under way, or was when its station stopped: the label may be bought."""
    BOUGHT = "bought"
    """The label is bought."""
    PRINTED = "printed"
    """And printed."""
    FALLBACK = "fallback"
    """A fallback label was drawn; nothing is bought."""
    SUPERSEDED = "superseded"
    """What there was is replaced by what comes next."""
    VOIDED = "voided"
    """The label was given back."""
    UNCERTAIN = "uncertain"
    """A purchase ended without an answer: the label may be bought."""


NEXT: dict[State, frozenset[State]] = {
    State.ASKED: frozenset({State.ASKED, State.PRICED, State.FALLBACK}),
    State.PRICED: frozenset({State.ASKED, State.PRICED, State.BUYING, State.FALLBACK}),
    State.BUYING: frozenset({State.ASKED, State.PRICED, State.BUYING, State.BOUGHT, State.UNCERTAIN}),
    State.UNCERTAIN: frozenset({State.BUYING}),
    State.BOUGHT: frozenset({State.BOUGHT, State.PRINTED, State.VOIDED, State.SUPERSEDED}),
    State.PRINTED: frozenset({State.PRINTED, State.VOIDED, State.SUPERSEDED}),
    State.FALLBACK: frozenset({State.FALLBACK, State.SUPERSEDED}),
    State.SUPERSEDED: frozenset({State.ASKED}),
    State.VOIDED: frozenset({State.ASKED, State.VOIDED}),
}
"""From each state the states that may follow.  From BUYING and UNCERTAIN no way leads to a fallback
label: first the API must have said what became of the purchase."""


IN_DOUBT = (State.BUYING, State.UNCERTAIN)
OURS = (State.BOUGHT, State.PRINTED)
ASKING = "asking"
"""In :attr:`Entry.refund`: a refund is being asked for, or was when its station stopped."""
BEGINS_ANEW = (State.FALLBACK, State.SUPERSEDED, State.VOIDED)
"""States after which a label is another attempt."""


@attrs.frozen
class Entry:
    """One parcel's row.

    Attributes:
        order_id: The order.
        parcel: Which of its parcels, from 1.
        attempt: Which label this is: one more after a label was given back or superseded.
        version: How often the row was written.
        state: Where the parcel stands.
        station: Who wrote last.
        updated_at: When, in UTC.
        leased_until: Until when only that station works at it, or ``""``.
        reason: Why, after something was refused or is in doubt.
        wanted: A digest of what was asked for: a changed address or parcel shows, and nothing else does.
        refund: ``""``, ``asking`` from before the API is asked for a refund until it has answered, then
            what it answered: ``submitted``, ``refunded`` or ``rejected``.
        covers: A fallback label was drawn for the parcel and lies somewhere: the label that is bought
            must be stuck over it.  Until the label is printed.
    """

    order_id: str
    parcel: int
    attempt: int
    version: int
    state: State = attrs.field(converter=State)
    station: str
    updated_at: str
    leased_until: str = ""
    reason: str = ""
    wanted: str = ""
    api: str = ""
    reference: str = ""
    shipment_id: str = ""
    rate_id: str = ""
    transaction_id: str = ""
    carrier: str = ""
    service: str = ""
    amount: str = ""
    currency: str = ""
    tracking_number: str = ""
    url: str = attrs.field(default="", repr=False)
    format: str = ""
    test: bool = attrs.field(default=False, converter=bool)  # SQLite gives 0 and 1
    warnings: str = "[]"
    sha256: str = ""
    refund: str = ""
    covers: bool = attrs.field(default=False, converter=bool)

    @property
    def price(self) -> Money | None:
        """What the label costs, or None while that is not known."""
        return Money(Decimal(self.amount), self.currency) if self.amount else None

    def quote(self) -> Quote:
        """Give what was, or may have been, bought."""
        rate = Rate(self.rate_id, self.carrier, self.service, self.price)
        return Quote(self.api, self.reference, self.shipment_id, rate, self.transaction_id)

    def label(self) -> Label:
        """Give the label that was bought, without its file."""
        return Label(
            api=self.api,
            reference=self.reference,
            carrier=self.carrier,
            service=self.service,
            tracking_number=self.tracking_number,
            price=self.price,
            url=self.url,
            format=self.format,
            shipment_id=self.shipment_id,
            rate_id=self.rate_id,
            transaction_id=self.transaction_id,
            test=self.test,
            warnings=tuple(json.loads(self.warnings)),
        )


def digest(handoff: Handoff, sender: Address) -> str:
    """Give one short text for all that a label depends on: where to, where from, what, how."""
    parcel, point = handoff.parcel, handoff.point
    facts = (
        handoff.asked.value,
        handoff.carrier,
        handoff.service or "",
        attrs.astuple(handoff.address),
        attrs.astuple(handoff.buyer),
        "" if point is None else point.id,
        parcel.sides,
        parcel.weight.ng,
        [trait.value for trait in parcel.traits],
        attrs.astuple(sender),
    )
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


NO_LABEL: dict[str, Any] = {
    field.name: field.default
    for field in attrs.fields(Entry)
    if field.name not in ("order_id", "parcel", "attempt", "version", "state", "station", "updated_at")
}
"""The columns as they are before a label API was asked."""


def quoted(quote: Quote) -> dict[str, Any]:
    """Give the columns that a quote fills."""
    price = quote.rate.price
    return {
        "api": quote.api,
        "reference": quote.reference,
        "shipment_id": quote.shipment_id,
        "rate_id": quote.rate.id,
        "transaction_id": quote.transaction_id,
        "carrier": quote.rate.carrier,
        "service": quote.rate.service,
        "amount": "" if price is None else str(price.amount),
        "currency": "" if price is None else price.currency,
    }


def labelled(label: Label) -> dict[str, Any]:
    """Give the columns that a bought label fills."""
    price = label.price
    shipment = {"shipment_id": label.shipment_id} if label.shipment_id else {}
    return shipment | {
        "transaction_id": label.transaction_id,
        "carrier": label.carrier,
        "service": label.service,
        "amount": "" if price is None else str(price.amount),
        "currency": "" if price is None else price.currency,
        "tracking_number": label.tracking_number,
        "url": label.url,
        "format": label.format if label.file is None else label.file.format,
        "test": label.test,
        "warnings": json.dumps(label.warnings),
        "sha256": "" if label.file is None else label.file.sha256,
    }
