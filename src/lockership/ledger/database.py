"""The database under the ledger: how it is opened, who writes when, and what is on the disk when it is said.

SQLAlchemy knows the databases: it opens them, keeps their connections and writes the SQL, each statement
once; the driver itself runs it, because a label takes a dozen small statements.

PostgreSQL gives each thread a connection of its own.  SQLite gets one connection for each ledger, which
its threads use in turns: SQLite lets one write at a time anyway, a turn that comes free wakes the next
thread at once, and connections that do not exist cannot lock each other.

The disk is the slow part, and no turn is kept while one waits for it.  SQLite commits without a wait, and
who must know that it is on the disk waits afterwards, for all that was committed before: one wait serves
every thread that came meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import StaticPool

from lockership.errors import LedgerUnavailable
from lockership.ledger.schema import bring_up_to_date

if TYPE_CHECKING:
    from collections.abc import Generator
    from os import PathLike

    from sqlalchemy import PoolProxiedConnection
    from sqlalchemy.engine.interfaces import DBAPICursor

__all__ = ["Database", "Duplicate"]

_PATIENCE = 30.0
"""How many seconds a station waits for the others' turns before it says that the ledger is locked."""


class Duplicate(Exception):
    """The database has such a row already."""


class Database:
    """A ledger's database, opened and up to date; it may be used by many threads.

    Args:
        where: The path of a SQLite file, ``:memory:``, or an SQLAlchemy URL, as ``postgresql+psycopg://…``.

    Raises:
        LedgerUnavailable: It cannot be opened.
        ValueError: It was written by a newer lockership.
    """

    def __init__(self, where: str | PathLike[str]) -> None:
        text = str(where)
        url = sa.make_url(text) if "://" in text else sa.URL.create("sqlite", database=str(Path(text)))
        self._sqlite = url.get_backend_name() == "sqlite"
        self._engine = _sqlite(url) if self._sqlite else sa.create_engine(url, pool_pre_ping=True)
        self._driver: Any = self._engine.dialect.loaded_dbapi
        self._process = os.getpid()
        self._turn = Lock()
        self._disk: _Disk | None = None
        with self._told(), self._engine.begin() as connection:
            # Two stations that open a new database at once take turns.
            turn = "BEGIN IMMEDIATE" if self._sqlite else "SELECT pg_advisory_xact_lock(7355608)"
            connection.exec_driver_sql(turn)
            bring_up_to_date(connection)
        self._only = self._engine.raw_connection() if self._sqlite else None
        if self._only is not None:
            self._disk = _disk_under(self._only)

    def close(self) -> None:
        """Close it; for SQLite the last station to do so also tidies its ``-wal`` file away."""
        if os.getpid() != self._process:  # it is the parent's, who may be in the midst of writing
            self._engine.dispose(close=False)
            return
        with self._turn:
            if self._disk is not None:
                self._disk.close()
            self._engine.dispose()

    def sql(self, statement: sa.ClauseElement) -> str:
        """Write a statement out for this database; its parameters are named, and given as a dictionary."""
        return str(statement.compile(dialect=self._engine.dialect))

    @contextmanager
    def reading(self) -> Generator[DBAPICursor]:
        """Read, with one statement: it alone sees one state of the database."""
        with self._told(), self._connection() as connection, closing(connection.cursor()) as cursor:
            yield cursor

    @contextmanager
    def writing(self, *, confirmed: bool = True) -> Generator[DBAPICursor]:
        """Write all of it or nothing; when this ends, it is on the disk.

        What need not be ``confirmed`` survives the end of this program too, but in SQLite it may be lost
        with the power until the next that is confirmed.  It is never there without what was written
        before it.

        Raises:
            Duplicate: There is such a row already.
            LedgerUnavailable: It could not be written, and is not.
        """
        with self._told(), self._connection() as connection, closing(connection.cursor()) as cursor:
            try:
                if self._sqlite:  # PostgreSQL's driver begins by itself
                    # A reader that turns into a writer may fail; one that begins as a writer waits its turn.
                    cursor.execute("BEGIN IMMEDIATE")
                yield cursor
                self._commit(connection)
            except BaseException:
                connection.rollback()
                raise
        if confirmed and self._disk is not None:
            self._disk.confirm()

    def _commit(self, connection: PoolProxiedConnection) -> None:
        connection.commit()
        if self._disk is not None:
            self._disk.committed += 1

    @contextmanager
    def _connection(self) -> Generator[PoolProxiedConnection]:
        if os.getpid() != self._process:  # both would write to one socket, or lose each other's locks
            message = "the ledger was opened before this process was forked: open it again here"
            raise LedgerUnavailable(message)
        if self._only is None:
            with closing(self._engine.raw_connection()) as connection:  # closing gives it back
                yield connection
        else:
            with self._turn:
                yield self._only

    @contextmanager
    def _told(self) -> Generator[None]:
        """Say plainly that the database failed; its own words may hold the row, and are left out."""
        try:
            yield
        except NoConnection as error:
            raise LedgerUnavailable("the ledger: no connection to the database came free") from error
        except self._driver.IntegrityError as error:
            raise Duplicate from error
        except (DBAPIError, self._driver.Error) as error:
            own = str(getattr(error, "orig", error)).strip()
            why = own.splitlines()[0][:120] if own else "it failed"
            raise LedgerUnavailable(f"the ledger cannot be used: {why}") from error


def _sqlite(url: sa.URL) -> sa.Engine:
    """Make an engine with one connection, on which the driver begins nothing by itself."""
    engine = sa.create_engine(
        url,
        poolclass=StaticPool,
        connect_args={"timeout": _PATIENCE, "check_same_thread": False, "isolation_level": None},
        paramstyle="named",  # as PostgreSQL's: one dictionary serves both
    )

    def connect(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=NORMAL")  # _Disk waits for the disk

    event.listen(engine, "connect", connect)
    return engine


def _write_ahead(connection: Any) -> None:  # noqa: ANN401 - the driver's own
    """Let readers go on while one writes.

    SQLite does not wait its busy time for this change of a new file: of several stations that open one at
    once, some would be told at once that it is locked.  Where it cannot do it, it says so in its answer
    and goes on in a way that may take back, after a power cut, what was confirmed.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        except sqlite3.OperationalError as error:
            busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            if mode in ("wal", "memory"):
                return
            raise LedgerUnavailable("the ledger cannot be kept there: SQLite cannot write ahead in it")


class _Disk:
    """The disk under a SQLite ledger: waited for by one thread on behalf of all.

    SQLite in its mode NORMAL appends a commit to the ``-wal`` file and syncs that file before it ever copies
    from it or begins it anew.  What is in it and synced survives a power cut, so that to sync it after the
    commit is all that SQLite's own mode FULL does more, there with the write lock in its hand.

    More information: https://www.sqlite.org/wal.html and https://www.sqlite.org/pragma.html#pragma_synchronous
    """

    def __init__(self, wal: str) -> None:
        self.committed = 0
        """How many transactions were committed, counted in turns."""
        self._confirmed = 0
        self._waiting = Lock()
        self._failed = False
        # To be synced, not written; Windows syncs only what is open for writing.
        self._file = os.open(wal, os.O_RDWR | getattr(os, "O_BINARY", 0))

    def confirm(self) -> None:
        """Wait until all that was committed until now is on the disk.

        Raises:
            LedgerUnavailable: The disk failed, now or before: after that it cannot be believed any more.
        """
        mine = self.committed
        with self._waiting:
            if self._confirmed >= mine:
                return
            newest = self.committed
            try:
                if self._failed:
                    raise OSError
                _sync(self._file)
            except OSError as error:
                self._failed = True
                raise LedgerUnavailable("the ledger cannot be used: the disk does not confirm") from error
            self._confirmed = newest

    def close(self) -> None:
        """Close the file."""
        with self._waiting:
            os.close(self._file)


_sync = getattr(os, "fdatasync", os.fsync)  # as SQLite does it itself


def _disk_under(connection: PoolProxiedConnection) -> _Disk | None:
    """Find the disk under a SQLite database; one in memory has none."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA database_list")
        file = next(row[2] for row in cursor.fetchall() if row[1] == "main")
    return _Disk(f"{file}-wal") if file else None
