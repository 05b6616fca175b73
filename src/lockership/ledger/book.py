"""The rows of the ledger: read, taken by one station at a time, moved on, and never written over unseen."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, Any

import attrs
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from lockership.errors import OUT_OF_RANGE, WRONG_TYPE, InputError, LedgerConflict, Problem
from lockership.labels.label import Label, LabelFile
from lockership.ledger.entry import BEGINS_ANEW, IN_DOUBT, NEXT, NO_LABEL, OURS, Entry, State
from lockership.ledger.schema import EVENTS, FILES, PARCELS, open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime, timedelta
    from os import PathLike

__all__ = ["Book", "conflict"]


_PAGE = 1_000


class Book:
    """The ledger's tables, as one station writes in them; see :class:`~lockership.ledger.Ledger`."""

    def __init__(
        self,
        where: str | PathLike[str],
        station: str,
        lease: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = open_database(where)
        self._station = station
        self._lease = lease
        self._clock = clock

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def entry(self, order_id: str, parcel: int) -> Entry | None:
        """Read one row."""
        with self._engine.begin() as connection:
            return self._read(connection, order_id, parcel)

    def entries(self, states: tuple[State, ...]) -> list[Entry]:
        """Read the rows in these states, or all."""
        wanted = sa.select(PARCELS).order_by(PARCELS.c.order_id, PARCELS.c.parcel)
        if states:
            wanted = wanted.where(PARCELS.c.state.in_([state.value for state in states]))
        with self._engine.begin() as connection:
            return [Entry(**row) for row in connection.execute(wanted).mappings()]

    def events(self) -> Iterator[dict[str, Any]]:
        """Read everything that ever happened, oldest first."""
        last = 0
        while True:  # page by page, so that no station waits for a reader of the whole history
            wanted = sa.select(EVENTS).where(EVENTS.c.id > last).order_by(EVENTS.c.id).limit(_PAGE)
            with self._engine.begin() as connection:
                rows = connection.execute(wanted).mappings().all()
            for row in rows:
                event = {name: value for name, value in row.items() if name != "id"}
                yield event | {"facts": json.loads(event["facts"])}
            if len(rows) < _PAGE:
                return
            last = rows[-1]["id"]

    def _read(self, connection: sa.Connection, order_id: str, parcel: int) -> Entry | None:
        wanted = sa.select(PARCELS).where(PARCELS.c.order_id == order_id, PARCELS.c.parcel == parcel)
        row = connection.execute(wanted).mappings().one_or_none()
        return None if row is None else Entry(**row)

    def take(self, order_id: str, parcel: int, *, keep_fallback: bool = False) -> Entry:
        """Make a parcel this station's for a while: a new one, one that may be asked for, one in doubt.

        What is bought is given as it is.
        """
        _check(order_id, parcel)
        try:
            with self._engine.begin() as connection:
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
                entry = self.move(entry, State.SUPERSEDED, reason="a label is asked for after all")
            attempt = entry.attempt + 1
            reference = f"{order_id}/{parcel}/{attempt}"
            blank = NO_LABEL | {"attempt": attempt, "reference": reference, "leased_until": self.until()}
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
        connection.execute(PARCELS.insert().values(**attrs.asdict(entry)))
        self.record(entry, State.ASKED, {"reference": entry.reference}, connection)
        return entry

    def move(self, entry: Entry, state: State, **columns: Any) -> Entry:  # noqa: ANN401 - as the table has them
        """Write a parcel's next state, unless somebody else has written in the meantime."""
        if state not in NEXT[entry.state]:
            raise conflict(entry, f"no way leads to {state}")
        written = columns | {
            "state": state.value,
            "version": entry.version + 1,
            "station": self._station,
            "updated_at": self._time(),
        }
        same = sa.and_(
            PARCELS.c.order_id == entry.order_id,
            PARCELS.c.parcel == entry.parcel,
            PARCELS.c.version == entry.version,
        )
        with self._engine.begin() as connection:
            if connection.execute(PARCELS.update().where(same).values(**written)).rowcount != 1:
                raise conflict(entry, "another station is at work on it", retryable=True)
            moved = attrs.evolve(entry, **written)
            self.record(moved, state, columns, connection)
        return moved

    def record(
        self,
        entry: Entry,
        state: State,
        facts: Mapping[str, Any],
        connection: sa.Connection | None = None,
    ) -> None:
        """Add to what happened; facts are those that this step brought."""
        if connection is None:
            with self._engine.begin() as own:
                return self.record(entry, state, facts, own)
        told = {name: value for name, value in facts.items() if value != "" and name not in _NOT_TOLD}
        connection.execute(
            EVENTS.insert().values(
                order_id=entry.order_id,
                parcel=entry.parcel,
                attempt=entry.attempt,
                state=state.value,
                at=self._time(),
                station=self._station,
                facts=json.dumps(told, ensure_ascii=False, sort_keys=True),
            )
        )
        return None

    def store(self, label: Label) -> dict[str, Any]:
        """Keep a label's file, once, and give the columns that it fills."""
        file = label.file
        if file is None:
            return {}
        kept = FILES.insert().values(sha256=file.sha256, format=file.format, content=file.content)
        with suppress(IntegrityError), self._engine.begin() as connection:  # the same file is there already
            connection.execute(kept)
        return {"sha256": file.sha256, "format": file.format}

    def with_file(self, entry: Entry) -> Label:
        """Give a bought label with the file that was kept, or with a warning that there is none."""
        label = entry.label()
        with self._engine.begin() as connection:
            wanted = sa.select(FILES).where(FILES.c.sha256 == entry.sha256)
            row = connection.execute(wanted).one_or_none() if entry.sha256 else None
        if row is None:
            return attrs.evolve(label, warnings=(*label.warnings, "file_not_fetched"))
        return attrs.evolve(label, file=LabelFile(bytes(row.content), row.format, row.sha256))

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
