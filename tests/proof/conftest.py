"""What the long proofs share: a PostgreSQL that may be written to."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def _program(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))  # where Debian puts it
    return str(found[-1]) if found else shutil.which(name)


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a PostgreSQL that may be written to."""
    pytest.importorskip("psycopg", reason="left out: psycopg is not installed")
    if given := os.environ.get("LOCKERSHIP_POSTGRES_URL"):
        yield given
        return
    initdb, server = _program("initdb"), _program("postgres")
    if initdb is None or server is None:
        pytest.skip("left out: neither LOCKERSHIP_POSTGRES_URL nor a PostgreSQL is on this machine")
    as_user: list[str] = []
    folder = tmp_path_factory.mktemp("postgresql")
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        runuser = shutil.which("runuser")
        if runuser is None or subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode:
            pytest.skip("left out: run as root, and there is no user postgres to start PostgreSQL as")
        as_user = [runuser, "-u", "postgres", "--"]
        for place in (folder, *folder.parents[:2]):
            place.chmod(0o711)
        shutil.chown(folder, "postgres")
    files = folder / "data"
    subprocess.run(
        [*as_user, initdb, "-D", files, "-U", "ledger", "-A", "trust"], check=True, capture_output=True
    )
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    running = subprocess.Popen(
        [
            *as_user,
            server,
            "-D",
            files,
            "-p",
            str(port),
            "-k",
            str(folder),
            "-c",
            "listen_addresses=127.0.0.1",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    for line in running.stderr:
        if "ready to accept connections" in line:
            break
    yield f"postgresql+psycopg://ledger@127.0.0.1:{port}/postgres"
    running.terminate()
    running.communicate()


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
