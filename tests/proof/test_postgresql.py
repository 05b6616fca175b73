"""The ledger on PostgreSQL: many stations at once, each in a process of its own.

Uses the database of ``LOCKERSHIP_POSTGRES`` (an SQLAlchemy URL; its lockership tables are dropped), or
starts a PostgreSQL of its own where the machine has one.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lockership.ledger import Ledger, State
from lockership.testing.fakes import FakeEasyPost

if TYPE_CHECKING:
    from collections.abc import Iterator

STATIONS = 4
ORDERS = 12

STATION = """
import random, sys, time
from lockership.address import Address
from lockership.errors import LabelError, LedgerConflict
from lockership.handoff import Buyer, Handoff
from lockership.labels.apis import EasyPost, easypost_client
from lockership.ledger import Ledger
from lockership.parcel import Parcel
from lockership.rules import Asked

url, base, station, orders = sys.argv[1:]
to = Address(name="Zhang Wei", street1="417 Montgomery St", city="Los Angeles", state="CA", zip="90026")
parcel = Parcel.of("14x10x6 in", "8.2 lb")
handoff = Handoff(Asked.HOME, "usps", None, "street", to, Buyer("Zhang Wei"), parcel)
api = EasyPost(easypost_client("EZTK-test", base=base))
conflicts = 0
with Ledger(url, station=station, patience=0.2) as ledger:
    for order in sorted(orders.split(","), key=lambda _: random.random()):
        for attempt in range(200):
            try:
                ledger.buy(api, handoff, to, order_id=order)
                break
            except (LabelError, LedgerConflict):
                conflicts += 1
                time.sleep(0.05)
print(conflicts)
"""


def _program(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))  # where Debian puts it
    return str(found[-1]) if found else shutil.which(name)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the URL of a PostgreSQL that may be written to."""
    pytest.importorskip("psycopg", reason="left out: psycopg is not installed")
    if given := os.environ.get("LOCKERSHIP_POSTGRES"):
        yield given
        return
    initdb, server = _program("initdb"), _program("postgres")
    if initdb is None or server is None:
        pytest.skip("left out: neither LOCKERSHIP_POSTGRES nor a PostgreSQL is on this machine")
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
        for table in ("parcels", "events", "files", "schema"):
            connection.execute(sa.text(f"DROP TABLE IF EXISTS lockership_{table}"))
    engine.dispose()
    return url


def test_a_fleet_of_stations_buys_each_label_once(clean: str) -> None:
    """Stations in several processes that all want every parcel's label pay for each once."""
    orders = [f"A-{number}" for number in range(ORDERS)]
    with FakeEasyPost() as fake:

        def station(number: int) -> int:
            command = [sys.executable, "-c", STATION, clean, fake.base, f"dock-{number}", ",".join(orders)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            return int(done.stdout)

        with ThreadPoolExecutor(STATIONS) as pool:
            conflicts = list(pool.map(station, range(STATIONS)))
        assert fake.bought_for == {f"{order}/1": 1 for order in orders}
    with Ledger(clean) as ledger:
        assert {entry.order_id for entry in ledger.entries(State.BOUGHT)} == set(orders)
        label = ledger.label("A-0")
        assert label is not None
        assert label.file is not None
        assert ledger.printed("A-0").state is State.PRINTED
    print(f"\n{STATIONS} stations, {ORDERS} parcels, {sum(conflicts)} conflicts, {ORDERS} labels bought")  # noqa: T201
