"""The usual order, read at one look: what is as it mostly is needs no shape to be held against it.

Everything here lets through less than the shapes do, reads it to the very same values, and never says
what is wrong: for whatever it does not know, :mod:`lockership.inbound.orders` takes the long way.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import attrs

from lockership.address import Address, Signals
from lockership.carriers import carrier_key
from lockership.errors import MAX_TEXT, InputError
from lockership.inbound.exact_json import JsonNumber
from lockership.inbound.order import Order
from lockership.location import Location, LocationStatus
from lockership.parcel import MAX_SIDE, MAX_WEIGHT, Parcel, read_traits
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, Length, Money, Weight

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ADDRESS", "SIGNALS", "is_no_place", "usual_order", "usual_parcel"]

ADDRESS = tuple(field.name for field in attrs.fields(Address))
SIGNALS = tuple(field.name for field in attrs.fields(Signals))

_SHORT = 24
"""Characters of a number or a unit that are kept; no flood of long ones ever fills the memory."""


class _Unusual(Exception):
    """Something is not as it mostly is."""


def usual_order(record: Mapping[str, Any]) -> Order | None:
    """Read an order of one parcel in which nothing is unusual; None for every other."""
    get = record.get
    order_id: Any = get("order_id")
    carrier: Any = get("carrier")
    service, home = get("service"), get("home")
    signals, place, block = get("signals"), get("location"), get("parcel")
    try:
        _check_id(order_id)
        carrier_key(carrier)  # refuses what is no text
        parcel = None if type(block) is not dict else usual_parcel(cast("dict[str, Any]", block))
        if parcel is None or get("parcels") is not None:
            return None
        return Order(
            order_id,
            _address(get("ship_to")),
            carrier,
            service if service is None else _text(service),
            (parcel,),
            False,  # noqa: FBT003 - by place, as all of them: names take as long as the object itself
            None if home is None or home == {} else _address(home),
            None if signals is None else _signals(signals),
            None if place is None or place == {} else _location(place),
        )
    except (InputError, _Unusual):
        return None


def _check_id(order_id: object) -> None:
    if type(order_id) is JsonNumber and order_id.finite:
        order_id = order_id.text
    _text(order_id)


def _text(value: object) -> str:
    if type(value) is not str or len(value) > MAX_TEXT:
        raise _Unusual
    return value


def _object(value: object) -> dict[str, Any]:
    if type(value) is not dict:
        raise _Unusual
    return cast("dict[str, Any]", value)


def _address(block: object) -> Address:
    return Address(*map(_object(block).get, ADDRESS))


_SILENT = Signals()
_FLAG = (bool, type(None))


def _signals(block: object) -> Signals:
    flag, kind, fulfilled, has_point = map(_object(block).get, SIGNALS)
    if flag is None and kind is None and fulfilled is None and has_point is None:
        return _SILENT
    if type(flag) not in _FLAG or type(fulfilled) not in _FLAG or type(has_point) not in _FLAG:
        raise _Unusual
    return Signals(flag, kind if kind is None else _text(kind), fulfilled, has_point)


def usual_parcel(block: Mapping[str, Any]) -> Parcel | None:
    """Read a parcel in which nothing is unusual; None for every other."""
    get = block.get
    worth, currency, traits = get("declared_value"), get("currency"), get("traits")
    if traits is not None and type(traits) is not list:
        return None
    try:
        unit, heavy = _word(get("dimension_unit")), _word(get("weight_unit"))
        if currency is not None:
            _word(currency)
        told, unknown = read_traits(cast("object", traits), "traits") if traits else ((), None)
        if unknown:
            return None
        return Parcel(
            _length(_number(get("length")), unit),
            _length(_number(get("width")), unit),
            _length(_number(get("height")), unit),
            _weight(_number(get("weight")), heavy),
            None if worth is None else _money(_number(worth), currency),
            told,
        )
    except (InputError, _Unusual):
        return None


def _number(value: object) -> str:
    """Give the text of a short number."""
    text = value.text if type(value) is JsonNumber else value
    if type(text) is not str or len(text) > _SHORT:
        raise _Unusual
    return text


def _word(value: object) -> str:
    if type(value) is not str or len(value) > _SHORT:
        raise _Unusual
    return value


@lru_cache(maxsize=4096)
def _length(amount: str, unit: str) -> Length:
    return Length.of(amount, unit)


@lru_cache(maxsize=4096)
def _weight(amount: str, unit: str) -> Weight:
    return Weight.of(amount, unit)


@lru_cache(maxsize=4096)
def _money(amount: str, currency: str | None) -> Money:
    return Money.of(amount, currency)


_PLACE = ("id", "max_length", "max_width", "max_height", "unit", "max_weight", "weight_unit", "status")
_STATES = {state.value: state for state in LocationStatus}
_NOWHERE = {
    (unit, heavy): Location(unit=unit or "in", weight_unit=heavy or "lb")
    for unit in (None, *LENGTH_UNITS)
    for heavy in (None, *WEIGHT_UNITS)
}


def _location(block: object) -> Location:
    point, length, width, height, unit, weight, heavy, status = map(_object(block).get, _PLACE)
    if (unit is not None and type(unit) is not str) or (heavy is not None and type(heavy) is not str):
        raise _Unusual
    nowhere = _NOWHERE.get((unit, heavy))
    if nowhere is None or (status is not None and (type(status) is not str or status not in _STATES)):
        raise _Unusual
    sides = limit = None
    if length is not None or width is not None or height is not None:
        sides = _side(length, unit), _side(width, unit), _side(height, unit)
    if weight is not None:
        limit = _weight(_number(weight), _word(heavy))
        if not 0 < limit.ng <= MAX_WEIGHT.ng:
            raise _Unusual
    if point is None and sides is None and limit is None and status is None:
        return nowhere
    name = "" if point is None else _text(point)
    return Location(
        name, sides, limit, None if status is None else _STATES[status], nowhere.unit, nowhere.weight_unit
    )


def is_no_place(block: object) -> bool:
    """Whether a ``location`` says nothing of the point; its units may be told all the same."""
    if block is None or block == {}:
        return True
    try:
        place = _location(block)
    except (InputError, _Unusual):
        return False
    return not place.id and place.max_sides is None and place.max_weight is None and place.status is None


def _side(amount: object, unit: object) -> Length:
    side = _length(_number(amount), _word(unit))
    if not 0 < side.um <= MAX_SIDE.um:
        raise _Unusual
    return side
