"""FedEx Hold at Location: FedEx Office, retail partners (OnSite), Ship Centers, holds of no named place.

``FedEx Office Print & Ship Center`` holds the words of a Ship Center too, so Office comes first.
FedEx Ground terminals, freight centers and drop boxes are no places where a buyer collects.
"""

from __future__ import annotations

from lockership.recognition.phrase import (
    GAP,
    HOLD,
    LOCKER,
    LOCKER_STEMS,
    NOT_A_FIRM,
    PICK_UP_POINT,
    Network,
    Phrase,
)
from lockership.words import Confidence, Kind

__all__ = ["FEDEX"]

_NAME = r"(?:\b(?:fed_ex|federal express)|联邦快递|联邦)"
_HOST = (
    r"\b(?:walgreens?|duane reade|dollar_general|dg market|albertsons|kroger|safeway|jewel_osco|vons"
    r"|tom thumb|randalls"
    r"|shaw_s|acme markets?|office_max|office depot|michaels|dillons|fred meyer|king soopers|smith_s food"
    r"|ralphs)\b"
)
_SHIP_CENTER = r"ship_(?:ping )?(?:cent(?:er|re)|ctr|cntr)s?\b"
_HOLD_WORD = r"(?:hold|holding|held)"

FEDEX = Network(
    r"fed fde fdx fee fex kinko 联邦 hold hfpu",
    Phrase(
        "fedex.authorized_ship_center",
        Kind.FEDEX_HOLD,
        rf"{_NAME} {GAP}authori[sz]ed (?:ship|shipping)",
        Confidence.POSSIBLE,
        (Kind.FEDEX_ONSITE, Kind.FEDEX_SHIP_CENTER),
        stems="authori",
    ),
    Phrase(
        "fedex.office",
        Kind.FEDEX_OFFICE,
        rf"{_NAME}_(?:office|kinko_s?|print)\b|\bkinko_s\b|\bkinko_s?_{_NAME}",
        stems="office kinko print",
    ),
    Phrase("fedex.onsite", Kind.FEDEX_ONSITE, rf"{_NAME}_on_site\b", stems="onsite"),
    Phrase(
        "fedex.onsite_host",
        Kind.FEDEX_ONSITE,
        rf"{_NAME}",
        Confidence.LIKELY,
        beside=_HOST,
        stems="fedex federal 联邦",
    ),
    Phrase(
        "fedex.ship_center",
        Kind.FEDEX_SHIP_CENTER,
        rf"{_NAME}(?: (?:(?:world|express|ship|staffed|ground) ){{0,2}}(?:{_SHIP_CENTER}|stations?\b"
        r"|world service (?:cent(?:er|re)|ctr)\b|service (?:cent(?:er|re)|ctr)\b)"
        rf"|_{_SHIP_CENTER})",
        stems="ship station service",
    ),
    Phrase(
        "fedex.self_service",
        Kind.FEDEX_HOLD,
        rf"{_NAME}(?: {GAP}(?:{LOCKER}{NOT_A_FIRM}|ship_site\b|ship(?: and)? get\b)|[^|,]{{0,6}}柜)",
        stems=f"{LOCKER_STEMS} ship 柜",
    ),
    Phrase(
        "fedex.at_host",
        Kind.FEDEX_ONSITE,
        rf"(?:^|[|,]|hold |c o )_{_NAME} at (?!fed|\d|location|the door|door|home|front|my )[a-z]",
        Confidence.LIKELY,
        stems="exat expressat 邦at 递at",
    ),
    Phrase(
        "fedex.hold",
        Kind.FEDEX_HOLD,
        rf"\b{_HOLD_WORD} (?:for pick_up )?(?:at |in |with )?(?:the |a |local |nearest )*+{_NAME}"
        rf"|{_NAME}(?: {GAP}{_HOLD_WORD}(?: (?:at|for|location|loc|until|pick)|_(?:$|[|,]))"
        r"| (?:hold(?! (?:the|my|this|package|parcel|door|on)\b)|hal|hfpu|pick_up|will_call"
        r"|collection|access_point|counter)\b|[^|,]{0,6}(?:自提|代收|取货|取件|自取|提货))"
        rf"|{_NAME} {PICK_UP_POINT}|\b{PICK_UP_POINT} {GAP}{_NAME}",
        stems="hold held hal hfpu pick will collection access counter punto 自 收 取 提",
    ),
    Phrase(
        "fedex.hold_beside_name",
        Kind.FEDEX_HOLD,
        _NAME,
        Confidence.LIKELY,
        beside=HOLD,
        stems="fedex federal 联邦",
    ),
    Phrase(
        "fedex.hold_at_location_host",
        Kind.FEDEX_ONSITE,
        r"\bhold at location\b",
        Confidence.LIKELY,
        (Kind.FEDEX_HOLD,),
        beside=_HOST,
        stems="location",
    ),
    Phrase(
        "fedex.hold_at_location",
        Kind.FEDEX_HOLD,
        r"\bhold at location\b|\bhfpu\b",
        Confidence.LIKELY,
        (Kind.STREET,),
        stems="location hfpu",
    ),
    Phrase(
        "fedex.hold_at_host",
        Kind.FEDEX_ONSITE,
        rf"\bhold (?:for pick_up )?at {_HOST}|{_HOST} {GAP}hold for pick",
        Confidence.POSSIBLE,
        (Kind.UPS_ACCESS_POINT, Kind.STREET),
        stems="hold",
    ),
)
