"""The rows of the ledger: read, taken by one station at a time, moved on, and never written over unseen."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, Any

import attrs
import sqlalchemy as sa

from lockership.errors import OUT_OF_RANGE, WRONG_TYPE, InputError, LedgerConflict, Problem
from lockership.labels.label import Label, LabelFile
from lockership.ledger.database import Database, Duplicate
from lockership.ledger.entry import BEGINS_ANEW, IN_DOUBT, NEXT, NO_LABEL, OURS, Entry, State
from lockership.ledger.schema import EVENTS, FILES, HEARD, PARCELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime, timedelta
    from os import PathLike

    from sqlalchemy.engine.interfaces import DBAPICursor

__all__ = ["Book", "conflict"]

_PAGE = 1_000
_FIELDS = tuple(field.name for field in attrs.fields(Entry))
_COLUMNS: list[sa.ColumnElement[Any]] = [PARCELS.c[name] for name in _FIELDS]
_ROW: sa.Select[*tuple[Any, ...]] = sa.select(*_COLUMNS)
_ONE: sa.Select[*tuple[Any, ...]] = _ROW.where(
    PARCELS.c.order_id == sa.bindparam("of_order"), PARCELS.c.parcel == sa.bindparam("of_parcel")
)
_UPDATE = PARCELS.update().where(
    PARCELS.c.order_id == sa.bindparam("of_order"),
    PARCELS.c.parcel == sa.bindparam("of_parcel"),
    PARCELS.c.version == sa.bindparam("of_version"),
)
_TOLD = tuple(name for name in EVENTS.c.keys() if name != "id")  # noqa: SIM118 - no mapping
_TELL = EVENTS.insert().inline().values({name: sa.bindparam(name) for name in _TOLD})
_SINCE = sa.text(
    f"SELECT id, {', '.join(_TOLD)} FROM {EVENTS.name} WHERE id > :last ORDER BY id LIMIT {_PAGE}"  # noqa: S608 - as above
)
_FILE = sa.select(FILES.c.content, FILES.c.format).where(FILES.c.sha256 == sa.bindparam("sha256"))
_UNHEAR = HEARD.delete().where(
    HEARD.c.source == sa.bindparam("source"), HEARD.c.event_id == sa.bindparam("event_id")
)
_KEEP = sa.text(
    f"INSERT INTO {FILES.name} (sha256, format, content) VALUES (:sha256, :format, :content) "  # noqa: S608 - our own table's name
    "ON CONFLICT (sha256) DO NOTHING"  # both databases read this, and the same file is kept once
)
_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _columns(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _FIELDS} | {"state": entry.state.value}


class Book:
    """The ledger's tables, as one station writes in them; see :class:`~lockership.ledger.Ledger`."""

    def __init__(
        self,
        where: str | PathLike[str],
        station: str,
        lease: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database = Database(where)
        # Written out once for this database; the driver runs them.
        self._one = database.sql(_ONE)
        self._insert = database.sql(PARCELS.insert())
        self._update = database.sql(_UPDATE)
        self._tell = database.sql(_TELL)
        self._events = database.sql(_SINCE)
        self._keep = database.sql(_KEEP)
        self._file = database.sql(_FILE)
        self._hear = database.sql(HEARD.insert())
        self._unhear = database.sql(_UNHEAR)
        self._station = station
        self._lease = lease
        self._clock = clock

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def entry(self, order_id: str, parcel: int) -> Entry | None:
        """Read one row."""
        with self._database.reading() as cursor:
            return self._read(cursor, order_id, parcel)

    def entries(self, states: tuple[State, ...]) -> list[Entry]:
        """Read the rows in these states, or all."""
        wanted = _ROW.order_by(PARCELS.c.order_id, PARCELS.c.parcel)
        if states:
            words: list[sa.ColumnElement[str]] = [sa.literal_column(f"'{state.value}'") for state in states]
            wanted = wanted.where(PARCELS.c.state.in_(words))
        with self._database.reading() as cursor:
            cursor.execute(self._database.sql(wanted))
            return [Entry(*row) for row in cursor.fetchall()]

    def events(self) -> Iterator[dict[str, Any]]:
        """Read everything that ever happened, oldest first."""
        last = 0
        while True:  # page by page, so that no station waits for a reader of the whole history
            with self._database.reading() as cursor:
                cursor.execute(self._events, {"last": last})
                rows = cursor.fetchall()
            for _, *told in rows:
                event = dict(zip(_TOLD, told, strict=True))
                yield event | {"facts": json.loads(event["facts"])}
            if len(rows) < _PAGE:
                return
            last = rows[-1][0]

    def _read(self, cursor: DBAPICursor, order_id: str, parcel: int) -> Entry | None:
        cursor.execute(self._one, {"of_order": order_id, "of_parcel": parcel})
        row = cursor.fetchone()
        return None if row is None else Entry(*row)

    def take(self, order_id: str, parcel: int, *, keep_fallback: bool = False) -> Entry:
        """Make a parcel this station's for a while: a new one, one that may be asked for, one in doubt.

        What is bought is given as it is.
        """
        _check(order_id, parcel)
        try:
            with self._database.writing(confirmed=False) as cursor:  # nothing is bought by taking it
                entry = self._read(cursor, order_id, parcel)
                if entry is None:
                    return self._new(cursor, order_id, parcel)
        except Duplicate:  # another station was first, between our look and our writing
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

    def _new(self, cursor: DBAPICursor, order_id: str, parcel: int) -> Entry:
        columns: dict[str, Any] = NO_LABEL | {
            "reference": f"{order_id}/{parcel}",
            "leased_until": self.until(),
        }
        entry = Entry(order_id, parcel, 1, 1, State.ASKED, self._station, self._time(), **columns)
        cursor.execute(self._insert, _columns(entry))
        self.record(entry, State.ASKED, {"reference": entry.reference}, cursor)
        return entry

    def move(self, entry: Entry, state: State, **columns: Any) -> Entry:  # noqa: ANN401 - as the table has them
        """Write a parcel's next state, unless somebody else has written in the meantime."""
        with self._database.writing() as cursor:
            return self._moved(cursor, entry, state, columns)

    def begin_buying(self, entry: Entry, **quote: Any) -> Entry:  # noqa: ANN401 - as move
        """Write down what was chosen and that it is being bought: on the disk before this returns."""
        if State.PRICED not in NEXT[entry.state]:
            raise conflict(entry, f"no way leads to {State.PRICED}")
        priced = self._next(entry, State.PRICED, quote)
        buying = self._next(priced, State.BUYING, {"leased_until": self.until()})
        with self._database.writing() as cursor:
            self._write(cursor, entry, buying)
            told = [self._event(priced, State.PRICED, quote), self._event(buying, State.BUYING, {})]
            cursor.executemany(self._tell, told)
        return buying

    def bought(self, entry: Entry, columns: Mapping[str, Any], file: LabelFile | None = None) -> Entry:
        """Write down what is bought, together with the file when it came with the answer.

        It need not wait for the disk: were it lost with the power, the intent is there, and is looked up.
        """
        with self._database.writing(confirmed=False) as cursor:
            if file is not None:
                cursor.execute(self._keep, attrs.asdict(file))
            return self._moved(cursor, entry, State.BOUGHT, {"leased_until": "", "reason": "", **columns})

    def keep_file(self, entry: Entry, label: Label) -> Entry:
        """Keep a label's file, once, and note it in the row; as :meth:`bought`, without a wait."""
        file = label.file
        if file is None:
            return entry
        with self._database.writing(confirmed=False) as cursor:
            cursor.execute(self._keep, attrs.asdict(file))
            noted = {"sha256": file.sha256, "format": file.format}
            return self._moved(cursor, entry, entry.state, noted)

    def _moved(self, cursor: DBAPICursor, entry: Entry, state: State, columns: Mapping[str, Any]) -> Entry:
        if state not in NEXT[entry.state]:
            raise conflict(entry, f"no way leads to {state}")
        moved = self._next(entry, state, columns)
        self._write(cursor, entry, moved)
        self.record(moved, state, columns, cursor)
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

    def _write(self, cursor: DBAPICursor, seen: Entry, row: Entry) -> None:
        """Write a row in place of the one that was seen, and of no other."""
        values = _columns(row) | {
            "of_order": seen.order_id,
            "of_parcel": seen.parcel,
            "of_version": seen.version,
        }
        cursor.execute(self._update, values)
        if cursor.rowcount != 1:
            raise conflict(seen, "another station is at work on it", retryable=True)

    def record(
        self,
        entry: Entry,
        state: State,
        facts: Mapping[str, Any],
        cursor: DBAPICursor | None = None,
    ) -> None:
        """Add to what happened; facts are those that this step brought."""
        if cursor is None:
            with self._database.writing() as own:
                return self.record(entry, state, facts, own)
        cursor.execute(self._tell, self._event(entry, state, facts))
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
            "facts": _as_json(told),
        }

    def with_file(self, entry: Entry) -> Label:
        """Give a bought label with the file that was kept, or with a warning that there is none."""
        label, row = entry.label(), None
        if entry.sha256:
            with self._database.reading() as cursor:
                cursor.execute(self._file, {"sha256": entry.sha256})
                row = cursor.fetchone()
        if row is None or hashlib.sha256(row[0]).hexdigest() != entry.sha256:
            return attrs.evolve(label, warnings=(*label.warnings, "file_not_fetched"))
        content, file_format = row
        return attrs.evolve(label, file=LabelFile(bytes(content), file_format, entry.sha256))

    def hear(self, source: str, event_id: str) -> bool:
        """Note a webhook; False when it was noted before."""
        heard = {"source": source, "event_id": event_id, "at": self._time()}
        try:
            with self._database.writing() as cursor:
                cursor.execute(self._hear, heard)
        except Duplicate:
            return False
        return True

    def unhear(self, source: str, event_id: str) -> None:
        """Strike a webhook's note out: it was not acted on."""
        with self._database.writing() as cursor:
            cursor.execute(self._unhear, {"source": source, "event_id": event_id})

    def leased(self, entry: Entry) -> bool:
        """Whether a station is at work on it now, as far as can be told."""
        return entry.leased_until > self._time()

    def _time(self) -> str:
        return _text(self._clock())

    def until(self) -> str:
        """Say until when a parcel that is taken now is this station's alone."""
        return _text(self._clock() + self._lease)


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
