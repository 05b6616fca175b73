"""How a row of a table becomes the record that the door reads."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import InputError
from lockership.columnar.rows import Layout, as_cell, exact
from lockership.inbound import JsonNumber


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("A-1", "A-1"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (2101.0, "2101"),
        (8.2, "8.2"),
        (1e22, "1e+22"),
        (float("nan"), ""),
        (float("inf"), "inf"),
        (Decimal("8.20"), "8.20"),
        (["fragile", None, "hazmat"], "fragile;;hazmat"),
        ([], ""),
        (b"ups", "ups"),
        (b"\xff", "b'\\xff'"),
        (date(2026, 11, 24), "2026-11-24"),
    ],
)
def test_a_value_is_shown_as_a_spreadsheet_shows_it(value: object, cell: str) -> None:
    """Numbers by their digits, truth as words, lists by semicolons, gaps as blanks."""
    assert as_cell(value) == cell


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_read_by_its_shortest_digits(number: float) -> None:
    """The digits of a binary float name it and no other one, and are never those of its binary fraction."""
    read = exact(number)
    assert isinstance(read, JsonNumber)
    assert float(read.text) == number
    assert len(read.text) <= len(str(Decimal(number)).rstrip("0")) + 6


def test_numbers_within_structs_and_lists_are_read_by_their_digits() -> None:
    """However deep a float or decimal stands, it is read by its digits; all else stays as it is."""
    given_values: dict[str, Any] = {"a": [1.5, {"b": Decimal("2.50")}, None], "c": True, "d": "1.5", "e": 7}
    read = exact(given_values)
    assert read == {
        "a": [JsonNumber("1.5"), {"b": JsonNumber("2.50")}, None],
        "c": True,
        "d": "1.5",
        "e": 7,
    }


def test_a_table_with_a_ship_to_has_the_shape_of_the_order_json() -> None:
    """The block tells structs from a flat table, whatever else is there."""
    assert Layout(["ship_to", "anything"]).nested
    assert not Layout(["street1", "anything"]).nested
    assert Layout(["parcel", "anything"], "parcel").nested


def test_columns_of_one_meaning_are_found_together() -> None:
    """The places of a flat table's columns are given by what they hold; unknown ones are left out."""
    layout = Layout(["订单号", "blue", "Weight (kg)", "order id", "重量"])
    assert layout.paths() == {"order_id": [0, 3], "parcel.weight": [2, 4]}
    assert layout.columns[1] is None


def test_a_flat_row_becomes_blocks() -> None:
    """Cells go to their blocks, the unit of a name to the row, a whole order id stays one."""
    layout = Layout(["订单号", "blue", "Weight (kg)", "zip", "Traits"])
    row = {"订单号": 12, "blue": b"x", "Weight (kg)": 2.0, "zip": 2101.0, "Traits": ["易碎", "hazmat"]}
    assert layout.record(row) == {
        "order_id": 12,
        "parcel": {"weight": "2", "weight_unit": "kg", "traits": ["fragile", "hazmat"]},
        "ship_to": {"zip": "02101"},
    }


def test_a_table_of_something_else_is_refused() -> None:
    """A flat table without any column that is known is refused."""
    with pytest.raises(InputError, match="no column of this table is known"):
        Layout(["blue", "green"])
