"""Whole order books: a Parquet file of any size to a file of decisions, on all processors.

Batches are read, decided and written in their order, a few at a time, so memory does not grow with
the file.  Each process has a :class:`~lockership.columnar.Router` of its own.
"""

from __future__ import annotations

import csv
import io
import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from lockership.files.answers import DECISION_COLUMNS, cells, json_line, json_value
from lockership.files.parquet import ParquetOrders
from lockership.inbound import id_text

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from concurrent.futures import Future
    from datetime import date

    from lockership.columnar import Decided
    from lockership.files.tables import Warn
    from lockership.policy import Policy

__all__ = ["Counts", "route_book"]

_AHEAD = 2
"""Batches that wait for each process, so that none is idle while one is written."""


class Counts(NamedTuple):
    """How many answers there are, and how many of them are errors."""

    good: int
    bad: int


class _Job(NamedTuple):
    """What a process must know before the first batch."""

    schema: Any
    form: str
    policy: Policy | None
    on: date | None


class _Done(NamedTuple):
    """A batch that is decided: the answers as they are written, and counts."""

    answers: Any
    good: int
    bad: int
    rows: int


def route_book(
    source: IO[bytes],
    target: IO[bytes],
    form: str,
    *,
    policy: Policy | None = None,
    on: date | None = None,
    warn: Warn,
    tell: Callable[[int, int], None],
    processes: int | None = None,
) -> Counts:
    """Decide for every order of a Parquet file and write the answers in its order.

    Args:
        source: The file of orders.
        target: The file to write.
        form: What to write: ``parquet``, ``csv`` or ``jsonl``.
        policy: The house policy; the defaults when absent.
        on: The day of the rules.
        warn: Told about columns that nobody knows.
        tell: Told how many rows are done, of how many.
        processes: How many to use; by default as many as there are processors for this program.

    Raises:
        UnreadableFile: The source is no Parquet file, or no column is known.
        MissingDependency: pyarrow is not installed.
    """
    orders = ParquetOrders(source, warn)
    job = _Job(orders.schema, form, policy, on)
    good = bad = done = 0
    with _writer(target, job) as write:
        for batch in _in_order(job, orders, processes or _processors()):
            write(batch.answers)
            good, bad, done = good + batch.good, bad + batch.bad, done + batch.rows
            tell(done, orders.rows)
    return Counts(good, bad)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_order(job: _Job, orders: ParquetOrders, processes: int) -> Iterator[_Done]:
    """Decide batch by batch: here where one process is enough, else in several, a few batches ahead."""
    from lockership.columnar import ROWS  # noqa: PLC0415 - an extra

    firsts = range(1, orders.rows + 1, ROWS)
    batches = zip(firsts, orders.batches(ROWS), strict=False)
    if processes == 1 or len(firsts) < _FEW:
        _prepare(job)
        for first, batch in batches:
            yield _decide(first, batch)
        return
    # Not forked: a copy of a process whose pyarrow has threads may never wake up.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _prepare, (job,))
    waiting: deque[Future[_Done]] = deque()
    try:
        for first, batch in batches:
            waiting.append(pool.submit(_decide, first, batch))
            if len(waiting) >= processes * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


_FEW = 4
"""Batches for which a second process is not worth its start."""


class _Worker:
    """What decides in this process."""

    router: Any
    form: str


def _prepare(job: _Job) -> None:
    from lockership.columnar import Router  # noqa: PLC0415 - an extra

    _Worker.router = Router(job.schema, policy=job.policy, on=job.on)
    _Worker.form = job.form


def _decide(first: int, batch: Any) -> _Done:  # noqa: ANN401 - pyarrow has no types
    decided = _Worker.router.decide(batch, first)
    bad = decided.errors
    answers = _FORMS[_Worker.form](decided)
    return _Done(answers, len(decided.chosen) - bad, bad, batch.num_rows)


def _columns(decided: Decided) -> object:
    return _Worker.router.columns(decided)


def _lines(decided: Decided) -> bytes:
    """Write decisions as JSON Lines: what is the same for many orders is written out once."""
    nobody = json_line({"order_id": None})[:-1]
    tails = [json_line({"order_id": None, **answer}).removeprefix(nobody) for answer in decided.answers]
    return b"".join(
        f'{{"order_id": {json_value(order_id)}{tails[number]}\n'.encode()
        for order_id, number in zip(decided.ids(), decided.chosen.tolist(), strict=True)
    )


def _rows(decided: Decided) -> bytes:
    """Write decisions as rows of a CSV file, likewise."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    tails = [cells({"order_id": None, **answer}, DECISION_COLUMNS)[1:] for answer in decided.answers]
    for order_id, number in zip(decided.ids(), decided.chosen.tolist(), strict=True):
        rows.writerow([id_text(order_id), *tails[number]])
    return text.getvalue().encode()


_FORMS: dict[str, Callable[[Decided], Any]] = {"parquet": _columns, "jsonl": _lines, "csv": _rows}


@contextmanager
def _writer(target: IO[bytes], job: _Job) -> Generator[Callable[[Any], object]]:
    from lockership.columnar import Router  # noqa: PLC0415 - an extra
    from lockership.columnar.arrow import parquet  # noqa: PLC0415

    if job.form == "parquet":
        with parquet.ParquetWriter(target, Router(job.schema).schema) as table:
            yield table.write_batch
        return
    if job.form == "csv":
        target.write(f"\ufeff{','.join(DECISION_COLUMNS)}\r\n".encode())  # the mark is for Excel
    yield target.write
