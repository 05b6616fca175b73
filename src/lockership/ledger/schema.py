"""Where the ledger is kept: its tables, how a database is opened, how an older one is brought up to date."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

__all__ = ["EVENTS", "FILES", "HEARD", "PARCELS", "open_database"]

STATES = ("asked", "priced", "buying", "bought", "printed", "fallback", "superseded", "voided", "uncertain")

_TABLES = sa.MetaData()

PARCELS = sa.Table(
    "lockership_parcels",
    _TABLES,
    sa.Column("order_id", sa.String(255), primary_key=True),
    sa.Column("parcel", sa.Integer, primary_key=True),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), sa.CheckConstraint(f"state IN {STATES!r}"), nullable=False),
    sa.Column("station", sa.String(255), nullable=False),
    sa.Column("updated_at", sa.String(32), nullable=False),
    sa.Column("leased_until", sa.String(32), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("wanted", sa.String(64), nullable=False),
    sa.Column("api", sa.String(32), nullable=False),
    sa.Column("reference", sa.String(255), nullable=False),
    sa.Column("shipment_id", sa.String(255), nullable=False),
    sa.Column("rate_id", sa.String(255), nullable=False),
    sa.Column("transaction_id", sa.String(255), nullable=False),
    sa.Column("carrier", sa.String(64), nullable=False),
    sa.Column("service", sa.String(255), nullable=False),
    sa.Column("amount", sa.String(64), nullable=False),
    sa.Column("currency", sa.String(8), nullable=False),
    sa.Column("tracking_number", sa.String(255), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("format", sa.String(16), nullable=False),
    sa.Column("test", sa.Boolean, nullable=False),
    sa.Column("warnings", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("refund", sa.String(16), nullable=False, server_default=""),
    sa.Column("covers", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""One row for each parcel of an order: where it stands now.  Text columns are ``""`` when unknown; money
and times are text, so that both databases keep them exactly and sort them alike."""

EVENTS = sa.Table(
    "lockership_events",
    _TABLES,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("order_id", sa.String(255), nullable=False, index=True),
    sa.Column("parcel", sa.Integer, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("station", sa.String(255), nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
)
"""Everything that ever happened, in order; rows are only added."""

FILES = sa.Table(
    "lockership_files",
    _TABLES,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("format", sa.String(16), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""Labels' files: the API's addresses of them expire, a reprint must not be bought."""

HEARD = sa.Table(
    "lockership_heard",
    _TABLES,
    sa.Column("source", sa.String(32), primary_key=True),
    sa.Column("event_id", sa.String(255), primary_key=True),
    sa.Column("at", sa.String(32), nullable=False),
)
"""Webhooks that were acted on: APIs send each at least once."""

_SCHEMA = sa.Table("lockership_schema", sa.MetaData(), sa.Column("version", sa.Integer, primary_key=True))


def _refunds_covers_webhooks(connection: sa.Connection) -> None:
    """From 1 to 2: what became of refunds, papers to be covered, webhooks that were heard."""
    table = PARCELS.name
    connection.execute(sa.text(f"ALTER TABLE {table} ADD COLUMN refund VARCHAR(16) DEFAULT '' NOT NULL"))
    connection.execute(sa.text(f"ALTER TABLE {table} ADD COLUMN covers BOOLEAN DEFAULT FALSE NOT NULL"))
    HEARD.create(connection)


STEPS: tuple[Callable[[sa.Connection], None], ...] = (_refunds_covers_webhooks,)
"""What brings an older database up to date: the first from schema 1 to 2, and so on.  A step that was
released is never changed; a new database gets the tables above at once."""


def open_database(where: str | PathLike[str]) -> sa.Engine:
    """Open a ledger's database, and create it or bring it up to date.

    Args:
        where: The path of a SQLite file, or an SQLAlchemy URL, as ``postgresql+psycopg://…``.

    Raises:
        ValueError: The database was written by a newer lockership.
    """
    text = str(where)
    url = sa.make_url(text) if "://" in text else sa.URL.create("sqlite", database=str(Path(text)))
    sqlite = url.get_backend_name() == "sqlite"
    engine = sa.create_engine(
        url, connect_args={"timeout": _PATIENCE} if sqlite else {}, pool_pre_ping=not sqlite
    )
    if sqlite:
        _careful(engine)
    with engine.begin() as connection:
        if not sqlite:  # two stations that open a new database at once take turns
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7355608)"))
        _SCHEMA.create(connection, checkfirst=True)
        newest = 1 + len(STEPS)
        found = connection.execute(sa.select(sa.func.max(_SCHEMA.c.version))).scalar()
        if found is not None and found > newest:
            raise ValueError(
                f"this ledger has schema {found}, this lockership knows up to {newest}: update lockership"
            )
        if found is None:
            _TABLES.create_all(connection)
        for step in () if found is None else STEPS[found - 1 :]:
            step(connection)
        if found != newest:
            connection.execute(_SCHEMA.insert().values(version=newest))
    return engine


_PATIENCE = 30.0
"""How many seconds a station waits for the others' turns before it says that the ledger is locked."""


def _write_ahead(connection: Any) -> None:  # noqa: ANN401 - the driver's own
    """Let readers go on while one writes.

    SQLite does not wait its busy time for this change of a new file: of several stations that open one at
    once, some would be told at once that it is locked.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _careful(engine: sa.Engine) -> None:
    """Let SQLite lose nothing that it has confirmed, and let stations take turns."""

    def connect(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own
        connection.isolation_level = None  # the driver must not begin transactions by itself
        connection.execute(f"PRAGMA busy_timeout={_PATIENCE * 1000:.0f}")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=FULL")

    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if options.get("reads"):
            return  # one statement alone sees one state of the database anyway
        # Unconfirmed writes survive the end of this program, and reach the disk with the next confirmed one.
        confirmed = "FULL" if options.get("confirmed", True) else "NORMAL"
        if connection.info.get("synchronous") != confirmed:
            connection.exec_driver_sql(f"PRAGMA synchronous={confirmed}")
            connection.info["synchronous"] = confirmed
        # A reader that turns into a writer may fail; one that begins as a writer waits for its turn.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)
