"""Fields by column: each value is read by the function that reads it in one order."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership.columnar.fields import Coded, pairs, translated
from lockership.columnar.rows import as_cell

from ..test_inbound import changed  # noqa: TID252 - tests are no package that could be named
from .both_ways import ENGLISH, SCHEMA, Json, alone, as_cells, by_table, flat, nested, of_cells

# --- combinations ----------------------------------------------------------------------------------


@st.composite
def several_coded(draw: st.DrawFn) -> list[Coded]:
    """Columns of one length, by their different values, some of which do not occur."""
    rows = draw(st.integers(0, 30))
    columns: list[Coded] = []
    for _ in range(draw(st.integers(1, 4))):
        values = draw(st.lists(st.integers() | st.text(max_size=2), max_size=40, unique=True))
        codes = draw(st.lists(st.integers(-1, len(values) - 1), min_size=rows, max_size=rows))
        columns.append(Coded(np.array(codes, dtype=np.int64), list(values)))
    return columns


def _read(coded: Coded) -> list[Any]:
    return [None if code < 0 else coded.values[code] for code in coded.codes.tolist()]


@given(several_coded())
def test_pairs_are_the_columns_side_by_side(columns: list[Coded]) -> None:
    """The combination of a row is the tuple of its values; no gap is made up, and each has one number."""
    both = pairs(*columns)
    assert _read(both) == list(zip(*map(_read, columns), strict=True))
    assert len(set(both.values)) == len(both.values)
    if len(both.codes) and all(None not in _read(column) for column in columns):
        assert not any(None in value for value in both.values)


def test_pairs_of_very_many_values_are_sorted_out() -> None:
    """Far more possible combinations than rows are no matter."""
    many = Coded(np.arange(40, dtype=np.int64), list(range(40)))
    assert _read(pairs(many, many, many)) == [(n, n, n) for n in range(40)]


def test_a_translation_has_a_word_for_nothing() -> None:
    """Rows without a value get the other word."""
    coded = Coded(np.array([1, -1, 0]), ["a", "b"])
    assert translated(coded, [True, False], other=None).tolist() == [False, None, True]


# --- numbers of every type -------------------------------------------------------------------------

NUMBERS: dict[str, tuple[Any, list[str]]] = {
    "int64": (pa.array([14, 3, None, 45]), ["14", "3", "", "45"]),
    "int8": (pa.array([14, 3, None, -4], pa.int8()), ["14", "3", "", "-4"]),
    "uint64": (pa.array([14, 3, None, 2**64 - 1], pa.uint64()), ["14", "3", "", str(2**64 - 1)]),
    "float64": (pa.array([14.0, 0.1, float("nan"), 1e22]), ["14", "0.1", "", "1e+22"]),
    "float32": (pa.array([14.0, 8.2, float("nan"), 45.72], pa.float32()), ["14", "8.2", "", "45.72"]),
    "dictionary of float32": (
        pa.array([14.0, 8.2, None, 45.72], pa.float32()).dictionary_encode(),
        ["14", "8.2", "", "45.72"],
    ),
    "float64 that is none": (
        pa.array([float("inf"), float("-inf"), 1e-7, 17.9]),
        ["inf", "-inf", "1e-07", "17.9"],
    ),
    "decimal128": (
        pa.array([Decimal("14.00"), Decimal("8.20"), None, Decimal("-0.01")]),
        ["14.00", "8.20", "", "-0.01"],
    ),
    "decimal256": (
        pa.array([Decimal("1e30"), None, Decimal(0), Decimal(7)], pa.decimal256(40, 2)),
        ["1e30", "", "0", "7"],
    ),
    "text": (pa.array(["14", " 8.2 ", None, "8,2"]), ["14", "8.2", "", "8,2"]),
    "dictionary of text": (pa.array(["14", "14", None, '="8"']).dictionary_encode(), ["14", "14", "", "8"]),
    "dictionary of floats": (pa.array([14.0, 8.2, None, 14.0]).dictionary_encode(), ["14", "8.2", "", "14"]),
    "truth": (pa.array([True, False, None, True]), ["true", "false", "", "true"]),
    "nulls": (pa.nulls(4), [""] * 4),
    "lists": (pa.array([["14"], ["1", "2"], None, []]), ["14", "1;2", "", ""]),
}
MEASURES = ("parcel.length", "parcel.weight", "parcel.declared_value", "location.max_weight", "ship_to.zip")


@pytest.mark.parametrize("path", MEASURES)
@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_is_read_by_its_digits_whatever_its_column_is(kind: str, path: str) -> None:
    """Whole numbers, floats, decimals, text and dictionaries of them are read exactly, gaps as blanks."""
    column, written = NUMBERS[kind]
    names = list(ENGLISH.values())
    place = list(ENGLISH).index(path)
    cells = as_cells([changed()] * 4, ENGLISH)
    table = flat(cells, names).set_column(place, names[place], column)
    for row, text in zip(cells, written, strict=True):
        row[place] = text
    assert _as_numbers(by_table(table)) == _as_numbers(alone(of_cells(cells, names)))


def _as_numbers(told: list[Json]) -> list[Json]:
    """Write 1e30 as a column of decimals does, in full; all else as it is."""
    return [
        answer | {"error": str(answer.get("error")).replace("1" + "0" * 30 + ".00", "1e30")}
        for answer in told
    ]


@pytest.mark.parametrize(
    ("column", "codes"),
    [
        (pa.array([2101, 90026, 21010001, None]), ["02101", "90026", "021010001", None]),
        (pa.array([2101.0, 90026.0, 900261234.0, float("nan")]), ["02101", "90026", "900261234", None]),
        (pa.array([Decimal(9012), Decimal(96201), Decimal(340), None]), ["09012", "96201", "00340", None]),
        (pa.array([9012, 34002, 9812, None]).dictionary_encode(), ["09012", "34002", "09812", None]),
    ],
    ids=lambda value: str(value.type) if hasattr(value, "type") else "",
)
def test_zip_codes_that_became_numbers_get_their_zeros_back(column: Any, codes: list[str | None]) -> None:
    """A ZIP code in a column of numbers, with gaps or not, is the one with its zeros: the military's too."""
    records = [changed(order_id=f"A-{row}", ship_to__zip=code) for row, code in enumerate(codes)]
    expected = alone(records)
    assert by_table(nested(records)) == expected
    table = nested(records).combine_chunks()
    blocks = {
        field.name: column if field.name == "zip" else table.column("ship_to").chunk(0).field(place)
        for place, field in enumerate(SCHEMA.field("ship_to").type)
    }
    struct = pa.StructArray.from_arrays(list(blocks.values()), list(blocks))
    number = SCHEMA.names.index("ship_to")
    whole = pa.types.is_floating(column.type)
    if not whole:
        assert by_table(table.set_column(number, "ship_to", struct)) == expected
    cells = as_cells([record | {"ship_to": record["ship_to"] | {"zip": None}} for record in records], ENGLISH)
    place = list(ENGLISH).index("ship_to.zip")
    numbers = flat(cells, ENGLISH.values()).set_column(place, "Postal Code", column)
    for row, code in zip(cells, codes, strict=True):
        row[place] = code or ""
    assert by_table(numbers) == alone(of_cells(cells, ENGLISH.values()))


@given(st.lists(st.floats(0.125, 400, width=32), min_size=1, max_size=5), st.integers(0, 2))
def test_a_32_bit_float_is_read_by_its_own_digits(sides: list[float], cut: int) -> None:
    """In structs, and in lists of them, null ones and slices too: never by those of the 64-bit float."""
    digits = [str(np.float32(side)) for side in sides]
    parcel = {"width": 1.0, "height": 1.0, "weight": 1.0, "dimension_unit": "cm", "weight_unit": "lb"}
    records: list[Json] = [changed(parcel=parcel | {"length": float(side)}) for side in digits]
    records.append(changed(parcel=None, parcels=[parcel | {"length": float(side)} for side in digits]))
    records += [changed(parcel=None), changed(parcel=None, parcels=[])]
    texts = {"dimension_unit", "weight_unit"}
    kind = pa.struct([(name, pa.string() if name in texts else pa.float32()) for name in ("length", *parcel)])
    fields = [pa.field("parcel", kind), pa.field("parcels", pa.list_(kind)), pa.field("location", pa.null())]
    schema = SCHEMA
    for field in fields:
        schema = schema.set(schema.get_field_index(field.name), field)
    records = [record | {"location": None} for record in records]
    table = pa.Table.from_pylist(records, schema)
    assert by_table(table.slice(cut)) == alone(records[cut:])


# --- anything anywhere -----------------------------------------------------------------------------

ODD: tuple[Any, ...] = (
    pa.array([date(2026, 11, 24), None]),
    pa.array([datetime(2026, 11, 24, tzinfo=UTC), None]),
    pa.array([time(12, 30), None]),
    pa.array([b"ups", b"\xff"]),
    pa.array([b"12", None], pa.large_binary()),
    pa.array([[["a"]], None]),
    pa.array([[1, 2], []]),
    pa.array([["fragile", None], [""]], pa.large_list(pa.string())),
    pa.array([{"a": 1}, None]),
    pa.array([[{"a": 1}], []]),
    pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
    pa.array([[1, 2, 3], None], pa.list_(pa.int64(), 3)),
    pa.array([["fragile"], None], pa.list_view(pa.string())),
    pa.array([True, None]),
    pa.array([1.5, float("nan")]),
    pa.array([7, None], pa.uint8()),
    pa.nulls(2),
    pa.array([None, None], pa.string()),
    pa.array([None, "x"]).dictionary_encode(),
    pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int8()), pa.array([None, "ups"])),
    pa.array(["\u00a0ups\u3000", "\ufeff12"]),
    pa.array(['="00123"', "\x00\x1f"]),
    pa.array(["\u2028", "12\r\n"]),
    pa.array(["", " "]),
)


@pytest.mark.parametrize("column", ODD, ids=lambda column: f"{column.type} {column.to_pylist()}"[:60])
def test_any_column_may_stand_in_any_place_of_a_spreadsheet(column: Any) -> None:
    """Whatever a column of a flat table holds, each row is read as a spreadsheet shows it, or told."""
    names = ENGLISH
    cells = as_cells([changed(), changed(carrier="fedex")], names)
    for place, name in enumerate(names.values()):
        table = flat(cells, names.values()).set_column(place, name, column)
        rows = [list(row) for row in cells]
        for row, value in zip(rows, column.to_pylist(), strict=True):
            row[place] = as_cell(value)
        records = of_cells(rows, names.values())
        if name == names["order_id"] and pa.types.is_integer(column.type):
            records[0]["order_id"] = column[0].as_py()
        assert by_table(table) == alone(records), name


@pytest.mark.parametrize("column", ODD[5:], ids=lambda column: f"{column.type} {column.to_pylist()}"[:60])
def test_any_column_may_stand_in_any_place_of_the_order_json(column: Any) -> None:
    """Whatever a field of a table of structs holds, it is read as the same JSON, or told."""
    records = [changed(), changed(carrier="fedex", home={"street1": "1 Elm St"})]
    table = nested(records).combine_chunks()
    as_json = table.to_pylist()
    for place, field in enumerate(SCHEMA):
        put = [row | {field.name: value} for row, value in zip(as_json, column.to_pylist(), strict=True)]
        told = by_table(table.set_column(place, field.name, column))
        assert told == alone(map(_plain, put)), field.name
        if not pa.types.is_struct(field.type):
            continue
        block = table.column(place).chunk(0)
        for inner, part in enumerate(field.type):
            parts = [column if number == inner else block.field(number) for number in range(len(field.type))]
            struct = pa.StructArray.from_arrays(parts, [one.name for one in field.type], mask=block.is_null())
            rows = [
                row | {field.name: row[field.name] and row[field.name] | {part.name: value}}
                for row, value in zip(as_json, column.to_pylist(), strict=True)
            ]
            told = by_table(table.set_column(place, field.name, struct))
            assert told == alone(map(_plain, rows)), f"{field.name}.{part.name}"


def _plain(record: Json) -> Json:
    """Give a map of Arrow, which is a list of pairs, as JSON has it."""
    return {
        name: [list(pair) for pair in value] if _is_map(value) else value for name, value in record.items()
    }


def _is_map(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], tuple)
