"""Beyond one machine: the columnar kernel inside an engine that is there already.

Nothing here starts a cluster or holds a copy of the rules: :func:`route_spark` hands Spark a function
from record batches to record batches, which is :class:`lockership.columnar.Router` as it runs alone.
``docs/scale.md`` has the figures, the sizes to choose, and the same for Dask and Ray Data.

Sources:
* https://spark.apache.org/docs/latest/api/python/reference/pyspark.sql/api/pyspark.sql.DataFrame.mapInArrow.html
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from lockership.columnar import Router, decision_schema
from lockership.columnar.arrow import pa, pc
from lockership.columnar.rows import Layout
from lockership.errors import OUT_OF_RANGE, WRONG_TYPE, InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from lockership.policy import Policy

__all__ = ["route_spark"]

_BLOCKS = ("order_id", "carrier", "service", "ship_to", "home", "parcel", "parcels", "signals", "location")
"""The columns of a table with the shape of the order JSON; no other one is read."""

_SPARK = {"string": "string", "int8": "byte", "int16": "short", "int32": "integer", "int64": "long"}
"""Spark's names of the Arrow types in a decision.  Spark has no dictionaries and no unsigned numbers."""

_ARROW = {spark: pa.type_for_alias(arrow) for arrow, spark in _SPARK.items()}


def route_spark(
    frame: Any,  # noqa: ANN401 - pyspark is not needed to check or to import this
    *,
    policy: Policy | None = None,
    on: date | None = None,
    keep: Sequence[str] = (),
) -> Any:  # noqa: ANN401
    """Decide for every order of a Spark DataFrame, as :func:`lockership.columnar.route_table` does.

    Spark is lazy, and so is this: rows are decided when the answer is asked for.  Each partition is
    decided by itself, nothing is shuffled, and only the columns that are read or kept leave Spark for
    Python.  The policy and the date travel to the workers, which need lockership, NumPy and pyarrow
    in the Python that ``PYSPARK_PYTHON`` names.

    Args:
        frame: A ``pyspark.sql.DataFrame`` with columns shaped as the order JSON, or flat with the names of
            ``docs/columns.md``.
        policy: The house policy; the defaults when absent.
        on: Decide by the rules of that day; by default those that have not been superseded.
        keep: Columns of the frame to give beside the decisions, under their own names: with them no join is
            needed afterwards.  An order of several parcels repeats them.

    Returns:
        A DataFrame with the columns of :func:`lockership.columnar.decision_schema` as plain text, numbers,
        arrays and structs, then those of ``keep``: one row an order, or one a parcel where an order has
        several.  An order that cannot be read has its ``error_`` columns filled; no row is dropped.

    Raises:
        InputError: This is no Spark DataFrame, no column is known, or ``keep`` names a column that is not
            there or that a decision has already; all problems at once.

    >>> route_spark([{"order_id": "A-1001"}])
    Traceback (most recent call last):
    lockership.errors.InputError: frame: expected a Spark DataFrame, found list
    """
    if not hasattr(frame, "mapInArrow"):
        message = f"expected a Spark DataFrame, found {type(frame).__name__}"
        raise InputError([Problem(WRONG_TYPE, message, "frame")])
    fields = {field.name: field.jsonValue() for field in frame.schema.fields}
    layout = Layout(list(fields))
    read = [
        name
        for place, name in enumerate(fields)
        if (name in _BLOCKS if layout.nested else layout.columns[place] is not None)
    ]
    kinds = pa.schema([(name, _ARROW.get(str(fields[name]["type"]), pa.string())) for name in read])
    decisions = decision_schema(Router(kinds).schema.field("order_id").type, dictionaries=False)
    _check(keep, list(fields), decisions.names)
    shipped = [*read, *(name for name in dict.fromkeys(keep) if name not in read)]
    schema = _struct(decisions)
    schema["fields"] += [fields[name] for name in keep]
    decide = partial(
        _decided,
        read=read,
        kept={name: shipped.index(name) for name in keep},
        policy=policy,
        on=on,
    )
    # mapInArrow takes a dot in a column's name for a field of a struct, so columns travel by number.
    numbered = [f"{_quoted(name)} as `{place}`" for place, name in enumerate(shipped)]
    struct_type = cast("Any", type(frame.schema))
    return frame.selectExpr(*numbered).mapInArrow(decide, struct_type.fromJson(schema))


def _check(keep: object, columns: list[str], taken: list[str]) -> None:
    """Refuse columns that cannot be kept; Spark does not tell ``Kind`` from ``kind``."""
    if isinstance(keep, str) or not isinstance(keep, list | tuple):
        message = f"expected a list of column names, found {type(keep).__name__}"
        raise InputError([Problem(WRONG_TYPE, message, "keep")])
    names = cast("Sequence[str]", keep)
    problems: list[Problem] = []
    seen = {name.casefold() for name in taken}
    for name in names:
        if name not in columns:
            problems.append(Problem(OUT_OF_RANGE, f"the frame has no column {name!r}", "keep"))
        elif name.casefold() in seen:
            message = f"the answer has a column {name!r} already: rename the frame's"
            problems.append(Problem(OUT_OF_RANGE, message, "keep"))
        seen.add(name.casefold())
    if problems:
        raise InputError(problems)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _struct(fields: Iterable[Any]) -> dict[str, Any]:
    """Write an Arrow schema or struct as Spark's JSON does, which every version of Spark reads."""
    told: list[dict[str, object]] = [
        {"name": field.name, "type": _type(field.type), "nullable": True, "metadata": {}} for field in fields
    ]
    return {"type": "struct", "fields": told}


def _type(kind: Any) -> object:  # noqa: ANN401 - pyarrow has no types
    if pa.types.is_struct(kind):
        return _struct(kind)
    if pa.types.is_list(kind):
        return {"type": "array", "elementType": _type(kind.value_type), "containsNull": True}
    return _SPARK[str(kind)]


def _decided(
    batches: Iterable[Any], *, read: list[str], kept: dict[str, int], policy: Policy | None, on: date | None
) -> Iterator[Any]:
    """Decide for one partition: the first columns of its batches are read, by these names."""
    router: Router | None = None
    for batch in batches:
        orders = pa.RecordBatch.from_arrays(batch.columns[: len(read)], read)
        if router is None:
            router = Router(orders.schema, policy=policy, on=on)
        told = router.route(orders)
        plain = decision_schema(told.schema.field("order_id").type, dictionaries=False)
        columns = [column.cast(field.type) for column, field in zip(told.columns, plain, strict=True)]
        if kept:
            rows = _rows(told.column("parcel"))
            columns += [batch.column(place).take(rows) for place in kept.values()]
        yield pa.RecordBatch.from_arrays(columns, [*plain.names, *kept])


def _rows(parcel: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Tell which order each decision is about: a new one begins but where a further parcel is told."""
    begins = pc.invert(pc.fill_null(pc.greater(parcel, 1), fill_value=False))
    return pc.subtract(pc.cumulative_sum(begins.cast(pa.int64())), 1)
