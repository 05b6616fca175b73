"""Orders decided both ways: alone, each through the door, and as the rows of a table.

The first way is the truth.  What it gives is the decision JSON of ``lockership route``; the rows of the
second way are turned back into that JSON, so that every field is compared.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lockership import InputError, route_parcel
from lockership.columnar import route_table
from lockership.columns import column, record
from lockership.inbound import JsonNumber, read_order
from lockership.testing.places import FORMS, NAMES, STREETS, TOWNS
from lockership.words import CHANNELS, Kind

from ..some_orders import CARRIERS, Orders  # noqa: TID252 - tests are no package that could be named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from random import Random

    from lockership import Policy

__all__ = [
    "CHINESE",
    "ENGLISH",
    "SCHEMA",
    "Json",
    "alone",
    "as_cells",
    "by_table",
    "flat",
    "nested",
    "of_cells",
    "order_book",
]

Json = dict[str, Any]


def _texts(names: str) -> list[tuple[str, Any]]:
    return [(name, pa.string()) for name in names.split()]


_ADDRESS = pa.struct(_texts("name company street1 street2 street3 city state zip country phone email"))
_PARCEL = pa.struct(
    [
        *_texts("length width height dimension_unit weight weight_unit declared_value currency"),
        ("traits", pa.list_(pa.string())),
    ]
)
_SIGNALS = pa.struct(
    [
        ("amazon_is_access_point_order", pa.bool_()),
        ("amazon_address_type", pa.string()),
        ("amazon_fulfilled", pa.bool_()),
        ("amazon_has_access_point", pa.bool_()),
    ]
)
SCHEMA = pa.schema(
    [
        *_texts("order_id carrier service"),
        ("ship_to", _ADDRESS),
        ("home", _ADDRESS),
        ("parcel", _PARCEL),
        ("parcels", pa.list_(_PARCEL)),
        ("signals", _SIGNALS),
        (
            "location",
            pa.struct(_texts("id max_length max_width max_height unit max_weight weight_unit status")),
        ),
    ]
)
"""An order JSON as a table's schema, with numbers as text."""


# --- alone -----------------------------------------------------------------------------------------


def _constant(name: str) -> JsonNumber:
    """Spell what is no number as Python does: it comes from a column of floats."""
    return JsonNumber({"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}[name])


def alone(
    records: Iterable[Mapping[str, Any]], *, policy: Policy | None = None, on: date | None = None
) -> list[Json]:
    """Send every record through the door as JSON, and each of its parcels through ``route_parcel()``."""
    told: list[Json] = []
    for given in records:
        read = json.loads(
            json.dumps(given), parse_float=JsonNumber, parse_int=JsonNumber, parse_constant=_constant
        )
        told += _one(read, policy, on)
    return told


def _one(given: Json, policy: Policy | None, on: date | None) -> Iterator[Json]:
    try:
        order = read_order(given)
    except InputError as error:
        yield {"order_id": _echo(given.get("order_id"))} | _error(error)
        return
    order_id = _echo(order.order_id)
    for place, parcel in enumerate(order.parcels, 1):
        number = {"parcel": place} if order.several else {}
        if isinstance(parcel, InputError):
            yield {"order_id": order_id} | number | _error(parcel)
            continue
        yield route_parcel(
            order.ship_to,
            order.carrier,
            parcel,
            home=order.home,
            service=order.service,
            signals=order.signals,
            location=order.location,
            policy=policy,
            on=on,
        ).to_dict(order_id, number.get("parcel"))


def _error(error: InputError) -> Json:
    return {
        "error": {
            "code": error.code,
            "message": error.message,
            "field": error.field,
            "problems": [problem._asdict() for problem in error.problems],
        }
    }


def _echo(order_id: object) -> object:
    """Give an order id as a column of text holds it; what is none has nothing to show."""
    if isinstance(order_id, JsonNumber):
        return order_id.text if order_id.finite else None
    return order_id if isinstance(order_id, str) else None


# --- as rows of a table ----------------------------------------------------------------------------


def by_table(table: Any, *, policy: Policy | None = None, on: date | None = None) -> list[Json]:
    """Decide for a table, and turn its rows into decision JSON again."""
    return [_as_json(row) for row in route_table(table, policy=policy, on=on).to_pylist()]


def _as_json(row: Json) -> Json:
    order_id = row.pop("order_id")
    told: Json = {"order_id": str(order_id) if isinstance(order_id, int) else order_id}
    if (parcel := row.pop("parcel")) is not None:
        told["parcel"] = parcel
    error, hold, explanation = (
        {name.removeprefix(block): row.pop(name) for name in list(row) if name.startswith(block)}
        for block in ("error_", "hold_", "explanation_")
    )
    if error["code"] is not None:
        assert set(row.values()) | set(hold.values()) | set(explanation.values()) == {None}
        return told | {"error": error}
    assert set(error.values()) == {None}
    row["refusals"] = [_without(refusal, "trait") for refusal in row["refusals"]]
    row["remedies"] = [_without(remedy, "carrier", "channel") for remedy in row["remedies"]]
    return told | row | {"hold": hold if hold["days"] is not None else None, "explanation": explanation}


def _without(block: Json, *names: str) -> Json:
    """Take away the keys that stand only where they say something."""
    return {name: value for name, value in block.items() if value is not None or name not in names}


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_text(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return value if value is None or isinstance(value, bool | str) else str(value)


def nested(records: Iterable[Mapping[str, Any]]) -> Any:
    """Lay order JSON out as a table of structs, with every number as text."""
    return pa.Table.from_pylist([_as_text(one) for one in records], SCHEMA)


# --- flat, as in a spreadsheet ---------------------------------------------------------------------

ENGLISH = {
    "order_id": "Order No.",
    "carrier": "Carrier Name",
    "service": "Shipping Method",
    "ship_to.name": "Recipient",
    "ship_to.company": "Company",
    "ship_to.street1": "Address Line 1",
    "ship_to.street2": "Address Line 2",
    "ship_to.street3": "Address Line 3",
    "ship_to.city": "City",
    "ship_to.state": "State/Province",
    "ship_to.zip": "Postal Code",
    "ship_to.country": "Country",
    "ship_to.phone": "Phone Number",
    "ship_to.email": "E-mail",
    "home.name": "Home Name",
    "home.street1": "Home Address 1",
    "home.street2": "Home Address 2",
    "home.company": "home.company",
    "home.city": "Home City",
    "home.state": "Home State",
    "home.zip": "Home Zip",
    "home.country": "home country",
    "parcel.length": "Length",
    "parcel.width": "Width",
    "parcel.height": "Height",
    "parcel.dimension_unit": "Dimension Unit",
    "parcel.weight": "Gross Weight",
    "parcel.weight_unit": "Weight Unit",
    "parcel.declared_value": "Declared Value",
    "parcel.currency": "Currency Code",
    "parcel.traits": "Contents",
    "signals.amazon_is_access_point_order": "Is Access Point Order",
    "signals.amazon_address_type": "Address Type",
    "signals.amazon_fulfilled": "Fulfillment Channel",
    "signals.amazon_has_access_point": "has access point",
    "location.id": "Access Point ID",
    "location.max_length": "Max Length",
    "location.max_width": "Max Width",
    "location.max_height": "Max Height",
    "location.unit": "Location Unit",
    "location.max_weight": "Max Weight",
    "location.weight_unit": "Location Weight Unit",
    "location.status": "Location Status",
}
"""Paths of the order JSON, and a name by which a spreadsheet may call each."""

CHINESE = {
    "order_id": "订单号",
    "carrier": "承运商",
    "service": "物流渠道",
    "ship_to.name": "收件人",
    "ship_to.company": "公司",
    "ship_to.street1": "地址1",
    "ship_to.street2": "地址2",
    "ship_to.street3": "地址3",
    "ship_to.city": "城市",
    "ship_to.state": "省/州",
    "ship_to.zip": "邮编",
    "ship_to.country": "国家",
    "ship_to.phone": "电话",
    "ship_to.email": "邮箱",
    "home.street1": "家庭地址1",
    "home.company": "家庭公司",
    "home.city": "家庭城市",
    "home.zip": "家庭邮编",
    "parcel.length": "长(cm)",
    "parcel.width": "宽（CM）",
    "parcel.height": "高 (厘米)",
    "parcel.weight": "重量(kg)",
    "parcel.declared_value": "申报价值",
    "parcel.currency": "币种",
    "parcel.traits": "货物属性",
    "signals.amazon_is_access_point_order": "亚马逊自提订单",
    "signals.amazon_fulfilled": "配送方式",
    "location.id": "自提点编号",
    "location.status": "自提点状态",
}
"""The same in Chinese, with the units in the columns' names."""


def as_cells(records: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[list[str]]:
    """Write order JSON as the rows of a spreadsheet with these columns; what it has no column for goes."""
    return [[_cell(one, path) for path in names] for one in records]


def _cell(order: Mapping[str, Any], path: str) -> str:
    block, dot, name = path.partition(".")
    value = (order.get(block) or {}).get(name) if dot else order.get(block)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else ";".join(filter(None, value)) if isinstance(value, list) else str(value)


def flat(rows: Sequence[Sequence[str]], names: Iterable[str]) -> Any:
    """Lay the rows of a spreadsheet out as a table of text, with a null for each blank cell."""
    columns = zip(*rows, strict=True) if rows else [() for _ in names]
    return pa.table(
        [pa.array([cell or None for cell in cells], pa.string()) for cells in columns], names=list(names)
    )


def of_cells(rows: Iterable[Sequence[str]], names: Iterable[str]) -> list[Json]:
    """Read the rows of a spreadsheet as ``lockership route`` reads those of a CSV file."""
    columns = [column(name) for name in names]
    return [record(columns, list(row)) for row in rows]


# --- many orders -----------------------------------------------------------------------------------


def order_book(seed: int, size: int) -> list[Json]:
    """Give orders for every kind of place, half of which seek the limits; one in ten of these is spoiled."""
    source = Orders(seed)
    random = source.random
    return [
        _everyday(random, number) if random.random() < 0.5 else _finished(random, number, source.next()[0])
        for number in range(size)
    ]


def _everyday(random: Random, number: int) -> Json:
    """Give an order as most are: for a street, or a point that is written as its network writes it."""
    kind = Kind.STREET if random.random() < 0.9 else random.choice(CHANNELS)
    street, house = random.choice(STREETS), f"{random.randrange(1, 9_999)}"
    lines = {name: text.format(street=street, n=house) for name, text in random.choice(FORMS[kind]).items()}
    city, state, code = random.choice(TOWNS)
    network = kind.partition(".")[0] if kind in CHANNELS else random.choice(CARRIERS)
    return {
        "order_id": f"A-{number}",
        "carrier": network,
        "ship_to": {"name": random.choice(NAMES), "city": city, "state": state, "zip": code} | lines,
        "parcel": dict(random.choice(_PRODUCTS)),
    }


_PRODUCTS = tuple(
    dict(
        zip(
            ("length", "width", "height", "weight", "dimension_unit", "weight_unit"),
            measures.split(),
            strict=True,
        )
    )
    for measures in ("12 9 2 0.8 in lb", "35 25 15 3.7 cm kg", "30 4 4 16 in oz", "24 18 12 31 in lb")
)


def _finished(random: Random, number: int, order: Json) -> Json:
    order = {"order_id": f"A-{number}"} | {
        # A struct of a table is there or is not: it cannot be empty.
        name: value
        for name, value in order.items()
        if value is not None and (value != {} or name == "parcel")
    }
    if random.random() < 0.8:
        order.pop("home", None)
        order.pop("location", None)
    if random.random() < 0.5:
        order["ship_to"]["zip"] = random.choice(("2101", "09012", "962011234", "90026-1234", "34002", " "))
    if random.random() < 0.1:
        random.choice(_SPOILS)(random, order)
    return order


_FIELDS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("order_id", (None, "", " ", "x" * 1_001)),
    ("carrier", (None, "", " ® ", "y" * 1_001)),
    ("service", ("z" * 1_001,)),
    ("ship_to", (None, {}, {"name": "Ana Lopez", "zip": "03060"}, {"street1": " \t", "company": "\u3000"})),
    ("home", ({"name": "Ana Lopez"}, {"street1": "a" * 1_001})),
    ("parcel", (None, {})),
    ("parcels", ([],)),
    ("location", ({"id": "i" * 1_001}, {"unit": "yard"}, {"max_length": "5", "unit": "in"})),
)
_PARTS: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("ship_to", "street1", ("é" * 1_001, "Locker\x00", "1 Elm St\n PO Box 12", "", None, "亚马逊自提柜")),
    ("ship_to", "zip", ("1" * 1_001, "09012", None)),
    ("ship_to", "country", ("c" * 1_001, "Deutschland", "U.S.A.", "PR")),
    ("parcel", "length", (None, "", " ", "0", "-3", "nan", "1e5", "100000.0001", "9" * 41, "1,200", "１２")),
    ("parcel", "height", ("1e-31", "1e-30", "0.00000001", "+5.", "14 in", "true")),
    ("parcel", "weight", (None, "inf", "heavy", "1000000.1", "1e30", "2公斤", "-0", " 8.2 ")),
    ("parcel", "dimension_unit", (None, "", "lb", "yard", " IN ", "u" * 1_001)),
    ("parcel", "weight_unit", (None, " ", "stone", "KG")),
    ("parcel", "declared_value", ("-1", "$42", " ", "4999.999", "nan")),
    ("parcel", "currency", ("", "EURO", "c" * 1_001)),
    ("parcel", "traits", (["frail"], [" FRAGILE ", "fragile"], [None], [])),
    ("signals", "amazon_address_type", ("pickup_point ", "t" * 1_001)),
    ("location", "status", ("gone", "FULL", " ")),
    ("location", "max_weight", ("0", "", "5")),
)


def _whole_field(random: Random, order: Json) -> None:
    name, values = random.choice(_FIELDS)
    order[name] = random.choice(values)


def _part_of_a_block(random: Random, order: Json) -> None:
    block, name, values = random.choice(_PARTS)
    order[block] = {**(order.get(block) or {}), name: random.choice(values)}


def _several_parcels(random: Random, order: Json) -> None:
    one = order["parcel"] if random.random() < 0.1 else order.pop("parcel")
    bad = one | {"weight": random.choice(("0", "heavy", None)), "traits": ["frail"]}
    order["parcels"] = random.choices((one, bad, one | {"length": "3"}), k=random.randint(1, 3))


_SPOILS = (_whole_field, _part_of_a_block, _part_of_a_block, _several_parcels)
