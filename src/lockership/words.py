"""The words of the trade as this library uses them: kinds, traits, routes, refusals, remedies.

Every word is a string, so it travels through JSON, CSV and logs as it is.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "ADDRESS_KINDS",
    "CHANNELS",
    "Confidence",
    "Kind",
    "Note",
    "RefusalCode",
    "RemedyCode",
    "Route",
    "Trait",
    "network_of",
]


class Kind(StrEnum):
    """What an address *is*: a pick-up channel of one of the four networks, or one of four others."""

    AMAZON_LOCKER = "amazon.locker"
    AMAZON_COUNTER = "amazon.counter"
    AMAZON_ACCESS_POINT = "amazon.access_point"
    UPS_ACCESS_POINT = "ups.access_point"
    UPS_LOCKER = "ups.locker"
    UPS_CUSTOMER_CENTER = "ups.customer_center"
    FEDEX_ONSITE = "fedex.onsite"
    FEDEX_OFFICE = "fedex.office"
    FEDEX_SHIP_CENTER = "fedex.ship_center"
    FEDEX_HOLD = "fedex.hold"
    USPS_HOLD_FOR_PICKUP = "usps.hold_for_pickup"
    USPS_SMART_LOCKER = "usps.smart_locker"
    USPS_GENERAL_DELIVERY = "usps.general_delivery"
    USPS_PO_BOX = "usps.po_box"
    MILITARY = "military"
    PRIVATE_MAILBOX = "private_mailbox"
    APARTMENT_LOCKER = "apartment_locker"
    STREET = "street"


CHANNELS: tuple[Kind, ...] = tuple(kind for kind in Kind if "." in kind)
"""The pick-up channels, in the order in which another point is proposed."""

ADDRESS_KINDS: tuple[Kind, ...] = (Kind.STREET, Kind.PRIVATE_MAILBOX, Kind.APARTMENT_LOCKER)
"""Kinds to which every carrier delivers as to any home."""


def network_of(kind: str) -> str | None:
    """Name the network that runs this kind of place, or None.

    >>> network_of("ups.locker"), network_of("military"), network_of("street")
    ('ups', 'usps', None)
    """
    network, dot, _ = kind.partition(".")
    if dot:
        return network
    return "usps" if kind == Kind.MILITARY else None


class Trait(StrEnum):
    """What is in the parcel, where it matters to a network, a carrier or the house."""

    FRAGILE = "fragile"
    COLD_CHAIN = "cold_chain"
    VALUABLE = "valuable"
    HAZMAT = "hazmat"
    LITHIUM_BATTERY = "lithium_battery"
    ALCOHOL = "alcohol"
    ADULT_SIGNATURE = "adult_signature"
    PERISHABLE = "perishable"


class Confidence(StrEnum):
    """How sure the recognition of a kind is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Route(StrEnum):
    """Where the parcel goes: as the buyer chose, to the home, or to a person who must act first."""

    PICKUP = "pickup"
    HOME = "home"
    REVIEW = "review"


class RefusalCode(StrEnum):
    """Which rule the parcel breaks."""

    CARRIER_CANNOT_SERVE = "carrier_cannot_serve"
    TOO_HEAVY = "too_heavy"
    TOO_LONG = "too_long"
    DOES_NOT_FIT = "does_not_fit"
    GIRTH_OVER = "girth_over"
    VALUE_OVER = "value_over"
    TRAIT_REFUSED = "trait_refused"
    SERVICE_NOT_ALLOWED = "service_not_allowed"
    SELLER_NOT_ELIGIBLE = "seller_not_eligible"
    LOCATION_CLOSED = "location_closed"
    LOCATION_FULL = "location_full"
    LOCATION_TOO_SMALL = "location_too_small"
    LOCATION_NOT_ACCEPTING = "location_not_accepting"


class RemedyCode(StrEnum):
    """What would help, best first."""

    USE_CARRIER = "use_carrier"
    ASK_HOME_ADDRESS = "ask_home_address"
    CHOOSE_OTHER_POINT = "choose_other_point"
    SHIP_WITH_AMAZON = "ship_with_amazon"
    SPLIT_PARCEL = "split_parcel"


class Note(StrEnum):
    """A remark that changes nothing."""

    KIND_UNCERTAIN = "kind_uncertain"
    VALUE_NOT_COMPARED = "value_not_compared"
    COUNTRY_NOT_COVERED = "country_not_covered"
    SIGNAL_CONFLICT = "signal_conflict"
    LOCKER_DECLINED = "locker_declined"
    AMAZON_TAKES_ADDRESS_FROM_ORDER = "amazon_takes_address_from_order"
