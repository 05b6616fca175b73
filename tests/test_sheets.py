"""CSV files by column: byte for byte the answers of their rows one by one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership.cli import main
from lockership.cli.words import routed
from lockership.decision import Decision
from lockership.files import UnreadableFile, read_records, route_book
from lockership.files.answers import json_line
from lockership.files.orders import BadRecord
from lockership.files.sheets import CsvOrders
from lockership.inbound import read_order

if TYPE_CHECKING:
    from pathlib import Path

parquet: Any = pytest.importorskip("pyarrow.parquet", reason="left out: pyarrow is not installed")

HEADER = "order_id,carrier,company,street1,zip,length (in),width (in),height (in),weight (lb),traits"
POINT = "A-1,ups,UPS Access Point - CVS 8421,1250 W Sunset Blvd,90026,14,10,6,8.2,"
ROWS = (
    POINT,
    'A-2,ups,,12 Elm St,00501,"14",10,6,8.2,fragile; lithium_battery',
    "A-3,usps,,12 Elm St #4,501,14,10,6,45,",
    "A-4,fedex,UPS Access Point - CVS 8421,1 Elm St,90026,40,10,6,8.2,",
    "A-5,,,,,,,,,",
    "A-6,ups,,12 Elm St,90026,14,10,6,heavy,",
    "A-7,ups,,12 Elm St,90026",
    "A-8,ups,,12 Elm St,90026,14,10,6,8.2,,,,one cell more",
    'A-9,ups,"Two lines\nof a firm",12 Elm St,90026,14,10,6,8.2,',
    'A-10,ups,"a quoted" cell that goes on,12 Elm St,90026,14,10,6,8.2,',
    '="00123",ups,,12 Elm St,="00501",14,10,6,8.2,',
    "A-11,ups,,Núñez 12,90026,14,10,6,8.2,",
    "A-12,ups,,12 Elm\x00St,90026,14,10,6,8.2,",
    "",
    " , , ",
)


def one_by_one(data: bytes) -> list[bytes]:
    """Answer the rows of a CSV file each alone, as lines of JSON."""
    lines: list[bytes] = []
    for number, order in read_records(io.BytesIO(data), "csv", read_order):
        if isinstance(order, BadRecord):
            lines.append(json_line(order.to_dict()).encode())
            continue
        for place, answer in routed(order, number):
            if isinstance(answer, Decision):
                lines.append(json_line(answer.to_dict(order.order_id, place)).encode())
            else:
                lines.append(json_line(answer.to_dict()).encode())
    return lines


def by_column(data: bytes) -> list[bytes]:
    """Answer them by column."""
    out = io.BytesIO()
    route_book(
        io.BytesIO(data),
        out,
        "jsonl",
        source_form="csv",
        warn=lambda _: None,
        tell=lambda *_: None,
        threads=2,
    )
    return out.getvalue().splitlines()


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file be cut into many pieces, also between good rows and bad ones."""
    monkeypatch.setattr("lockership.columnar.ROWS", 4)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1252"])
def test_rows_are_answered_as_one_by_one(encoding: str) -> None:
    """Good rows, short rows, rows that are none: each has its answer, with the number of its line."""
    data = "\n".join([HEADER, *ROWS]).encode(encoding, "replace")
    assert by_column(data) == one_by_one(data)
    assert len(by_column(data)) == len(ROWS) - 2


@given(
    st.lists(st.sampled_from([*ROWS, '"', "A-1,ups,\udcff,1 Elm St"]), max_size=14),
    st.sampled_from(["traits", "company"]),
)
def test_rows_in_any_order_are_answered_as_one_by_one(rows: list[str], last: str) -> None:
    """Whichever rows follow upon each other, also when two columns have one name."""
    header = HEADER.replace("traits", last)
    data = "\n".join([header, *rows]).encode("utf-8", "surrogateescape")
    assert by_column(data) == one_by_one(data)


@pytest.mark.parametrize("data", [b"", b"\n\n", HEADER.encode(), b"\xef\xbb\xbf"])
def test_a_file_without_orders_has_no_answers(data: bytes) -> None:
    """Nothing in, nothing out."""
    assert by_column(data) == []


def test_a_table_of_something_else_is_told() -> None:
    """A first row that names nothing known is no table of orders."""
    with pytest.raises(UnreadableFile, match="no column is known of this CSV file"):
        by_column(b"colour,shape\nred,round\n")


def test_long_cells_make_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded by letters as by rows."""
    monkeypatch.setattr("lockership.files.sheets._LETTERS", 100)
    data = "\n".join([HEADER, *[POINT] * 50]).encode()
    assert len(list(CsvOrders(io.BytesIO(data), print).pieces(1_000))) == 25
    assert by_column(data) == one_by_one(data)


def answered_both_ways(source: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Route a file by column and row by row; give what each way wrote."""
    written: list[Any] = []
    for long in (1, 1 << 60):
        monkeypatch.setattr("lockership.cli.answer._LONG", long)
        target = source.with_name(f"out-{long}.{form}")
        assert main(["route", str(source), "-o", str(target)]) == 1
        data = target.read_bytes()
        written.append(parquet.read_table(io.BytesIO(data)).to_pylist() if form == "parquet" else data)
    return written


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_the_command_gives_long_files_the_same_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Which way a file takes depends on its length, what comes out does not."""
    source = tmp_path / "orders.csv"
    source.write_bytes("\n".join([HEADER, *ROWS]).encode())
    by_columns, by_rows = answered_both_ways(source, form, monkeypatch)
    assert by_columns == by_rows
    assert len(by_columns) > 10


@pytest.mark.parametrize("lacking", ["pyarrow", "numpy"])
def test_long_files_are_answered_without_columns_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    """Who has not installed the extra gets the same answers, row by row."""
    monkeypatch.setattr("lockership.cli.answer._LONG", 1)
    monkeypatch.setattr("lockership.cli.answer.find_spec", lambda name: None if name == lacking else name)
    monkeypatch.setattr("lockership.cli.answer.route_book", None)
    source, target = tmp_path / "orders.csv", tmp_path / "out.jsonl"
    source.write_text(f"{HEADER}\n{POINT}\n", "utf-8")
    assert main(["route", str(source), "-o", str(target)]) == 0
    assert target.read_bytes().splitlines() == one_by_one(source.read_bytes())


def test_a_workbook_under_the_name_of_csv_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A long file that is no text is named, as a short one is."""
    monkeypatch.setattr("lockership.cli.answer._LONG", 1)
    source = tmp_path / "orders.csv"
    source.write_bytes(b"PK\x03\x04 and more")
    assert main(["route", str(source)]) == 2
    assert "an Excel workbook" in capsys.readouterr().err
