"""Amazon Hub: Lockers, Counters, and points of which the type is not told.

Names as Amazon writes them: ``Amazon Hub Locker - <name>``, ``Amazon Hub Locker+ (<venue>)``,
``Amazon Hub Counter - <store>``; older ones without ``Hub``.  What follows the dash is an arbitrary
word or a host, and proves nothing by itself.
"""

from __future__ import annotations

from lockership.recognition.phrase import (
    GAP,
    LOCKER,
    LOCKER_STEMS,
    LOCKER_WORD,
    NOT_A_FIRM,
    PICK_UP_POINT,
    Network,
    Phrase,
)
from lockership.words import Confidence, Kind

__all__ = ["AMAZON"]

_NAME = r"(?:\b(?:amazon(?:_com)?|amzn|amz)|亚马逊)"
_HUB = rf"{_NAME}_(?:s )?(?:hub_)?"
_CABINET = r"(?:自提|快递|储物|智能|取件|提货|包裹|寄存)?(?:柜|储物箱)"
_POINT = r"(?:自提|代收|取货|提货|取件|收货|自取)"
_STAFFED = r"(?:kohl_s|rite_aid|gnc|health mart|stage|cvs|staples|petco)"
_NOT_A_COUNTER = (Kind.AMAZON_LOCKER, Kind.AMAZON_ACCESS_POINT)

AMAZON = Network(
    r"amaz amz hublock hubcount 亚马逊",
    Phrase(
        "amazon.apartment_locker",
        Kind.APARTMENT_LOCKER,
        rf"{_HUB}(?:apartment|apt|residential)_(?:package_|parcel_)?(?:lockers?|hub)\b"
        rf"|{_NAME}_hub_apartments?\b",
        stems="apartment apt resid",
    ),
    Phrase(
        "amazon.counter",
        Kind.AMAZON_COUNTER,
        rf"{_HUB}(?:pick_up_)?counters?\b{NOT_A_FIRM}|{_HUB}柜台",
        stems="counter 柜台",
    ),
    Phrase(
        "amazon.locker",
        Kind.AMAZON_LOCKER,
        rf"{_HUB}(?:(?:self_service_|pick_up_)?{LOCKER}{NOT_A_FIRM}|{_CABINET})",
        stems=f"{LOCKER_STEMS} 柜 储物箱",
    ),
    Phrase(
        "amazon.counter_words",
        Kind.AMAZON_COUNTER,
        rf"{_NAME} {GAP}counters?\b{NOT_A_FIRM}",
        Confidence.LIKELY,
        stems="counter",
    ),
    Phrase(
        "amazon.locker_words",
        Kind.AMAZON_LOCKER,
        rf"{_NAME}(?: {GAP}{LOCKER}{NOT_A_FIRM}|[^|,]{{0,8}}{_CABINET})|{_CABINET}[^|,]{{0,4}}{_NAME}"
        rf"|\b{LOCKER_WORD} {GAP}{_NAME}|\blocker [^|,]{{1,24}},_{_NAME}_(?:hub_)?(?:$|[|,])",
        Confidence.LIKELY,
        stems=f"{LOCKER_STEMS} 柜 储物箱",
    ),
    Phrase(
        "amazon.counter_reversed",
        Kind.AMAZON_COUNTER,
        rf"\bcounter {GAP}{_NAME}",
        Confidence.LIKELY,
        stems="counter",
    ),
    Phrase(
        "amazon.returns_and_pickup",
        Kind.AMAZON_COUNTER,
        rf"{_NAME} returns?(?: and)? pick_up\b",
        Confidence.POSSIBLE,
        _NOT_A_COUNTER,
        stems="return",
    ),
    Phrase(
        "amazon.access_point",
        Kind.AMAZON_ACCESS_POINT,
        rf"{_HUB}(?:{PICK_UP_POINT}|pick_up\b|collection\b|{_POINT})|\b{PICK_UP_POINT} {GAP}{_NAME}"
        rf"|{_NAME}(?: {GAP}(?:{PICK_UP_POINT}|pick_up (?:point|location|spot|site)\b)"
        rf"|[^|,]{{0,8}}{_POINT})",
        stems="access punto pick collection 自 收 取 提",
    ),
    Phrase(
        "amazon.hub_at_staffed_shop",
        Kind.AMAZON_COUNTER,
        rf"{_NAME}_hub\b {GAP}{_STAFFED}",
        Confidence.POSSIBLE,
        _NOT_A_COUNTER,
        stems="hub",
    ),
    Phrase(
        "amazon.hub",
        Kind.AMAZON_ACCESS_POINT,
        rf"{_NAME}_hub\b(?!_(?:delivery|services?|partners?|llc|inc)\b)",
        Confidence.POSSIBLE,
        (Kind.AMAZON_LOCKER, Kind.AMAZON_COUNTER),
        stems="hub",
    ),
    Phrase(
        "amazon.hub_locker_unnamed",
        Kind.AMAZON_LOCKER,
        rf"\bhub_{LOCKER}{NOT_A_FIRM}",
        Confidence.POSSIBLE,
        (Kind.STREET,),
        stems="hub",
    ),
    Phrase(
        "amazon.hub_counter_unnamed",
        Kind.AMAZON_COUNTER,
        rf"\bhub_counters?\b{NOT_A_FIRM}",
        Confidence.POSSIBLE,
        (Kind.STREET,),
        stems="hub",
    ),
)
