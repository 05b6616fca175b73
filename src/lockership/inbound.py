"""The door: order JSON becomes addresses, parcels and signals, or a list of everything wrong with it.

pydantic stands here and nowhere else.  Numbers are read from their text, exactly; a JSON number never
passes through a binary float.  What the door lets in, the core never has to doubt.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeAlias, TypeVar

import attrs
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    StrictStr,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from lockership.address import Address, Signals, address_problems
from lockership.carriers import carrier_key
from lockership.errors import (
    MAX_TEXT,
    MISSING_FIELD,
    NOT_JSON,
    TOO_LONG,
    WRONG_TYPE,
    InputError,
    Problem,
)
from lockership.location import Location, read_status
from lockership.parcel import Parcel, parcel_problems, read_traits
from lockership.units import Length, Money, Weight, length_unit, weight_unit

__all__ = ["JsonNumber", "Order", "OrderId", "parse_json", "read_address", "read_address_order", "read_order"]


class JsonNumber:
    """A JSON number by its text, so that it is read exactly and echoed as it came."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"JsonNumber({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsonNumber) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


Value = TypeVar("Value")
Shape = TypeVar("Shape", bound=BaseModel)

OrderId: TypeAlias = str | int | JsonNumber
"""An order's own id, echoed as it came."""

_decoder = json.JSONDecoder(parse_float=JsonNumber, parse_int=JsonNumber, parse_constant=JsonNumber)


def parse_json(text: str | bytes) -> Any:
    """Parse JSON with numbers kept as text.

    Raises:
        InputError: ``not_json``: no JSON, bytes that are no UTF-8, or nested too deeply to be an order.

    >>> parse_json('{"weight": 8.20}')
    {'weight': JsonNumber('8.20')}
    >>> parse_json('{"weight": 8.')
    Traceback (most recent call last):
    lockership.errors.InputError: not JSON: Expecting ',' delimiter at character 13
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        return _decoder.decode(text.removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        raise _not_json(f"bytes that are not UTF-8 at byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise _not_json(f"{error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise _not_json("nested too deeply") from None


def _not_json(why: str) -> InputError:
    return InputError([Problem(NOT_JSON, f"not JSON: {why}")])


@attrs.frozen
class Order:
    """One order as it came through the door.

    Attributes:
        order_id: The order's own id, as it came.
        carrier, service: As the order names them.
        ship_to, home: The addresses.
        parcels: Its parcels, each a :class:`~lockership.Parcel` or what is wrong with it.
        several: Whether the order came with a list of parcels.
        signals, location: What the channel and the network say.
    """

    order_id: OrderId
    ship_to: Address = attrs.field(repr=False)
    carrier: str = ""
    service: str | None = None
    parcels: tuple[Parcel | InputError, ...] = ()
    several: bool = False
    home: Address | None = attrs.field(default=None, repr=False)
    signals: Signals | None = None
    location: Location | None = None


# --- the shapes --------------------------------------------------------------------------------


def _plain(value: object) -> object:
    """Take a JSON number by its text, and refuse the floats that a careless caller made of it."""
    return value.text if isinstance(value, JsonNumber) else value


def _order_id(value: object) -> object:
    if value is None:
        raise PydanticCustomError(MISSING_FIELD, "an order id is needed, text or a number")
    if isinstance(value, JsonNumber) and value.text[-1:].isdigit():
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        found = "a number that is none" if isinstance(value, JsonNumber) else type(value).__name__
        raise PydanticCustomError(WRONG_TYPE, "expected text or a number, found {found}", {"found": found})
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise PydanticCustomError(TOO_LONG, "over 1,000 characters")
    return value


def _zip(value: object) -> object:
    """Give a ZIP code that a spreadsheet made a number its leading zeros back."""
    text = value.text if isinstance(value, JsonNumber) else value
    if isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    if isinstance(value, str) or not (isinstance(text, str) and text.isascii() and text.isdigit()):
        return value
    return text.zfill(5) if len(text) <= 5 else text.zfill(9)


def _absent(value: object) -> object:
    """Take an empty object as none at all."""
    return None if value == {} else value


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


Text = Annotated[StrictStr | None, Field(max_length=MAX_TEXT)]
Number = Annotated[Any, PlainValidator(_plain)]
Object: TypeAlias = dict[str, Any]


class _Parcel(_Shape):
    length: Number = None
    width: Number = None
    height: Number = None
    dimension_unit: Text = None
    weight: Number = None
    weight_unit: Text = None
    declared_value: Number = None
    currency: Text = None
    traits: Any = None


class _Signals(_Shape):
    amazon_is_access_point_order: StrictBool | None = None
    amazon_address_type: Text = None
    amazon_fulfilled: StrictBool | None = None
    amazon_has_access_point: StrictBool | None = None


class _Location(_Shape):
    id: Text = None
    max_length: Number = None
    max_width: Number = None
    max_height: Number = None
    unit: Text = None
    max_weight: Number = None
    weight_unit: Text = None
    status: Any = None


class _Envelope(_Shape):
    order_id: Annotated[Any, PlainValidator(_order_id)] = Field(default=None, validate_default=True)
    ship_to: Object
    home: Annotated[Object | None, BeforeValidator(_absent)] = None
    signals: _Signals | None = None


class _Shipment(_Envelope):
    carrier: Annotated[StrictStr, Field(max_length=MAX_TEXT)]
    service: Text = None
    parcel: Object | None = None
    parcels: list[Any] | None = None
    location: Annotated[Object | None, BeforeValidator(_absent)] = None


_CODES = {
    "missing": MISSING_FIELD,
    "string_too_long": TOO_LONG,
}
_EXPECTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "list_type": "a list",
}


def _problems(error: ValidationError, prefix: str = "") -> list[Problem]:
    """Turn pydantic's list into ours: our codes, our field names, no value of a person."""
    found: list[Problem] = []
    for item in error.errors(include_url=False):
        field = prefix + ".".join(str(part) for part in item["loc"])
        kind, value = item["type"], item.get("input")
        if kind == "missing" or (kind in _EXPECTED and value is None):
            found.append(Problem(MISSING_FIELD, "is needed", field))
        elif kind == "string_too_long":
            message = f"{len(value):,} characters, at most {MAX_TEXT:,} are accepted"
            found.append(Problem(TOO_LONG, message, field))
        elif kind in _EXPECTED:
            message = f"expected {_EXPECTED[kind]}, found {_type_name(value)}"
            found.append(Problem(WRONG_TYPE, message, field))
        else:
            found.append(Problem(kind, item["msg"], field))
    return found


def _type_name(value: object) -> str:
    names: dict[type, str] = {
        dict: "an object",
        list: "a list",
        bool: "true or false",
        str: "text",
        JsonNumber: "a number",
        int: "a number",
        float: "a number",
        type(None): "null",
    }
    return names.get(type(value), type(value).__name__)


# --- from shapes to values -----------------------------------------------------------------------


def _address(values: dict[str, Any], prefix: str, problems: list[Problem]) -> Address | None:
    if "zip" in values:
        values = {**values, "zip": _zip(values["zip"])}
    found = address_problems(values, prefix)
    if found:
        problems += [
            p._replace(
                message=f"expected text, found {_type_name(values.get((p.field or '')[len(prefix) :]))}"
            )
            if p.code == WRONG_TYPE
            else p
            for p in found
        ]
        return None
    return Address(**{name: values.get(name) for name in _ADDRESS_FIELDS})


_ADDRESS_FIELDS = tuple(field.name for field in attrs.fields(Address))


def _one_parcel(record: Mapping[str, Any], prefix: str, problems: list[Problem]) -> Parcel | None:
    shape, found = _as_far_as_read(_Parcel, record, prefix)

    def read(reader: Callable[..., Value], *given: Any) -> Value | None:
        try:
            return reader(*given)
        except InputError as error:
            found.extend(error.problems)
            return None

    # A side is checked even when its unit is not known, so that all problems are told at once.
    size = read(length_unit, shape.dimension_unit, prefix + "dimension_unit") or "in"
    length = read(Length.of, shape.length, size, prefix + "length")
    width = read(Length.of, shape.width, size, prefix + "width")
    height = read(Length.of, shape.height, size, prefix + "height")
    heavy = read(weight_unit, shape.weight_unit, prefix + "weight_unit") or "lb"
    weight = read(Weight.of, shape.weight, heavy, prefix + "weight")
    found += parcel_problems(length, width, height, weight, prefix)
    value = None
    if shape.declared_value is not None and not _blank(shape.declared_value):
        value = read(Money.of, shape.declared_value, shape.currency, prefix + "declared_value")
    traits, unknown = read_traits(() if shape.traits is None else shape.traits, prefix + "traits")
    found += unknown
    problems += _once(found)
    if found or length is None or width is None or height is None or weight is None:
        return None
    return Parcel(length, width, height, weight, value, traits)


def _blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _location(record: Mapping[str, Any], problems: list[Problem]) -> Location | None:
    prefix = "location."
    shape, found = _as_far_as_read(_Location, record, prefix)
    names = ("max_length", "max_width", "max_height")
    amounts = tuple(getattr(shape, name) for name in names)
    sized = any(amount is not None for amount in amounts)
    if sized:
        message = "the sides of a location are given all three or none"
        lacking = [name for name, amount in zip(names, amounts, strict=True) if amount is None]
        found += [Problem(MISSING_FIELD, message, prefix + name) for name in lacking]
    units = {"unit": "in", "weight_unit": "lb"}
    for name, reader, needed in (
        ("unit", length_unit, sized),
        ("weight_unit", weight_unit, shape.max_weight is not None),
    ):
        if needed or getattr(shape, name) is not None:
            try:
                units[name] = reader(getattr(shape, name), prefix + name)
            except InputError as error:
                found += error.problems
    _, wrong = read_status(shape.status, prefix + "status")
    found += wrong
    location = None
    try:
        location = Location.of(
            shape.id,
            max_sides=amounts if None not in amounts else None,
            max_weight=shape.max_weight,
            status=None if wrong else shape.status,
            **units,
        )
    except InputError as error:
        found += [p._replace(field=f"{prefix}{p.field}") for p in error.problems]
    problems += _once(found)
    return None if found else location


def _open(record: object) -> Mapping[str, Any]:
    if isinstance(record, str | bytes):
        record = parse_json(record)
    if not isinstance(record, Mapping):
        raise InputError([Problem(NOT_JSON, f"expected a JSON object, found {_type_name(record)}")])
    return record


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
    lockership.errors.InputError: parcel: is needed
    """
    record = _open(record)
    problems: list[Problem] = []
    shape = _validated(_Shipment, record, problems)
    ship_to, home = _addresses(record, problems)
    parcels = _parcels(record, problems)
    location = record.get("location")
    place = _location(location, problems) if isinstance(location, dict) and location else None
    carrier = record.get("carrier")
    if isinstance(carrier, str) and len(carrier) <= MAX_TEXT:
        try:
            carrier_key(carrier)
        except InputError as error:
            problems += error.problems
    if problems or shape is None or ship_to is None:
        raise InputError(_in_order(problems))
    return Order(
        order_id=shape.order_id,
        ship_to=ship_to,
        carrier=shape.carrier,
        service=shape.service,
        parcels=parcels,
        several=record.get("parcels") is not None,
        home=home,
        signals=_signals(shape.signals),
        location=place,
    )


def read_address(record: Mapping[str, Any] | str | bytes, name: str = "address") -> Address:
    """Read one address, shaped as a ``ship_to``; problems name their fields under ``name``.

    Raises:
        InputError: What is wrong, all at once.
    """
    record = _open(record)
    problems: list[Problem] = []
    address = _address(dict(record), f"{name}.", problems)
    if address is None:
        raise InputError(problems)
    return address


def read_address_order(record: Mapping[str, Any] | str | bytes) -> Order:
    """Read an order for recognition only: parcel, carrier and location may be absent or anything."""
    record = _open(record)
    problems: list[Problem] = []
    shape = _validated(_Envelope, record, problems)
    ship_to, _ = _addresses({**record, "home": None}, problems)
    if problems or shape is None or ship_to is None:
        raise InputError(_in_order(problems))
    return Order(shape.order_id, ship_to, signals=_signals(shape.signals))


def _validated(
    model: type[Shape], record: Mapping[str, Any], problems: list[Problem], prefix: str = ""
) -> Shape | None:
    try:
        return model.model_validate(record)
    except ValidationError as error:
        problems += _problems(error, prefix)
        return None


def _as_far_as_read(
    model: type[Shape], record: Mapping[str, Any], prefix: str
) -> tuple[Shape, list[Problem]]:
    """Read what has the right type, so that the rest is still checked, and say what has not."""
    try:
        return model.model_validate(record), []
    except ValidationError as error:
        bad = {item["loc"][0] for item in error.errors(include_url=False)}
        good = {key: value for key, value in record.items() if key not in bad}
        return model.model_validate(good), _problems(error, prefix)


def _once(problems: list[Problem]) -> list[Problem]:
    """What could not be read is not missing as well."""
    told = {problem.field for problem in problems if problem.code != MISSING_FIELD}
    return [p for p in problems if p.code != MISSING_FIELD or p.field not in told]


def _addresses(record: Mapping[str, Any], problems: list[Problem]) -> tuple[Address | None, Address | None]:
    ship_to, home = record.get("ship_to"), record.get("home")
    read = _address(ship_to, "ship_to.", problems) if isinstance(ship_to, dict) else None
    if isinstance(home, dict) and home:
        return read, _address(home, "home.", problems)
    return read, None


def _parcels(record: Mapping[str, Any], problems: list[Problem]) -> tuple[Parcel | InputError, ...]:
    one, several = record.get("parcel"), record.get("parcels")
    if one is not None and several is not None:
        problems.append(Problem(WRONG_TYPE, "give parcel or parcels, not both", "parcels"))
    elif several == []:
        problems.append(Problem(MISSING_FIELD, "a list of parcels needs at least one", "parcels"))
    elif isinstance(several, list):
        return tuple(_one_of(item, number) for number, item in enumerate(several))
    elif isinstance(one, dict):
        parcel = _one_parcel(one, "parcel.", problems)
        return () if parcel is None else (parcel,)
    elif one is None and several is None:
        problems.append(Problem(MISSING_FIELD, "is needed", "parcel"))
    return ()


def _one_of(item: object, number: int) -> Parcel | InputError:
    prefix = f"parcels[{number}]."
    if not isinstance(item, dict):
        message = f"expected an object, found {_type_name(item)}"
        return InputError([Problem(WRONG_TYPE, message, prefix.rstrip("."))])
    problems: list[Problem] = []
    parcel = _one_parcel(item, prefix, problems)
    return InputError(problems) if parcel is None else parcel


def _signals(shape: _Signals | None) -> Signals | None:
    return None if shape is None else Signals(**dict(shape))


_PLACES = ("order_id", "carrier", "service", "ship_to", "home", "parcel", "parcels", "signals", "location")


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Tell problems in the order of the record's keys, each once."""

    def place(problem: Problem) -> int:
        head = (problem.field or "").split(".")[0].split("[")[0]
        return _PLACES.index(head) if head in _PLACES else len(_PLACES)

    return sorted(dict.fromkeys(problems), key=place)
