"""USPS: Smart Lockers, General Delivery and Hold For Pickup.  PO Boxes stand in ``postal.py``.

USPS publishes no address form for a Smart Locker; these are its names.  General Delivery:
Publication 28, section 26.  Hold For Pickup can't be told from General Delivery with certainty by
the text: the postmaster or Post Office is named together with a wish to hold.
"""

from __future__ import annotations

from lockership.recognition.phrase import GAP, HOLD, LOCKER, LOCKER_STEMS, NOT_A_FIRM, Network, Phrase
from lockership.words import Confidence, Kind

__all__ = ["USPS"]

_NAME = (
    r"(?:\b(?:usps|u_s_p_s|(?:us|u s|united states) (?:postal(?: service)?|mail|post)|postal service"
    r"|post_office)\b|邮局|美国邮政)"
)
_OFFICE = rf"(?:{_NAME}|\bpost_master\b|\bp_o\b(?!_box))"
_FIRM = (
    r"(?!_(?:services?|systems?|solutions|inc|llc|corp|co|company|logistics|trucking|express"
    r"|transport(?:ation)?|moving|freight|messengers?|of|enterprises|worldwide|couriers?|group|driver|dept"
    r"|warehouse)\b)"
)
_TAKE = r"(?:自提|自取|代收|待领|取件|候领|取货|领取)"

USPS = Network(
    r"usps post gen gnr delivery listade entrega locker usmail hold held hfpu willcall popick"
    r" 邮 候领 留局 局留",
    Phrase(
        "usps.smart_locker",
        Kind.USPS_SMART_LOCKER,
        rf"{_NAME}(?: {GAP}{LOCKER}{NOT_A_FIRM}|[^|,]{{0,6}}柜)|\bgo_post\b(?:_lockers?)?"
        rf"|\bsmart parcel {LOCKER}|\blockers? at(?: the)? {_NAME}",
        stems=f"{LOCKER_STEMS} gopost 柜",
    ),
    Phrase(
        "usps.general_delivery",
        Kind.USPS_GENERAL_DELIVERY,
        rf"\b(?:general|gen|genl|gen l|gnrl)_(?:delivery|deliv|delvry|delv|dlvry|dlv|del)\b{_FIRM}"
        r"|\b(?:post|poste)_rest[ae]nte?\b|\blista de correos\b|\bentrega general\b"
        r"|存局候领|留局(?:待|候|自)领|局留",
        stems="gen gnr rest lista entrega 局",
    ),
    Phrase(
        "usps.hfpu", Kind.USPS_HOLD_FOR_PICKUP, rf"{_NAME} {GAP}hfpu\b|\bhfpu (?:at )?{_NAME}", stems="hfpu"
    ),
    Phrase(
        "usps.hold_for_pickup",
        Kind.USPS_HOLD_FOR_PICKUP,
        rf"{_OFFICE} {GAP}(?:hold|will_call|pick_up)\b|\bhold (?:for pick_up )?(?:at )?(?:the |your |my "
        rf"|local )*+{_NAME}|{_NAME}[^|,]{{0,6}}{_TAKE}",
        Confidence.POSSIBLE,
        (Kind.USPS_GENERAL_DELIVERY,),
        stems="hold will pick 自 收 领 取",
    ),
    Phrase(
        "usps.hold_beside_office",
        Kind.USPS_HOLD_FOR_PICKUP,
        HOLD,
        Confidence.POSSIBLE,
        (Kind.USPS_GENERAL_DELIVERY, Kind.STREET),
        beside=_OFFICE,
        stems="hold held will",
    ),
)
