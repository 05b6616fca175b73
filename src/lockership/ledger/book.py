"""The rows of the ledger: read, taken by one station at a time, moved on, and never written over unseen."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC
from threading import Lock
from typing import TYPE_CHECKING, Any

import attrs
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection

from lockership.errors import (
    OUT_OF_RANGE,
    WRONG_TYPE,
    InputError,
    LedgerConflict,
    LedgerUnavailable,
    Problem,
)
from lockership.labels.label import Label, LabelFile
from lockership.ledger.entry import BEGINS_ANEW, IN_DOUBT, NEXT, NO_LABEL, OURS, Entry, State
from lockership.ledger.schema import EVENTS, FILES, HEARD, PARCELS, open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from datetime import datetime, timedelta
    from os import PathLike

__all__ = ["Book", "conflict"]


_PAGE = 1_000

# Made once: a statement that is always the same is written out by SQLAlchemy only the first time.
_ONE = sa.select(PARCELS).where(
    PARCELS.c.order_id == sa.bindparam("of_order"), PARCELS.c.parcel == sa.bindparam("of_parcel")
)
_INSERT = PARCELS.insert()
_UPDATE = PARCELS.update().where(
    PARCELS.c.order_id == sa.bindparam("of_order"),
    PARCELS.c.parcel == sa.bindparam("of_parcel"),
    PARCELS.c.version == sa.bindparam("of_version"),
)
_TELL = EVENTS.insert()
_KEEP = sa.text(
    f"INSERT INTO {FILES.name} (sha256, format, content) VALUES (:sha256, :format, :content) "  # noqa: S608 - our own table's name
    "ON CONFLICT (sha256) DO NOTHING"  # both databases read this, and the same file is kept once
)
_FIELDS = tuple(field.name for field in attrs.fields(Entry))


def _columns(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _FIELDS}


class Book:
    """The ledger's tables, as one station writes in them; see :class:`~lockership.ledger.Ledger`."""

    def __init__(
        self,
        where: str | PathLike[str],
        station: str,
        lease: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        with _told():
            self._engine = open_database(where)
        self._reading = self._engine.execution_options(reads=True)
        self._unconfirmed = self._engine.execution_options(confirmed=False)
        # SQLite lets one write at a time and makes the others look again later; a lock wakes them at once.
        self._turn = Lock() if self._engine.dialect.name == "sqlite" else nullcontext()
        self._station = station
        self._lease = lease
        self._clock = clock

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    @contextmanager
    def _begin(self, *, reads: bool = False, confirmed: bool = True) -> Generator[sa.Connection]:
        """Begin a transaction; with ``confirmed`` it is on the disk when it ends."""
        engine = self._reading if reads else self._engine if confirmed else self._unconfirmed
        with _told(), nullcontext() if reads else self._turn, engine.begin() as connection:
            yield connection

    def entry(self, order_id: str, parcel: int) -> Entry | None:
        """Read one row."""
        with self._begin(reads=True) as connection:
            return self._read(connection, order_id, parcel)

    def entries(self, states: tuple[State, ...]) -> list[Entry]:
        """Read the rows in these states, or all."""
        wanted = sa.select(PARCELS).order_by(PARCELS.c.order_id, PARCELS.c.parcel)
        if states:
            wanted = wanted.where(PARCELS.c.state.in_([state.value for state in states]))
        with self._begin(reads=True) as connection:
            return [Entry(**row) for row in connection.execute(wanted).mappings()]

    def events(self) -> Iterator[dict[str, Any]]:
        """Read everything that ever happened, oldest first."""
        last = 0
        while True:  # page by page, so that no station waits for a reader of the whole history
            wanted = sa.select(EVENTS).where(EVENTS.c.id > last).order_by(EVENTS.c.id).limit(_PAGE)
            with self._begin(reads=True) as connection:
                rows = connection.execute(wanted).mappings().all()
            for row in rows:
                event = {name: value for name, value in row.items() if name != "id"}
                yield event | {"facts": json.loads(event["facts"])}
            if len(rows) < _PAGE:
                return
            last = rows[-1]["id"]

    def _read(self, connection: sa.Connection, order_id: str, parcel: int) -> Entry | None:
        row = connection.execute(_ONE, {"of_order": order_id, "of_parcel": parcel}).mappings().one_or_none()
        return None if row is None else Entry(**row)

    def take(self, order_id: str, parcel: int, *, keep_fallback: bool = False) -> Entry:
        """Make a parcel this station's for a while: a new one, one that may be asked for, one in doubt.

        What is bought is given as it is.
        """
        _check(order_id, parcel)
        try:
            with self._begin(confirmed=False) as connection:  # nothing is bought by taking it
                entry = self._read(connection, order_id, parcel)
                if entry is None:
                    return self._insert(connection, order_id, parcel)
        except IntegrityError:  # another station was first, between our look and our writing
            entry = self.entry(order_id, parcel)
        if entry is None or self.leased(entry):
            raise conflict(entry, "another station is at work on it", retryable=True)
        if entry.state in OURS or (keep_fallback and entry.state is State.FALLBACK):
            return entry
        if entry.state in IN_DOUBT:
            return self.move(entry, State.BUYING, leased_until=self.until())
        if entry.state in BEGINS_ANEW:
            if entry.state is State.FALLBACK:
                why = "a label is asked for after all"
                entry = self.move(entry, State.SUPERSEDED, reason=why, covers=True)
            attempt = entry.attempt + 1
            reference = f"{order_id}/{parcel}/{attempt}"
            blank = NO_LABEL | {"attempt": attempt, "reference": reference, "leased_until": self.until()}
            blank["covers"] = entry.covers
            return self.move(entry, State.ASKED, **blank)
        return self.move(entry, entry.state, leased_until=self.until())

    def leave(self, entry: Entry, state: State, reason: str, **columns: Any) -> None:  # noqa: ANN401 - as move
        """Move on and give the parcel free, on the way out with an error, which is the one to tell."""
        with suppress(LedgerConflict):
            self.move(entry, state, leased_until="", reason=reason, **columns)

    def _insert(self, connection: sa.Connection, order_id: str, parcel: int) -> Entry:
        columns: dict[str, Any] = NO_LABEL | {
            "reference": f"{order_id}/{parcel}",
            "leased_until": self.until(),
        }
        entry = Entry(order_id, parcel, 1, 1, State.ASKED, self._station, self._time(), **columns)
        connection.execute(_INSERT, _columns(entry))
        self.record(entry, State.ASKED, {"reference": entry.reference}, connection)
        return entry

    def move(self, entry: Entry, state: State, **columns: Any) -> Entry:  # noqa: ANN401 - as the table has them
        """Write a parcel's next state, unless somebody else has written in the meantime."""
        with self._begin() as connection:
            return self._moved(connection, entry, state, columns)

    def begin_buying(self, entry: Entry, **quote: Any) -> Entry:  # noqa: ANN401 - as move
        """Write down what was chosen and that it is being bought: on the disk before this returns."""
        if State.PRICED not in NEXT[entry.state]:
            raise conflict(entry, f"no way leads to {State.PRICED}")
        priced = self._next(entry, State.PRICED, quote)
        buying = self._next(priced, State.BUYING, {"leased_until": self.until()})
        with self._begin() as connection:
            self._write(connection, entry, buying)
            told = [self._event(priced, State.PRICED, quote), self._event(buying, State.BUYING, {})]
            connection.execute(_TELL, told)
        return buying

    def bought(self, entry: Entry, columns: Mapping[str, Any], file: LabelFile | None = None) -> Entry:
        """Write down what is bought, together with the file when it came with the answer.

        It need not wait for the disk: were it lost with the power, the intent is there, and is looked up.
        """
        with self._begin(confirmed=False) as connection:
            if file is not None:
                connection.execute(_KEEP, attrs.asdict(file))
            return self._moved(connection, entry, State.BOUGHT, {"leased_until": "", "reason": "", **columns})

    def keep_file(self, entry: Entry, label: Label) -> Entry:
        """Keep a label's file, once, and note it in the row; as :meth:`bought`, without a wait."""
        file = label.file
        if file is None:
            return entry
        with self._begin(confirmed=False) as connection:
            connection.execute(_KEEP, attrs.asdict(file))
            noted = {"sha256": file.sha256, "format": file.format}
            return self._moved(connection, entry, entry.state, noted)

    def _moved(
        self, connection: sa.Connection, entry: Entry, state: State, columns: Mapping[str, Any]
    ) -> Entry:
        if state not in NEXT[entry.state]:
            raise conflict(entry, f"no way leads to {state}")
        moved = self._next(entry, state, columns)
        self._write(connection, entry, moved)
        self.record(moved, state, columns, connection)
        return moved

    def _next(self, entry: Entry, state: State, columns: Mapping[str, Any]) -> Entry:
        """Give the row as it will be."""
        return attrs.evolve(
            entry,
            **columns,
            state=state,
            version=entry.version + 1,
            station=self._station,
            updated_at=self._time(),
        )

    def _write(self, connection: sa.Connection, seen: Entry, row: Entry) -> None:
        """Write a row in place of the one that was seen, and of no other."""
        values = _columns(row) | {
            "of_order": seen.order_id,
            "of_parcel": seen.parcel,
            "of_version": seen.version,
        }
        if connection.execute(_UPDATE, values).rowcount != 1:
            raise conflict(seen, "another station is at work on it", retryable=True)

    def record(
        self,
        entry: Entry,
        state: State,
        facts: Mapping[str, Any],
        connection: sa.Connection | None = None,
    ) -> None:
        """Add to what happened; facts are those that this step brought."""
        if connection is None:
            with self._begin() as own:
                return self.record(entry, state, facts, own)
        connection.execute(_TELL, self._event(entry, state, facts))
        return None

    def _event(self, entry: Entry, state: State, facts: Mapping[str, Any]) -> dict[str, Any]:
        told = {name: value for name, value in facts.items() if value != "" and name not in _NOT_TOLD}
        return {
            "order_id": entry.order_id,
            "parcel": entry.parcel,
            "attempt": entry.attempt,
            "state": state.value,
            "at": self._time(),
            "station": self._station,
            "facts": json.dumps(told, ensure_ascii=False, sort_keys=True),
        }

    def with_file(self, entry: Entry) -> Label:
        """Give a bought label with the file that was kept, or with a warning that there is none."""
        label = entry.label()
        with self._begin(reads=True) as connection:
            wanted = sa.select(FILES).where(FILES.c.sha256 == entry.sha256)
            row = connection.execute(wanted).one_or_none() if entry.sha256 else None
        if row is None or hashlib.sha256(row.content).hexdigest() != row.sha256:
            return attrs.evolve(label, warnings=(*label.warnings, "file_not_fetched"))
        return attrs.evolve(label, file=LabelFile(bytes(row.content), row.format, row.sha256))

    def hear(self, source: str, event_id: str) -> bool:
        """Note a webhook; False when it was noted before."""
        heard = HEARD.insert().values(source=source, event_id=event_id, at=self._time())
        try:
            with self._begin() as connection:
                connection.execute(heard)
        except IntegrityError:
            return False
        return True

    def unhear(self, source: str, event_id: str) -> None:
        """Strike a webhook's note out: it was not acted on."""
        with self._begin() as connection:
            connection.execute(HEARD.delete().where(HEARD.c.source == source, HEARD.c.event_id == event_id))

    def leased(self, entry: Entry) -> bool:
        """Whether a station is at work on it now, as far as can be told."""
        return entry.leased_until > self._time()

    def _time(self) -> str:
        return _text(self._clock())

    def until(self) -> str:
        """Say until when a parcel that is taken now is this station's alone."""
        return _text(self._clock() + self._lease)


@contextmanager
def _told() -> Generator[None]:
    """Say plainly that the database failed; its own words may hold the row, and are left out."""
    try:
        yield
    except IntegrityError:
        raise
    except NoConnection as error:
        raise LedgerUnavailable("the ledger: no connection to the database came free") from error
    except DBAPIError as error:
        why = str(error.orig).strip().splitlines()[0][:120] if str(error.orig).strip() else "it failed"
        raise LedgerUnavailable(f"the ledger cannot be used: {why}") from error


_NOT_TOLD = ("leased_until", "url", "version", "wanted")


def _text(moment: datetime) -> str:
    """Write a time so that text sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _check(order_id: object, parcel: object) -> None:
    problems: list[Problem] = []
    if not isinstance(order_id, str):
        problems.append(Problem(WRONG_TYPE, f"expected text, found {type(order_id).__name__}", "order_id"))
    elif not order_id.strip() or len(order_id) > _LONGEST_ORDER_ID:
        message = f"an order id has 1 to {_LONGEST_ORDER_ID} characters"
        problems.append(Problem(OUT_OF_RANGE, message, "order_id"))
    if not isinstance(parcel, int) or isinstance(parcel, bool) or not 1 <= parcel <= 99_999:
        problems.append(Problem(OUT_OF_RANGE, "the parcels of an order are numbered from 1", "parcel"))
    if problems:
        raise InputError(problems)


_LONGEST_ORDER_ID = 80
"""So that order, parcel and attempt fit the 100 characters that Shippo keeps."""


def conflict(entry: Entry | None, why: str, *, retryable: bool = False) -> LedgerConflict:
    """Say why a parcel may not go that way."""
    if entry is None:
        return LedgerConflict(f"the parcel is being written: {why}", order_id="", parcel=0, retryable=True)
    return LedgerConflict(
        f"order {entry.order_id}, parcel {entry.parcel} is {entry.state}: {why}",
        order_id=entry.order_id,
        parcel=entry.parcel,
        state=entry.state,
        retryable=retryable,
    )
