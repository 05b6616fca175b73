"""UPS: Access Points in shops, Access Point lockers, and parcels held at a Customer Center.

An Access Point's id is ``U`` and eight digits (UPS-API/api-documentation, ``DeliveryIntercept.yaml``,
``publicLocationId``).  Without UPS words it is weak evidence.
"""

from __future__ import annotations

from lockership.recognition.phrase import (
    GAP,
    HOLD,
    LOCKER,
    LOCKER_STEMS,
    LOCKER_WORD,
    NOT_A_FIRM,
    PICK_UP_POINT,
    Network,
    Phrase,
)
from lockership.words import Confidence, Kind

__all__ = ["UPS"]

_NAME = r"\b(?:the )?(?:ups|u_p_s|united parcel service)(?:_store)?\b"
_ID = r"\bu\d{8}\b"
_CABINET = r"(?:自提|快递|储物|智能|取件|包裹)?柜"
_POINT = r"(?:自提|代收|取货|提货|取件|收货|自取)"
_CENTER = r"cust(?:omer)?(?: (?:service|svc))?_(?:cent(?:er|re)|ctr|cntr|counter)s?\b"

UPS = Network(
    r"ups unitedparcel uap access u\d{8}",
    # Parcels are not addressed to a Customer Center by its name alone: with a wish to hold, an
    # Access Point may be meant as well.
    Phrase(
        "ups.customer_center_hold",
        Kind.UPS_CUSTOMER_CENTER,
        rf"{_NAME} {GAP}{_CENTER}",
        Confidence.POSSIBLE,
        (Kind.UPS_ACCESS_POINT,),
        beside=rf"{HOLD}|\bhold\b",
        stems="cust",
    ),
    Phrase("ups.customer_center", Kind.UPS_CUSTOMER_CENTER, rf"{_NAME} {GAP}{_CENTER}", stems="cust"),
    Phrase(
        "ups.locker",
        Kind.UPS_LOCKER,
        rf"{_NAME}_(?:(?:{PICK_UP_POINT}_)?{LOCKER}{NOT_A_FIRM}|{_CABINET})|\buap_{LOCKER}",
        stems=f"{LOCKER_STEMS} 柜",
    ),
    Phrase(
        "ups.locker_words",
        Kind.UPS_LOCKER,
        rf"{_NAME} {GAP}{LOCKER}{NOT_A_FIRM}|\b{LOCKER_WORD} {GAP}{_NAME}",
        Confidence.LIKELY,
        stems=f"{LOCKER_STEMS}",
    ),
    Phrase(
        "ups.access_point",
        Kind.UPS_ACCESS_POINT,
        rf"{_NAME}_(?:(?:my choice_)?{PICK_UP_POINT}|{_POINT})",
        stems="access punto 自 收 取 提",
    ),
    Phrase(
        "ups.access_point_id",
        Kind.UPS_ACCESS_POINT,
        rf"{PICK_UP_POINT}_(?:id_|no_|number_|location_)?#?_{_ID}|{_ID}[\x20,]*+{PICK_UP_POINT}",
        stems="access punto",
    ),
    Phrase(
        "ups.access_point_short",
        Kind.UPS_ACCESS_POINT,
        rf"{_NAME} a_p\b|\buap\b(?!_(?:inc|llc|corp|co|holdings?|distribution)\b)",
        Confidence.LIKELY,
        stems="ap",
    ),
    Phrase(
        "ups.access_point_words",
        Kind.UPS_ACCESS_POINT,
        rf"{_NAME}(?: {GAP}{PICK_UP_POINT}|[^|,]{{0,6}}{_POINT}"
        r"| (?:parcel |package )?(?:pick_up|collection)(?: (?:point|location|spot|site|shop|store"
        r"|cent(?:er|re)|counter))?\b)"
        rf"|\b{PICK_UP_POINT} {GAP}{_NAME}|\bpick_up point {GAP}{_NAME}",
        Confidence.LIKELY,
        stems="access punto pick collection 自 收 取 提",
    ),
    Phrase("ups.id_beside_name", Kind.UPS_ACCESS_POINT, _ID, Confidence.LIKELY, beside=_NAME),
    Phrase(
        "ups.store_hold",
        Kind.UPS_ACCESS_POINT,
        r"\bups_store\b",
        Confidence.POSSIBLE,
        (Kind.STREET, Kind.PRIVATE_MAILBOX),
        beside=HOLD,
        stems="store",
    ),
    Phrase(
        "ups.will_call",
        Kind.UPS_CUSTOMER_CENTER,
        rf"{_NAME} {GAP}will_call\b|\bwill_call (?:at )?{_NAME}",
        Confidence.LIKELY,
        stems="will",
    ),
    Phrase(
        "ups.hold",
        Kind.UPS_CUSTOMER_CENTER,
        rf"\bhold (?:for pick_up )?at {GAP}{_NAME}|{_NAME} {GAP}hold (?:for|at) (?:pick|location|customer)",
        Confidence.POSSIBLE,
        (Kind.UPS_ACCESS_POINT,),
        stems="hold",
    ),
    Phrase("ups.bare_id", Kind.UPS_ACCESS_POINT, _ID, Confidence.POSSIBLE, (Kind.STREET,)),
)
