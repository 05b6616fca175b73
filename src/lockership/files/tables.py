"""Orders out of CSV files, as Excel and warehouse systems write them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

from lockership.columns import Column, column, record
from lockership.errors import NOT_JSON, InputError, Problem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = [
    "Header",
    "Piece",
    "Raw",
    "UnreadableFile",
    "Warn",
    "csv_records",
    "csv_rows",
    "known_columns",
    "text_file",
]

Raw: TypeAlias = tuple[int, Any]
"""A record's number, and its bytes, its object, or what is wrong with it."""

Warn: TypeAlias = Callable[[str], None]


class Piece(NamedTuple):
    """Some orders of a book, to be decided together.

    Attributes:
        batch: Their record batch.
        numbers: The number of each row in the file.
        ids: The order ids as they are echoed, where the batch does not hold them so.
        record: What gives a row as the door reads it, or raises what is wrong with it; see
            :meth:`lockership.columnar.Router.decide`.
    """

    batch: Any
    numbers: Sequence[int]
    ids: list[Any] | None = None
    record: Callable[[int], Any] | None = None


_HUGE_CELL = 10_000_000  # characters: a huge cell is told as too long, not as a broken file
_START = 1 << 16
_RUNS = re.compile(rb"[\x80-\xff]+")


class UnreadableFile(OSError):
    """The input cannot be opened or is no table of orders at all."""


_OTHER_FILES = {
    b"PK\x03\x04": "an Excel workbook or a zip archive: save the table as CSV (UTF-8)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: save the table as CSV (UTF-8)",
    b"\x1f\x8b": "compressed: unpack it first",
    b"PAR1": "a Parquet file: read it with --in-format parquet",
    b"%PDF": "a PDF",
}


def text_file(file: IO[bytes]) -> io.BufferedReader[Any]:
    """Give the same file, unless it begins as one that is no text.

    Raises:
        UnreadableFile: It does; what it is, is told.
    """
    raw = cast("io.RawIOBase", file)
    text = cast("io.BufferedReader[Any]", file) if hasattr(file, "peek") else io.BufferedReader(raw)
    start = text.peek(4)[:4]
    for magic, what in _OTHER_FILES.items():
        if start.startswith(magic):
            raise UnreadableFile(f"the input is {what}")
    return text


class Header(NamedTuple):
    """The first row of a table: the names of its columns, and what each is, None for those nobody knows."""

    names: list[str]
    columns: list[Column | None]


def csv_records(file: IO[bytes], warn: Warn) -> Iterator[Raw]:
    """Read the rows of a CSV file as records; see :func:`csv_rows`."""
    for header, line, row in csv_rows(file, warn):
        yield line, row if isinstance(row, InputError) else record(header.columns, row)


def csv_rows(file: IO[bytes], warn: Warn) -> Iterator[tuple[Header, int, list[str] | InputError]]:
    """Read the rows of a CSV file, in any of the encodings and with any of the marks that Excel writes.

    Returns:
        For each row the header, the number of its first line, and its cells or what is wrong with it.

    Raises:
        UnreadableFile: The first row names no column that is known, or the encoding breaks off.
    """
    start = file.read(_START)
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        return
    encoding = _encoding(start)
    if encoding in _GUESSED:
        warn(f"this CSV file is not UTF-8; it is read as {_GUESSED[encoding]}")
    old_limit = csv.field_size_limit(_HUGE_CELL)
    try:
        whole = io.BufferedReader(_Joined(start, file))
        text = io.TextIOWrapper(whole, encoding, errors="surrogateescape", newline="")
        yield from _rows(text, _delimiter(start, encoding), encoding, warn)
    except UnicodeError as error:
        raise UnreadableFile(f"this CSV file does not hold to its encoding, {encoding}") from error
    finally:
        csv.field_size_limit(old_limit)


def _rows(
    text: IO[str], delimiter: str, encoding: str, warn: Warn
) -> Iterator[tuple[Header, int, list[str] | InputError]]:
    # strict: a quotation mark that is never closed must not swallow the orders after it
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    header: Header | None = None
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            if header is None:
                raise UnreadableFile(f"the first row of this CSV file cannot be read: {error}") from error
            why = f"not CSV: {_QUOTES.get(str(error), str(error))}"
            yield header, line, InputError([Problem(NOT_JSON, why)])
            continue
        if not any(cell.strip() for cell in row) or (header is None and _is_hint(row)):
            continue
        if header is None:
            known = known_columns(row, "this CSV file; its first row must name the columns", warn)
            header = Header(row, known)
        elif (more := row[len(header.names) :]) and any(cell.strip() for cell in more):
            message = f"the row has {len(row)} cells, the first row names {len(header.names)} columns"
            yield header, line, InputError([Problem(NOT_JSON, f"not CSV: {message}")])
        elif not (text_of := "".join(row)).isascii() and _NOT_DECODED.search(text_of):
            yield header, line, InputError([Problem(NOT_JSON, f"the row is not {encoding.upper()} text")])
        else:
            yield header, line, row


_NOT_DECODED = re.compile("[\udc80-\udcff]")
_QUOTES = {
    "unexpected end of data": "a quotation mark is opened here and never closed",
    "',' expected after '\"'": "a quoted cell goes on after its closing quotation mark",
}


def _is_hint(row: list[str]) -> bool:
    """Excel's own first line, ``sep=;``."""
    return "".join(row).lstrip("\ufeff").startswith("sep=") and len(row) <= 2


def known_columns(names: list[str], of_what: str, warn: Warn) -> list[Column | None]:
    """Read the names of a table's columns, and tell which are not known and which mean the same.

    Raises:
        UnreadableFile: None is known.
    """
    columns = [column(name) for name in names]
    if not any(columns):
        raise UnreadableFile(f"no column is known of {of_what}")
    shown = [(name.strip() or "(blank)")[:40] for name in names]
    unknown = [name for name, known in zip(shown, columns, strict=True) if known is None]
    if unknown:
        warn(f"columns that are not known are passed over: {', '.join(unknown)}")
    paths: dict[str, list[str]] = {}
    for name, known in zip(shown, columns, strict=True):
        if known is not None:
            paths.setdefault(known.path, []).append(name)
    for path, same in paths.items():
        if len(same) > 1:
            warn(f"columns {', '.join(same)} all mean {path}: the first one that is filled is taken")
    return columns


class _Joined(io.RawIOBase):
    """The start of a stream that was read already, and then the rest of it."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer)
        part = self._start[: len(room)] or self._rest.read(len(room))
        self._start = self._start[len(part) :]
        room[: len(part)] = part
        return len(part)


_GUESSED = {
    "gb18030": "Chinese (GB18030)",
    "cp1252": "Western European (Windows-1252)",
}


def _encoding(start: bytes) -> str:
    """Tell UTF-8, UTF-16, the Chinese code pages and the Western one apart, as Excel writes them."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        # the last character may be cut in two
        with suppress(UnicodeDecodeError):
            codecs.getincrementaldecoder(encoding)().decode(start, final=len(start) < _START)
            if encoding != "gb18030" or _is_in_pairs(start):
                return encoding
    return "utf-8-sig" if _is_in_pairs(start) else "cp1252"


def _is_in_pairs(start: bytes) -> bool:
    """Whether bytes beyond ASCII come in pairs, as Chinese does; a Western accent stands alone."""
    runs = _RUNS.findall(start)
    return sum(len(run) % 2 for run in runs) * 2 <= len(runs)


def _delimiter(start: bytes, encoding: str) -> str:
    lines = start.decode(encoding, "replace").lstrip("\ufeff").splitlines()
    header = next((line for line in lines if line.strip()), "")
    return max(",;\t|", key=header.count)
