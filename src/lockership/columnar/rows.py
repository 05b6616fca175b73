"""How orders lie in a table: each block as a struct, or flat as in a spreadsheet; and one row as a record.

A *record* is what the door reads (:func:`lockership.inbound.read_order`): numbers by their text.
"""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from lockership.columns import Column, column, record
from lockership.errors import NOT_JSON, InputError, Problem
from lockership.inbound import JsonNumber

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Layout", "as_cell", "exact"]


class Layout:
    """Where the fields of an order stand in tables of one schema.

    A table with a ``ship_to`` has the shape of the order JSON: structs and lists.  Any other has one
    column a field, under any of the names in ``docs/columns.md``.

    Args:
        names: The names of its columns.
        block: The block by which a table of structs is told.

    Attributes:
        nested: Whether it is of the first sort.
        names: Its columns' names.
        columns: What each column of a flat table is, None for those that nobody knows.

    Raises:
        InputError: No column is known, or two have the same name.
    """

    def __init__(self, names: Sequence[str], block: str = "ship_to") -> None:
        if len(set(names)) != len(names):
            twice = next(name for place, name in enumerate(names) if name in names[:place])
            raise InputError([Problem(NOT_JSON, f"two columns are called {twice[:40]}")])
        self.names = tuple(names)
        self.nested = block in names
        self.columns: list[Column | None] = [] if self.nested else [column(name) for name in names]
        if not self.nested and not any(self.columns):
            raise InputError([Problem(NOT_JSON, "no column of this table is known")])

    def paths(self) -> dict[str, list[int]]:
        """Give the places of a flat table's columns by what they hold."""
        found: dict[str, list[int]] = {}
        for place, known in enumerate(self.columns):
            if known is not None:
                found.setdefault(known.path, []).append(place)
        return found

    def record(self, row: dict[str, Any]) -> dict[str, Any]:
        """Give one row, as Python values, as the record that the door reads."""
        if self.nested:
            return cast("dict[str, Any]", exact(row))
        found = record(self.columns, [as_cell(value) for value in row.values()])
        for known, value in zip(self.columns, row.values(), strict=True):
            if known is not None and known.path == "order_id" and type(value) is int:
                found["order_id"] = value  # echoed as it came: a number
        return found


def as_cell(value: object) -> str:
    """Write a table's value as a cell of a spreadsheet shows it; what is absent is blank."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return "" if value != value else repr(value).removesuffix(".0")  # noqa: PLR0124 - a gap is NaN
        case bytes():  # what Spark calls binary, a text without a promise
            with suppress(UnicodeDecodeError):
                return value.decode()
            return repr(value)
        case list():
            return ";".join(as_cell(item) for item in cast("list[object]", value))
        case _:
            return str(value)


def exact(value: object) -> object:
    """Read a column's binary floats by the shortest decimal that names them."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return JsonNumber(repr(value))
    if isinstance(value, Decimal):
        return JsonNumber(str(value))
    if isinstance(value, dict):
        return {key: exact(item) for key, item in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [exact(item) for item in cast("list[object]", value)]
    return value
