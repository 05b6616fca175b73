"""The fields of a batch of orders as columns, and which rows are ordinary enough to be read by column.

A value is read by the very function that reads it in one order, once for each value that differs.  A
row that holds anything else than ordinary text and numbers is left to the door, which tells what is wrong.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from lockership.columnar.arrow import pa, pc
from lockership.columnar.rows import Layout, as_cell, exact
from lockership.columns import cell_value, unwrapped, zip_code
from lockership.errors import MAX_TEXT

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

__all__ = [
    "Bools",
    "Coded",
    "Codes",
    "Fields",
    "Ints",
    "bools_of",
    "codes_of",
    "letters_of",
    "pairs",
    "translated",
]

Codes: TypeAlias = NDArray[np.int64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

_MARKED = r'^\s*="|[\x00-\x1f\x7f-\xa0]'
"""A cell that is read apart: a wrapped number, or one with control characters."""


class Coded(NamedTuple):
    """A column as numbers of its different values; -1 where there is none."""

    codes: Codes
    values: list[Any]

    def of(self, rows: Any) -> Coded:  # noqa: ANN401 - whatever selects rows
        """Give some of its rows."""
        return Coded(self.codes[rows], self.values)


class Fields:
    """One batch of orders, field by field.

    Attributes:
        nested: Whether the table has the shape of the order JSON.
        ordinary: The rows in which everything that was asked for so far is ordinary.
    """

    def __init__(self, batch: Any, layout: Layout) -> None:  # noqa: ANN401 - pyarrow has no types
        self._batch = batch
        self._layout = layout
        self.nested = layout.nested
        self._paths = {} if layout.nested else layout.paths()
        self.ordinary: Bools = np.ones(batch.num_rows, dtype=np.bool_)

    def keep(self, rows: Bools) -> None:
        """Leave the other rows to the door."""
        self.ordinary &= rows

    def has(self, block: str) -> bool:
        """Whether the table has a column for this block, or for any of its fields."""
        if self._layout.nested:
            return block in self._layout.names
        return any(path.partition(".")[0] == block for path in self._paths)

    def present(self, block: str) -> Bools:
        """Tell where a block of a nested table is there at all."""
        if not self._layout.nested or block not in self._layout.names:
            there = not self._layout.nested
            return np.full(len(self.ordinary), there, dtype=np.bool_)
        return bools_of(self._batch.column(block).is_valid())

    def column(self, path: str) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Give a field's column as it lies in the table, or None."""
        if not self._layout.nested:
            places = self._paths.get(path, [])
            if len(places) > 1:  # which of them is filled is asked row by row
                self.ordinary[:] = False
            return self._batch.column(places[0]) if places else None
        block, _, name = path.partition(".")
        if block not in self._layout.names:
            return None
        whole = self._batch.column(block)
        if not name:
            return whole
        if not pa.types.is_struct(whole.type):
            if not pa.types.is_null(whole.type):
                self.keep(~bools_of(whole.is_valid()))
            return None
        return pc.struct_field(whole, name) if whole.type.get_field_index(name) >= 0 else None

    def unit(self, *paths: str) -> str | None:
        """Give the unit that the names of a flat table's columns carry; they must agree."""
        if self._layout.nested:
            return None
        columns = [self._layout.columns[place] for path in paths for place in self._paths.get(path, [])]
        named = {known.unit for known in columns if known is not None}
        if len(named) > 1:
            self.ordinary[:] = False
        return next(iter(named), None)

    def coded(self, path: str) -> Coded:
        """Give a field by its different values, each as it stands in the record that the door reads."""
        column = self.column(path)
        if column is None or pa.types.is_null(column.type):
            return Coded(np.full(self._batch.num_rows, -1, dtype=np.int64), [])
        if self._is_of_words(path, column.type):
            return self._coded_lists(path, column)
        if pa.types.is_nested(column.type):
            self.keep(~bools_of(column.is_valid()))
            return Coded(np.full(self._batch.num_rows, -1, dtype=np.int64), [])
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        return self._values(path, codes_of(column.indices), column.dictionary.to_pylist())

    def _is_of_words(self, path: str, kind: Any) -> bool:  # noqa: ANN401 - pyarrow has no types
        """Tell lists that are read as such: traits, or whatever a flat table shows as one cell."""
        if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)) or pa.types.is_nested(
            kind.value_type
        ):
            return False
        return not self._layout.nested or path.endswith(".traits")

    def _values(self, path: str, codes: Codes, values: list[Any]) -> Coded:
        """Turn what the table holds into what the door reads; what is absent there gets no number."""
        read = [None if value is None else self._value(path, value) for value in values]
        number = np.array([-1 if value is None else place for place, value in enumerate(read)] + [-1])
        return Coded(number[codes], read)

    def _value(self, path: str, value: object) -> object:
        if self._layout.nested:
            return exact(value)
        text = unwrapped(as_cell(value))
        return cell_value(path, text) if text else None

    def _coded_lists(self, path: str, column: Any) -> Coded:  # noqa: ANN401 - pyarrow has no types
        """Number different lists, most of which are empty."""
        codes = np.full(len(column), -1, dtype=np.int64)
        values: dict[Hashable, int] = {}
        some = np.flatnonzero(bools_of(pc.greater(pc.list_value_length(column), 0)))
        for row, value in zip(some.tolist(), column.take(pa.array(some)).to_pylist(), strict=True):
            codes[row] = values.setdefault(tuple(value), len(values))
        return self._values(path, codes, [list(cast("tuple[object, ...]", value)) for value in values])

    def text(self, path: str) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Give a field as a column of text, as long as the door lets in; None where the table has none.

        The text of a flat table is as it stands there: see :meth:`cells`.
        """
        column = self.column(path)
        if column is None or pa.types.is_null(column.type):
            return None
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_nested(column.type):
            self.keep(~bools_of(column.is_valid()))
            return None
        is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        if self._layout.nested and not is_text:
            if not path.endswith(".zip"):
                self.keep(~bools_of(column.is_valid()))
                return None
            column = self._zip_numbers(column)
        elif not self._layout.nested and (not is_text or path.endswith(".zip")):
            column = self._by_value(path, column)
        if pa.types.is_large_string(column.type):
            column = column.cast(pa.string())
        longest = pc.max(pc.binary_length(column)).as_py()
        if longest is not None and longest > MAX_TEXT:
            self.keep(bools_of(pc.fill_null(pc.less_equal(pc.binary_length(column), MAX_TEXT), True)))  # noqa: FBT003 - pyarrow's
        return column

    def cells(self, column: Any, rows: Any = None) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Read text as the cells of a flat table are read: without blanks around, never null.

        Args:
            column: The text.
            rows: The rows of the batch that it is of; all when absent.
        """
        column = pc.fill_null(column, "")
        if self.nested or _is_tidy(column):
            return column
        # ="00123" is what exports put around a number; of control characters two readers think differently
        marked = bools_of(pc.match_substring_regex(column, _MARKED))
        if rows is None:
            self.keep(~marked)
        else:
            self.ordinary[rows[marked]] = False
        return pc.utf8_trim_whitespace(column)

    def _zip_numbers(self, column: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Give ZIP codes that somebody made numbers their leading zeros back."""
        column = column.dictionary_encode()
        texts = [zip_code(as_cell(value)) for value in column.dictionary.to_pylist()]
        read = pa.array([text if text.isdigit() else None for text in texts], pa.string()).take(
            column.indices
        )
        self.keep(bools_of(pc.equal(read.is_valid(), column.is_valid())))
        return read

    def _by_value(self, path: str, column: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Read a flat table's numbers and ZIP codes, each that differs once; these with their zeros."""
        column = column.dictionary_encode()
        texts = [unwrapped(as_cell(value)) for value in column.dictionary.to_pylist()]
        if path.endswith(".zip"):
            texts = [zip_code(text) if text else "" for text in texts]
        return pa.array(texts, pa.string()).take(column.indices)


def _is_tidy(column: Any) -> bool:  # noqa: ANN401 - pyarrow has no types
    """Tell at a glance that no cell of a column has blanks, anything wrapped or other than ASCII."""
    letters = letters_of(column)
    return not (np.any(letters <= ord(" ")) or np.any(letters == ord("=")) or np.any(letters >= 0x7F))


def letters_of(column: Any) -> NDArray[np.uint8]:  # noqa: ANN401 - pyarrow has no types
    """Give all bytes of a column of text without gaps, one cell after the other."""
    if not len(column):
        return np.zeros(0, dtype=np.uint8)
    _, offsets, letters = column.buffers()
    first, last = np.frombuffer(offsets, np.int32)[[column.offset, column.offset + len(column)]]
    return np.frombuffer(letters or b"", np.uint8)[first:last]


def codes_of(indices: Any) -> Codes:  # noqa: ANN401 - pyarrow has no types
    """Give the numbers of a dictionary-encoded column; -1 where there is no value."""
    return cast("Codes", pc.fill_null(indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False))


def bools_of(column: Any) -> Bools:  # noqa: ANN401 - pyarrow has no types
    """Give a column of truth; False where there is no value."""
    return cast("Bools", pc.fill_null(column, fill_value=False).to_numpy(zero_copy_only=False))


def translated(coded: Coded, values: Iterable[Any], *, other: object) -> NDArray[Any]:
    """Put a value in the place of each number; ``other`` where there is none."""
    return np.array([*values, other])[coded.codes]


def pairs(*columns: Coded) -> Coded:
    """Number the combinations of values; each is a tuple, with None where a column has none.

    A combination that occurs in no row may be among them, but none with a gap that does not occur.
    """
    varied = [place for place, column in enumerate(columns) if not _is_constant(column)]
    if len(varied) == 1:  # every value goes with the same others
        at = varied[0]
        same = [column.values[0] if column.values else None for column in columns]
        codes, found = columns[at]
        gaps = codes < 0
        if gaps.any():
            codes, found = np.where(gaps, len(found), codes), [*found, None]
        return Coded(codes, [(*same[:at], value, *same[at + 1 :]) for value in found])
    return _combined(*columns)


def _is_constant(column: Coded) -> bool:
    return not column.values or (len(column.values) == 1 and not column.codes.any())


def _combined(*columns: Coded) -> Coded:
    size = reduce(int.__mul__, (len(column.values) + 1 for column in columns), 1)
    combined = np.zeros(len(columns[0].codes), dtype=np.int64)
    for column in columns:
        combined = combined * (len(column.values) + 1) + column.codes + 1
    if size <= 2 * len(combined) + 1_000:  # a table is quicker than sorting
        seen = np.zeros(size, dtype=np.bool_)
        seen[combined] = True
        found = np.flatnonzero(seen)
        number = np.zeros(size, dtype=np.int64)
        number[found] = np.arange(len(found))
        codes = number[combined]
    else:
        found, codes = np.unique(combined, return_inverse=True)
    values: list[tuple[Any, ...]] = []
    for one in found.tolist():
        rest = one
        parts: list[Any] = []
        for column in reversed(columns):
            rest, place = divmod(rest, len(column.values) + 1)
            parts.append(None if place == 0 else column.values[place - 1])
        values.append(tuple(reversed(parts)))
    return Coded(codes, values)
