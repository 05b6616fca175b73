"""Order books: the same answers by column, on one thread and on several, in each format."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from lockership.files import UnreadableFile, route_book, writing
from lockership.files.lines import route_line
from lockership.files.parquet import ParquetOrders
from lockership.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pa: Any = pytest.importorskip("pyarrow", reason="left out: pyarrow is not installed")
parquet: Any = pytest.importorskip("pyarrow.parquet", reason="left out: pyarrow is not installed")

ORDER: dict[str, Any] = {
    "order_id": "A-1",
    "carrier": "ups",
    "ship_to": {"company": "UPS Access Point - CVS 8421", "street1": "1250 W Sunset Blvd", "zip": "90026"},
    "parcel": {
        "length": "14",
        "width": "10",
        "height": "6",
        "dimension_unit": "in",
        "weight": "8.2",
        "weight_unit": "lb",
    },
}
STREET = ORDER | {"order_id": "A-2", "ship_to": {"company": None, "street1": "12 Elm St", "zip": "90026"}}
HEAVY = ORDER | {"order_id": "A-3", "parcel": ORDER["parcel"] | {"weight": "45"}}
NO_UNIT = ORDER | {"order_id": "A-4", "parcel": ORDER["parcel"] | {"weight_unit": "stone"}}


def book_of(orders: list[dict[str, Any]]) -> io.BytesIO:
    """Write orders as a Parquet file."""
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(orders), file)
    file.seek(0)
    return file


def routed(orders: list[dict[str, Any]], form: str, threads: int = 1, **options: Any) -> tuple[bytes, Any]:
    """Route an order book; give what was written, and the counts."""
    out = io.BytesIO()
    counts = route_book(
        book_of(orders), out, form, warn=print, tell=lambda *_: None, threads=threads, **options
    )
    return out.getvalue(), counts


def one_by_one(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Route the same orders each alone."""
    lines = [line for n, order in enumerate(orders, 1) for line in route_line(json.dumps(order).encode(), n)]
    return [json.loads(line) for line in lines]


def test_json_lines_are_those_of_one_order_after_the_other() -> None:
    """An order book gives line for line what each order gives alone, errors and their numbers too."""
    orders = [ORDER, STREET, HEAVY, NO_UNIT]
    out, counts = routed(orders, "jsonl")
    assert [json.loads(line) for line in out.splitlines()] == one_by_one(orders)
    assert counts == (3, 1)


def test_csv_is_the_csv_of_one_order_after_the_other(tmp_path: Path) -> None:
    """A spreadsheet of an order book is byte for byte the one that is written order by order."""
    orders = [ORDER, STREET, HEAVY, NO_UNIT]
    path = tmp_path / "out.csv"
    with writing(str(path), "csv") as write:
        for answer in one_by_one(orders):
            write(answer)
    assert routed(orders, "csv")[0] == path.read_bytes()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a book be cut into many batches, so that several threads share it."""
    monkeypatch.setattr("lockership.columnar.ROWS", 200)


@pytest.mark.usefixtures("small_batches")
def test_several_threads_give_the_same_bytes() -> None:
    """Whether one thread decides or three, the answers stand in the order of the file."""
    orders = [order | {"order_id": f"A-{n}"} for n in range(900) for order in (STREET, ORDER, HEAVY, NO_UNIT)]
    alone, counts = routed(orders, "jsonl")
    assert counts == (2_700, 900)
    assert routed(orders, "jsonl", threads=3) == (alone, counts)


def test_parquet_out_has_the_columns_of_route_table() -> None:
    """Parquet to Parquet is route_table() on files."""
    from lockership.columnar import route_table

    orders = [ORDER, STREET, HEAVY, NO_UNIT]
    out, _ = routed(orders, "parquet")
    expected = route_table(pa.Table.from_pylist(orders))
    assert parquet.read_table(io.BytesIO(out)).to_pylist() == expected.to_pylist()


@pytest.mark.usefixtures("small_batches")
def test_the_policy_and_the_day_reach_every_batch() -> None:
    """A house that takes nothing heavier than 5 lb has its way in each batch."""
    strict = Policy.from_dict({"stricter": {"ups.access_point": {"max_weight": "5 lb"}}})
    orders = [ORDER | {"order_id": str(number)} for number in range(1_000)]
    out, _ = routed(orders, "parquet", threads=2, policy=strict)
    assert set(parquet.read_table(io.BytesIO(out), columns=["route"])["route"].to_pylist()) == {"review"}


def test_an_empty_book_is_an_empty_file_of_decisions() -> None:
    """No orders, no answers, and still a file with its columns."""
    empty = pa.Table.from_pylist([ORDER]).slice(0, 0)
    file, out = io.BytesIO(), io.BytesIO()
    parquet.write_table(empty, file)
    file.seek(0)
    counts = route_book(file, out, "parquet", warn=print, tell=lambda *_: None)
    assert (counts, parquet.read_table(io.BytesIO(out.getvalue())).num_rows) == ((0, 0), 0)


def test_long_texts_make_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded by bytes as by rows."""
    orders = [STREET | {"order_id": str(number)} for number in range(40)]
    expected = routed(orders, "jsonl")
    monkeypatch.setattr("lockership.files.parquet._BYTES", 300)
    pieces = list(ParquetOrders(book_of(orders), print).pieces(1_000))
    assert 1 < len(pieces) <= 40
    assert [number for piece in pieces for number in piece.numbers] == list(range(1, 41))
    assert routed(orders, "jsonl") == expected


@pytest.mark.usefixtures("small_batches")
def test_progress_counts_rows_up_to_the_last() -> None:
    """Who watches sees how many rows are done and how many there are."""
    told: list[tuple[int, int]] = []
    orders = [STREET | {"order_id": str(number)} for number in range(350)]
    route_book(
        book_of(orders),
        io.BytesIO(),
        "parquet",
        warn=print,
        tell=lambda *pair: told.append(pair),
        threads=1,
    )
    assert told == [(200, 350), (350, 350)]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (lambda: io.BytesIO(b"PAR1 and nothing else"), "not a Parquet file"),
        (lambda: book_of([{"favourite colour": "red"}]), "no column is known"),
    ],
)
def test_what_is_no_book_is_told_before_anything_is_written(
    broken: Callable[[], io.BytesIO], why: str
) -> None:
    """A file that cannot be read leaves the output as it was."""
    out = io.BytesIO()
    with pytest.raises(UnreadableFile, match=why):
        route_book(broken(), out, "jsonl", warn=print, tell=lambda *_: None)
    assert out.getvalue() == b""


def test_a_book_that_breaks_off_is_told(tmp_path: Path) -> None:
    """A Parquet file with a damaged page ends the run with its name for it, not with a trace."""
    good = book_of([ORDER | {"order_id": str(number)} for number in range(5_000)]).getvalue()
    damaged = good[:200] + bytes(400) + good[600:]
    with pytest.raises(UnreadableFile, match="not a Parquet file that can be read"):
        route_book(io.BytesIO(damaged), io.BytesIO(), "jsonl", warn=print, tell=lambda *_: None)
