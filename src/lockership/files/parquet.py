"""Orders out of Parquet files: with a ``ship_to`` as order JSON, else with columns as of a CSV file."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from lockership.errors import InputError
from lockership.files.tables import Piece, UnreadableFile, known_columns

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from lockership.columnar.rows import Layout
    from lockership.files.tables import Raw, Warn

__all__ = ["ParquetOrders", "parquet_records"]

_BYTES = 1 << 26
"""Bytes of a piece, as Parquet packs them: a file of long texts is read in smaller pieces."""


class ParquetOrders:
    """A Parquet file of orders.

    Attributes:
        layout: Where the fields of an order stand in it.
        schema: Its schema, of the columns that are read.
        rows: How many rows it has.

    Raises:
        UnreadableFile: It is no Parquet file, or no column is known.
        MissingDependency: pyarrow is not installed.
    """

    def __init__(self, file: IO[bytes], warn: Warn) -> None:
        from lockership.columnar.arrow import pa, parquet, plain  # noqa: PLC0415 - an extra, only for Parquet
        from lockership.columnar.rows import Layout  # noqa: PLC0415

        self._plain = plain
        self._errors: tuple[type[Exception], ...] = (pa.ArrowException, OSError)
        with self._told():
            whole = io.BytesIO(file.read()) if file is sys.stdin.buffer else file  # it is read from its end
            self._file = parquet.ParquetFile(whole, pre_buffer=False, buffer_size=1 << 20)
        names: list[str] = self._file.schema_arrow.names
        if "ship_to" not in names:
            known = known_columns(names, "this Parquet file", warn)
            names = [name for name, column in zip(names, known, strict=True) if column is not None]
        self._names = names
        try:
            self.layout: Layout = Layout(names)
        except InputError as error:
            raise UnreadableFile(f"this Parquet file cannot be read: {error.message}") from error
        self.schema = pa.schema([self._file.schema_arrow.field(name) for name in names])
        self.rows: int = self._file.metadata.num_rows

    def pieces(self, rows: int) -> Iterator[Piece]:
        """Read it in pieces of at most so many rows, fewer where rows are long; they are numbered from 1."""
        groups = (self._file.metadata.row_group(one) for one in range(self._file.metadata.num_row_groups))
        of_a_row = 1 + sum(group.total_byte_size for group in groups) // max(self.rows, 1)
        done = 0
        for batch in self.batches(max(1, min(rows, _BYTES // of_a_row))):
            yield Piece(batch, range(done + 1, done + batch.num_rows + 1))
            done += batch.num_rows

    def batches(self, rows: int = 10_000) -> Iterator[Any]:
        """Read it in record batches of at most so many rows."""
        with self._told():
            yield from map(self._plain, self._file.iter_batches(batch_size=rows, columns=self._names))

    @contextmanager
    def _told(self) -> Generator[None]:
        try:
            yield
        except self._errors as error:
            raise UnreadableFile(f"not a Parquet file that can be read: {error}") from error


def parquet_records(file: IO[bytes], warn: Warn) -> Iterator[Raw]:
    """Read the rows of a Parquet file one by one.

    Raises:
        UnreadableFile: It is no Parquet file, or no column is known.
        MissingDependency: pyarrow is not installed.
    """
    orders = ParquetOrders(file, warn)
    number = 0
    for batch in orders.batches():
        for row in batch.to_pylist():
            number += 1
            yield number, orders.layout.record(row)
