"""What our care costs: orders a second through the ledger, beside the bare SDK making the same calls.

    python benchmarks/buying.py [--orders 400] [--workers 4]

Both ask the same fake EasyPost, in a process of its own, that answers at once; both create a shipment,
buy its cheapest rate of the carrier and fetch the label's file.  Ours also writes every step into a
SQLite ledger, the intent and the label confirmed by the disk.  They take turns, and the median of the
turns counts, because other work on the machine hits both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import requests
from easypost import EasyPostClient

from lockership import Address, Parcel, route_parcel
from lockership.handoff import handoff
from lockership.labels import easypost
from lockership.labels.apis import EasyPost, LabelApi, easypost_client
from lockership.ledger import Ledger
from lockership.ship import Desk
from lockership.wave import Wanted, ship_all

if TYPE_CHECKING:
    from collections.abc import Callable

TURNS = 5
SENDER = Address(
    name="Dock 4",
    street1="1990 E Grand Ave",
    city="El Segundo",
    state="CA",
    zip="90245",
    phone="3105550100",
    email="dock4@example.com",
)
HOME = Address(name="Zhang Wei", street1="417 Montgomery St", city="Los Angeles", state="CA", zip="90026")
DECISION = route_parcel(HOME, "usps", Parcel.of("14x10x6 in", "8.2 lb"))

SERVER = """
import sys
from lockership.testing import FakeEasyPost
with FakeEasyPost() as fake:
    print(fake.base, flush=True)
    sys.stdin.readline()
"""


def bare(base: str, orders: int, workers: int, turn: int) -> None:
    """Buy with the SDK alone."""
    here = threading.local()
    asked = easypost.request(handoff(DECISION), SENDER, reference="x")

    def one(number: int) -> None:
        if not hasattr(here, "client"):
            here.client = EasyPostClient("EZTK-bench", api_base=base)
            vars(here.client)["_requests_session"].trust_env = False  # no proxy to a machine's own server
            here.session = requests.Session()
            here.session.trust_env = False
        shipments = here.client.shipment
        shipment = shipments.create(**asked | {"reference": f"bare-{turn}-{number}"})
        rate = min(
            (rate for rate in shipment.rates if rate.carrier == "USPS"), key=lambda rate: float(rate.rate)
        )
        bought = shipments.buy(shipment.id, rate={"id": rate.id})
        assert here.session.get(bought.postage_label.label_url, timeout=30).content

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, range(orders)))


def ours(base: str, orders: int, workers: int, folder: Path) -> None:
    """Buy through the ledger, as ``lockership ship`` does."""
    with Ledger(folder / f"{time.monotonic_ns()}.db", station="bench") as ledger:
        desk = Desk(ledger, (), SENDER)

        def clients() -> list[LabelApi]:
            return [EasyPost(easypost_client("EZTK-bench", base=base))]

        wanted = (Wanted(DECISION, f"A-{number}") for number in range(orders))
        for outcome in ship_all(wanted, desk, clients, workers=workers):
            assert outcome.shipped is not None
            assert outcome.shipped.label is not None
            assert outcome.shipped.label.file is not None


def fsync_ms(folder: Path) -> float:
    """Measure what this disk takes to confirm four kilobytes."""
    with (folder / "fsync").open("wb") as file:
        start = time.perf_counter()
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        return (time.perf_counter() - start) * 20


def timed(work: Callable[[], None]) -> float:
    """Give the seconds that something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Measure, and say it in one line each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--workers", type=int, default=4)
    options = parser.parse_args()
    with (
        subprocess.Popen([sys.executable, "-c", SERVER], stdin=-1, stdout=-1, text=True) as server,
        tempfile.TemporaryDirectory() as name,
    ):
        assert server.stdout is not None
        base = server.stdout.readline().strip()
        folder = Path(name)
        bare(base, 20, options.workers, 0)
        ours(base, 20, options.workers, folder)
        disk = fsync_ms(folder)
        print(f"{options.orders} orders, {options.workers} workers; the disk confirms in {disk:.1f} ms")
        ratios: list[float] = []
        for turn in range(1, TURNS + 1):
            alone = timed(lambda turn=turn: bare(base, options.orders, options.workers, turn))  # type: ignore[misc]  # a lambda's default
            careful = timed(lambda: ours(base, options.orders, options.workers, folder))
            ratios.append(alone / careful)
            rates = f"bare SDK {options.orders / alone:6.1f} orders/s, ours {options.orders / careful:6.1f}"
            print(f"  {rates}, ours / bare {ratios[-1]:.2f}")
        print(f"median ours / bare: {statistics.median(ratios):.2f}")
        server.communicate("stop\n")


if __name__ == "__main__":
    main()
