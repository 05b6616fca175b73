"""The ledger on PostgreSQL: many stations at once, each in a process of its own.

Uses the database of ``LOCKERSHIP_POSTGRES_URL`` (an SQLAlchemy URL; its lockership tables are dropped), or
starts a PostgreSQL of its own where the machine has one.
"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from lockership.ledger import Ledger, State
from lockership.testing.fakes import FakeEasyPost

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


def test_a_fleet_of_stations_buys_each_label_once(clean: str) -> None:
    """Stations in several processes that all want every parcel's label pay for each once."""
    orders = [f"A-{number}" for number in range(ORDERS)]
    with FakeEasyPost() as fake:

        def station(number: int) -> int:
            command = [sys.executable, "-c", STATION, clean, fake.base, f"dock-{number}", ",".join(orders)]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
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
