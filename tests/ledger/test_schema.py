"""The ledger's tables: created once, brought up to date once, refused when they are from the future."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from lockership.ledger import Ledger, schema
from lockership.ledger.schema import EVENTS, FILES, HEARD, PARCELS

if TYPE_CHECKING:
    from pathlib import Path


def looked_at(where: Path) -> tuple[int, set[str]]:
    """Return the schema's version and the tables as the file itself tells them."""
    engine = sa.create_engine(f"sqlite:///{where}")
    with engine.begin() as connection:
        version: int = connection.execute(sa.text("SELECT max(version) FROM lockership_schema")).scalar_one()
    tables = set(sa.inspect(engine).get_table_names())
    engine.dispose()
    return version, tables


def test_a_new_database_has_the_newest_schema(tmp_path: Path) -> None:
    """Opening creates every table, and opening again changes nothing."""
    for _ in range(2):
        Ledger(tmp_path / "ledger.db").close()
        version, tables = looked_at(tmp_path / "ledger.db")
        assert version == 1 + len(schema.STEPS)
        assert {PARCELS.name, EVENTS.name, FILES.name, HEARD.name} <= tables


def test_an_older_database_is_brought_up_to_date_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step runs once, though several stations open the ledger at the same moment."""
    where = tmp_path / "ledger.db"
    Ledger(where).close()
    ran: list[int] = []

    def step(connection: sa.Connection) -> None:
        connection.execute(sa.text("ALTER TABLE lockership_parcels ADD COLUMN shelf VARCHAR(16)"))
        ran.append(1)

    newest = 1 + len(schema.STEPS)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, step))
    with ThreadPoolExecutor(6) as stations:
        for ledger in [stations.submit(Ledger, where) for _ in range(6)]:
            ledger.result(60).close()
    assert looked_at(where)[0] == newest + 1
    assert ran == [1]


def test_a_database_from_the_future_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older lockership does not write into a newer ledger."""
    where = tmp_path / "ledger.db"
    with monkeypatch.context() as newer:
        newer.setattr(schema, "STEPS", (*schema.STEPS, lambda _: None))
        Ledger(where).close()
    with pytest.raises(ValueError, match="update lockership"):
        Ledger(where)


def test_without_sqlalchemy_the_ledger_says_how_to_get_it() -> None:
    """Where SQLAlchemy is not installed, the error names the command that installs it."""
    program = (
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "try:\n    import lockership.ledger\nexcept ImportError as error:\n    print(error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert "pip install 'lockership[ledger]'" in told.stdout
