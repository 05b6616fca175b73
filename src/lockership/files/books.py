"""Whole order books: a file of any size to a file of decisions, on all processors.

Pieces are read, decided and written in their order, a few at a time, so memory does not grow with
the file.  Threads share one :class:`~lockership.columnar.Router` and what it remembers: reading, scanning
columns of text and writing are the work of pyarrow, which lets the others go on meanwhile.
"""

from __future__ import annotations

import csv
import io
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

from lockership.files.answers import (
    DECISION_COLUMNS,
    cells,
    escaped,
    is_whole,
    json_line,
    json_value,
    whole,
)
from lockership.files.json_lines import JsonOrders
from lockership.files.parquet import ParquetOrders
from lockership.files.sheets import CsvOrders
from lockership.inbound import id_text

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from concurrent.futures import Future
    from datetime import date

    from lockership.columnar import Decided, Router
    from lockership.files.tables import Piece, Warn
    from lockership.policy import Policy

__all__ = ["Counts", "route_book"]

_AHEAD = 1
"""Pieces that wait beside those at work, so that no thread is idle while one is written."""


class Counts(NamedTuple):
    """How many answers there are, and how many of them are errors."""

    good: int
    bad: int


class _Done(NamedTuple):
    """A piece that is decided: the answers as they are written, and counts."""

    answers: Any
    good: int
    bad: int
    rows: int


def route_book(
    source: IO[bytes],
    target: IO[bytes],
    form: str,
    *,
    source_form: str = "parquet",
    policy: Policy | None = None,
    on: date | None = None,
    warn: Warn,
    tell: Callable[[int, int | None], None],
    threads: int | None = None,
) -> Counts:
    """Decide for every order of a file and write the answers in its order.

    Args:
        source: The file of orders.
        target: The file to write.
        form: What to write: ``parquet``, ``csv`` or ``jsonl``.
        source_form: What the file of orders is: ``parquet``, ``csv`` or ``jsonl``.
        policy: The house policy; the defaults when absent.
        on: The day of the rules.
        warn: Told about columns that nobody knows.
        tell: Told how many rows are done, of how many; None where that is known at the end only.
        threads: How many decide; by default as many as there are processors for this program.

    Raises:
        UnreadableFile: The source is no such file, or no column is known.
        MissingDependency: pyarrow is not installed.
    """
    from lockership.columnar import Router  # noqa: PLC0415 - an extra

    orders = _SOURCES[source_form](source, warn)
    router = Router(orders.schema, policy=policy, on=on)
    good = bad = done = 0
    with _writer(target, form, router) as write:
        for batch in _in_order(router, _FORMS[form], orders, threads or _processors()):
            write(batch.answers)
            good, bad, done = good + batch.good, bad + batch.bad, done + batch.rows
            tell(done, orders.rows)
    return Counts(good, bad)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_Orders: TypeAlias = ParquetOrders | CsvOrders | JsonOrders
_SOURCES: dict[str, Callable[[IO[bytes], Warn], _Orders]] = {
    "parquet": ParquetOrders,
    "csv": CsvOrders,
    "jsonl": JsonOrders,
}


def _in_order(router: Router, form: _Form, orders: _Orders, threads: int) -> Iterator[_Done]:
    """Decide piece by piece, a few at once, and give them in their order."""
    from lockership.columnar import ROWS  # noqa: PLC0415 - an extra

    def decide(piece: Piece) -> _Done:
        decided = router.decide(piece.batch, piece.numbers, piece.ids, piece.record)
        bad = decided.errors
        return _Done(form(router, decided), len(decided.chosen) - bad, bad, len(piece.numbers))

    pool = ThreadPoolExecutor(threads)
    waiting: deque[Future[_Done]] = deque()
    try:
        for piece in orders.pieces(ROWS):
            waiting.append(pool.submit(decide, piece))
            if len(waiting) >= threads + _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _columns(router: Router, decided: Decided) -> object:
    try:
        return router.columns(decided)
    except UnicodeError:
        return router.columns(_whole(decided))


def _lines(_: Router, decided: Decided) -> bytes:
    """Write decisions as JSON Lines: what is the same for many orders is written out once."""
    nobody = json_line({"order_id": None})[:-1]
    tails = [json_line({"order_id": None, **answer}).removeprefix(nobody) for answer in decided.answers]
    text = "".join(
        [
            f'{{"order_id": {json_value(order_id)}{tails[number]}\n'
            for order_id, number in zip(decided.ids(), decided.chosen.tolist(), strict=True)
        ]
    )
    return (text if is_whole(text) else escaped(text)).encode()


def _rows(_: Router, decided: Decided) -> bytes:
    """Write decisions as rows of a CSV file, likewise."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    tails = [cells({"order_id": None, **answer}, DECISION_COLUMNS)[1:] for answer in decided.answers]
    for order_id, number in zip(decided.ids(), decided.chosen.tolist(), strict=True):
        rows.writerow([id_text(order_id), *tails[number]])
    whole_text = text.getvalue()
    return (whole_text if is_whole(whole_text) else escaped(whole_text)).encode()


def _whole(decided: Decided) -> Decided:
    """Write halves of surrogate pairs out as JSON does."""
    ids, answers = (cast("list[Any]", whole(told)) for told in (decided.ids(), decided.answers))
    return decided._replace(order_ids=ids, answers=answers)


_Form: TypeAlias = "Callable[[Router, Decided], Any]"
_FORMS: dict[str, _Form] = {"parquet": _columns, "jsonl": _lines, "csv": _rows}


@contextmanager
def _writer(target: IO[bytes], form: str, router: Router) -> Generator[Callable[[Any], object]]:
    from lockership.columnar.arrow import parquet  # noqa: PLC0415 - an extra

    if form == "parquet":
        with parquet.ParquetWriter(target, router.schema) as table:
            yield table.write_batch
        return
    if form == "csv":
        target.write(f"\ufeff{','.join(DECISION_COLUMNS)}\r\n".encode())  # the mark is for Excel
    yield target.write
