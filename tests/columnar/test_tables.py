"""However a table of orders lies in memory, and wherever it comes from, its rows are the same orders."""

from __future__ import annotations

import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from lockership import InputError, Policy
from lockership.columnar import Router, kernel, route_batches, route_table
from lockership.columnar.kernel import ROWS

from ..test_inbound import changed  # noqa: TID252 - tests are no package that could be named
from .both_ways import ENGLISH, SCHEMA, Json, alone, as_cells, by_table, flat, nested, of_cells, order_book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def book() -> list[Json]:
    """Return three hundred orders, good and bad."""
    return order_book(3, 300)


@pytest.fixture(scope="module")
def told(book: list[Json]) -> list[Json]:
    """Return what is decided about them."""
    return alone(book)


def _as_dictionaries(table: Any, kind: Any) -> Any:
    """Encode every column of text, but those within structs."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            encoded = table.column(place).dictionary_encode().cast(pa.dictionary(kind, pa.string()))
            table = table.set_column(place, field.name, encoded)
    return table


def test_the_documents_tell_how_many_rows_are_decided_at_a_time(root: Path) -> None:
    """Who sets the size of batches reads the figures that hold."""
    told = (root / "docs" / "columnar.md").read_text("utf-8")
    assert f"up to {kernel._AT_ONCE:,} rows" in told
    assert f"of a stream {ROWS:,}" in told
    assert f"past {ROWS:,} nothing" in (root / "docs" / "scale.md").read_text("utf-8")


def test_as_many_threads_run_as_pyarrow_has(book: list[Json], monkeypatch: pytest.MonkeyPatch) -> None:
    """``pyarrow.set_cpu_count()`` bounds what a large table takes."""
    asked: list[int] = []

    class Pool(ThreadPoolExecutor):
        def __init__(self, threads: int) -> None:
            asked.append(threads)
            super().__init__(threads)

    monkeypatch.setattr(kernel, "ThreadPoolExecutor", Pool)
    monkeypatch.setattr(kernel, "ROWS", 40)
    monkeypatch.setattr(kernel, "_AT_ONCE", 40)
    monkeypatch.setattr(pa, "cpu_count", lambda: 3)
    route_table(nested(book))
    assert asked == [3]


@pytest.mark.parametrize(("limit", "value"), [("ROWS", 40), ("_BYTES", 20_000)])
def test_large_tables_are_decided_in_pieces_by_threads(
    book: list[Json], told: list[Json], monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    """However many pieces there are, by rows or by bytes, the rows keep their order and their answers."""
    pieces: list[int] = []
    route = Router.route

    def counting(router: Router, batch: Any) -> Any:
        pieces.append(batch.num_rows)
        return route(router, batch)

    monkeypatch.setattr(Router, "route", counting)
    monkeypatch.setattr(f"lockership.columnar.kernel.{limit}", value)
    monkeypatch.setattr("lockership.columnar.kernel._AT_ONCE", 40 if limit == "ROWS" else 300)
    assert by_table(nested(book)) == told
    assert len(pieces) > 4
    assert sum(pieces) == len(book)


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint16(), pa.int32()], ids=str)
def test_encoded_columns_say_the_same(book: list[Json], kind: Any) -> None:
    """Dictionary-encoded columns are read as plain ones, each chunk with a dictionary of its own."""
    cells = as_cells(book, ENGLISH)
    table = flat(cells, ENGLISH.values())
    chunks = [_as_dictionaries(table.slice(start, 100), kind) for start in range(0, 300, 100)]
    assert by_table(pa.concat_tables(chunks)) == alone(of_cells(cells, ENGLISH.values()))


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view()], ids=str)
def test_other_sorts_of_text_say_the_same(book: list[Json], told: list[Json], kind: Any) -> None:
    """Large strings (as Polars gives them) and views are text, flat and within structs."""
    cells = as_cells(book, ENGLISH)
    table = flat(cells, ENGLISH.values())
    table = table.cast(pa.schema([(name, kind) for name in table.schema.names]))
    assert by_table(table) == alone(of_cells(cells, ENGLISH.values()))
    assert by_table(pa.Table.from_pylist(nested(book).to_pylist(), _with_text(SCHEMA, kind))) == told


def test_encoded_views_say_the_same(book: list[Json]) -> None:
    """Polars gives its categories as dictionaries of views, which pyarrow itself cannot take rows from."""
    cells = as_cells(book, ENGLISH)
    table = _as_dictionaries(flat(cells, ENGLISH.values()), pa.uint32())
    columns = [
        pa.DictionaryArray.from_arrays(column.indices, column.dictionary.cast(pa.string_view()))
        for column in (whole.combine_chunks() for whole in table.columns)
    ]
    assert by_table(pa.table(columns, table.schema.names)) == alone(of_cells(cells, ENGLISH.values()))


def _with_text(schema: Any, kind: Any) -> Any:
    def turned(one: Any) -> Any:
        if pa.types.is_struct(one):
            return pa.struct([(field.name, turned(field.type)) for field in one])
        if pa.types.is_list(one):
            return pa.large_list(turned(one.value_type))
        return kind if pa.types.is_string(one) else one

    return pa.schema([(field.name, turned(field.type)) for field in schema])


@pytest.mark.parametrize("size", [7, 299, 300, 1_000])
def test_chunks_make_no_difference(book: list[Json], told: list[Json], size: int) -> None:
    """A table in chunks of any size gives the same rows in the same order."""
    table = pa.Table.from_batches(nested(book).to_batches(max_chunksize=size))
    assert by_table(table) == told


@pytest.mark.parametrize(("start", "length"), [(0, 0), (1, 1), (13, 200), (299, 1), (300, 0)])
def test_a_slice_gives_its_own_rows(book: list[Json], start: int, length: int) -> None:
    """A slice of a table, which lies somewhere within its memory, is decided as that part alone."""
    part = book[start : start + length]
    assert by_table(nested(book).slice(start, length)) == alone(part)
    cells = as_cells(book, ENGLISH)
    names = ENGLISH.values()
    one_by_one = alone(of_cells(cells[start : start + length], names))
    assert by_table(flat(cells, names).slice(start, length)) == one_by_one
    assert by_table(_as_dictionaries(flat(cells, names), pa.int16()).slice(start, length)) == one_by_one


def test_slices_of_chunks_within_structs_keep_their_place(book: list[Json]) -> None:
    """Structs that lie behind an offset of their own are read at their own rows."""
    blocks = [nested(book).combine_chunks().column(name).chunk(0) for name in SCHEMA.names]
    cut = pa.table([block.slice(50, 100) for block in blocks], names=SCHEMA.names)
    assert by_table(cut) == alone(book[50:150])


def test_a_row_in_the_first_batch_does_not_lend_its_answer_to_another_policy(book: list[Json]) -> None:
    """What a router remembers is its own: the same orders by another policy or day are decided anew."""
    for policy in (None, Policy(max_weight=None), Policy(pickup_refuses=())):
        assert by_table(nested(book), policy=policy) == alone(book, policy=policy)


@pytest.mark.parametrize(
    "empty",
    [
        nested([]),
        flat([], ENGLISH.values()),
        SCHEMA.empty_table(),
        pa.Table.from_batches([], SCHEMA),
        pa.RecordBatch.from_pylist([], SCHEMA),
    ],
    ids=["structs", "flat", "schema", "no batches", "batch"],
)
def test_an_empty_table_gives_an_empty_table(empty: Any) -> None:
    """No rows, or no batches at all, give no rows of the same columns."""
    decided = route_table(empty)
    assert decided.num_rows == 0
    assert decided.schema == route_table(nested([changed()])).schema


def test_a_table_of_nulls_is_a_table_of_errors() -> None:
    """Rows in which everything is null are errors, each in its place."""
    records: list[Json] = [{}, {}, {}]
    assert by_table(nested(records)) == alone(records)
    names = list(ENGLISH.values())
    cells = [[""] * len(names)] * 3
    assert by_table(flat(cells, names)) == alone(of_cells(cells, names))
    nulls = pa.table({name: pa.nulls(3) for name in names})
    assert by_table(nulls) == alone(of_cells(cells, names))


def test_a_table_half_of_nulls_keeps_its_rows(book: list[Json]) -> None:
    """Rows of nulls among others are errors in their places."""
    records = [{} if row % 2 else order for row, order in enumerate(book)]
    assert by_table(nested(records)) == alone(records)


def test_more_columns_change_nothing(book: list[Json], told: list[Json]) -> None:
    """Columns that nobody knows are passed over, whatever they hold."""
    table = nested(book)
    for name, values in {"note": [[1]] * 300, "score": [None, 1.5, -1] * 100, "": [b"x"] * 300}.items():
        table = table.append_column(name, pa.array(values))
    assert by_table(table) == told


def test_of_the_blocks_only_what_is_there_is_asked_for() -> None:
    """A table need have no more than an id, an address, a carrier and a parcel."""
    lean = {name: changed()[name] for name in ("order_id", "carrier", "ship_to", "parcel")}
    lean["ship_to"] = {"street1": "1 Elm St"}
    assert by_table(pa.Table.from_pylist([lean])) == alone([lean])


def test_a_table_that_lacks_a_block_says_so_row_by_row() -> None:
    """Without a parcel, a carrier or an order id every row is an error that names it."""
    for name in ("order_id", "carrier", "parcel"):
        records = [{key: value for key, value in changed().items() if key != name}] * 2
        told = by_table(pa.Table.from_pylist(records))
        assert told == alone(records)
        assert [answer["error"]["field"] for answer in told] == [name, name]


def test_a_table_of_something_else_is_refused() -> None:
    """A table without any column that is known is no table of orders."""
    with pytest.raises(InputError, match="no column of this table is known"):
        route_table(pa.table({"favourite colour": ["blue"]}))


# --- what else may be given, and streams ------------------------------------------------------------


class Frame:
    """What a data frame of another library looks like from here."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize("kind", [Frame, lambda table: table.combine_chunks().to_batches()[0]])
def test_a_frame_or_a_batch_is_taken_as_a_table(kind: Any, book: list[Json], told: list[Json]) -> None:
    """A record batch, and whatever gives itself as a stream of Arrow, is as good as a table."""
    assert by_table(kind(nested(book))) == told


def test_batches_are_decided_as_they_come(book: list[Json], told: list[Json]) -> None:
    """A stream is decided batch by batch: none is fetched before it is its turn, none is kept."""
    table = pa.Table.from_pylist(nested(book).to_pylist(), SCHEMA)
    alive: list[weakref.ref[Any]] = []

    def stream() -> Iterator[Any]:
        for start in range(0, 300, 60):
            batch = table.slice(start, 60).combine_chunks().to_batches()[0]
            alive.append(weakref.ref(batch))
            yield batch
            del batch

    rows: list[Json] = []
    for number, decided in enumerate(route_batches(stream()), 1):
        rows += decided.to_pylist()
        assert len(alive) == number
        assert [one() is None for one in alive[:-1]] == [True] * (number - 1)
    whole = route_table(nested(book)).to_pylist()
    assert rows == whole
    assert len(rows) == len(told)


def test_a_stream_of_nothing_gives_nothing() -> None:
    """Without a batch there is no schema, so there is nothing to give; an empty batch gives an empty one."""
    assert list(route_batches([])) == []
    [decided] = route_batches([pa.RecordBatch.from_pylist([], SCHEMA)])
    assert decided.num_rows == 0


def test_a_batch_larger_than_one_helping_is_cut() -> None:
    """A huge batch comes out in helpings, and says the same as small ones."""
    order = {"order_id": "A-1", "carrier": "ups", "street": "1 Elm St", "length": "1", "width": "1"}
    order |= {"height": "1", "dimension unit": "in", "weight": "1", "weight unit": "lb"}
    batch = pa.table({name: [value] * (ROWS + 1) for name, value in order.items()}).to_batches()[0]
    batch = batch.set_column(0, "order_id", pa.array(range(ROWS + 1)))
    decided = list(route_batches([batch]))
    assert [one.num_rows for one in decided] == [ROWS, 1]
    whole = pa.Table.from_batches(decided)
    assert whole.column("order_id").to_pylist() == list(range(ROWS + 1))
    assert set(whole.column("route").to_pylist()) == {"home"}


def test_a_router_may_be_used_for_many_batches(book: list[Json], told: list[Json]) -> None:
    """Answers that are remembered from batch to batch are the right ones for each."""
    router = Router(SCHEMA)
    batch = nested(book).combine_chunks().to_batches()[0]
    first, second = router.route(batch), router.route(batch)
    assert first.equals(second)
    assert first.schema == router.schema
    assert len(told) == first.num_rows


@pytest.mark.parametrize(
    ("column", "echoed"),
    [
        (pa.array(["A-1", "B-2"]), ["A-1", "B-2"]),
        (pa.array(["0012", "7"]).dictionary_encode(), ["0012", "7"]),
        (pa.array([12, 2**63 - 1]), [12, 2**63 - 1]),
        (pa.array([12, 7], pa.uint8()), [12, 7]),
        (pa.array([12, None]), [12, None]),
        (pa.array(["A", None]), ["A", None]),
        (pa.array([1.5, 7.0]), ["1.5", "7"]),
        (pa.array([1.0, float("nan")]), ["1", None]),
        (pa.nulls(2), [None, None]),
    ],
    ids=lambda value: str(value.type) if hasattr(value, "type") else "",
)
def test_an_order_id_is_echoed_as_its_column_has_it(column: Any, echoed: list[object]) -> None:
    """Whole numbers stay such, text stays text, and an id that is none is an error that echoes null."""
    cells = as_cells([changed(), changed()], ENGLISH)
    table = flat(cells, ENGLISH.values()).set_column(0, "Order No.", column)
    decided = route_table(table)
    assert decided.column("order_id").to_pylist() == echoed
    lacks = [code == "missing_field" for code in decided.column("error_code").to_pylist()]
    assert lacks == [one is None for one in echoed]
    whole = pa.types.is_integer(column.type)
    assert decided.schema.field("order_id").type == (column.type if whole else pa.string())


@pytest.mark.parametrize("order_id", [7, 2**70, 1.5, True, ["A"], {"a": 1}, b"A"], ids=str)
def test_an_order_id_within_structs_is_echoed_as_json_echoes_it(order_id: object) -> None:
    """In a table shaped as the order JSON an id is text or a number; anything else is told."""
    record = changed(order_id=order_id)
    try:
        table = pa.Table.from_pylist([record])
    except OverflowError:
        table = pa.Table.from_pylist([changed()])
        table = table.set_column(0, "order_id", pa.array([order_id], pa.decimal128(38, 0)))
    if isinstance(order_id, bytes):
        [answer] = by_table(table)
        assert (answer["order_id"], answer["error"]["field"]) == (None, "order_id")
    else:
        assert by_table(table) == alone([record])


def test_two_columns_for_one_thing_are_taken_in_turn() -> None:
    """Of two columns that mean the same, the first that is filled is taken, row by row."""
    names = [*ENGLISH.values(), "Order ID", "重量(kg)"]
    weight = list(ENGLISH).index("parcel.weight")
    rows: list[list[str]] = []
    for first, weighed in (("A-1", "8.2"), ("", "8.2"), ("A-3", ""), ("", "")):
        [row] = as_cells([changed(order_id=first)], ENGLISH)
        row[weight] = weighed
        rows.append([*row, "Z-9", "2"])
    told = by_table(flat(rows, names))
    assert told == alone(of_cells(rows, names))
    assert [answer["order_id"] for answer in told] == ["A-1", "Z-9", "A-3", "Z-9"]


def test_units_that_do_not_agree_are_told() -> None:
    """A unit in a column's name beside another one in the row, or in a sister's name, is never guessed."""
    names = [
        {"parcel.length": "Length (in)", "parcel.width": "Width (cm)"}.get(k, v) for k, v in ENGLISH.items()
    ]
    cells = as_cells([changed(), changed(parcel__dimension_unit=None)], ENGLISH)
    told = by_table(flat(cells, names))
    assert told == alone(of_cells(cells, names))
    assert [answer["error"]["code"] for answer in told] == ["unknown_unit", "unknown_unit"]


def test_what_is_remembered_of_answers_has_an_end(
    book: list[Json], told: list[Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A router that has answered a flood of different parcels forgets, and answers the same."""
    monkeypatch.setattr("lockership.columnar.kernel._KEPT", 0)
    table = nested(book)
    router = Router(table.schema)
    (batch,) = table.to_batches()
    alone = router.route(batch.slice(0, 150))
    first = set(router._known)
    router.route(batch.slice(150, 1))
    assert first - set(router._known)
    assert len(router._alike) <= len(router._known)
    assert router.route(batch.slice(0, 150)).to_pylist() == alone.to_pylist()
