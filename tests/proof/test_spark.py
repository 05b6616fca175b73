"""A million orders are decided by Spark as one is decided alone: the same kernel, in Spark's workers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pyarrow as pa
import pytest

from lockership import InputError, Policy
from lockership.columnar import decision_schema, route_table
from lockership.scale import route_spark

from ..columnar.both_ways import (  # noqa: TID252 - tests are no package that could be named
    CHINESE,
    ENGLISH,
    Json,
    _as_json,
    alone,
    as_cells,
    flat,
    nested,
    of_cells,
    order_book,
)
from ..test_docs import blocks  # noqa: TID252 - as above
from ..test_own_network import LOBBY  # noqa: TID252 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ORDERS = 20_000
PARTITIONS = 4

# PySpark looks whether pandas is there and warns of its newest release; mapInArrow does not use it.
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Return a Spark on this machine with two workers, which have the Python of the tests."""
    sql = pytest.importorskip("pyspark.sql", reason="left out: PySpark is not installed (make .venv/.scale)")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("left out: Spark needs Java 17 or later, and there is none on this machine")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        session = (
            sql.SparkSession.builder.master("local[2]")
            .appName("lockership")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "3000")
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


def frame_of(spark: Any, table: Any) -> Any:
    """Give a table to Spark in several partitions, each of several batches, in the order of its rows."""
    spark.conf.set("spark.sql.leafNodeDefaultParallelism", str(PARTITIONS))
    frame = spark.createDataFrame(table)
    assert frame.rdd.getNumPartitions() == PARTITIONS
    return frame


def rows_of(frame: Any) -> list[Json]:
    """Bring an answer back."""
    rows: list[Json] = frame.toArrow().to_pylist()
    return rows


@pytest.fixture(scope="module")
def book() -> list[Json]:
    """Return orders that seek the limits: some spoiled, some of several parcels, many blocks absent."""
    return order_book(8, ORDERS)


# ── the same decisions ───────────────────────────────────────────────────────────────────────────


def test_spark_decides_as_one_machine_does(spark: Any, book: list[Json]) -> None:
    """Orders as structs get the decisions of ``route_table()``, in every column, and of one at a time."""
    table = nested(book)
    told = rows_of(route_spark(frame_of(spark, table)))
    assert told == route_table(table).to_pylist()
    lines = [_as_json(row) for row in told]
    assert lines == alone(book)
    assert len(lines) > ORDERS  # some have several parcels …
    assert sum("error" in line for line in lines) > ORDERS / 50  # … and some cannot be read
    assert {line["route"] for line in lines if "route" in line} == {"pickup", "home", "review"}


@pytest.mark.parametrize("names", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_spark_decides_about_flat_tables(spark: Any, book: list[Json], names: dict[str, str]) -> None:
    """So do flat tables, whose names have blanks, dots, brackets and Chinese characters."""
    cells = as_cells(book, names)
    table = flat(cells, names.values())
    told = rows_of(route_spark(frame_of(spark, table)))
    assert told == route_table(table).to_pylist()
    assert [_as_json(row) for row in told] == alone(of_cells(cells, names.values()))


def test_policy_and_day_reach_the_workers(spark: Any, book: list[Json]) -> None:
    """Decisions by a house's policy, with a network of its own, and of another day are just those."""
    locker, desk = LOBBY.channels
    weight, *others = locker.rules
    dated = attrs.evolve(locker, rules=(attrs.evolve(weight, until=date(2026, 7, 1)), *others))
    policy = Policy(max_weight=None, networks=(attrs.evolve(LOBBY, channels=(dated, desk)),))
    day = date(2026, 6, 30)
    lobby = {"company": "Lobby Locker 12", "street1": "12 Elm St"}
    some = [
        one | {"carrier": "OnTrac", "ship_to": lobby} if number % 3 else one
        for number, one in enumerate(book[:4_000])
    ]
    told = rows_of(route_spark(frame_of(spark, nested(some)), policy=policy, on=day))
    assert [_as_json(row) for row in told] == alone(some, policy=policy, on=day)
    assert [row["kind"] for row in told].count("lobby.locker") > 1_000
    assert alone(some, policy=policy, on=day) != alone(some, policy=policy)


def test_spark_s_own_numbers_are_read_exactly(spark: Any) -> None:
    """Decimals, floats and whole numbers in Spark's columns are those that one order may hold."""
    texts = {"length": "14.000", "width": "10.000", "height": "6.001", "weight": "44.000"}
    record = {
        "order_id": "A-1",
        "carrier": "ups",
        "ship_to": {"company": "UPS Access Point", "street1": "12 Elm St", "zip": "90026"},
        "parcel": texts | {"dimension_unit": "in", "weight_unit": "lb"},
    }
    [expected] = alone([record])
    for kind in ("decimal(12,3)", "double", "float"):
        frame = spark.createDataFrame(nested([record]))
        parcel = ", ".join(f"'{name}', cast(parcel.{name} as {kind})" for name in texts)
        units = "'dimension_unit', 'in', 'weight_unit', 'lb'"
        frame = frame.selectExpr(
            "order_id", "carrier", "ship_to", f"named_struct({parcel}, {units}) as parcel"
        )
        [row] = rows_of(route_spark(frame))
        assert _as_json(row) == expected


# ── the shape of the answer ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "given", "echoed"),
    [
        ("string", "'0012'", "0012"),
        ("int", "12", 12),
        ("smallint", "12", 12),
        ("tinyint", "12", 12),
        ("bigint", "9007199254740993", 9007199254740993),
        ("decimal(20,0)", "12345678901234567890", "12345678901234567890"),
        ("string", "null", None),
        ("bigint", "null", None),
    ],
)
def test_an_order_id_keeps_its_type(spark: Any, kind: str, given: str, echoed: object) -> None:
    """Whole numbers stay such, anything else is text, and an order without an id is an error."""
    row = {"carrier": "ups", "street1": "12 Elm St", "length": "1", "width": "1", "height": "1"}
    row |= {"dim unit": "in", "weight": "1", "weight unit": "lb"}
    frame = spark.createDataFrame(pa.Table.from_pylist([row])).selectExpr(
        f"cast({given} as {kind}) order_id", "*"
    )
    told = route_spark(frame)
    [row] = told.toArrow().to_pylist()
    assert row["order_id"] == echoed
    assert row["error_code"] == ("missing_field" if echoed is None else None)
    plain = decision_schema(frame.toArrow().schema.field("order_id").type, dictionaries=False)
    assert told.columns == plain.names
    assert told.toArrow().schema.types == plain.types


def test_kept_columns_stand_beside_the_decisions(spark: Any, book: list[Json]) -> None:
    """Kept columns of every type come with the order that they belong to, once for each of its parcels."""
    some = book[:3_000]
    table = nested(some).append_column("number", pa.array(range(len(some))))
    frame = frame_of(spark, table).selectExpr(
        "*",
        "cast(number as decimal(20,3)) / 3 as `share, in %`",
        "timestamp '2026-11-24 20:00:00 UTC' + make_interval(0, 0, 0, int(number)) as `placed.at`",
        "array(number, null) as pair",
        "map('n', number) as named",
        "if(number % 2 = 0, null, cast('x' as binary)) as raw",
    )
    keep = ["number", "share, in %", "placed.at", "pair", "named", "raw", "carrier"]
    told = route_spark(frame, keep=keep)
    assert told.columns[-len(keep) :] == keep
    assert [told.schema[name].dataType for name in keep] == [frame.schema[name].dataType for name in keep]
    rows = rows_of(told)
    expected = alone(some)
    assert [_as_json({k: v for k, v in row.items() if k not in keep}) for row in rows] == expected
    numbers = [row["number"] for row in rows]
    assert list(dict.fromkeys(numbers)) == list(range(len(some)))
    assert numbers == sorted(numbers)
    for row in rows:
        number = row["number"]
        given = some[number]
        assert row["carrier"] == given.get("carrier")
        assert row["pair"] == [number, None]
        assert row["named"] == [("n", number)]
        assert row["raw"] == (None if number % 2 == 0 else b"x")
        assert abs(row["share, in %"] - Decimal(number) / 3) < Decimal("0.01")
        placed = datetime(2026, 11, 24, 20, tzinfo=UTC) + timedelta(days=number)
        assert row["placed.at"].astimezone(UTC) == placed
    several = [n for n in numbers if isinstance(some[n].get("parcels"), list) and len(some[n]["parcels"]) > 1]
    assert len(several) > len(set(several)) > 0


def test_an_empty_frame_gives_an_empty_answer(spark: Any) -> None:
    """A frame without rows, and partitions without rows, give the columns of a decision and no row."""
    told = route_spark(spark.createDataFrame(nested([{"order_id": "A"}])).where("false"))
    assert told.toArrow().num_rows == 0
    assert told.columns == decision_schema(pa.string()).names
    assert route_spark(spark.createDataFrame(nested([{"order_id": "A"}])).repartition(5)).count() == 1


# ── what Spark is asked to do ────────────────────────────────────────────────────────────────────


def test_nothing_is_shuffled_and_only_what_is_read_leaves_the_files(
    spark: Any, book: list[Json], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """From Parquet files the plan is a scan of the columns that are read, and one step in Python."""
    folder = str(tmp_path_factory.mktemp("orders") / "orders.parquet")
    table = (
        nested(book[:100])
        .append_column("remark", pa.array(["x"] * 100))
        .append_column("day", pa.array([1] * 100))
    )
    frame_of(spark, table).write.parquet(folder)
    told = route_spark(spark.read.parquet(folder), keep=["day"])
    plan = told._jdf.queryExecution().executedPlan().toString()
    assert "MapInArrow" in plan
    assert "Exchange" not in plan
    assert "day" in plan
    assert "remark" not in plan


def test_a_worker_s_trouble_is_told(spark: Any) -> None:
    """What is wrong with the call is told at once, before any row is decided."""
    frame = spark.sql("select 'blue' as colour")
    with pytest.raises(InputError, match="no column of this table is known"):
        route_spark(frame)
    with pytest.raises(InputError, match="keep: the frame has no column 'shade'"):
        route_spark(spark.sql("select 'A-1' as order_id"), keep=["shade"])


def test_the_recipe_of_the_docs_runs(
    spark: Any, book: list[Json], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What docs/scale.md shows for Spark runs as it stands, on a folder of Parquet files."""
    folder = tmp_path_factory.mktemp("recipe")
    table = nested(book[:500]).append_column("warehouse", pa.array(["LAX"] * 500))
    frame_of(spark, table).write.parquet(str(folder / "orders"))
    [recipe] = [block for block in blocks("scale.md", "python") if "route_spark" in block]
    for name in ("orders", "decisions"):
        recipe = recipe.replace(f'"{name}"', f'"{folder / name}"')
    exec(recipe, {"spark": spark})  # noqa: S102 - the page's own program
    told = spark.read.parquet(str(folder / "decisions"))
    assert told.columns == [*decision_schema(pa.string()).names, "warehouse"]
    assert told.count() == len(alone(book[:500]))


def test_the_example_says_what_is_committed(
    spark: Any, root: Path, tmp_path_factory: pytest.TempPathFactory, golden: Any
) -> None:
    """examples/spark, run in a copy of its folder, prints what is committed beside it."""
    example = root / "examples" / "spark"
    folder = tmp_path_factory.mktemp("example") / "spark"
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "spark.py"], cwd=folder, capture_output=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr.decode()
    golden._replace(folder=example).check("output.txt", done.stdout.decode())
