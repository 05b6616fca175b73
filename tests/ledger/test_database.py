"""The database under the ledger: what is confirmed is on the disk, and stations take turns."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from lockership.errors import LedgerUnavailable
from lockership.ledger import Ledger, State, database, schema
from lockership.ledger.database import Database, Duplicate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lockership.address import Address
    from lockership.handoff import Handoff
    from lockership.labels.apis import LabelApi
    from lockership.testing.fakes import FakeEasyPost, FakeShippo

LONG = 60.0
"""Seconds after which a test that hangs is a test that fails."""


class PulledPlug:
    """A disk that shows what would be left of a ledger if the power failed right now.

    What a file had when it was last synced by the ledger is what is left; a file that was never synced is
    as it was when the ledger was opened.
    """

    def __init__(self, ledger: Path, left: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ledger = ledger
        self._left = left
        self.syncs = 0
        self._real: Callable[[int], None] = database._sync
        monkeypatch.setattr(database, "_sync", self._sync)

    def _sync(self, file: int) -> None:
        self._real(file)
        self.syncs += 1
        for name in (self._ledger.name, f"{self._ledger.name}-wal"):
            shutil.copyfile(self._ledger.with_name(name), self._left / name)

    def left(self) -> dict[str, State]:
        """Say where each order stands after the power cut."""
        after = self._left.with_name(f"{self._left.name}-{self.syncs}")
        shutil.copytree(self._left, after, dirs_exist_ok=True)
        with Ledger(after / self._ledger.name) as ledger:
            return {entry.order_id: entry.state for entry in ledger.entries()}


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PulledPlug:
    """Return a disk whose plug can be pulled."""
    (tmp_path / "left").mkdir()
    return PulledPlug(tmp_path / "ledger.db", tmp_path / "left", monkeypatch)


def test_the_intent_is_on_the_disk_before_the_api_is_asked_to_sell(
    plug: PulledPlug,
    fake: FakeEasyPost | FakeShippo,
    api: LabelApi,
    parcel_to: Handoff,
    sender: Address,
    tmp_path: Path,
) -> None:
    """If the power fails while the API sells, the ledger knows what was being bought."""
    seen: list[dict[str, State]] = []

    class Watched:
        name = api.name
        price = api.price
        look_up = api.look_up

        def buy(self, *asked: Any) -> Any:
            seen.append(plug.left())
            return api.buy(*asked)

    watched: Any = Watched()
    with Ledger(tmp_path / "ledger.db") as ledger:
        for number in range(3):
            ledger.buy(watched, parcel_to, sender, order_id=f"A-{number}")
    for number, left in enumerate(seen):
        assert left[f"A-{number}"] is State.BUYING
        assert all(left[f"A-{before}"] is State.BOUGHT for before in range(number))
    assert fake.purchases == len(seen) == 3


def test_a_label_costs_one_wait_for_the_disk(
    plug: PulledPlug, api: LabelApi, parcel_to: Handoff, sender: Address, tmp_path: Path
) -> None:
    """Only the intent is waited for; what follows from it can be found out again."""
    with Ledger(tmp_path / "ledger.db") as ledger:
        for number in range(4):
            ledger.buy(api, parcel_to, sender, order_id=f"A-{number}")
            assert plug.syncs == number + 1


def test_one_wait_for_the_disk_serves_all_who_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one station waits for the disk the others write, and are confirmed together."""
    stations, waits, written = 8, 0, 0
    slow = threading.Event()

    def sync(file: int) -> None:
        nonlocal waits
        waits += 1
        if waits == 1:
            assert slow.wait(LONG)
        os.fsync(file)

    monkeypatch.setattr(database, "_sync", sync)
    with Ledger(tmp_path / "ledger.db") as ledger, ThreadPoolExecutor(stations) as pool:
        done = [pool.submit(ledger._book.hear, "easypost", f"evt_{number}") for number in range(stations)]
        with closing(sqlite3.connect(tmp_path / "ledger.db")) as other:
            for _ in range(int(LONG * 100)):
                (written,) = other.execute("SELECT count(*) FROM lockership_heard").fetchone()
                if written == stations:
                    break
                slow.wait(0.01)
        assert written == stations  # none waited for the disk with its turn in its hand
        assert not any(future.done() for future in done)
        slow.set()
        assert all(future.result(LONG) for future in done)
    assert waits == 2


def test_a_disk_that_fails_is_not_believed_again(
    fake: FakeEasyPost | FakeShippo,
    api: LabelApi,
    parcel_to: Handoff,
    sender: Address,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the disk does not confirm the intent, nothing is bought, even if its next answer is good."""
    answers = [OSError(5, "Input/output error")]

    def sync(_: int) -> None:
        if answers:
            raise answers.pop()

    monkeypatch.setattr(database, "_sync", sync)
    with Ledger(tmp_path / "ledger.db") as ledger:
        for order in ("A-1", "A-2"):
            with pytest.raises(LedgerUnavailable, match="does not confirm"):
                ledger.buy(api, parcel_to, sender, order_id=order)
    assert fake.purchases == 0


def test_sqlite_writes_ahead_and_syncs_before_it_copies(tmp_path: Path) -> None:
    """The journal is a write-ahead log in the mode that syncs it before each checkpoint."""
    with Ledger(tmp_path / "ledger.db") as ledger, ledger._book._database.reading() as cursor:
        found: list[Any] = []
        for pragma in ("journal_mode", "synchronous"):
            cursor.execute(f"PRAGMA {pragma}")
            found += cursor.fetchone() or ()
    assert found == ["wal", 1]  # NORMAL


def test_a_place_where_sqlite_cannot_write_ahead_is_refused(tmp_path: Path) -> None:
    """Where SQLite has no shared memory, as on some network drives, there is no ledger."""
    with pytest.raises(LedgerUnavailable, match="write ahead"):
        Ledger(f"sqlite:///file:{tmp_path / 'ledger.db'}?vfs=unix-dotfile&uri=true")


def test_stations_that_open_a_new_ledger_at_once_all_get_it(tmp_path: Path) -> None:
    """On the first morning every dock starts at once: none is told that the new file is locked."""
    docks = 8

    def station(where: Path, all_there: threading.Barrier) -> int:
        all_there.wait(LONG)
        with Ledger(where) as ledger:
            return len(ledger.entries())

    with ThreadPoolExecutor(docks) as stations:
        for morning in range(40):
            all_there = threading.Barrier(docks)
            where = tmp_path / f"ledger-{morning}.db"
            opened = [stations.submit(station, where, all_there) for _ in range(docks)]
            assert [future.result(LONG) for future in opened] == [0] * docks


def test_stations_come_and_go_while_others_write(tmp_path: Path) -> None:
    """The last to close tidies the log away while the next opens: nobody is told that it is locked."""
    docks, times = 4, 25

    def station(dock: int) -> None:
        for number in range(times):
            with Ledger(tmp_path / "ledger.db", station=f"dock-{dock}") as ledger:
                ledger.fallback(f"{dock}-{number}")

    with ThreadPoolExecutor(docks) as stations:
        for future in [stations.submit(station, dock) for dock in range(docks)]:
            future.result(LONG)
    with Ledger(tmp_path / "ledger.db") as ledger:
        assert len(ledger.entries(State.FALLBACK)) == docks * times


def test_a_ledger_in_memory_is_a_ledger_for_every_thread() -> None:
    """For a try-out no file is needed, and threads see the same rows."""
    with Ledger(":memory:") as ledger, ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda n: ledger.fallback(f"A-{n}").state, range(20))) == [State.FALLBACK] * 20
        assert len(ledger.entries()) == 20


def test_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """A transaction that ends with an error, its own or the caller's, is taken back whole."""
    place = Database(tmp_path / "ledger.db")
    heard = place.sql(schema.HEARD.insert())
    note = {"source": "easypost", "event_id": "evt_1", "at": "now"}
    for event_id, error in (("evt_2", Duplicate), ("evt_3", KeyboardInterrupt)):
        with pytest.raises(error), place.writing() as cursor:  # noqa: PT012 - the transaction is what is tested
            cursor.execute(heard, note | {"event_id": event_id})
            if error is KeyboardInterrupt:
                raise KeyboardInterrupt
            cursor.execute(heard, note | {"event_id": event_id})
    with place.writing() as cursor:
        cursor.execute(heard, note)
    with place.reading() as cursor:
        cursor.execute(f"SELECT event_id FROM {schema.HEARD.name}")  # noqa: S608 - our own table's name
        assert [row[0] for row in cursor.fetchall()] == ["evt_1"]
    place.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this machine cannot fork")
def test_a_ledger_does_not_go_through_a_fork(tmp_path: Path) -> None:
    """A process that was forked with an open ledger is told to open it again; the parent goes on."""
    with Ledger(tmp_path / "ledger.db") as ledger:
        child = os.fork()
        if not child:
            status = 1
            try:
                ledger.fallback("A-1")
            except LedgerUnavailable as error:
                ledger.close()
                status = 0 if "open it again" in str(error) else 2
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert ledger.fallback("A-1").state is State.FALLBACK
