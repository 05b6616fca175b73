"""What the ledger keeps: its tables, and how those of an older lockership are brought up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["EVENTS", "FILES", "HEARD", "PARCELS", "bring_up_to_date"]

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


def bring_up_to_date(connection: sa.Connection) -> None:
    """Create the tables, or change those of an older lockership; the connection is in a transaction.

    Raises:
        ValueError: The tables were written by a newer lockership.
    """
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
