"""JSON Lines by column: byte for byte the answers of their lines one by one."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership.files import route_book
from lockership.files.json_lines import JsonOrders
from lockership.files.lines import route_line
from lockership.testing import orders

from .columnar.both_ways import order_book
from .test_inbound import ORDER, WRONG, changed
from .test_sheets import answered_both_ways

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

pytest.importorskip("pyarrow", reason="left out: pyarrow is not installed")

LINE = json.dumps(ORDER).encode()
ODD = (
    b"",
    b"   ",
    b"{",
    b"[]",
    b"[1, 2]",
    b"7",
    b"null",
    b'"text"',
    b'{"order_id": 1.10}',
    b'{"order_id": NaN, "carrier": "ups"}',
    b"\xff\xfe",
    b'{"order_id": "\\ud800", "carrier": "ups"}',
    LINE.replace(b'"A-1"', b"1.10"),
    LINE.replace(b'"A-1"', b"-0"),
    LINE.replace(b'"A-1"', b'"\\ud800"'),
    LINE.replace(b'"parcel"', b'"parcels"'),
    LINE.replace(b"90029", b"\\u0000"),
    LINE.replace(b'"90029"', b"501"),
    LINE.replace(b'"90029"', b"501.0"),
    LINE.replace(b'"90029"', b"5e2"),
)


def one_by_one(data: bytes) -> list[bytes]:
    """Answer lines each alone."""
    lines = enumerate(io.BytesIO(data), 1)
    return [answer for number, line in lines if line.strip() for answer in route_line(line, number)]


def by_column(data: bytes) -> list[bytes]:
    """Answer them by column."""
    out = io.BytesIO()
    route_book(
        io.BytesIO(data), out, "jsonl", source_form="jsonl", warn=print, tell=lambda *_: None, threads=2
    )
    return out.getvalue().splitlines()


def lines_of(records: Iterable[object]) -> bytes:
    """Write JSON Lines."""
    return b"\n".join(json.dumps(record).encode() for record in records)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file be cut into many pieces."""
    monkeypatch.setattr("lockership.columnar.ROWS", 50)


def test_the_sample_order_goes_by_column() -> None:
    """What is compared here is not one way with itself."""
    (piece,) = JsonOrders(io.BytesIO(LINE), print).pieces(10)
    assert piece.batch["order_id"].to_pylist() == [ORDER["order_id"]]


@pytest.mark.parametrize("seed", range(3))
def test_generated_orders_are_answered_as_one_by_one(seed: int) -> None:
    """Orders that seek the limits, good and bad, with homes, locations and several parcels."""
    data = lines_of(order_book(seed, 300))
    assert by_column(data) == one_by_one(data)


@given(st.lists(orders(), max_size=8))
def test_lawful_orders_are_answered_as_one_by_one(records: list[dict[str, Any]]) -> None:
    """Whatever lawful orders there are."""
    data = lines_of(records)
    assert by_column(data) == one_by_one(data)


def test_whatever_is_wrong_is_told_as_one_by_one() -> None:
    """Each thing that can be wrong with a field, on a line of its own between good ones."""
    wrong = [changed(**{path.replace(".", "__"): value}) for path, value, *_ in WRONG if "[" not in path]
    assert len(wrong) > 50
    data = lines_of(record for bad in wrong for record in (bad, ORDER))
    assert by_column(data) == one_by_one(data)


@pytest.mark.parametrize("odd", ODD)
def test_odd_lines_are_answered_as_one_by_one(odd: bytes) -> None:
    """No JSON, no object, an id that is a number: the lines around it keep their answers."""
    data = b"\n".join([LINE, odd, LINE])
    assert by_column(data) == one_by_one(data)


VALUES = st.sampled_from([None, True, 0, 1.5, "", " ", "x", [], ["fragile"], [1], {}, {"a": 1}, "\ud800"])
PATHS = st.sampled_from(
    [
        *("order_id", "carrier", "service", "ship_to", "home", "parcel", "parcels", "signals", "location"),
        *(f"ship_to__{name}" for name in ("name", "company", "street1", "zip", "country", "phone", "other")),
        *(f"parcel__{name}" for name in ("length", "dimension_unit", "weight", "declared_value", "currency")),
        *("parcel__traits", "signals__amazon_fulfilled", "signals__amazon_address_type"),
        *("location__id", "location__unit", "location__status", "location__max_weight"),
    ]
)


@given(st.lists(st.dictionaries(PATHS, VALUES, max_size=2), max_size=6))
def test_any_value_anywhere_is_answered_as_one_by_one(changes: list[dict[str, Any]]) -> None:
    """Text, numbers, lists and objects where they belong and where they do not."""
    data = lines_of(changed(**one) for one in changes)
    assert by_column(data) == one_by_one(data)


def test_long_lines_make_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded by bytes as by rows."""
    monkeypatch.setattr("lockership.files.json_lines._BYTES", 100)
    data = lines_of([ORDER] * 20)
    assert len(list(JsonOrders(io.BytesIO(data), print).pieces(1_000))) == 20
    assert by_column(data) == one_by_one(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_the_command_gives_long_files_the_same_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, encoding: str
) -> None:
    """Which way a file takes depends on its length, what comes out does not."""
    source = tmp_path / "orders.jsonl"
    source.write_bytes(lines_of([*order_book(5, 60), [], ORDER]).decode().encode(encoding))
    by_columns, by_rows = answered_both_ways(source, form, monkeypatch)
    assert by_columns == by_rows
