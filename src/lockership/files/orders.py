"""Orders out of files: every record with its place, good or bad."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias, cast

import attrs

from lockership.errors import InputError
from lockership.files.json_lines import BOM, json_lines
from lockership.files.parquet import parquet_records
from lockership.files.tables import Raw, UnreadableFile, Warn, csv_records, text_file
from lockership.inbound import JsonNumber, Order, OrderId, parse_json

__all__ = ["FORMATS", "BadRecord", "format_of", "opened", "read_record", "read_records"]

FORMATS = ("jsonl", "json", "csv", "parquet")

Record: TypeAlias = "Order | BadRecord"
Reader: TypeAlias = Callable[[Mapping[str, Any]], Order]


@attrs.frozen
class BadRecord:
    """A record that could not be read.

    Attributes:
        number: Its place in the file, from 1: the line, the row's first line, or the element.
        order_id: Its order id, where that much could be read.
        error: Everything that is wrong with it.
        parcel: The place among several parcels, when only this one is bad.
    """

    number: int
    order_id: OrderId | None
    error: InputError
    parcel: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the error line of the contract, with the record's place in the file beside it."""
        place = {} if self.parcel is None else {"parcel": self.parcel}
        error = self.error
        return {
            "order_id": self.order_id,
            **place,
            "error": {
                "code": error.code,
                "message": error.message,
                "field": error.field,
                "record": self.number,
                "problems": [problem._asdict() for problem in error.problems],
            },
        }


def format_of(name: str, default: str = "jsonl") -> str:
    """Tell the format from a file's name.

    >>> format_of("orders.CSV"), format_of("-"), format_of("orders.txt")
    ('csv', 'jsonl', 'jsonl')
    """
    suffix = Path(name).suffix.lower().lstrip(".")
    known = {"ndjson": "jsonl", "tsv": "csv", "pq": "parquet"}.get(suffix, suffix)
    return known if known in FORMATS else default


@contextmanager
def opened(name: str) -> Generator[IO[bytes]]:
    """Open a file for reading, or standard input for ``-``.

    Raises:
        UnreadableFile: It is not there, is a folder, may not be read, or standard input is closed.
    """
    if name == "-":
        if cast("object", sys.stdin) is None:
            raise UnreadableFile("standard input is closed")
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 - only the opening itself may fail with this message
    except OSError as error:
        raise UnreadableFile(f"cannot open {name}: {error.strerror or error}") from error
    with file:
        yield file


def read_records(
    file: IO[bytes], form: str, reader: Reader, warn: Warn | None = None
) -> Iterator[tuple[int, Record]]:
    """Read every record of a file with its number, good and bad; blank lines and rows are passed over.

    Raises:
        UnreadableFile: It is not a file of that format at all.
    """
    warn = warn or (lambda _: None)
    if form == "parquet":
        records = parquet_records(file, warn)
    else:
        records = {"jsonl": json_lines, "json": _json, "csv": csv_records}[form](text_file(file), warn)
    for number, raw in records:
        yield number, read_record(number, raw, reader)


def read_record(number: int, raw: object, reader: Reader) -> Record:
    """Read one record: JSON bytes, an object that was parsed already, or what was wrong before that."""
    if isinstance(raw, InputError):
        return BadRecord(number, None, raw)
    parsed: Any = None
    try:
        parsed = parse_json(raw) if isinstance(raw, bytes) else raw
        return reader(parsed)
    except InputError as error:
        return BadRecord(number, _order_id(parsed), error)


def _order_id(parsed: object) -> OrderId | None:
    """Find the order id of a record that could not be read as a whole, if it can be echoed."""
    found = cast("dict[str, object]", parsed).get("order_id") if isinstance(parsed, dict) else None
    if isinstance(found, JsonNumber):
        return found if found.finite else None
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def _json(file: IO[bytes], warn: Warn) -> Iterator[Raw]:
    text = file.read()
    if not text.removeprefix(BOM).strip():
        return
    try:
        whole = parse_json(text)
    except InputError as error:
        lines = list(json_lines(io.BytesIO(text), warn))
        if len(lines) > 1 and _is_object(lines[0][1]):  # JSON Lines under another name
            yield from lines
        else:
            yield 1, error
        return
    yield from enumerate(cast("list[object]", whole) if isinstance(whole, list) else [whole], 1)


def _is_object(line: object) -> bool:
    try:
        return isinstance(line, bytes) and isinstance(parse_json(line), dict)
    except InputError:
        return False
