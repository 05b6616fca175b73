"""What the long proofs share: a PostgreSQL that may be written to."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def _program(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))  # where Debian puts it
    return str(found[-1]) if found else shutil.which(name)


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """Return the URL of a PostgreSQL that may be written to."""
    pytest.importorskip("psycopg", reason="left out: psycopg is not installed")
    if given := os.environ.get("LOCKERSHIP_POSTGRES_URL"):
        yield given
        return
    initdb, server = _program("initdb"), _program("postgres")
    if initdb is None or server is None:
        pytest.skip("left out: neither LOCKERSHIP_POSTGRES_URL nor a PostgreSQL is on this machine")
    # PostgreSQL refuses to run as root; Debian's package makes a user for it.
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    # Not below pytest's own folder: every run of pytest that starts shuts that for all users but its own.
    with TemporaryDirectory(prefix="lockership-postgresql-", ignore_cleanup_errors=True) as made:
        if as_user:
            shutil.chown(made, "postgres")
        yield from _running(Path(made), [*as_user, initdb], [*as_user, server])


def _running(folder: Path, initdb: list[str], server: list[str]) -> Iterator[str]:
    """Make a database in a folder, and let a server run on it."""
    files = folder / "data"
    subprocess.run([*initdb, "-D", files, "-U", "ledger", "-A", "trust"], check=True, capture_output=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    log = folder / "log"
    options = ["-D", str(files), "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    with log.open("wb") as told:  # a pipe that nobody empties would stop the server when it is full
        running = subprocess.Popen([*server, *options], stdout=told, stderr=told)
    until = time.monotonic() + 60
    while b"ready to accept connections" not in log.read_bytes():
        if running.poll() is not None or time.monotonic() > until:
            running.kill()
            pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2_000:]}")
        time.sleep(0.05)
    yield f"postgresql+psycopg://ledger@127.0.0.1:{port}/postgres"
    ended = running.poll()
    running.terminate()
    running.wait(60)
    assert ended is None, f"PostgreSQL ended by itself:\n{log.read_text(errors='replace')[-2_000:]}"


@pytest.fixture
def clean(url: str) -> str:
    """Return the URL of a database without a ledger."""
    import sqlalchemy as sa

    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for table in ("parcels", "events", "files", "heard", "schema"):
            connection.execute(sa.text(f"DROP TABLE IF EXISTS lockership_{table}"))
    engine.dispose()
    return url
