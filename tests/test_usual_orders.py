"""The quick look at usual orders beside the long way, on lawful orders and on every kind of mistake."""

from __future__ import annotations

import copy
import json
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockership.errors import InputError
from lockership.inbound import JsonNumber, parse_json, read_order
from lockership.inbound import orders as long_way
from lockership.inbound.usual import usual_order, usual_parcel
from lockership.testing import orders

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, "", "  ", "abc", "1e3", "08.20", "+3", "1,000", "NaN", [], {}, [1],
    "x" * 1_001, "x" * 1_000, "9" * 41, "9" * 25, "1e31", "1e-31", ".5", "5.", "٣", "in", "IN ", " Kg", "st",
    "lb", "fragile", ["fragile"], ["FRAGILE ", "hazmat"], ["bad"], ["fragile", "fragile"], "open", "FULL",
    {"a": 1}, "gone", "PICKUP_POINT",
    "100000", "100000.0000001", "ups", "™", "\ud800", 10**45, 2101, "USD", "eur",
)  # fmt: skip


def all_paths(record: dict[str, Any], before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Name every place of a record."""
    paths: list[tuple[str, ...]] = []
    for name, value in record.items():
        paths.append((*before, name))
        if isinstance(value, dict):
            paths += all_paths(value, (*before, name))
    return paths


@st.composite
def changed_orders(draw: st.DrawFn) -> dict[str, Any]:
    """Give order JSON of which up to three values are gone or odd."""
    order = copy.deepcopy(draw(orders()))
    for _ in range(draw(st.integers(0, 3))):
        *blocks, name = draw(st.sampled_from(all_paths(order)))
        where: Any = order
        for block in blocks:
            where = where[block]
        if draw(st.booleans()):
            where[name] = draw(st.sampled_from(ODD))
        else:
            del where[name]
    return order


def outcome(record: Any) -> object:
    """Give all that the door lets in, figures digit by digit, or all that it says is wrong."""
    try:
        return repr(attrs.asdict(read_order(record)))
    except InputError as error:
        return error.problems


@settings(max_examples=400)
@given(changed_orders(), st.booleans())
def test_the_quick_look_and_the_long_way_agree(order: dict[str, Any], parsed: bool) -> None:  # noqa: FBT001
    """With the quick look and without it, every order gives the same values or the same problems."""
    record = order if parsed else json.dumps(order)
    quick = outcome(record)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(long_way, "usual_order", lambda _: None)
        patched.setattr(long_way, "usual_parcel", lambda _: None)
        assert outcome(record) == quick


FULL: dict[str, Any] = {
    "order_id": "A-1001",
    "carrier": "ups",
    "service": "ground",
    "ship_to": {"name": "Ann Lee", "company": "UPS Access Point", "street1": "1 Elm St", "zip": "90026"},
    "home": {"street1": "2 Elm St"},
    "parcel": {
        "length": 14,
        "width": 10,
        "height": 6,
        "dimension_unit": "in",
        "weight": 8.2,
        "weight_unit": "lb",
    }
    | {"declared_value": 42, "currency": "USD", "traits": ["fragile"]},
    "parcels": None,
    "signals": {"amazon_is_access_point_order": True, "amazon_address_type": "PICKUP_POINT"}
    | {"amazon_fulfilled": False, "amazon_has_access_point": True},
    "location": {"id": "U1", "max_length": 16, "max_width": 14, "max_height": 12, "unit": "in"}
    | {"max_weight": 44, "weight_unit": "lb", "status": "open"},
}
"""An order of which every field is told, so that each can be odd by itself."""


@pytest.mark.parametrize("path", all_paths(FULL), ids=".".join)
def test_every_odd_value_of_every_field_is_read_alike(path: tuple[str, ...]) -> None:
    """Whatever stands in one field, out of JSON or out of Python, the quick look changes nothing."""
    *blocks, name = path
    for value in ODD:
        order = copy.deepcopy(FULL)
        where: Any = order
        for block in blocks:
            where = where[block]
        where[name] = value
        for record in (order, json.dumps(order)):
            quick = outcome(record)
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(long_way, "usual_order", lambda _: None)
                patched.setattr(long_way, "usual_parcel", lambda _: None)
                assert outcome(record) == quick, value


@given(orders())
def test_lawful_orders_are_usual(order: dict[str, Any]) -> None:
    """What ``lockership.testing`` gives out is read at one look, but for figures of very many digits."""
    written = [order["parcel"], order["location"] or {}]
    long = any(isinstance(value, str) and len(value) > 24 for block in written for value in block.values())
    assert (usual_order(parse_json(json.dumps(order))) is None) == (
        long or isinstance(order["order_id"], float)
    )


def test_numbers_may_not_stand_for_words() -> None:
    """A number is no unit and no currency, though both are texts inside."""
    parcel = {"length": "9", "width": "6", "height": "2", "dimension_unit": "in", "weight": "1"}
    parcel |= {"weight_unit": "lb"}
    assert usual_parcel(parcel) is not None
    for name in ("dimension_unit", "weight_unit", "currency"):
        assert usual_parcel(parcel | {name: JsonNumber("7")}) is None


def test_a_flood_of_digits_is_not_kept() -> None:
    """Long numbers are read the long way, where nothing is kept in mind of them."""
    parcel = {"length": "9." + "0" * 24, "width": "6", "height": "2", "dimension_unit": "mm", "weight": "1"}
    assert usual_parcel(parcel | {"weight_unit": "lb"}) is None


@pytest.mark.parametrize(
    "text", ['{"a": 1} \r\n', '{"a": 1}\t', ' {"a": 1}', '\ufeff{"a": 1}', '{"a": 1}' + " " * 5_000]
)
def test_blanks_around_an_object_do_not_matter(text: str) -> None:
    """Line ends, blanks and a byte-order mark are passed over, by the quick parser as by the other."""
    assert parse_json(text) == {"a": JsonNumber("1")}


@pytest.mark.parametrize("text", ['{"a": 1} x', '{"a": ', '{"a": 1}}', "{", '{"a": nope}'])
def test_what_is_no_json_is_told_alike(text: str) -> None:
    """The quick parser never hides what the other would say, nor where."""
    with pytest.raises(InputError) as quick:
        parse_json(text)
    with pytest.raises(InputError) as slow:
        parse_json(text.replace("{", "{" + " " * 5_000, 1))
    told = [str(error.value).rpartition(" ") for error in (quick, slow)]
    assert told[0][0] == told[1][0]
    assert int(told[1][2]) - int(told[0][2]) == 5_000
