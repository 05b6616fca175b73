"""Orders out of CSV files by column: the same rows as one by one, many at a time."""

from __future__ import annotations

from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from lockership.columns import record
from lockership.errors import InputError
from lockership.files.tables import Piece, csv_rows, text_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockership.files.tables import Header, Warn

__all__ = ["CsvOrders"]

_LETTERS = 1 << 22
"""Letters of a piece: a table of long cells is read in smaller pieces."""


class CsvOrders:
    """A CSV file of orders.

    Attributes:
        schema: The schema of its pieces: the columns that are known, all text.
        rows: None: how many rows a CSV file has is known at its end.

    Raises:
        UnreadableFile: The first row names no column that is known, or it is a file of another kind.
        MissingDependency: pyarrow is not installed.
    """

    rows = None

    def __init__(self, file: IO[bytes], warn: Warn) -> None:
        from lockership.columnar.arrow import pa  # noqa: PLC0415 - an extra

        self._pa = pa
        self._all = csv_rows(text_file(file), warn)
        self._first = next(self._all, None)
        names = ["order_id"] if self._first is None else _names(self._first[0])
        self.schema = pa.schema([(name, pa.string()) for name in names])

    def pieces(self, rows: int) -> Iterator[Piece]:
        """Read the file in pieces of at most so many rows.

        Raises:
            UnreadableFile: The encoding breaks off.
        """
        if self._first is None:
            return
        header, *_ = self._first
        width = len(header.names)
        cells: list[
            str
        ] = []  # of all rows: so many lists of a row each would keep the garbage collector busy
        numbers: list[int] = []
        broken: dict[int, InputError] = {}
        letters = 0
        for _, number, row in chain([self._first], self._all):
            if isinstance(row, InputError):
                broken[len(numbers)] = row
                cells += [""] * width
            else:
                cells += row if len(row) == width else (row + [""] * width)[:width]
                letters += sum(map(len, row))
            numbers.append(number)
            if len(numbers) >= rows or letters >= _LETTERS:
                yield _piece(header, self._batch(header, cells), numbers, broken)
                cells, numbers, broken, letters = [], [], {}, 0
        if numbers:
            yield _piece(header, self._batch(header, cells), numbers, broken)

    def _batch(self, header: Header, cells: list[str]) -> Any:  # noqa: ANN401 - pyarrow has no types
        width = len(header.names)
        arrays = [
            self._pa.array(cells[place::width], self._pa.string())
            for place, column in enumerate(header.columns)
            if column is not None
        ]
        return self._pa.RecordBatch.from_arrays(arrays, schema=self.schema)


def _piece(header: Header, batch: Any, numbers: list[int], broken: dict[int, InputError]) -> Piece:  # noqa: ANN401
    known = [column for column in header.columns if column is not None]

    def read(row: int) -> dict[str, Any]:
        if row in broken:
            raise broken[row]
        return record(list(known), [column[row].as_py() for column in batch.columns])

    return Piece(batch, numbers, record=read)


def _names(header: Header) -> list[str]:
    """Name the columns that are known, each differently: blanks around a name mean nothing."""
    names: list[str] = []
    for name, column in zip(*header, strict=True):
        if column is not None:
            while name in names:
                name += " "  # noqa: PLW2901 - until nobody has it
            names.append(name)
    return names
