"""Orders out of files as people really save them, and answers into files that are whole or not there."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership.files import (
    DECISION_COLUMNS,
    KIND_COLUMNS,
    BadRecord,
    UnreadableFile,
    UnwritableFile,
    format_of,
    json_line,
    opened,
    read_records,
    writing,
)
from lockership.files.answers import _csv
from lockership.inbound import JsonNumber, Order, parse_json, read_address_order, read_order
from lockership.parcel import Parcel

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "订单号,承运商,收件人,地址,邮编,长(cm),宽(cm),高(cm),重量(kg)"
ROW = "CN-1,ups,张伟,933 Sanborn Ave,90029,30,20,10,1.2"
ORDER = {
    "order_id": "A-1",
    "carrier": "ups",
    "ship_to": {"name": "José Ñandú", "street1": "933 Sanborn Ave", "zip": "90029"},
    "parcel": {"length": 14, "width": 10, "height": 6, "dimension_unit": "in", "weight": 8.2}
    | {"weight_unit": "lb"},
}
LINE = json.dumps(ORDER, ensure_ascii=False)


class Read:
    """What a file gave: orders, bad records, and what was told on the way."""

    def __init__(self, data: bytes, form: str) -> None:
        self.told: list[str] = []
        self.numbers: list[int] = []
        self.orders: list[Order] = []
        self.bad: list[BadRecord] = []
        for number, item in read_records(io.BytesIO(data), form, read_order, self.told.append):
            self.numbers.append(number)
            if isinstance(item, BadRecord):
                self.bad.append(item)
            else:
                self.orders.append(item)

    @property
    def problems(self) -> list[tuple[int, str, str | None]]:
        """Give the place, the code and the field of every bad record's first problem."""
        return [(bad.number, bad.error.code, bad.error.field) for bad in self.bad]


# --- JSON Lines --------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_an_empty_file_has_no_records(data: bytes, form: str) -> None:
    """Nothing, blank lines and a lone byte-order mark are no records and no error."""
    assert Read(data, form).numbers == []


def test_blank_lines_are_passed_over_and_counted() -> None:
    """A record's number is its line in the file, whatever ends the lines."""
    text = f"\n{LINE}\r\n  \r\n{LINE}\n\n{LINE}"
    assert Read(text.encode(), "jsonl").numbers == [2, 4, 6]


def test_a_bad_line_leaves_the_others_alone() -> None:
    """Each bad line gives its own error, and the run goes on."""
    lines = [LINE, LINE[:-9], "[]", "\udcff", LINE]
    data = "\n".join(lines).encode("utf-8", "surrogateescape")
    read = Read(data, "jsonl")
    assert len(read.orders) == 2
    assert read.problems == [(2, "not_json", None), (3, "not_json", None), (4, "not_json", None)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_json_lines_are_read_as_windows_writes_them(encoding: str) -> None:
    """A byte-order mark is dropped, and PowerShell's UTF-16 is read by its mark."""
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    data = mark + f"{LINE}\r\n{LINE}\r\n".encode(encoding)
    read = Read(data, "jsonl")
    assert read.bad == []
    assert [order.ship_to.name for order in read.orders] == ["José Ñandú"] * 2


def test_what_only_looks_like_utf_16_is_told() -> None:
    """A UTF-16 mark before something else is no file of orders."""
    with pytest.raises(UnreadableFile, match="marked as UTF-16, and is not"):
        Read(b"\xff\xfe" + b"\x00\xd8" * 3, "jsonl")


def test_a_line_separator_of_unicode_parts_no_line() -> None:
    """Only a line feed ends a line: U+2028 inside an address is the buyer's own."""
    text = LINE.replace("933 Sanborn", "933\u2028Sanborn")
    assert Read(text.encode(), "jsonl").orders[0].ship_to.street1 == "933\u2028Sanborn Ave"


@given(st.binary())
def test_every_line_that_is_not_blank_is_answered(data: bytes) -> None:
    """Any bytes give one record for each line that is not blank, or are told to be another kind of file."""
    try:
        read = Read(data, "jsonl")
    except UnreadableFile:
        assert data.startswith(
            (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"PAR1", b"%PDF", b"\xff\xfe")
        )
        return
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        assert len(read.numbers) == sum(bool(line.strip()) for line in lines)


# --- JSON --------------------------------------------------------------------------------------------


def test_a_json_file_holds_a_list_or_one_order() -> None:
    """A list gives its elements by their place, a lone object itself; a wrong element is told."""
    assert Read(f"[{LINE}, 5, {LINE}]".encode(), "json").numbers == [1, 2, 3]
    assert Read(f"[{LINE}, 5, {LINE}]".encode(), "json").problems == [(2, "not_json", None)]
    assert len(Read(json.dumps(ORDER, indent=1).encode("utf-8-sig"), "json").orders) == 1
    assert Read(b"[]", "json").numbers == []


def test_json_lines_under_the_name_of_json_are_read() -> None:
    """People name JSON Lines ``orders.json``; lines are read when the whole is no JSON."""
    read = Read(f"{LINE}\n{{}}\n{LINE}\n".encode(), "json")
    assert (len(read.orders), read.problems) == (2, [(2, "missing_field", "order_id")])


def test_half_a_json_file_is_one_error() -> None:
    """A list that breaks off is told once."""
    assert Read(f"[{LINE},\n {LINE[:20]}".encode(), "json").problems == [(1, "not_json", None)]


# --- CSV ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_a_csv_file_is_read_as_excel_writes_it(delimiter: str, ending: str, encoding: str) -> None:
    """Any of Excel's delimiters, line ends and encodings, Chinese ones too."""
    text = ending.join([HEADER, ROW, ""]).replace(",", delimiter)
    read = Read(text.encode(encoding), "csv")
    assert read.bad == []
    [order] = read.orders
    assert (order.order_id, order.ship_to.name, order.ship_to.zip) == ("CN-1", "张伟", "90029")
    guessed = encoding.startswith("gb")
    assert read.told == (["this CSV file is not UTF-8; it is read as Chinese (GB18030)"] if guessed else [])


def test_western_accents_are_not_taken_for_chinese() -> None:
    """Excel in the US and in Spain saves Windows-1252: José stays José, and it is told."""
    text = "order_id,name,street1,carrier\n1,José Pérez,1 Calle Año,ups\n2,Zoë Müller,5 Elm St,ups\n"
    told: list[str] = []
    found = list(read_records(io.BytesIO(text.encode("cp1252")), "csv", read_address_order, told.append))
    assert [item.ship_to.name for _, item in found if isinstance(item, Order)] == ["José Pérez", "Zoë Müller"]
    assert told == ["this CSV file is not UTF-8; it is read as Western European (Windows-1252)"]


def test_a_long_file_is_judged_by_whole_characters() -> None:
    """A character that the first look cuts in two does not make a UTF-8 file Chinese GBK."""
    for padding in range(3):
        text = f"{HEADER}\n" + "x" * padding + f"{ROW}\n{ROW.replace('933', '中' * 30_000)}\n{ROW}\n"
        read = Read(text.encode(), "csv")
        assert read.told == []
        assert len(read.orders) == 2
        assert read.problems == [(3, "too_long", "ship_to.street1")]


def test_a_row_in_another_encoding_is_told() -> None:
    """A row with bytes that the file's encoding does not have gives its own error."""
    data = f"{HEADER}\n".encode() + ROW.encode() + b"\n" + b"x" * 70_000 + ROW.encode("gbk") + b"\n"
    read = Read(data, "csv")
    assert len(read.orders) == 1
    assert [(bad.number, bad.error.message) for bad in read.bad] == [(3, "the row is not UTF-8-SIG text")]


@pytest.mark.parametrize("first", ["", "\n", "sep=;\n", " ; \n"])
def test_what_stands_before_the_names_is_passed_over(first: str) -> None:
    """Blank rows and Excel's ``sep=`` line may stand first."""
    text = first + f"{HEADER}\n{ROW}\n".replace(",", ";")
    assert len(Read(text.encode(), "csv").orders) == 1


@pytest.mark.parametrize("text", ["CN-1,ups,张伟\nCN-2,ups,王芳\n", "a\n", "<html>\n<body>", "\0\1\2\n"])
def test_a_csv_file_without_known_columns_is_no_table_of_orders(text: str) -> None:
    """Without one known column in the first row nothing is guessed."""
    with pytest.raises(UnreadableFile, match="no column is known of this CSV file; its first row must name"):
        Read(text.encode(), "csv")


def test_a_first_row_that_cannot_be_read_is_told() -> None:
    """A quotation mark that the first row opens and never closes is told as what it is."""
    with pytest.raises(UnreadableFile, match="the first row of this CSV file cannot be read"):
        Read(f'"{HEADER}\n{ROW}\n'.encode(), "csv")


def test_unknown_and_repeated_columns_are_told() -> None:
    """What is passed over and what is taken is said once, before the first row."""
    told = Read(f"{HEADER},备注,,详细地址\n{ROW}\n".encode(), "csv").told
    assert told == [
        "columns that are not known are passed over: 备注, (blank)",
        "columns 地址, 详细地址 all mean ship_to.street1: the first one that is filled is taken",
    ]


def test_a_short_row_lacks_its_last_cells() -> None:
    """A row that ends early is an order whose last fields are absent."""
    read = Read(f"{HEADER}\nCN-1,ups,张伟,933 Sanborn Ave\n".encode(), "csv")
    assert read.problems == [(2, "missing_field", "parcel")]
    assert read.bad[0].order_id == "CN-1"


def test_a_long_row_is_never_shifted_into_place() -> None:
    """A row with more cells than names has a delimiter too many somewhere: nobody guesses where."""
    text = f"{HEADER}\n{ROW.replace('933 Sanborn Ave', '933 Sanborn Ave, Apt 3')}\n{ROW},,\n"
    read = Read(text.encode(), "csv")
    assert len(read.orders) == 1
    assert [(bad.number, bad.error.code, bad.error.message) for bad in read.bad] == [
        (2, "not_json", "not CSV: the row has 10 cells, the first row names 9 columns")
    ]


def test_an_unclosed_quotation_mark_swallows_no_order_in_silence() -> None:
    """The row that opens it is told by its first line, whatever it swallowed."""
    text = f'{HEADER}\n{ROW}\nCN-2,ups,"张伟,933 Sanborn Ave,90029,30,20,10,1.2\n{ROW}\n{ROW}\n'
    read = Read(text.encode(), "csv")
    assert len(read.orders) == 1
    assert [(bad.number, bad.error.message) for bad in read.bad] == [
        (3, "not CSV: a quotation mark is opened here and never closed")
    ]


def test_a_quoted_cell_that_goes_on_is_told_and_the_run_with_it() -> None:
    """``"Joe" Smith`` is no CSV; the rows after it are read."""
    text = f'{HEADER}\nCN-2,ups,"张" 伟,933 Sanborn Ave,90029,30,20,10,1.2\n{ROW}\n'
    read = Read(text.encode(), "csv")
    assert len(read.orders) == 1
    assert [(bad.number, bad.error.message) for bad in read.bad] == [
        (2, "not CSV: a quoted cell goes on after its closing quotation mark")
    ]


def test_lines_within_a_quoted_cell_are_one_row() -> None:
    """An address over two lines is one cell; rows are counted by their first line."""
    text = f"{HEADER}\n{ROW.replace('933 Sanborn Ave', _TWO_LINES)}\nCN-2\n"
    read = Read(text.encode(), "csv")
    assert read.orders[0].ship_to.street1 == "933 Sanborn Ave\nApt 3"
    assert read.problems == [(4, "missing_field", "carrier")]


_TWO_LINES = '"933 Sanborn Ave\nApt 3"'


def test_a_huge_cell_is_an_error_of_its_row() -> None:
    """Ten million characters in one cell are told, and the next row is read."""
    text = f"{HEADER}\n{ROW.replace('933', '9' * 10_000_001)}\n{ROW}\n"
    read = Read(text.encode(), "csv")
    assert len(read.orders) == 1
    assert [(bad.number, bad.error.code) for bad in read.bad] == [(2, "not_json")]
    assert "field larger than field limit" in read.bad[0].error.message


def test_reading_a_file_leaves_the_callers_csv_module_as_it_was() -> None:
    """The limit for cells is set while a file is read, and given back."""
    before = csv.field_size_limit()
    Read(f"{HEADER}\n{ROW}\n".encode(), "csv")
    assert csv.field_size_limit() == before


def test_a_nul_byte_is_a_character_like_any_other() -> None:
    """A NUL in a cell neither breaks the file off nor hides what follows."""
    odd = ROW.replace("Sanborn", "San\0born")
    read = Read(f"{HEADER}\n{odd}\n{ROW}\n".encode(), "csv")
    assert [order.ship_to.street1 for order in read.orders] == ["933 San\0born Ave", "933 Sanborn Ave"]


@given(st.binary(max_size=300), st.sampled_from([b"", HEADER.encode() + b"\n", HEADER.encode("gbk") + b"\n"]))
def test_any_bytes_are_rows_or_no_table(data: bytes, header: bytes) -> None:
    """Any bytes as CSV give each row once, in order, or are told to be no table of orders."""
    with suppress(UnreadableFile):
        read = Read(header + data, "csv")
        assert read.numbers == sorted(set(read.numbers))


# --- files of other kinds ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"PK\x03\x04\x14", "an Excel workbook or a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1", "an old Excel workbook"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"PAR1", "a Parquet file"),
        (b"%PDF-1.7", "a PDF"),
    ],
)
@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_a_file_of_another_kind_is_named(start: bytes, what: str, form: str) -> None:
    """An Excel workbook gives one clear sentence, not a thousand errors."""
    with pytest.raises(UnreadableFile, match=f"^the input is {what}"):
        Read(start + b"\n" * 20, form)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("orders.jsonl", "jsonl"),
        ("orders.ndjson", "jsonl"),
        ("ORDERS.JSON", "json"),
        ("订单.csv", "csv"),
        ("orders.tsv", "csv"),
        ("orders.parquet", "parquet"),
        ("orders.pq", "parquet"),
        ("orders.txt", "jsonl"),
        ("orders", "jsonl"),
        ("-", "jsonl"),
    ],
)
def test_a_files_name_tells_its_format(name: str, form: str) -> None:
    """JSON Lines unless the name says otherwise."""
    assert format_of(name) == form


def test_a_file_that_cannot_be_opened_is_told_by_its_name(tmp_path: Path) -> None:
    """No file and a folder are told, with the name that was given."""
    for path, why in ((tmp_path / "none.jsonl", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(UnreadableFile, match=rf"^cannot open {path}: {why}"), opened(str(path)):
            pytest.fail("opened")


# --- Parquet -----------------------------------------------------------------------------------------


def parquet_of(columns: dict[str, list[Any]]) -> bytes:
    """Write a table as Parquet."""
    pa = pytest.importorskip("pyarrow", reason="left out: pyarrow is not installed")
    from pyarrow import parquet

    file = io.BytesIO()
    parquet.write_table(pa.table(columns), file)
    return file.getvalue()


def test_parquet_with_the_shape_of_the_order_json_is_read() -> None:
    """A struct column is a block; binary floats are read by the shortest decimal that names them."""
    read = Read(parquet_of({name: [value] * 2 for name, value in ORDER.items()}), "parquet")
    assert (read.numbers, read.bad) == ([1, 2], [])
    assert read.orders[0].parcels == read_order(LINE).parcels


def test_flat_parquet_has_columns_as_a_csv_file_has() -> None:
    """Columns by their aliases, in any type a table may have; what is absent is blank."""
    data = parquet_of(
        {
            "订单号": [1001, 1002],
            "carrier": ["ups", None],
            "name": ["Zhang Wei", "Wang Fang"],
            "street1": ["933 Sanborn Ave", "5 Elm St"],
            "zip": [90029.0, float("nan")],
            "长(cm)": [30, 30],
            "宽(cm)": [20.5, 20.5],
            "高(cm)": [Decimal("10.10"), Decimal("10.10")],
            "weight (kg)": [0.1, 0.1],
            "traits": [["fragile", "hazmat"], None],
            "is access point order": [True, None],
        }
    )
    read = Read(data, "parquet")
    [first] = read.orders
    assert (first.order_id, first.ship_to.zip) == (1001, "90029")
    assert first.signals is not None
    assert first.signals.amazon_is_access_point_order is True
    parcel: dict[str, Any] = {"length": "30", "width": "20.5", "height": "10.1", "dimension_unit": "cm"}
    parcel |= {"weight": "0.1", "weight_unit": "kg", "traits": ["fragile", "hazmat"]}
    assert first.parcels == read_order({**ORDER, "parcel": parcel}).parcels
    assert read.problems == [(2, "missing_field", "carrier")]
    assert read.bad[0].order_id == 1002


def test_a_32_bit_float_in_parquet_is_read_by_its_own_digits() -> None:
    """45.72 cm stored in 32 bits is 18 in, not a hair more."""
    pa = pytest.importorskip("pyarrow", reason="left out: pyarrow is not installed")
    narrow = pa.array([45.72], pa.float32())
    columns = {"order_id": ["A-1"], "carrier": ["ups"], "street1": ["1 Elm St"], "weight (lb)": ["2"]}
    columns |= {f"{side} (cm)": narrow for side in ("length", "width", "height")}
    (parcel,) = Read(parquet_of(columns), "parquet").orders[0].parcels
    assert isinstance(parcel, Parcel)
    assert parcel.length.um == 457_200


def test_what_is_no_parquet_or_no_orders_is_told() -> None:
    """Other bytes, and a table without one known column, cannot be read."""
    with pytest.raises(UnreadableFile, match=r"^not a Parquet file that can be read"):
        Read(b"PAR1 and nothing else", "parquet")
    with pytest.raises(UnreadableFile, match=r"^no column is known of this Parquet file"):
        Read(parquet_of({"favourite colour": ["red"]}), "parquet")


# --- answers -----------------------------------------------------------------------------------------

ANSWER: dict[str, Any] = {
    "order_id": "A-1",
    "route": "review",
    "kind": "ups.access_point",
    "network": "ups",
    "confidence": "certain",
    "deliver_to": None,
    "refusals": [
        {"code": "trait_refused", "trait": "hazmat", "by": "network", "measured": None, "limit": None}
        | {"source": None},
        {"code": "too_heavy", "by": "network", "measured": "45 lb", "limit": "44 lb", "source": None},
    ],
    "remedies": [{"code": "choose_other_point", "channel": "ups.customer_center"}],
    "missing": [],
    "notes": ["kind_uncertain", "locker_declined"],
    "hold": None,
    "explanation": {"en": "Stop.", "zh": "暂停。"},
}


@pytest.mark.parametrize("text", ["1.10", "1e5", "-0", "123456789012345678901234567890"])
def test_a_number_as_order_id_is_echoed_as_it_came(text: str) -> None:
    """A number goes out with the very digits that it came with."""
    assert json_line(ANSWER | {"order_id": JsonNumber(text)}).startswith(f'{{"order_id": {text}, "route"')


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_goes_out_as_a_line_of_utf_8(order_id: str, words: str) -> None:
    """Half a surrogate pair is escaped as it came; a line holds no line feed and is JSON."""
    answer = {"order_id": order_id, "evidence": [{"words": words}]}
    line = json_line(answer)
    assert "\n" not in line
    assert parse_json(line.encode()) == answer


def rows_of(data: bytes) -> list[dict[str, str]]:
    """Read what was written as CSV."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_decision_is_laid_flat_for_a_spreadsheet(tmp_path: Path) -> None:
    """Lists become words joined by semicolons; Excel's mark stands in front."""
    path = tmp_path / "out.csv"
    hold = {"days": 7, "basis": "calendar", "on_expiry": None, "source": "https://example.com"}
    with writing(str(path), "csv") as write:
        write(ANSWER | {"order_id": JsonNumber("1.10"), "parcel": 2, "hold": hold})
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbforder_id,parcel,route,")
    [row] = rows_of(data)
    assert tuple(row) == DECISION_COLUMNS
    assert {name: value for name, value in row.items() if value} == {
        "order_id": "1.10",
        "parcel": "2",
        "route": "review",
        "kind": "ups.access_point",
        "network": "ups",
        "confidence": "certain",
        "refusals": "trait_refused hazmat network; too_heavy network 45 lb 44 lb",
        "remedies": "choose_other_point ups.customer_center",
        "notes": "kind_uncertain; locker_declined",
        "hold_days": "7",
        "hold_basis": "calendar",
        "explanation_en": "Stop.",
        "explanation_zh": "暂停。",
    }


def test_an_error_has_its_own_columns(tmp_path: Path) -> None:
    """A record that could not be read is a row with what is wrong, and no decision."""
    read = Read(b'{"order_id": 7, "carrier": 5}', "jsonl")
    path = tmp_path / "out.csv"
    with writing(str(path), "csv", KIND_COLUMNS) as write:
        write(read.bad[0].to_dict())
    [row] = rows_of(path.read_bytes())
    assert (row["order_id"], row["kind"], row["error_code"]) == ("7", "", "wrong_type")
    assert row["error_field"] == "carrier; ship_to; parcel"
    assert row["error_message"].startswith("expected text, found a number; an address, as an object,")


@given(words=st.text(st.characters()))
def test_a_spreadsheet_takes_any_text(words: str) -> None:
    """Whatever a buyer wrote, a cell holds it; half a surrogate pair is escaped."""
    file = io.BytesIO()
    with _csv(file, ("order_id", "explanation_en")) as write:
        write({"order_id": words, "explanation": {"en": words}})
    text = io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")
    _, row = csv.reader(text, strict=True)
    expected = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in words)
    assert row == [expected, expected]


def test_parquet_goes_out_and_comes_back(tmp_path: Path) -> None:
    """Answers in Parquet have the columns of route_table(), where no list is flattened; ids are text."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="left out: pyarrow is not installed")
    path = tmp_path / "out.parquet"
    with writing(str(path), "parquet") as write:
        for place in range(20_001):
            write(ANSWER | {"order_id": place, "parcel": place})
        write(ANSWER | {"order_id": "\ud800"})
    table = parquet.read_table(path)
    assert set(DECISION_COLUMNS) <= set(table.schema.names)
    assert table["refusals"].type.value_type.num_fields == 6
    assert table.num_rows == 20_002
    assert table["parcel"][20_000].as_py() == 20_000
    assert (table["order_id"][7].as_py(), table["order_id"][20_001].as_py()) == ("7", "\\ud800")
    assert table["hold_days"][0].as_py() is None


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_an_interrupted_run_leaves_no_half_file(tmp_path: Path, form: str) -> None:
    """What stood there before stays whole, and nothing half written stays beside it."""
    path = tmp_path / "out"
    path.write_text("yesterday's")

    def interrupted() -> None:
        with writing(str(path), form) as write:
            write(ANSWER)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "yesterday's"
    assert list(tmp_path.iterdir()) == [path]


def test_a_written_file_replaces_the_old_one_and_keeps_its_rights(tmp_path: Path) -> None:
    """The answers take the place of the old file when they are whole; a link stays a link."""
    path = tmp_path / "out.jsonl"
    path.write_text("yesterday's")
    path.chmod(0o640)
    link = tmp_path / "latest"
    link.symlink_to(path)
    with writing(str(link), "jsonl") as write:
        write(ANSWER)
        assert path.read_text() == "yesterday's"
    assert parse_json(path.read_bytes())["route"] == "review"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert link.is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="left out: no named pipes on this system")
def test_a_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    """A device or a pipe in the place of the file stays what it is."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with writing(str(path), "jsonl") as write:
            write(ANSWER)
        assert json.loads(os.read(reader, 1 << 16))["order_id"] == "A-1"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_an_output_that_cannot_be_made_is_told_by_its_name(tmp_path: Path) -> None:
    """A folder that is not there and a folder in the file's place are told, as they were named."""
    for path in (tmp_path / "none" / "out.jsonl", tmp_path):
        with pytest.raises(UnwritableFile, match=rf"^cannot write {path}: "), writing(str(path), "jsonl"):
            pytest.fail("opened")
    assert list(tmp_path.iterdir()) == []
