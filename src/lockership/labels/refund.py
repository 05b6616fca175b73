"""What became of a label that was given back."""

from __future__ import annotations

from enum import StrEnum

from lockership.labels.answers import mapping, text

__all__ = ["Refund", "read_easypost", "read_shippo"]


class Refund(StrEnum):
    """Where a refund stands; that it was asked for is no proof that money comes back."""

    SUBMITTED = "submitted"
    """The API has it; the carrier decides, at USPS after 15 days or more."""
    REFUNDED = "refunded"
    REJECTED = "rejected"
    """There is no money back."""


def read_easypost(shipment: object) -> Refund | None:
    """Read a shipment's ``refund_status``; a word that is not known counts as submitted.

    >>> read_easypost({"refund_status": "refunded"}), read_easypost({"refund_status": None})
    (<Refund.REFUNDED: 'refunded'>, None)
    """
    word = text(mapping(shipment).get("refund_status"))
    if not word:
        return None
    return {"refunded": Refund.REFUNDED, "rejected": Refund.REJECTED, "not_applicable": Refund.REJECTED}.get(
        word, Refund.SUBMITTED
    )


def read_shippo(answer: object) -> Refund | None:
    """Read the ``status`` of a refund, or of a transaction that was given back; None for any other.

    >>> read_shippo({"status": "PENDING"}), read_shippo({"status": "REFUNDREJECTED"}), read_shippo({})
    (<Refund.SUBMITTED: 'submitted'>, <Refund.REJECTED: 'rejected'>, None)
    """
    return _SHIPPO.get(text(mapping(answer).get("status")))


_SHIPPO = {
    "QUEUED": Refund.SUBMITTED,
    "PENDING": Refund.SUBMITTED,
    "REFUNDPENDING": Refund.SUBMITTED,
    "SUCCESS": Refund.REFUNDED,
    "REFUNDED": Refund.REFUNDED,
    "ERROR": Refund.REJECTED,
    "REFUNDREJECTED": Refund.REJECTED,
}
