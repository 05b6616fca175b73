"""Column names and cells of spreadsheets, as people and warehouse systems write them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Trait
from lockership.columns import ALIASES, CARRIER_WORDS, TRAIT_WORDS, UNIT_WORDS, column, record
from lockership.inbound import read_order
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS


def order_of(**cells: str) -> dict[str, Any]:
    """Read one row under these column names."""
    return record([column(name) for name in cells], list(cells.values()))


@pytest.mark.parametrize(
    ("name", "path", "unit"),
    [
        ("order_id", "order_id", None),
        ("Order ID", "order_id", None),
        ("订单号", "order_id", None),
        ("*订单号", "order_id", None),
        ("\ufeff订单号", "order_id", None),
        ("ship_to.street1", "ship_to.street1", None),
        ("Address Line 1", "ship_to.street1", None),
        ("收件人地址1", "ship_to.street1", None),
        ("Postal-Code", "ship_to.zip", None),
        ("邮编", "ship_to.zip", None),
        ("州/省", "ship_to.state", None),
        ("home.street1", "home.street1", None),
        ("Home Address 1", "home.street1", None),
        ("家庭地址", "home.street1", None),
        ("承运商", "carrier", None),
        ("长(厘米)", "parcel.length", "cm"),
        ("长（CM）", "parcel.length", "cm"),
        ("Weight (lbs)", "parcel.weight", "lb"),
        ("weight[kg]", "parcel.weight", "kg"),
        ("重量(公斤)", "parcel.weight", "kg"),
        ("Weight (net)", None, None),
        ("自提点编号", "location.id", None),
        ("Max Weight (kg)", "location.max_weight", "kg"),
        ("location.max_length", "location.max_length", None),
        ("ID", None, None),
        ("Status", None, None),
        ("Unit", None, None),
        ("备注", None, None),
        ("favourite colour", None, None),
        ("", None, None),
    ],
)
def test_a_columns_name_says_where_it_goes(name: str, path: str | None, unit: str | None) -> None:
    """Names are compared without case, blanks and marks; a unit in brackets is the column's unit."""
    found = column(name)
    assert (None if found is None else (found.path, found.unit)) == (None if path is None else (path, unit))


def test_every_path_of_the_order_has_its_own_name() -> None:
    """Each field can be named by its own path, so no spreadsheet is without a word for it."""
    paths = set(ALIASES.values())
    assert {path for path in paths if (found := column(path)) is None or found.path != path} == set()


def test_every_alias_leads_somewhere_that_the_door_reads() -> None:
    """A row with one cell for each path is a lawful order: no alias leads to a field that nobody reads."""
    cells = dict.fromkeys(ALIASES.values(), "1") | {
        "parcel.dimension_unit": "in",
        "parcel.weight_unit": "lb",
        "location.unit": "in",
        "location.weight_unit": "lb",
        "location.status": "open",
        "parcel.traits": "fragile",
        "parcel.currency": "USD",
    }
    order = read_order(order_of(**cells))
    assert order.location is not None
    assert order.home is not None
    assert order.signals is not None
    assert (order.ship_to.email, order.home.phone, order.service) == ("1", "1", "1")


@given(st.sampled_from(sorted(ALIASES)), st.sampled_from(["", " ", "_", "-", "."]))
def test_case_and_marks_do_not_matter(alias: str, mark: str) -> None:
    """Upper case and marks between letters leave the column where it is."""
    found = column(mark.join(alias).upper())
    assert found is not None
    assert found.path == ALIASES[alias]


def test_blank_cells_are_absent() -> None:
    """A blank cell gives no key at all, so its block is not there either."""
    assert order_of(order_id="A-1", home_street="  ", service="") == {"order_id": "A-1"}


def test_the_first_of_two_columns_that_is_filled_is_taken() -> None:
    """Two columns for one field never mix; a blank one does not hide the other."""
    columns = [column("地址"), column("详细地址")]
    assert record(columns, ["1 Elm St", "2 Oak Ave"]) == {"ship_to": {"street1": "1 Elm St"}}
    assert record(columns, ["", "2 Oak Ave"]) == {"ship_to": {"street1": "2 Oak Ave"}}


def test_cells_without_a_known_column_are_passed_over() -> None:
    """Unknown columns and cells beyond the last column give nothing."""
    assert record([column("订单号"), None], ["A-1", "x", "y"]) == {"order_id": "A-1"}


def test_the_unit_of_a_columns_name_is_the_rows_unit() -> None:
    """``重量(kg)`` needs no column for the unit."""
    found = order_of(**{"长(cm)": "30", "宽(cm)": "20", "高(cm)": "10", "重量(kg)": "2"})
    assert found["parcel"] == {
        "length": "30",
        "width": "20",
        "height": "10",
        "weight": "2",
        "dimension_unit": "cm",
        "weight_unit": "kg",
    }


@pytest.mark.parametrize("names", [("weight (lbs)", "weight unit"), ("weight unit", "weight (lbs)")])
def test_two_units_for_one_measure_are_never_a_guess(names: tuple[str, str]) -> None:
    """A unit in the name and another one in the row become a unit that nobody accepts."""
    cells = {"weight (lbs)": "2", "weight unit": "kg"}
    found = record([column(name) for name in names], [cells[name] for name in names])
    assert found["parcel"]["weight_unit"] == "kg and lb"
    agreeing = record([column(name) for name in names], ["lbs" if "unit" in name else "2" for name in names])
    assert agreeing["parcel"] == {"weight": "2", "weight_unit": "lb"}


def test_sides_in_different_units_are_never_a_guess() -> None:
    """One side in inches and another in centimetres is told as an error."""
    found = order_of(**{"length (in)": "5", "width (cm)": "5", "height (in)": "5"})
    assert found["parcel"]["dimension_unit"] == "in and cm"


@pytest.mark.parametrize(("cell", "zip_code"), [("2101", "02101"), ("21010001", "021010001")])
def test_a_zip_code_gets_its_leading_zeros_back(cell: str, zip_code: str) -> None:
    """Excel takes leading zeros: a US ZIP code of digits gets them back, another country's stays."""
    assert order_of(zip=cell)["ship_to"]["zip"] == zip_code
    assert order_of(zip=cell, country="United States")["ship_to"]["zip"] == zip_code
    assert order_of(home_zip=cell)["home"]["zip"] == zip_code
    assert order_of(zip=cell, country="IS")["ship_to"]["zip"] == cell


@pytest.mark.parametrize("cell", ["SW1A 1AA", "90026-1234", "１２３４", "9002O"])
def test_a_zip_code_that_is_no_number_stays(cell: str) -> None:
    """Only ASCII digits are filled up."""
    assert order_of(zip=cell)["ship_to"]["zip"] == cell


@pytest.mark.parametrize("cell", ['="00123"', ' ="00123" ', "00123", "00123\t"])
def test_what_exports_put_around_a_number_is_taken_off(cell: str) -> None:
    """``="00123"`` is how exports keep Excel from eating zeros."""
    assert order_of(order_id=cell) == {"order_id": "00123"}


def test_a_formula_is_no_wrapped_number() -> None:
    """Only the wrapping is taken off; any other text stays as it is."""
    assert order_of(order_id='="') == {"order_id": '="'}
    assert order_of(order_id="=A1") == {"order_id": "=A1"}


@pytest.mark.parametrize(
    ("cell", "traits"),
    [
        ("fragile", ["fragile"]),
        ("易碎品；带电", ["fragile", "lithium_battery"]),
        ("易碎、冷链", ["fragile", "cold_chain"]),
        ("Dangerous Goods | 21+", ["hazmat", "adult_signature"]),
        ("普货", []),
        ("None", []),
        ("易碎, 玻璃心", ["fragile", "玻璃心"]),
    ],
)
def test_traits_stand_in_one_cell(cell: str, traits: list[str]) -> None:
    """Traits are parted by any of the usual marks; words that nobody knows go on to be refused."""
    assert order_of(traits=cell)["parcel"]["traits"] == traits


def test_every_trait_and_unit_has_words() -> None:
    """Each trait and unit is understood by its own name and in Chinese."""
    assert set(TRAIT_WORDS.values()) == set(Trait)
    assert set(UNIT_WORDS.values()) == {*LENGTH_UNITS, *WEIGHT_UNITS}
    for words, values in ((TRAIT_WORDS, set(Trait)), (UNIT_WORDS, {*LENGTH_UNITS, *WEIGHT_UNITS})):
        assert {value for word, value in words.items() if not word.isascii()} == values


@pytest.mark.parametrize(("cell", "carrier"), [*CARRIER_WORDS.items(), ("UPS", "UPS"), ("顺丰", "顺丰")])
def test_carriers_are_named_in_chinese_too(cell: str, carrier: str) -> None:
    """Chinese names of the four carriers are known; any other name goes on as it is."""
    assert order_of(carrier=cell) == {"carrier": carrier}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("TRUE", True),
        ("yes", True),
        ("是", True),
        ("1", True),
        ("AFN", True),
        ("false", False),
        ("No", False),
        ("否", False),
        ("0", False),
        ("MFN", False),
        ("maybe", "maybe"),
    ],
)
def test_flags_are_read_in_words(cell: str, value: object) -> None:
    """Yes and no in the words of spreadsheets; anything else goes on to be refused."""
    assert order_of(amazon_fulfilled=cell) == {"signals": {"amazon_fulfilled": value}}


def test_an_address_type_is_text() -> None:
    """``amazon_address_type`` is no flag, whatever it says."""
    assert order_of(amazon_address_type="1") == {"signals": {"amazon_address_type": "1"}}
