"""From the shapes of the order JSON to addresses, parcels, signals and locations."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from lockership.address import Address, Signals, address_problems
from lockership.carriers import carrier_key
from lockership.errors import (
    MAX_TEXT,
    MISSING_FIELD,
    NOT_JSON,
    WRONG_TYPE,
    InputError,
    Problem,
    type_name,
)
from lockership.inbound.exact_json import JsonNumber, parse_json
from lockership.inbound.order import Order
from lockership.inbound.shapes import (
    AddressOrder,
    ParcelShape,
    PlaceShape,
    Shipment,
    as_far_as_read,
    shape_problems,
)
from lockership.inbound.usual import ADDRESS, SIGNALS, usual_order, usual_parcel
from lockership.location import Location, read_status
from lockership.parcel import Parcel, parcel_problems, read_traits
from lockership.units import Length, Money, Weight, length_unit, weight_unit

__all__ = ["Order", "read_address", "read_address_order", "read_order", "zip_text"]

Value = TypeVar("Value")


def read_order(record: Mapping[str, Any] | str | bytes) -> Order:
    """Read one order of the contract, from JSON text or from the object that was parsed from it.

    A bad parcel among several stands in :attr:`Order.parcels` as its error; everything else that is
    wrong is raised, all at once.

    Raises:
        InputError: What is wrong, with the path of each field, as ``parcel.length``.

    >>> order = read_order(
    ...     '{"order_id": 7, "carrier": "ups", "ship_to": {"street1": "1 Elm St"}, '
    ...     '"parcel": {"length": 14, "width": "10", "height": 6.0, "dimension_unit": "in", '
    ...     '"weight": 8.2, "weight_unit": "lb"}}'
    ... )
    >>> order.order_id, order.parcels[0].weight.text()
    (JsonNumber('7'), '8.2 lb')
    >>> read_order('{"order_id": "A-1", "carrier": "ups", "ship_to": {"street1": "1 Elm St"}}')
    Traceback (most recent call last):
    lockership.errors.InputError: parcel: a parcel is needed, or a list of them in parcels
    """
    record = _opened(record)
    if (order := usual_order(record)) is not None:
        return order
    problems = shape_problems(Shipment, record)
    ship_to = _block(record, "ship_to", _address, problems)
    home = _block(record, "home", _address, problems, empty_is_none=True)
    parcels = _parcels(record, problems)
    location = _block(record, "location", _location, problems, empty_is_none=True)
    carrier = record.get("carrier")
    if isinstance(carrier, str) and len(carrier) <= MAX_TEXT:
        try:
            carrier_key(carrier)
        except InputError as error:
            problems += error.problems
    if problems or ship_to is None:
        for parcel in parcels:
            problems += parcel.problems if isinstance(parcel, InputError) else ()
        raise InputError(_in_order(problems))
    return Order(
        order_id=record["order_id"],
        ship_to=ship_to,
        carrier=record["carrier"],
        service=record.get("service"),
        parcels=parcels,
        several=record.get("parcels") is not None,
        home=home,
        signals=_signals(record),
        location=location,
    )


def read_address(record: Mapping[str, Any] | str | bytes, name: str = "address") -> Address:
    """Read one address, shaped as a ``ship_to``; problems name their fields under ``name``.

    Raises:
        InputError: What is wrong, all at once.
    """
    problems: list[Problem] = []
    address = _address(_opened(record), f"{name}.", problems)
    if address is None:
        raise InputError(_in_order(problems))
    return address


def read_address_order(record: Mapping[str, Any] | str | bytes) -> Order:
    """Read an order for recognition only: parcel, carrier, home and location may be absent or anything.

    Raises:
        InputError: What is wrong with the order id, the address or the signals, all at once.
    """
    record = _opened(record)
    problems = shape_problems(AddressOrder, record)
    ship_to = _block(record, "ship_to", _address, problems)
    if problems or ship_to is None:
        raise InputError(_in_order(problems))
    return Order(record["order_id"], ship_to, signals=_signals(record))


def _opened(record: object) -> Mapping[str, Any]:
    if isinstance(record, str | bytes):
        record = parse_json(record)
    if type(record) is dict:
        return cast("dict[str, Any]", record)
    if not isinstance(record, Mapping):
        found = type_name(record)
        hint = "; a list of orders is read with --in-format json" if found == "a list" else ""
        raise InputError([Problem(NOT_JSON, f"expected a JSON object, found {found}{hint}")])
    return cast("Mapping[str, Any]", record)


def _block(
    record: Mapping[str, Any],
    name: str,
    reader: Callable[[Mapping[str, Any], str, list[Problem]], Value | None],
    problems: list[Problem],
    *,
    empty_is_none: bool = False,
) -> Value | None:
    """Read one block of an order, if it is an object; a block of another type was told by its shape."""
    block = record.get(name)
    if not isinstance(block, dict) or (empty_is_none and not block):
        return None
    return reader(cast("dict[str, Any]", block), f"{name}.", problems)


def _address(values: Mapping[str, Any], prefix: str, problems: list[Problem]) -> Address | None:
    if type(values.get("zip")) is not str:
        values = {**values, "zip": zip_text(values.get("zip"))}
    try:
        return Address(*map(values.get, ADDRESS))
    except InputError:
        problems += address_problems({name: values.get(name) for name in ADDRESS}, prefix)
        return None


def zip_text(value: object) -> object:
    """Give a ZIP code that somebody made a number its leading zeros back."""
    if isinstance(value, JsonNumber):
        text = value.text.removesuffix(".0")  # a table with a gap in its column keeps whole numbers so
    elif isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    else:
        return value
    if not text.isdigit():
        return value
    return text.zfill(5) if len(text) <= 5 else text.zfill(9)


def _parcels(record: Mapping[str, Any], problems: list[Problem]) -> tuple[Parcel | InputError, ...]:
    one, several = record.get("parcel"), record.get("parcels")
    if one is not None and several is not None:
        problems.append(Problem(WRONG_TYPE, "give parcel or parcels, not both", "parcels"))
    elif several == []:
        problems.append(Problem(MISSING_FIELD, "a list of parcels needs at least one", "parcels"))
    elif isinstance(several, list):
        items = cast("list[object]", several)
        return tuple(_one_of(item, number) for number, item in enumerate(items))
    elif isinstance(one, dict):
        parcel = _parcel(cast("dict[str, Any]", one), "parcel.", problems)
        return () if parcel is None else (parcel,)
    elif one is None and several is None:
        message = "a parcel is needed, or a list of them in parcels"
        problems.append(Problem(MISSING_FIELD, message, "parcel"))
    return ()


def _one_of(item: object, number: int) -> Parcel | InputError:
    name = f"parcels[{number}]"
    if not isinstance(item, dict):
        return InputError([Problem(WRONG_TYPE, f"expected an object, found {type_name(item)}", name)])
    problems: list[Problem] = []
    parcel = _parcel(cast("dict[str, Any]", item), f"{name}.", problems)
    return InputError(_in_order(problems)) if parcel is None else parcel


def _parcel(record: Mapping[str, Any], prefix: str, problems: list[Problem]) -> Parcel | None:
    if (parcel := usual_parcel(record)) is not None:
        return parcel
    shape, found = as_far_as_read(ParcelShape, record, prefix)
    read = _collecting(found)
    # A side is checked even when its unit is not known, so that all problems are told at once.
    size = read(lambda: length_unit(shape.dimension_unit, f"{prefix}dimension_unit")) or "in"
    length = read(lambda: Length.of(shape.length, size, f"{prefix}length"))
    width = read(lambda: Length.of(shape.width, size, f"{prefix}width"))
    height = read(lambda: Length.of(shape.height, size, f"{prefix}height"))
    heavy = read(lambda: weight_unit(shape.weight_unit, f"{prefix}weight_unit")) or "lb"
    weight = read(lambda: Weight.of(shape.weight, heavy, f"{prefix}weight"))
    found += parcel_problems(length, width, height, weight, prefix)
    value = None
    if shape.declared_value is not None and not _blank(shape.declared_value):
        value = read(lambda: Money.of(shape.declared_value, shape.currency, f"{prefix}declared_value"))
    traits, unknown = read_traits(() if shape.traits is None else shape.traits, f"{prefix}traits")
    found += unknown
    problems += _once(found)
    if found or length is None or width is None or height is None or weight is None:
        return None
    return Parcel(length, width, height, weight, value, traits)


def _collecting(found: list[Problem]) -> Callable[[Callable[[], Value]], Value | None]:
    """Make a reader that adds what is wrong to the problems and goes on."""

    def read(reader: Callable[[], Value]) -> Value | None:
        try:
            return reader()
        except InputError as error:
            found.extend(error.problems)
            return None

    return read


def _blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


_PLACE_SIDES = ("max_length", "max_width", "max_height")


def _location(record: Mapping[str, Any], prefix: str, problems: list[Problem]) -> Location | None:
    shape, found = as_far_as_read(PlaceShape, record, prefix)
    read = _collecting(found)
    amounts = {name: getattr(shape, name) for name in _PLACE_SIDES}
    sized = any(amount is not None for amount in amounts.values())
    weighed = shape.max_weight is not None
    unit = weight = None
    if sized or shape.unit is not None:
        unit = read(lambda: length_unit(shape.unit, f"{prefix}unit"))
    if weighed or shape.weight_unit is not None:
        weight = read(lambda: weight_unit(shape.weight_unit, f"{prefix}weight_unit"))
    if sized:
        message = "the sides of a location are given all three or none"
        lacking = [name for name, amount in amounts.items() if amount is None]
        found += [Problem(MISSING_FIELD, message, prefix + name) for name in lacking]
        # A side that is there is checked all the same; one that lacks has been told.
        amounts = {name: "1" if amount is None else amount for name, amount in amounts.items()}
    _, wrong = read_status(shape.status, f"{prefix}status")
    found += wrong
    location = None
    try:
        location = Location.of(
            shape.id,
            max_sides=(amounts["max_length"], amounts["max_width"], amounts["max_height"]) if sized else None,
            max_weight=shape.max_weight,
            status=None if wrong else shape.status,
            unit=unit or "in",
            weight_unit=weight or "lb",
        )
    except InputError as error:
        found += [problem._replace(field=f"{prefix}{problem.field}") for problem in error.problems]
    problems += _once(found)
    return None if found else location


def _once(problems: list[Problem]) -> list[Problem]:
    """What could not be read is not missing as well."""
    told = {problem.field for problem in problems if problem.code != MISSING_FIELD}
    return [p for p in problems if p.code != MISSING_FIELD or p.field not in told]


def _signals(record: Mapping[str, Any]) -> Signals | None:
    block: dict[str, Any] | None = record.get("signals")
    return None if block is None else Signals(*map(block.get, SIGNALS))


_BLOCKS = ("order_id", "carrier", "service", "ship_to", "home", "parcel", "parcels", "signals", "location")
_FIELDS = (
    *ADDRESS,
    *ParcelShape.model_fields,
    *SIGNALS,
    *PlaceShape.model_fields,
)
_PATH = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(\w+))?")


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Tell problems in the order in which an order lists its fields, each once."""

    def place(problem: Problem) -> tuple[int, int, int]:
        match = _PATH.match(problem.field or "")
        if match is None:
            return len(_BLOCKS), 0, 0
        block, number, field = match.groups()
        return (
            _BLOCKS.index(block) if block in _BLOCKS else len(_BLOCKS),
            int(number or 0),
            _FIELDS.index(field) if field in _FIELDS else -1,
        )

    return sorted(dict.fromkeys(problems), key=place)
