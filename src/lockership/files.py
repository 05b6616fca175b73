"""Orders out of files and decisions into files: JSON Lines, JSON, CSV, Parquet; ``-`` is the terminal's pipe.

A record that cannot be read becomes its own answer and the run goes on.  A file is written beside its
name and put in place when it is whole, so an interrupted run leaves no half file.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import attrs

from lockership.columns import column, record
from lockership.errors import NOT_JSON, WRONG_TYPE, InputError, MissingDependency, Problem
from lockership.inbound import JsonNumber, Order, OrderId, parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "FORMATS",
    "BadRecord",
    "UnreadableFile",
    "format_of",
    "json_line",
    "opened",
    "read_records",
    "writing",
]

FORMATS = ("jsonl", "json", "csv", "parquet")

Record: TypeAlias = "Order | BadRecord"
Reader: TypeAlias = Callable[["Mapping[str, Any] | str | bytes"], Order]

csv.field_size_limit(10_000_000)  # a huge cell is told as too long, not as a broken file


class UnreadableFile(OSError):
    """The input cannot be opened or is no table of orders at all."""


@attrs.frozen
class BadRecord:
    """A record that could not be read.

    Attributes:
        number: Its place in the file, from 1: the line, row or element.
        order_id: Its order id, where that much could be read.
        error: Everything that is wrong with it.
        parcel: The place among several parcels, when only this one is bad.
    """

    number: int
    order_id: OrderId | None
    error: InputError
    parcel: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the error line of the contract."""
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
    return {"ndjson": "jsonl", "tsv": "csv", "pq": "parquet"}.get(
        suffix, suffix if suffix in FORMATS else default
    )


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """Open a file for reading, or standard input for ``-``.

    Raises:
        UnreadableFile: It is not there, is a folder, or may not be read.
    """
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")
    except OSError as error:
        raise UnreadableFile(f"cannot open {name}: {error.strerror or error}") from error
    with file:
        yield file


def read_records(
    file: IO[bytes], form: str, reader: Reader, warn: Callable[[str], None] | None = None
) -> Iterator[tuple[int, Record]]:
    """Read every record of a file with its number, good and bad; blank lines and rows are passed over."""
    records = {"jsonl": _jsonl, "json": _json, "csv": _csv, "parquet": _parquet}[form]
    for number, raw in records(file, warn or (lambda _: None)):
        if isinstance(raw, InputError):
            yield number, BadRecord(number, None, raw)
            continue
        try:
            parsed = parse_json(raw) if isinstance(raw, bytes) else raw
        except InputError as error:
            yield number, BadRecord(number, None, error)
            continue
        try:
            yield number, reader(parsed)
        except InputError as error:
            yield number, BadRecord(number, _order_id(parsed), error)


def _order_id(parsed: object) -> OrderId | None:
    found = parsed.get("order_id") if isinstance(parsed, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int | JsonNumber):
        return None
    if isinstance(found, JsonNumber) and not found.text[-1:].isdigit():
        return None  # NaN and Infinity are no JSON: they cannot be echoed
    return found


Raw: TypeAlias = "tuple[int, bytes | dict[str, Any] | object | InputError]"
Warn: TypeAlias = Callable[[str], None]


def _jsonl(file: IO[bytes], _: Warn) -> Iterator[Raw]:
    number = 0
    for line in file:
        number += 1
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")  # noqa: PLW2901 - the byte-order mark is dropped
        if line.strip():
            yield number, line


def _json(file: IO[bytes], _: Warn) -> Iterator[Raw]:
    text = file.read()
    if not text.removeprefix(b"\xef\xbb\xbf").strip():
        return
    try:
        whole = parse_json(text)
    except InputError as error:
        yield 1, error
        return
    for number, item in enumerate(whole if isinstance(whole, list) else [whole], 1):
        yield number, item


def _csv(file: IO[bytes], warn: Warn) -> Iterator[Raw]:
    start = file.read(1 << 16)
    if not start.strip():
        return
    encoding = _encoding(start)
    text = io.TextIOWrapper(_Joined(start, file), encoding, errors="surrogateescape", newline="")
    rows = csv.reader(text, delimiter=_delimiter(start, encoding))
    header = next(rows, [])
    columns = [column(name) for name in header]
    if not any(columns):
        raise UnreadableFile("no column of this CSV file is known; the first row must name the columns")
    unknown = [
        name.strip() or "(blank)" for name, known in zip(header, columns, strict=True) if known is None
    ]
    if unknown:
        warn(f"columns that are not known are passed over: {', '.join(n[:40] for n in unknown)}")
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield rows.line_num, InputError([Problem(NOT_JSON, f"not CSV: {error}")])
            continue
        if not any(cell.strip() for cell in row):
            continue
        if any(cell.strip() for cell in row[len(columns) :]):
            message = f"the row has {len(row)} cells, the first row names {len(columns)} columns"
            yield rows.line_num, InputError([Problem(WRONG_TYPE, message)])
        elif any("\udc80" <= character <= "\udcff" for cell in row for character in cell):
            yield rows.line_num, InputError([Problem(NOT_JSON, f"the row is not {encoding} text")])
        else:
            yield rows.line_num, record(columns, row)


class _Joined(io.RawIOBase):
    """The start of a stream that was read already, and then the rest of it."""

    def __init__(self, start: bytes, rest: IO[bytes]) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._start[: len(buffer)] or self._rest.read(len(buffer))
        self._start = self._start[len(part) :] if self._start else b""
        buffer[: len(part)] = part
        return len(part)


def _encoding(start: bytes) -> str:
    """Tell UTF-8, UTF-16 and the Chinese code pages that Excel writes apart."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            # the last character may be cut: only what stands before the last line end is judged
            (start.rsplit(b"\n", 1)[0] if len(start) == 1 << 16 else start).decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8-sig"


def _delimiter(start: bytes, encoding: str) -> str:
    header = start.decode(encoding, "replace").lstrip("\ufeff").splitlines()[0]
    return max(",;\t|", key=header.count)


def _parquet(file: IO[bytes], _: Warn) -> Iterator[Raw]:
    arrow, parquet = _arrow()
    try:
        table = parquet.ParquetFile(io.BytesIO(file.read()) if file is sys.stdin.buffer else file)
    except (arrow.ArrowException, OSError) as error:
        raise UnreadableFile(f"not a Parquet file: {error}") from error
    number = 0
    for batch in table.iter_batches():
        for row in batch.to_pylist():
            number += 1
            yield number, _exact(row)


def _exact(value: object) -> object:
    """Read a column's binary floats by the shortest decimal that names them."""
    if isinstance(value, float):
        return JsonNumber(repr(value))
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_exact(item) for item in value]
    return value


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow  # noqa: PLC0415 - an extra, needed only for Parquet
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise MissingDependency("Parquet needs pyarrow: pip install 'lockership[parquet]'") from error
    return pyarrow, parquet


# --- out -----------------------------------------------------------------------------------------


def json_line(answer: Mapping[str, Any]) -> str:
    """Write one answer as a line of JSON; a number that came as an order id goes as it came."""
    order_id = answer["order_id"]
    if isinstance(order_id, JsonNumber):
        rest = json.dumps(
            {key: value for key, value in answer.items() if key != "order_id"}, ensure_ascii=False
        )
        line = f'{{"order_id": {order_id.text}, {rest[1:]}'
    else:
        line = json.dumps(answer, ensure_ascii=False)
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair from the input: escaped, as it came
        plain = {key: value for key, value in answer.items() if key != "order_id"}
        head = order_id.text if isinstance(order_id, JsonNumber) else json.dumps(order_id)
        return f'{{"order_id": {head}, {json.dumps(plain)[1:]}'
    return line


Write: TypeAlias = Callable[["Mapping[str, Any]"], None]


@contextmanager
def writing(name: str, form: str) -> Iterator[Write]:
    """Give a function that writes one answer after the other; the file appears when it is whole."""
    writer = {"jsonl": _write_jsonl, "csv": _write_csv, "parquet": _write_parquet}[form]
    if name == "-":
        with writer(sys.stdout.buffer) as write:
            yield write
        sys.stdout.buffer.flush()
        return
    path = Path(name)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file, writer(file) as write:
            yield write
        os.replace(part, path)  # noqa: PTH105 - the one call that replaces atomically everywhere
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def _write_jsonl(file: IO[bytes]) -> Iterator[Write]:
    yield lambda answer: file.write(json_line(answer).encode("utf-8") + b"\n") and None


_FLAT = (
    "order_id",
    "parcel",
    "route",
    "kind",
    "network",
    "confidence",
    "deliver_to",
    "refusals",
    "remedies",
    "missing",
    "notes",
    "hold_days",
    "hold_basis",
    "hold_on_expiry",
    "explanation_en",
    "explanation_zh",
    "evidence",
    "error_code",
    "error_field",
    "error_message",
)


def _flat(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one answer flat for a spreadsheet; lists become their words, joined by a semicolon."""
    order_id = answer["order_id"]
    row: dict[str, Any] = dict.fromkeys(_FLAT)
    row |= {name: answer[name] for name in _FLAT if name in answer}
    row["order_id"] = order_id.text if isinstance(order_id, JsonNumber) else order_id
    row["refusals"] = _words(answer.get("refusals"), ("code", "trait", "by", "measured", "limit"))
    row["remedies"] = _words(answer.get("remedies"), ("code", "carrier", "channel"))
    row["evidence"] = _words(answer.get("evidence"), ("field", "words", "rule"))
    for name in ("missing", "notes"):
        row[name] = "; ".join(answer.get(name) or ()) or None
    for name, value in (answer.get("hold") or {}).items():
        if f"hold_{name}" in row:
            row[f"hold_{name}"] = value
    for language, text in (answer.get("explanation") or {}).items():
        row[f"explanation_{language}"] = text
    if (error := answer.get("error")) is not None:
        row["error_code"] = error["code"]
        row["error_field"] = "; ".join(p["field"] for p in error["problems"] if p["field"]) or None
        row["error_message"] = "; ".join(p["message"] for p in error["problems"])
    return row


def _words(items: Iterable[Mapping[str, Any]] | None, names: tuple[str, ...]) -> str | None:
    told = (" ".join(str(item[n]) for n in names if item.get(n) is not None) for item in items or ())
    return "; ".join(told) or None


@contextmanager
def _write_csv(file: IO[bytes]) -> Iterator[Write]:
    text = io.TextIOWrapper(file, "utf-8-sig", errors="backslashreplace", newline="", write_through=True)
    rows = csv.DictWriter(text, _FLAT)
    rows.writeheader()
    try:
        yield lambda answer: rows.writerow(_flat(answer)) and None
    finally:
        text.flush()
        text.detach()


@contextmanager
def _write_parquet(file: IO[bytes]) -> Iterator[Write]:
    arrow, parquet = _arrow()
    types = {"parcel": arrow.int32(), "hold_days": arrow.int32()}
    schema = arrow.schema([(name, types.get(name, arrow.string())) for name in _FLAT])
    rows: list[dict[str, Any]] = []
    with parquet.ParquetWriter(file, schema) as table:

        def write(answer: Mapping[str, Any]) -> None:
            row = _flat(answer)
            row["order_id"] = None if row["order_id"] is None else str(row["order_id"])
            rows.append(row)
            if len(rows) >= 10_000:
                flush()

        def flush() -> None:
            if rows:
                table.write_table(arrow.Table.from_pylist(rows, schema))
                rows.clear()

        yield write
        flush()
