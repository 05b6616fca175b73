"""What is handed to Spark, without Spark: tests/proof/test_spark.py has the real one."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pytest

from lockership import InputError, Policy
from lockership.columnar import decision_schema, route_table
from lockership.inbound.orders import _BLOCKS
from lockership.scale import _BLOCKS as READ
from lockership.scale import route_spark

from .columnar.both_ways import ENGLISH, as_cells, flat, nested, order_book

if TYPE_CHECKING:
    from collections.abc import Callable

ORDERS = 120


class Field(NamedTuple):
    """A field of a Spark schema, which can tell itself as JSON."""

    name: str
    kind: str

    def jsonValue(self) -> dict[str, Any]:  # noqa: N802 - Spark calls it so
        """Tell the field as Spark does."""
        return {"name": self.name, "type": self.kind, "nullable": True, "metadata": {}}


class Struct(NamedTuple):
    """A Spark schema."""

    fields: list[Field]
    told: dict[str, Any] | None = None

    @classmethod
    def fromJson(cls, told: dict[str, Any]) -> Struct:  # noqa: N802 - Spark calls it so
        """Read a schema from what JSON says of it, as Spark does."""
        json.dumps(told)
        return cls([Field(field["name"], field["type"]) for field in told["fields"]], told)


_SPARK = {pa.string(): "string", pa.int64(): "long", pa.int16(): "short"}


class Frame:
    """What of a Spark DataFrame is called: two batches of a table, mapped at once rather than when asked.

    As Spark's workers do, it sends the function there as bytes, and takes no dot in a column's name.
    """

    def __init__(self, table: Any, schema: Struct | None = None) -> None:
        self.table = table
        fields = [Field(field.name, _SPARK.get(field.type, "struct")) for field in table.schema]
        self.schema = schema or Struct(fields)
        self.shipped: list[str] = []

    def selectExpr(self, *expressions: str) -> Frame:  # noqa: N802 - Spark calls it so
        """Choose columns and give them other names: `column` as `name`."""
        parts = [re.fullmatch("`((?:[^`]|``)+)` as `([^`]+)`", one) for one in expressions]
        assert None not in parts, expressions
        names = [part[1].replace("``", "`") for part in parts if part]
        self.shipped = names
        found = [self.table.column(name) for name in names]
        chosen = Frame(pa.table(found, names=[part[2] for part in parts if part]))
        chosen.shipped = self.shipped
        return chosen

    def mapInArrow(self, function: Callable[..., Any], schema: Struct) -> Frame:  # noqa: N802 - Spark calls it so
        """Give the batches to the function, and take batches of the schema."""
        assert not any("." in name for name in self.table.column_names)
        there = pickle.loads(pickle.dumps(function))
        batches = list(there(iter(self.table.combine_chunks().to_batches(max_chunksize=ORDERS // 2))))
        told = Frame(pa.Table.from_batches(batches), schema)
        told.shipped = self.shipped
        assert told.table.column_names == [field.name for field in schema.fields]
        return told


@pytest.fixture(scope="module")
def table() -> Any:
    """Return orders that seek the limits, with a column that is no business of ours."""
    orders = nested(order_book(3, ORDERS))
    return orders.append_column("number", pa.array(range(ORDERS)))


def test_what_is_handed_over_decides_as_a_table_is_decided(table: Any) -> None:
    """The function that Spark maps gives the decisions of ``route_table()``, in plain columns."""
    told = route_spark(Frame(table)).table
    assert told.to_pylist() == route_table(table).to_pylist()
    assert told.schema.equals(decision_schema(pa.string(), dictionaries=False))


def test_policy_and_date_travel_with_it(table: Any) -> None:
    """The function carries the house's policy to where it runs."""
    policy = Policy(max_weight=None, amazon_carriers=("ups",))
    told = route_spark(Frame(table), policy=policy).table
    assert told.to_pylist() == route_table(table, policy=policy).to_pylist()
    assert told.to_pylist() != route_table(table).to_pylist()


def test_flat_columns_are_shipped_by_number() -> None:
    """Names that Spark's mapInArrow cannot take, with dots and backticks, reach the kernel as they are."""
    orders = flat(as_cells(order_book(4, ORDERS), ENGLISH), ENGLISH.values())
    assert any("." in name for name in orders.column_names)
    frame = Frame(orders.append_column("`odd`.name", pa.array(range(ORDERS))))
    told = route_spark(frame, keep=["`odd`.name"]).table
    assert told.drop_columns(["`odd`.name"]).to_pylist() == route_table(orders).to_pylist()
    assert told.column("`odd`.name").to_pylist() == list(range(ORDERS))


def test_only_what_is_read_or_kept_is_shipped(table: Any) -> None:
    """Columns that nobody asks for stay where they are."""
    assert "number" not in route_spark(Frame(table)).shipped
    assert route_spark(Frame(table)).shipped == table.column_names[:-1]
    assert route_spark(Frame(table), keep=("number", "carrier")).shipped == table.column_names


def test_the_blocks_that_are_read_are_those_of_the_order_json() -> None:
    """Every block that the door reads is shipped, and no other."""
    assert set(READ) == set(_BLOCKS)


def test_kept_columns_follow_their_orders(table: Any) -> None:
    """A kept column stands beside each parcel of its order, errors included."""
    told = route_spark(Frame(table), keep=["number", "carrier"]).table
    plain = route_table(table)
    assert told.num_rows == plain.num_rows > ORDERS
    given = table.column("order_id").to_pylist()
    assert told.drop_columns(["number", "carrier"]).to_pylist() == plain.to_pylist()
    numbers = told.column("number").to_pylist()
    assert list(dict.fromkeys(numbers)) == list(range(ORDERS))
    for row in told.to_pylist():
        if row["order_id"] is not None:
            assert given[row["number"]] == row["order_id"]
    carriers = table.column("carrier").to_pylist()
    assert told.column("carrier").to_pylist() == [carriers[number] for number in numbers]


@pytest.mark.parametrize(("kind", "spark"), [(pa.int64(), "long"), (pa.int16(), "short")])
def test_whole_order_ids_stay_numbers(kind: Any, spark: str) -> None:
    """An id in a column of whole numbers is of the same type in the answer."""
    row = {"carrier": "ups", "street": "1 Elm St", "length": "1", "width": "1", "height": "1"}
    orders = pa.Table.from_pylist([row | {"dim unit": "in", "weight": "1", "weight unit": "lb"}])
    frame = Frame(orders.append_column("order no", pa.array([7], kind)))
    told = route_spark(frame)
    assert told.schema.fields[0] == Field("order_id", spark)
    assert told.table.column("order_id") == pa.chunked_array([pa.array([7], kind)])


def test_the_answers_schema_is_told_in_spark_s_own_json(table: Any) -> None:
    """Text, numbers, arrays and structs of the decision are Spark's, and all of them may be null."""
    schema = route_spark(Frame(table), keep=["number"]).schema
    told = {field["name"]: field for field in schema.told["fields"]}
    assert list(told) == [*decision_schema(pa.string()).names, "number"]
    assert told["route"]["type"] == "string"
    assert told["hold_days"] == {"name": "hold_days", "type": "integer", "nullable": True, "metadata": {}}
    assert told["missing"]["type"] == {"type": "array", "elementType": "string", "containsNull": True}
    remedy = told["remedies"]["type"]["elementType"]
    assert remedy["type"] == "struct"
    assert [field["name"] for field in remedy["fields"]] == ["code", "carrier", "channel"]
    assert told["number"]["type"] == "long"


@pytest.mark.parametrize(
    ("keep", "messages"),
    [
        (["nummer"], ["the frame has no column 'nummer'"]),
        (["number", "number"], ["the answer has a column 'number' already: rename the frame's"]),
        (
            ["order_id", "Kind", "x"],
            [
                "the answer has a column 'order_id' already: rename the frame's",
                "the answer has a column 'Kind' already: rename the frame's",
                "the frame has no column 'x'",
            ],
        ),
        ("number", ["expected a list of column names, found str"]),
        (None, ["expected a list of column names, found NoneType"]),
    ],
)
def test_columns_that_cannot_be_kept_are_told_at_once(table: Any, keep: Any, messages: list[str]) -> None:
    """A name that is not there, or would stand there twice, is an error before anything runs."""
    frame = Frame(table.append_column("Kind", pa.array(range(ORDERS))))
    with pytest.raises(InputError) as caught:
        route_spark(frame, keep=keep)
    assert [problem.message for problem in caught.value.problems] == messages
    assert {problem.field for problem in caught.value.problems} == {"keep"}


@pytest.mark.parametrize("other", [None, [], nested(order_book(3, 1))], ids=["None", "list", "table"])
def test_another_frame_is_refused(other: Any) -> None:
    """What is no Spark DataFrame is told by its type."""
    with pytest.raises(InputError, match=f"frame: expected a Spark DataFrame, found {type(other).__name__}"):
        route_spark(other)


def test_a_frame_of_something_else_is_refused() -> None:
    """A frame without any column that is known is refused before anything runs."""
    with pytest.raises(InputError, match="no column of this table is known"):
        route_spark(Frame(pa.table({"favourite colour": ["blue"]})))


def test_neither_spark_nor_pandas_is_needed_to_import_it() -> None:
    """The module loads no engine: a worker has no more to install than the kernel."""
    engines = "{'pyspark', 'pandas', 'polars', 'dask'}"
    code = f"import sys, lockership.scale; print(sorted({engines} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
