"""``route_table()``: the decisions of ``route_parcel()`` over tables of orders.

An ordinary row (text where text belongs, numbers that can be read, no home and no location given)
is decided by column: whole columns are compared with the limits of a plan, and rows that are alike
share one answer, which ``decide()`` gives once.  Every other row goes through the door alone.  Both
ways give the same answer; which one a row takes is a matter of time only.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from lockership.address import Address
from lockership.carriers import carrier_key
from lockership.columnar.alike import Likeness
from lockership.columnar.answers import Answer, Answers, answer_columns, decision_schema
from lockership.columnar.arrow import pa, plain
from lockership.columnar.fields import Codes, Fields, pairs
from lockership.columnar.orders import Orders
from lockership.columnar.parcels import refused
from lockership.columnar.places import Places, Seen
from lockership.columnar.rows import Layout
from lockership.columnar.streets import own_words
from lockership.errors import InputError
from lockership.inbound import JsonNumber, decided, id_text, read_order
from lockership.routing import HOUSE, IDS, decide
from lockership.verdict import Case, plans_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from lockership.decision import Decision
    from lockership.parcel import Parcel
    from lockership.policy import Policy
    from lockership.recognition import Recognition

__all__ = ["Decided", "Router", "route_batches", "route_table"]

ROWS = 131_072
"""Rows of a stream that are decided at a time: enough to share answers, few enough for little memory."""

_AT_ONCE = 262_144
"""Rows of a table in memory that are decided at a time: the more, the more share an answer."""
_BYTES = 1 << 28
"""Bytes of a table in memory that are decided at a time: a column of text holds eight times that, no more."""
_KEPT = 20_000
"""Answers that are remembered from batch to batch."""

_SOMEWHERE = Address(street1="1 Elm St")


def route_table(
    table: Any,  # noqa: ANN401 - pyarrow has no types
    *,
    policy: Policy | None = None,
    on: date | None = None,
) -> Any:  # noqa: ANN401
    """Decide for every order of a table, as ``route_parcel()`` does for one.

    Runs on as many threads as pyarrow does (``pyarrow.set_cpu_count()``).

    Args:
        table: A ``pyarrow.Table`` or ``RecordBatch``, or anything that gives itself as one (a pandas,
            Polars or DuckDB table with ``__arrow_c_stream__``): columns shaped as the order JSON, or
            flat with the names of ``docs/columns.md``.
        policy: The house policy; the defaults when absent.
        on: Decide by the rules of that day; by default those that have not been superseded.

    Returns:
        A ``pyarrow.Table`` with the columns of the decision JSON: one row an order, or one a parcel
        where an order has several, in the order of the table.  An order that cannot be read has its
        ``error_`` columns filled and the others empty; no row is dropped.

    Raises:
        InputError: No column of the table is known.
        MissingDependency: pyarrow is not installed.
    """
    if not isinstance(table, pa.Table):
        table = pa.Table.from_batches([table]) if isinstance(table, pa.RecordBatch) else pa.table(table)
    router = Router(table.schema, policy=policy, on=on)
    threads = pa.cpu_count()
    rows = max(ROWS, min(_AT_ONCE, -(-table.num_rows // threads)))
    rows = max(1, min(rows, _BYTES * table.num_rows // max(table.nbytes, 1)))

    def decided(start: int) -> list[Any]:
        some = table.slice(start, rows)
        with suppress(pa.ArrowInvalid):  # dictionaries with small numbers stay apart
            some = some.combine_chunks()
        return [router.route(batch) for batch in some.to_batches()]

    starts = range(0, table.num_rows, rows)
    if len(starts) <= 1:
        return pa.Table.from_batches(chain.from_iterable(map(decided, starts)), router.schema)
    # pyarrow and NumPy let another thread go on while they work.
    with ThreadPoolExecutor(threads) as pool:
        return pa.Table.from_batches(chain.from_iterable(pool.map(decided, starts)), router.schema)


def route_batches(
    batches: Iterable[Any], *, policy: Policy | None = None, on: date | None = None
) -> Iterator[Any]:
    """Decide for a stream of record batches of one schema, batch by batch, holding one at a time.

    This is the shape that Spark's ``mapInArrow`` and its like call; see :mod:`lockership.scale`.
    """
    router: Router | None = None
    for batch in batches:
        if router is None:
            router = Router(batch.schema, policy=policy, on=on)
        for start in range(0, max(batch.num_rows, 1), ROWS):
            yield router.route(batch.slice(start, ROWS))


class Decided(NamedTuple):
    """The decisions of one batch.

    Attributes:
        order_ids: The id of each line: an Arrow column, or a list of what is echoed.
        answers: The answers that differ, without order ids.
        chosen: For each line, which answer.
    """

    order_ids: Any
    answers: list[Answer]
    chosen: Codes

    def ids(self) -> list[Any]:
        """Give the ids as they are echoed: text, whole numbers, or a number by its text."""
        given = isinstance(self.order_ids, list)
        return list[Any](self.order_ids if given else self.order_ids.to_pylist())

    @property
    def errors(self) -> int:
        """How many lines are errors."""
        failed = [number for number, answer in enumerate(self.answers) if "error" in answer]
        return int(np.isin(self.chosen, failed).sum()) if failed else 0


class Router:
    """What decides about batches of one schema; it remembers answers from batch to batch.

    Attributes:
        schema: The schema of the decisions.
    """

    def __init__(self, schema: Any, *, policy: Policy | None = None, on: date | None = None) -> None:  # noqa: ANN401
        self._layout = Layout(schema.names)
        self._policy = HOUSE if policy is None else policy
        self._on = on
        self._places = Places(self._policy)
        self._own = own_words(
            spelling for channel in self._policy.own_channels for spelling in channel.spellings
        )
        self._alike: dict[tuple[object, ...], Likeness] = {}
        self._known: dict[tuple[object, ...], dict[object, Answer]] = {}
        self.schema = decision_schema(_id_type(schema, self._layout))

    def route(self, batch: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
        """Decide for one batch, as columns of :attr:`schema`."""
        return self.columns(self.decide(batch))

    def columns(self, decided: Decided) -> Any:  # noqa: ANN401
        """Lay decisions out as columns of :attr:`schema`."""
        kind = self.schema.field("order_id").type
        ids = decided.order_ids
        if isinstance(ids, list):
            whole = pa.types.is_integer(kind)
            ids = pa.array([order_id if whole else id_text(order_id) for order_id in decided.ids()], kind)
        columns = answer_columns(decided.answers, decided.chosen)
        return pa.RecordBatch.from_arrays([ids.cast(kind), *columns], schema=self.schema)

    def decide(
        self,
        batch: Any,  # noqa: ANN401
        numbers: Sequence[int] | None = None,
        ids: Sequence[object] | None = None,
        record: Callable[[int], Any] | None = None,
    ) -> Decided:
        """Decide for one batch: the answers that differ, and which of them each line has.

        Args:
            batch: Orders, of the schema that this was made for.
            numbers: The number of each row in the whole, for errors; from 1 when absent.
            ids: The order ids as they are echoed, where the batch does not hold them so.
            record: What gives a row, by its place, as the door reads it, or raises what is wrong with it,
                where the batch does not hold all of it.
        """
        if sum(map(len, list(self._known.values()))) > _KEPT:  # a list: another thread may add to them
            self._known, self._alike = {}, {}
        batch = plain(batch)
        orders = Orders(Fields(batch, self._layout), self._own)
        answers = Answers(batch.num_rows)
        alone = np.flatnonzero(~orders.ordinary)
        if len(alone) < batch.num_rows:
            self._by_column(orders, answers)
        echoed: Any = orders.order_id if ids is None else list(ids)
        if len(alone):
            echoed = echoed.to_pylist() if ids is None else echoed
            for row, read in zip(alone.tolist(), self._records(batch, alone, record), strict=True):
                number = row + 1 if numbers is None else numbers[row]
                echoed[row] = self._alone(row, number, read, answers)
        rows, chosen = answers.laid_out()
        if rows is not None:
            echoed = [echoed[row] for row in rows.tolist()]
        return Decided(echoed, answers.different, chosen)

    # ── alone ───────────────────────────────────────────────────────────────────────────────────────

    def _records(
        self,
        batch: Any,  # noqa: ANN401
        rows: Codes,
        record: Callable[[int], Any] | None,
    ) -> Iterator[Callable[[], Any]]:
        """Give what reads each of these rows as the door wants them."""
        if record is not None:
            yield from (partial(record, row) for row in rows.tolist())
            return
        for values in batch.take(pa.array(rows)).to_pylist():
            yield partial(self._layout.record, values)

    def _alone(self, row: int, number: int, read: Callable[[], Any], answers: Answers) -> object:
        """Send one row through the door, and give its order id as it is echoed."""
        record: Any = None
        try:
            record = read()
            order = read_order(record)
        except InputError as error:
            answers.add(row, [_error(error, number)])
            known = cast("dict[str, object]", record) if isinstance(record, dict) else {}
            return _echo(known.get("order_id"))
        told: list[Answer] = []
        for place, answer in decided(order, policy=self._policy, on=self._on):
            shown = {} if place is None else {"parcel": place}
            told.append(
                shown | (_error(answer, number) if isinstance(answer, InputError) else _answer(answer))
            )
        answers.add(row, told)
        return _echo(order.order_id)

    # ── by column ───────────────────────────────────────────────────────────────────────────────────

    def _by_column(self, orders: Orders, answers: Answers) -> None:
        seen = self._places.of(orders)
        alike = pairs(seen.kinds, orders.carrier, orders.service, orders.barred)
        codes = np.where(orders.ordinary, alike.codes, -1)
        by_group = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[by_group], np.arange(len(alike.values) + 1))
        for number, (kind, carrier, service, barred) in enumerate(alike.values):
            rows = by_group[starts[number] : starts[number + 1]]
            if len(rows):
                parcel = orders.parcels.at(int(rows[0]))
                case = Case(
                    kind.kind,
                    carrier_key(carrier),
                    service,
                    parcel,
                    None,
                    bool(barred),
                    None,
                    self._policy,
                    self._on,
                )
                self._group(_Group(kind, case, carrier.strip()), rows, orders, seen, answers)

    def _group(self, group: _Group, rows: Codes, orders: Orders, seen: Seen, answers: Answers) -> None:
        """Decide for rows of one kind, carrier and service: those that pass together, the others apart."""
        plan = group.case.plan()
        fails = refused(plan, orders.parcels, rows)
        if not fails.all():
            self._pass(group, rows[~fails], orders, seen, answers)
        failing = rows[fails]
        if not len(failing):
            return
        known = self._known.setdefault(group.key, {})
        alike = self._alike.get(group.key)
        if alike is None:
            alike = self._alike[group.key] = Likeness(plan, plans_asked(group.case))
        measures = alike.keys(orders.parcels, failing)
        for row, told in zip(failing.tolist(), measures, strict=True):
            answer = known.get(told)
            if answer is None:
                answer = known[told] = group.answer(orders.parcels.at(row), _SOMEWHERE)
            answers.put(row, answer)

    def _pass(self, group: _Group, rows: Codes, orders: Orders, seen: Seen, answers: Answers) -> None:
        """Decide for rows of one group that break no rule: alike, but for what a label still needs."""
        plan = group.case.plan()
        lacks = np.zeros(len(rows), dtype=np.int64)
        if plan.needs or plan.compares_value:
            closely = orders.closely(rows)
            for need in plan.needs:
                has = seen.has_id[closely] if need in IDS else orders.filled(need, closely)
                lacks = lacks * 2 + ~has
            if plan.compares_value:
                lacks = lacks * 2 + orders.parcels.foreign[rows]
        known = self._known.setdefault(group.key, {})
        for lack in np.unique(lacks).tolist():
            alike = rows[lacks == lack]
            answer = known.get(lack)
            if answer is None:
                row = int(alike[0])
                address = orders.address(row) if plan.needs else _SOMEWHERE
                answer = known[lack] = group.answer(orders.parcels.at(row), address)
            answers.fill(alike, answer)


class _Group(NamedTuple):
    """Rows of one kind, carrier and service, and the case of one of them."""

    kind: Recognition
    case: Case
    carrier: str

    @property
    def key(self) -> tuple[object, ...]:
        """What answers are remembered by, beside what differs within the group."""
        return self.kind, self.carrier, self.case.service, self.case.barred

    def answer(self, parcel: Parcel, address: Address) -> Answer:
        """Decide about one parcel of the group that goes to an address."""
        return _answer(decide(self.case._replace(parcel=parcel), self.kind, address, None, self.carrier))


def _id_type(schema: Any, layout: Layout) -> Any:  # noqa: ANN401
    places = [schema.get_field_index("order_id")] if layout.nested else layout.paths().get("order_id", [])
    return schema.field(places[0]).type if len(places) == 1 and places[0] >= 0 else pa.string()


def _echo(order_id: object) -> object:
    """Give the order id of a row that went through the door, if it can be echoed."""
    if isinstance(order_id, JsonNumber):
        return order_id if order_id.finite else None
    return order_id if isinstance(order_id, str | int) and not isinstance(order_id, bool) else None


def _answer(decision: Decision) -> Answer:
    answer = decision.to_dict()
    del answer["order_id"]
    return answer


def _error(error: InputError, number: int) -> Answer:
    """Give the error line of one record, with the record's number beside it."""
    return {
        "error": {
            "code": error.code,
            "message": error.message,
            "field": error.field,
            "record": number,
            "problems": [problem._asdict() for problem in error.problems],
        }
    }
