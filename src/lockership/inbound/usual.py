"""The usual order at one look: what is as it mostly is needs no shape to be held against it.

Everything here lets through less than the shapes do, reads it to the very same values, and never says
what is wrong: for whatever it does not know, :mod:`lockership.inbound.orders` takes the long way.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from lockership.errors import MAX_TEXT, InputError
from lockership.inbound.exact_json import JsonNumber
from lockership.location import Location
from lockership.parcel import Parcel, read_traits
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, Length, Money, Weight

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["has_usual_types", "unknown_location", "usual_parcel"]

_OBJECT = (dict, type(None))
_LIMITS = ("max_length", "max_width", "max_height", "max_weight", "status")
_FLAG = (bool, type(None))
_SHORT = 24
"""Characters of a number or a unit that are kept; no flood of long ones ever fills the memory."""


def has_usual_types(record: Mapping[str, Any]) -> bool:
    """Tell whether a whole order has the types of :class:`~lockership.inbound.shapes.Shipment`."""
    get = record.get
    order_id, carrier, service, signals = get("order_id"), get("carrier"), get("service"), get("signals")
    if type(order_id) is JsonNumber:
        if not order_id.finite:
            return False
        order_id = order_id.text
    return (
        type(order_id) is str
        and len(order_id) <= MAX_TEXT
        and type(carrier) is str
        and len(carrier) <= MAX_TEXT
        and (service is None or (type(service) is str and len(service) <= MAX_TEXT))
        and type(get("ship_to")) is dict
        and type(get("home")) in _OBJECT
        and type(get("parcel")) in _OBJECT
        and type(get("location")) in _OBJECT
        and get("parcels") is None
        and (signals is None or (type(signals) is dict and _are_signals(cast("dict[str, Any]", signals))))
    )


def _are_signals(signals: Mapping[str, Any]) -> bool:
    get = signals.get
    kind = get("amazon_address_type")
    return (
        type(get("amazon_is_access_point_order")) in _FLAG
        and type(get("amazon_fulfilled")) in _FLAG
        and type(get("amazon_has_access_point")) in _FLAG
        and (kind is None or (type(kind) is str and len(kind) <= MAX_TEXT))
    )


class _Unusual(Exception):
    """Something is not as it mostly is."""


def _short(value: object) -> str:
    """Give a short number or word by its text."""
    text = value.text if type(value) is JsonNumber else value
    if type(text) is not str or len(text) > _SHORT:
        raise _Unusual
    return text


@lru_cache(maxsize=4096)
def _length(amount: str, unit: str) -> Length:
    return Length.of(amount, unit)


@lru_cache(maxsize=4096)
def _weight(amount: str, unit: str) -> Weight:
    return Weight.of(amount, unit)


@lru_cache(maxsize=4096)
def _money(amount: str, currency: str | None) -> Money:
    return Money.of(amount, currency)


def usual_parcel(record: Mapping[str, Any]) -> Parcel | None:
    """Read a parcel in which nothing is unusual; None for every other."""
    get = record.get
    worth, currency, traits = get("declared_value"), get("currency"), get("traits")
    if (traits is not None and type(traits) is not list) or (
        currency is not None and (type(currency) is not str or len(currency) > _SHORT)
    ):
        return None
    try:
        unit, heavy = _short(get("dimension_unit")), _short(get("weight_unit"))
        told, unknown = read_traits(cast("object", traits), "traits") if traits else ((), None)
        return (
            None
            if unknown
            else Parcel(
                _length(_short(get("length")), unit),
                _length(_short(get("width")), unit),
                _length(_short(get("height")), unit),
                _weight(_short(get("weight")), heavy),
                None if worth is None else _money(_short(worth), currency),
                told,
            )
        )
    except (InputError, _Unusual):
        return None


def unknown_location(record: Mapping[str, Any]) -> Location | None:
    """Read a location of which at most its id and its units are told; None for every other."""
    get = record.get
    if any(
        get(name) is not None for name in ("max_length", "max_width", "max_height", "max_weight", "status")
    ):
        return None
    point, unit, heavy = get("id"), get("unit"), get("weight_unit")
    if point is not None and (type(point) is not str or len(point) > MAX_TEXT):
        return None
    unit = "in" if unit is None else unit
    heavy = "lb" if heavy is None else heavy
    if (
        type(unit) is not str
        or unit not in LENGTH_UNITS
        or type(heavy) is not str
        or heavy not in WEIGHT_UNITS
    ):
        return None
    return Location(point or "", unit=unit, weight_unit=heavy)
