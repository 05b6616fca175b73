"""The shapes of the order JSON, for pydantic: what each block may hold, in our codes and words.

A shape says which type a field has.  What a number or a unit means is read further in, where Python
callers come through as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, LiteralString, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError

from lockership.errors import MAX_TEXT, MISSING_FIELD, TOO_LONG, WRONG_TYPE, Problem, type_name
from lockership.inbound.exact_json import JsonNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "AddressOrder",
    "OrderId",
    "ParcelShape",
    "PlaceShape",
    "Shipment",
    "SignalsShape",
    "as_far_as_read",
    "shape_problems",
]

OrderId: TypeAlias = str | int | JsonNumber
"""An order's own id, echoed as it came."""

Shape = TypeVar("Shape", bound=BaseModel)


def _wrong(code: LiteralString, message: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{message}", {"message": message})


def _typed(wanted: type, words: str, *, needed: str | None = None) -> Callable[[object], object]:
    """Make a check: of this type, or None where nothing is needed."""

    def check(value: object) -> object:
        if isinstance(value, wanted) or (value is None and needed is None):
            return value
        if value is None:
            raise _wrong(MISSING_FIELD, f"{needed} is needed")
        raise _wrong(WRONG_TYPE, f"expected {words}, found {type_name(value)}")

    return check


def _short(value: object) -> object:
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise _wrong(TOO_LONG, f"{len(value):,} characters, at most {MAX_TEXT:,} are accepted")
    return value


def _text(value: object) -> object:
    """Take text as it is; pydantic's own text would refuse half a surrogate pair, which JSON may hold."""
    if value is not None and not isinstance(value, str):
        raise _wrong(WRONG_TYPE, f"expected text, found {type_name(value)}")
    return _short(value)


def _carrier(value: object) -> object:
    if value is None:
        raise _wrong(MISSING_FIELD, "a carrier's name is needed, as usps, ups, fedex or amazon")
    return _text(value)


def _order_id(value: object) -> object:
    if value is None:
        raise _wrong(MISSING_FIELD, "an order id is needed, text or a number")
    if isinstance(value, JsonNumber) and value.finite:
        _short(value.text)
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        found = "a number that is none" if isinstance(value, JsonNumber) else type_name(value)
        raise _wrong(WRONG_TYPE, f"expected text or a number, found {found}")
    return _short(value)


def _number(value: object) -> object:
    """Take a JSON number by its text; what it says is read with its unit."""
    return value.text if isinstance(value, JsonNumber) else value


_an_object = _typed(dict, "an object")
_an_address = _typed(dict, "an object", needed="an address, as an object,")
_NEEDED: Any = Field(default=None, validate_default=True)  # so that the check says what is needed

Text = Annotated[str | None, PlainValidator(_text)]
Flag = Annotated[bool | None, PlainValidator(_typed(bool, "true or false"))]
Number = Annotated[Any, PlainValidator(_number)]
Object = Annotated[dict[str, Any] | None, PlainValidator(_an_object)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ParcelShape(_Shape):
    """One parcel."""

    length: Number = None
    width: Number = None
    height: Number = None
    dimension_unit: Text = None
    weight: Number = None
    weight_unit: Text = None
    declared_value: Number = None
    currency: Text = None
    traits: Any = None


class SignalsShape(_Shape):
    """What the sales channel says."""

    amazon_is_access_point_order: Flag = None
    amazon_address_type: Text = None
    amazon_fulfilled: Flag = None
    amazon_has_access_point: Flag = None


class PlaceShape(_Shape):
    """What is known of the one pick-up point."""

    id: Text = None
    max_length: Number = None
    max_width: Number = None
    max_height: Number = None
    unit: Text = None
    max_weight: Number = None
    weight_unit: Text = None
    status: Any = None


class AddressOrder(_Shape):
    """What recognition alone needs of an order."""

    order_id: Annotated[Any, PlainValidator(_order_id)] = _NEEDED
    ship_to: Annotated[Any, PlainValidator(_an_address)] = _NEEDED
    signals: Annotated[SignalsShape | None, BeforeValidator(_an_object)] = None


class Shipment(AddressOrder):
    """A whole order; its blocks are read one by one, so that all that is wrong is told."""

    carrier: Annotated[Any, PlainValidator(_carrier)] = _NEEDED
    service: Text = None
    home: Object = None
    parcel: Object = None
    parcels: Annotated[list[Any] | None, PlainValidator(_typed(list, "a list"))] = None
    location: Object = None


def shape_problems(model: type[Shape], record: Mapping[str, Any]) -> list[Problem]:
    """Say which fields of a record have not the type that its shape wants."""
    try:
        model.model_validate(record)
    except ValidationError as error:
        return _problems(error, "")
    return []


def as_far_as_read(model: type[Shape], record: Mapping[str, Any], prefix: str) -> tuple[Shape, list[Problem]]:
    """Read what has the right type, so that the rest is still checked, and say what has not."""
    try:
        return model.model_validate(record), []
    except ValidationError as error:
        bad = {item["loc"][0] for item in error.errors(include_url=False)}
        good = {key: value for key, value in record.items() if key not in bad}
        return model.model_validate(good), _problems(error, prefix)


def _problems(error: ValidationError, prefix: str) -> list[Problem]:
    return [
        Problem(item["type"], item["msg"], prefix + ".".join(str(part) for part in item["loc"]))
        for item in error.errors(include_url=False, include_input=False)
    ]
