"""Tables of pandas, Polars and DuckDB go through ``route_table()`` and come back whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from lockership.columnar import decision_schema, route_table

from ..columnar.both_ways import (  # noqa: TID252 - tests are no package that could be named
    CHINESE,
    ENGLISH,
    Json,
    alone,
    as_cells,
    by_table,
    flat,
    nested,
    of_cells,
    order_book,
)
from ..test_docs import blocks  # noqa: TID252 - as above

ORDERS = 5_000


@pytest.fixture(scope="module")
def book() -> list[Json]:
    """Return orders that seek the limits: some spoiled, some of several parcels, many blocks absent."""
    return order_book(9, ORDERS)


@pytest.fixture(scope="module")
def told(book: list[Json]) -> list[Json]:
    """Return what is decided about them one by one."""
    return alone(book)


@pytest.fixture(scope="module")
def cells(book: list[Json]) -> list[list[str]]:
    """Return the same as rows of a spreadsheet."""
    return as_cells(book, ENGLISH)


@pytest.fixture(scope="module")
def told_of_cells(cells: list[list[str]]) -> list[Json]:
    """Return what is decided about the rows of the spreadsheet one by one."""
    return alone(of_cells(cells, ENGLISH.values()))


@pytest.fixture(scope="module")
def pd() -> Any:
    """Return pandas."""
    return pytest.importorskip("pandas", reason="left out: pandas is not installed (make .venv/.scale)")


@pytest.fixture(scope="module")
def pl() -> Any:
    """Return Polars."""
    return pytest.importorskip("polars", reason="left out: Polars is not installed (make .venv/.scale)")


@pytest.fixture
def duck() -> Any:
    """Return a DuckDB in memory."""
    duckdb = pytest.importorskip("duckdb", reason="left out: DuckDB is not installed (make .venv/.scale)")
    connection = duckdb.connect()
    yield connection
    connection.close()


def plain(table: Any) -> Any:
    """Give decisions without dictionaries, as databases and frames may have them."""
    return table.cast(decision_schema(table.schema.field("order_id").type, dictionaries=False))


# ── pandas ───────────────────────────────────────────────────────────────────────────────────────


def test_pandas_gives_spreadsheets(pd: Any, cells: list[list[str]], told_of_cells: list[Json]) -> None:
    """A frame of text with gaps, as ``read_csv(dtype=str)`` gives it, is decided as its rows one by one."""
    frame = pd.DataFrame(cells, columns=list(ENGLISH.values())).replace("", None)
    assert by_table(frame) == told_of_cells
    assert by_table(frame.iloc[1_000:1_500]) == told_of_cells[1_000:1_500]
    assert by_table(frame.astype({"Carrier Name": "category", "City": "category"})) == told_of_cells


def test_pandas_gives_structs(pd: Any, book: list[Json], told: list[Json]) -> None:
    """A frame with columns of Arrow, structs and lists included, is decided as the orders one by one."""
    assert by_table(nested(book).to_pandas(types_mapper=pd.ArrowDtype)) == told


def test_pandas_gives_numbers_with_gaps(pd: Any) -> None:
    """Floats whose gaps are NaN and numbers of any type are read as their shortest decimals say."""
    frame = pd.DataFrame(
        {
            "order id": pd.array([1, 2, 3], dtype="int64"),
            "carrier": "ups",
            "street": "12 Elm St",
            "zip": pd.array([2101, 90026, None], dtype="Int64"),
            "length (in)": [14.1, 0.1 + 0.2, float("nan")],
            "width (in)": pd.array([10, 11, 12], dtype="int16"),
            "height (in)": pd.array([6.1, None, 6], dtype="Float64"),
            "weight (lb)": [8.2, 8.2, 8.2],
        }
    )
    rows = [
        ["1", "ups", "12 Elm St", "2101", "14.1", "10", "6.1", "8.2"],
        ["2", "ups", "12 Elm St", "90026", repr(0.1 + 0.2), "11", "", "8.2"],
        ["3", "ups", "12 Elm St", "", "", "12", "6", "8.2"],
    ]
    assert by_table(frame) == alone(of_cells(rows, frame.columns))
    assert route_table(frame).column("order_id").to_pylist() == [1, 2, 3]


def test_pandas_takes_decisions(pd: Any, book: list[Json]) -> None:
    """Decisions become a frame and come back without a difference."""
    decisions = route_table(nested(book))
    frame = decisions.to_pandas(types_mapper=pd.ArrowDtype)
    back = pa.Table.from_pandas(frame, schema=plain(decisions).schema, preserve_index=False)
    assert back.to_pylist() == decisions.to_pylist()
    counted = decisions.to_pandas()["route"].value_counts(dropna=False)
    assert counted.sum() == decisions.num_rows
    assert (counted[["pickup", "home", "review"]] > 0).all()


# ── Polars ───────────────────────────────────────────────────────────────────────────────────────


def test_polars_gives_spreadsheets(pl: Any, cells: list[list[str]], told_of_cells: list[Json]) -> None:
    """A frame of text is decided as its rows one by one: whole, in pieces, sliced, with categories."""
    frame = pl.DataFrame(flat(cells, ENGLISH.values()))
    assert by_table(frame) == told_of_cells
    assert by_table(pl.concat([frame[:700], frame[700:]], rechunk=False)) == told_of_cells
    assert by_table(frame.slice(1_000, 500)) == told_of_cells[1_000:1_500]
    assert by_table(frame.with_columns(pl.col("Carrier Name").cast(pl.Categorical))) == told_of_cells
    assert by_table(frame.clear()) == []


def test_polars_gives_chinese_spreadsheets(pl: Any, book: list[Json]) -> None:
    """So is a frame with Chinese names and units in brackets."""
    cells = as_cells(book, CHINESE)
    frame = pl.DataFrame(cells, schema=list(CHINESE.values()), orient="row")
    assert by_table(frame) == alone(of_cells(cells, CHINESE.values()))


def test_polars_gives_structs(pl: Any, book: list[Json], told: list[Json]) -> None:
    """A frame of structs and lists is decided as the orders one by one."""
    # Polars has no absent struct beside one whose fields are all absent; orders of both sorts are errors.
    frame = pl.DataFrame(nested(book))
    decided = by_table(frame)
    assert [one for one in decided if "error" not in one] == [one for one in told if "error" not in one]
    assert decided == alone(frame.to_dicts())


def test_polars_takes_decisions(pl: Any, book: list[Json]) -> None:
    """Decisions become a frame and come back without a difference."""
    decisions = route_table(nested(book))
    frame = pl.DataFrame(decisions)
    assert frame.to_dicts() == decisions.to_pylist()
    assert plain(frame.to_arrow().cast(plain(decisions).schema)).to_pylist() == decisions.to_pylist()


# ── the recipes of docs/scale.md ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("engine", ["dask", "polars"])
def test_the_recipe_for_an_engine_runs(
    engine: str, cells: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page shows for an engine, run as it stands on a folder of Parquet files, decides about all."""
    pytest.importorskip(engine, reason=f"left out: {engine} is not installed (make .venv/.scale)")
    table = flat(cells, ENGLISH.values())
    for name in ("orders", "decisions"):
        (tmp_path / name).mkdir()
    for number in range(4):
        piece = table.slice(number * ORDERS // 4, ORDERS // 4)
        parquet.write_table(piece, tmp_path / "orders" / f"{number}.parquet", row_group_size=500)
    monkeypatch.chdir(tmp_path)
    [recipe] = [block for block in blocks("scale.md", "python") if f"import {engine}" in block]
    exec(recipe, {"__name__": "recipe"})  # noqa: S102 - the page's own program
    told = [
        row for path in sorted(Path("decisions").iterdir()) for row in parquet.read_table(path).to_pylist()
    ]
    assert told == route_table(table).to_pylist()


# ── DuckDB ───────────────────────────────────────────────────────────────────────────────────────


def test_duckdb_gives_spreadsheets(duck: Any, cells: list[list[str]], told_of_cells: list[Json]) -> None:
    """The answer to a query is decided as its rows one by one."""
    orders = flat(cells, ENGLISH.values())
    duck.register("orders", orders)
    assert by_table(duck.sql("select * from orders")) == told_of_cells
    some = "select * from orders limit 500 offset 1000"
    assert by_table(duck.sql(some)) == told_of_cells[1_000:1_500]
    assert by_table(duck.sql("select * from orders where false")) == []


def test_duckdb_gives_structs_and_decimals(duck: Any, book: list[Json], told: list[Json]) -> None:
    """Structs, lists and decimals of a database are read as those of the order JSON."""
    duck.register("orders", nested(book))
    assert by_table(duck.sql("select * from orders")) == told
    record = {
        "order_id": "A-1",
        "carrier": "ups",
        "ship_to": {"company": "UPS Access Point", "street1": "12 Elm St"},
        "parcel": {"length": "38.001", "width": "10.5", "height": "6", "dimension_unit": "in"}
        | {"weight": "44.0", "weight_unit": "lb"},
    }
    query = """
        select 'A-1' order_id, 'ups' carrier,
               {company: 'UPS Access Point', street1: '12 Elm St'} ship_to,
               {length: 38.001::decimal(9, 3), width: 10.5::double, height: 6, dimension_unit: 'in',
                weight: 44::decimal(4, 1), weight_unit: 'lb'} parcel
    """
    decided = by_table(duck.sql(query))
    assert decided == alone([record])
    assert [refusal["code"] for refusal in decided[0]["refusals"]] == ["too_long"]


def test_duckdb_takes_decisions(duck: Any, book: list[Json]) -> None:
    """Decisions can be asked in SQL, and come back without a difference."""
    decisions = route_table(nested(book))
    duck.register("decisions", decisions)
    back = duck.sql("select * from decisions").to_arrow_table()
    assert back.to_pylist() == decisions.to_pylist()
    asked = duck.sql("select route, count(*) from decisions group by route").fetchall()
    assert dict(asked) == {
        route: decisions.column("route").to_pylist().count(route)
        for route in ("pickup", "home", "review", None)
    }
    # Fields of a refusal are asked as those of a struct.
    heavy = duck.sql("select count(*) from decisions, unnest(refusals) r(r) where r.code = 'too_heavy'")
    [[count]] = heavy.fetchall()
    rows = decisions.to_pylist()
    assert count == sum(one["code"] == "too_heavy" for row in rows for one in row["refusals"] or ())
    assert count > 0
