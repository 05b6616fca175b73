"""Answers into files: one line, row or record for each, in order."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeAlias, cast

from lockership.inbound import JsonNumber, id_text

__all__ = [
    "DECISION_COLUMNS",
    "KIND_COLUMNS",
    "OUT_FORMATS",
    "UnwritableFile",
    "Write",
    "cells",
    "escaped",
    "is_whole",
    "json_line",
    "json_value",
    "placing",
    "whole",
    "writing",
]

OUT_FORMATS = ("jsonl", "csv", "parquet")

_ERROR = ("error_code", "error_field", "error_message")
DECISION_COLUMNS = (
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
    *_ERROR,
)
"""The columns of decisions in CSV; lists become words, joined by a semicolon."""

KIND_COLUMNS = ("order_id", "kind", "confidence", "evidence", *_ERROR)
"""The columns of recognised kinds in CSV and Parquet."""

Write: TypeAlias = Callable[[Mapping[str, Any]], None]


class UnwritableFile(OSError):
    """The output cannot be written."""


def json_line(answer: Mapping[str, Any]) -> str:
    """Write one answer as a line of JSON; a number that came as an order id goes as it came.

    >>> from lockership.inbound import JsonNumber, id_text
    >>> json_line({"order_id": JsonNumber("1.10"), "route": "home"})
    '{"order_id": 1.10, "route": "home"}'
    """
    order_id = answer["order_id"]
    if isinstance(order_id, JsonNumber):
        rest = {key: value for key, value in answer.items() if key != "order_id"}
        line = f'{{"order_id": {order_id.text}, {json.dumps(rest, ensure_ascii=False)[1:]}'
    else:
        line = json.dumps(answer, ensure_ascii=False)
    return line if is_whole(line) else escaped(line)


def json_value(order_id: object) -> str:
    """Write an order id, as it is echoed, as JSON."""
    return order_id.text if isinstance(order_id, JsonNumber) else json.dumps(order_id, ensure_ascii=False)


def is_whole(text: str) -> bool:
    """Whether a text holds no halves of surrogate pairs, so that it can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def escaped(line: str) -> str:
    """Escape halves of surrogate pairs as JSON does, as they came."""
    return "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in line)


@contextmanager
def writing(name: str, form: str, columns: tuple[str, ...] = DECISION_COLUMNS) -> Generator[Write]:
    """Give a function that writes one answer after the other; the file appears when it is whole.

    Raises:
        UnwritableFile: The file cannot be made, or standard output is closed.
    """
    writer = {"jsonl": _jsonl, "csv": _csv, "parquet": _parquet}[form]
    with placing(name) as file, writer(file, columns) as write:
        yield write


@contextmanager
def placing(name: str) -> Generator[IO[bytes]]:
    """Give a file to write into, which takes its name when it is whole; ``-`` is standard output.

    Raises:
        UnwritableFile: The file cannot be made, or standard output is closed.
    """
    if name == "-":
        if cast("object", sys.stdout) is None:
            raise UnwritableFile("standard output is closed")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(os.path.realpath(name))  # a link stays a link
    if path.exists() and not path.is_file():  # a pipe or a device is written to, never replaced
        with _made(path, name) as file:
            yield file
        return
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with _made(part, name) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            with suppress(OSError):
                shutil.copymode(path, part)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _made(path: Path, name: str) -> IO[bytes]:
    try:
        return path.open("wb")
    except OSError as error:
        raise UnwritableFile(f"cannot write {name}: {error.strerror or error}") from error


@contextmanager
def _jsonl(file: IO[bytes], _: tuple[str, ...]) -> Generator[Write]:
    def write(answer: Mapping[str, Any]) -> None:
        file.write(json_line(answer).encode() + b"\n")

    yield write


@contextmanager
def _csv(file: IO[bytes], columns: tuple[str, ...]) -> Generator[Write]:
    # Excel takes UTF-8 for what it is only with the mark in front
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(columns)

    def write(answer: Mapping[str, Any]) -> None:
        rows.writerow(cells(answer, columns))

    try:
        yield write
    finally:
        text.detach()


def cells(answer: Mapping[str, Any], columns: tuple[str, ...]) -> list[Any]:
    """Lay one answer out as the cells of a row."""
    row = _flat(answer)
    return [row.get(name) for name in columns]


@contextmanager
def _parquet(file: IO[bytes], columns: tuple[str, ...]) -> Generator[Write]:
    from lockership.columnar.arrow import parquet  # noqa: PLC0415 - an extra, needed only for Parquet

    schema = _schema(columns)
    answers: list[dict[str, Any]] = []

    def flush(table: Any) -> None:  # noqa: ANN401 - pyarrow has no types
        table.write_batch(_batch(answers, schema))
        answers.clear()

    with parquet.ParquetWriter(file, schema) as table:

        def write(answer: Mapping[str, Any]) -> None:
            answers.append(cast("dict[str, Any]", whole(dict(answer))))
            if len(answers) >= 10_000:
                flush(table)

        yield write
        flush(table)


def _schema(columns: tuple[str, ...]) -> Any:  # noqa: ANN401
    """Give decisions the columns of ``route_table()``, so that nothing is lost; kinds those of CSV."""
    from lockership.columnar import decision_schema  # noqa: PLC0415
    from lockership.columnar.arrow import pa  # noqa: PLC0415

    if columns == DECISION_COLUMNS:
        return decision_schema(pa.string())
    return pa.schema([(name, pa.string()) for name in columns])


def _batch(answers: list[dict[str, Any]], schema: Any) -> Any:  # noqa: ANN401
    from lockership.columnar.answers import answer_columns  # noqa: PLC0415
    from lockership.columnar.arrow import pa  # noqa: PLC0415

    if "route" not in schema.names:
        return pa.RecordBatch.from_pylist([_flat(answer) for answer in answers], schema)
    ids = pa.array([id_text(answer["order_id"]) for answer in answers], pa.string())
    return pa.RecordBatch.from_arrays([ids, *answer_columns(answers)], schema=schema)


def whole(value: object) -> object:
    """Give an answer as Arrow takes it: without halves of surrogate pairs."""
    match value:
        case str():
            return value if is_whole(value) else escaped(value)
        case dict():
            return {name: whole(item) for name, item in cast("dict[str, object]", value).items()}
        case list():
            return [whole(item) for item in cast("list[object]", value)]
        case _:
            return value


def _flat(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one answer flat for a spreadsheet; lists become their words, joined by a semicolon."""
    row: dict[str, Any] = {
        name: value for name, value in answer.items() if value is None or isinstance(value, str | int)
    }
    row["order_id"] = id_text(answer["order_id"])
    row["refusals"] = _words(answer.get("refusals"), ("code", "trait", "by", "measured", "limit"))
    row["remedies"] = _words(answer.get("remedies"), ("code", "carrier", "channel"))
    row["evidence"] = _words(answer.get("evidence"), ("field", "words", "rule"))
    for name in ("missing", "notes"):
        row[name] = "; ".join(answer.get(name) or ()) or None
    for block in ("hold", "explanation"):
        inner = cast("Mapping[str, Any]", answer.get(block) or {})
        row |= {f"{block}_{name}": value for name, value in inner.items()}
    if (error := answer.get("error")) is not None:
        row["error_code"] = error["code"]
        row["error_field"] = "; ".join(p["field"] for p in error["problems"] if p["field"]) or None
        row["error_message"] = "; ".join(p["message"] for p in error["problems"])
    return {
        name: escaped(value) if isinstance(value, str) and not is_whole(value) else value
        for name, value in row.items()
    }


def _words(items: Iterable[Mapping[str, Any]] | None, names: tuple[str, ...]) -> str | None:
    told = (" ".join(str(item[n]) for n in names if item.get(n) is not None) for item in items or ())
    return "; ".join(told) or None
