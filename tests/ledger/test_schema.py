"""The ledger's database: opened safely, brought up to date once, refused when it is from the future."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from lockership.ledger import Ledger, schema
from lockership.ledger.schema import EVENTS, FILES, PARCELS, open_database

if TYPE_CHECKING:
    from pathlib import Path


def version_of(engine: sa.Engine) -> int:
    """Return the schema's version as the database tells it."""
    with engine.begin() as connection:
        found: int = connection.execute(sa.text("SELECT max(version) FROM lockership_schema")).scalar_one()
    return found


def test_sqlite_confirms_nothing_that_it_could_lose(tmp_path: Path) -> None:
    """A SQLite ledger writes ahead and waits for the disk at every commit."""
    engine = open_database(tmp_path / "ledger.db")
    with engine.begin() as connection:
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(sa.text("PRAGMA synchronous")).scalar_one() == 2  # FULL
    engine.dispose()


def test_a_new_database_has_the_newest_schema(tmp_path: Path) -> None:
    """Opening creates every table, and opening again changes nothing."""
    for _ in range(2):
        engine = open_database(tmp_path / "ledger.db")
        assert version_of(engine) == 1 + len(schema.STEPS)
        names = sa.inspect(engine).get_table_names()
        assert {PARCELS.name, EVENTS.name, FILES.name} <= set(names)
        engine.dispose()


def test_an_older_database_is_brought_up_to_date_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step runs once, though several stations open the ledger at the same moment."""
    where = tmp_path / "ledger.db"
    open_database(where).dispose()
    ran: list[int] = []

    def step(connection: sa.Connection) -> None:
        connection.execute(sa.text("ALTER TABLE lockership_parcels ADD COLUMN shelf VARCHAR(16)"))
        ran.append(1)

    newest = 1 + len(schema.STEPS)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, step))

    def station(_: int) -> int:
        engine = open_database(where)
        version = version_of(engine)
        engine.dispose()
        return version

    with ThreadPoolExecutor(6) as stations:
        assert list(stations.map(station, range(6))) == [newest + 1] * 6
    assert ran == [1]


def test_stations_that_open_a_new_ledger_at_once_all_get_it(tmp_path: Path) -> None:
    """On the first morning every dock starts at once: none is told that the new file is locked."""
    docks = 8

    def station(where: Path, all_there: threading.Barrier) -> int:
        all_there.wait(10)
        engine = open_database(where)
        version = version_of(engine)
        engine.dispose()
        return version

    with ThreadPoolExecutor(docks) as stations:
        for morning in range(40):
            all_there = threading.Barrier(docks)
            where = tmp_path / f"ledger-{morning}.db"
            opened = [stations.submit(station, where, all_there) for _ in range(docks)]
            assert [future.result() for future in opened] == [1 + len(schema.STEPS)] * docks


def test_a_database_from_the_future_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older lockership does not write into a newer ledger."""
    where = tmp_path / "ledger.db"
    with monkeypatch.context() as newer:
        newer.setattr(schema, "STEPS", (*schema.STEPS, lambda _: None))
        open_database(where).dispose()
    with pytest.raises(ValueError, match="update lockership"):
        open_database(where)


def test_a_ledger_in_memory_is_a_ledger() -> None:
    """For a try-out no file is needed."""
    with Ledger(":memory:") as ledger:
        assert ledger.entries() == []
        assert ledger.fallback("A-1").order_id == "A-1"


def test_without_sqlalchemy_the_ledger_says_how_to_get_it() -> None:
    """Where SQLAlchemy is not installed, the error names the command that installs it."""
    program = (
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "try:\n    import lockership.ledger\nexcept ImportError as error:\n    print(error)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'lockership[ledger]'" in told.stdout
