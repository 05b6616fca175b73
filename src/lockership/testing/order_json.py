"""Order JSON as a Hypothesis strategy: lawful records, in every unit."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal, localcontext
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from lockership.address import FIELDS, Address, Signals
from lockership.testing.strategies import addresses, carriers, locations, parcels, services, signals
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS
from lockership.words import Kind

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from lockership.location import Location
    from lockership.parcel import Parcel

__all__ = ["orders"]


def _written(units: int, per: int) -> str:
    """Write a measure in a unit so that it is read back as just the same."""
    with localcontext(prec=60):
        text = format((Decimal(units) / per).quantize(Decimal("1e-12"), ROUND_FLOOR), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _parcel_json(parcel: Parcel, unit: str, weight_unit: str, *, as_numbers: bool) -> dict[str, Any]:
    def number(units: int, per: int) -> str | int:
        text = _written(units, per)
        return int(text) if as_numbers and "." not in text else text

    record: dict[str, Any] = {
        side: number(getattr(parcel, side).um, LENGTH_UNITS[unit]) for side in ("length", "width", "height")
    }
    record |= {
        "dimension_unit": unit,
        "weight": number(parcel.weight.ng, WEIGHT_UNITS[weight_unit]),
        "weight_unit": weight_unit,
        "traits": [trait.value for trait in parcel.traits],
    }
    if (value := parcel.declared_value) is not None:
        record |= {"declared_value": str(value.amount), "currency": value.currency}
    return record


def _location_json(location: Location) -> dict[str, Any]:
    record: dict[str, Any] = {"id": location.id or None}
    if location.max_sides is not None:
        names = ("max_length", "max_width", "max_height")
        for name, side in zip(names, location.max_sides, strict=True):
            record[name] = _written(side.um, LENGTH_UNITS[location.unit])
        record["unit"] = location.unit
    if location.max_weight is not None:
        record["max_weight"] = _written(location.max_weight.ng, WEIGHT_UNITS[location.weight_unit])
        record["weight_unit"] = location.weight_unit
    record["status"] = None if location.status is None else location.status.value
    return record


def _address_json(address: Address) -> dict[str, str | None]:
    return {name: getattr(address, name) or None for name in FIELDS}


def _signals_json(signals: Signals) -> dict[str, bool | str | None]:
    return {
        "amazon_is_access_point_order": signals.amazon_is_access_point_order,
        "amazon_address_type": signals.amazon_address_type,
        "amazon_fulfilled": signals.amazon_fulfilled,
        "amazon_has_access_point": signals.amazon_has_access_point,
    }


def orders(kind: str | None = None) -> SearchStrategy[dict[str, Any]]:
    """Order JSON as the command reads it, every record lawful; ``kind`` fixes what its ship-to is.

    Shrinks to a small parcel by usps to a plain street.

    Raises:
        ValueError: There is no such kind.
    """
    return _one_order(None if kind is None else Kind(kind))


@st.composite
def _one_order(draw: DrawFn, kind: Kind | None) -> dict[str, Any]:
    return draw(_orders(kind))


@cache
def _orders(kind: Kind | None) -> SearchStrategy[dict[str, Any]]:
    parcel = st.builds(
        _parcel_json,
        parcels(),
        st.sampled_from(tuple(LENGTH_UNITS)),
        st.sampled_from(tuple(WEIGHT_UNITS)),
        as_numbers=st.booleans(),
    )
    return st.fixed_dictionaries(
        {
            "order_id": st.sampled_from(("A-1001", 1001)),
            "carrier": carriers(),
            "service": services(),
            "ship_to": addresses(kind).map(_address_json),
            "home": st.none() | addresses().map(_address_json),
            "parcel": parcel,
            "signals": st.none() | signals().map(_signals_json),
            "location": st.none() | locations().map(_location_json),
        }
    )
