"""What our care costs: orders a second through the ledger, beside the bare SDK making the same calls.

    python benchmarks/buying.py [--orders 200] [--turns 5] [--workers 1 4]

Both ask the same fake API, in a process of its own, that answers at once; both create a shipment, buy its
cheapest rate of the carrier and fetch the label's file, with as many threads, each with clients of its own.
Ours also writes every step into a SQLite ledger, where the intent is confirmed by the disk before the API is
asked to sell, and checks the file.

They take turns, and take turns at being first; the median of the turns counts, because other work on the
machine hits both.  How long the disk takes to confirm is measured beside it: with one thread nothing can be
done meanwhile.  Processor time is told too: it hardly depends on what else the machine does.
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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import attrs
import requests
from easypost.easypost_client import EasyPostClient
from shippo import Shippo as ShippoClient
from shippo.models import components

from lockership import Address, Parcel, route_parcel
from lockership.handoff import handoff
from lockership.labels import easypost, shippo
from lockership.labels.apis import EasyPost, LabelApi, Shippo, easypost_client, shippo_client
from lockership.ledger import Ledger
from lockership.ship import Desk
from lockership.wave import Wanted, ship_all

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
KEY = "EZTK-bench"

SERVER = """
import sys
from lockership.testing import {fake}
with {fake}() as fake:
    print(fake.base, flush=True)
    sys.stdin.readline()
"""


def session() -> requests.Session:
    """Make a session that asks no proxy for this machine's own server."""
    made = requests.Session()
    made.trust_env = False
    return made


class Bare(Protocol):
    """The bare SDK of one API."""

    def __init__(self, base: str) -> None:
        """Make this thread's client."""
        ...

    def buy(self, reference: str) -> str:
        """Buy a label; give the address of its file."""
        ...


class BareEasyPost:
    """EasyPost's SDK alone."""

    asked: dict[str, Any] = easypost.request(handoff(DECISION), SENDER, reference="x")

    def __init__(self, base: str) -> None:
        client = EasyPostClient(KEY, api_base=base)
        vars(client)["_requests_session"].trust_env = False
        self._shipments: Any = client.shipment

    def buy(self, reference: str) -> str:
        """Create, choose, buy."""
        shipment = self._shipments.create(**self.asked | {"reference": reference})
        usps = (rate for rate in shipment.rates if rate.carrier == "USPS")
        rate = min(usps, key=lambda rate: float(rate.rate))
        url: str = self._shipments.buy(shipment.id, rate={"id": rate.id}).postage_label.label_url
        return url


class BareShippo:
    """Shippo's SDK alone."""

    asked: dict[str, Any] = shippo.request(handoff(DECISION), SENDER, reference="x")

    def __init__(self, base: str) -> None:
        self._client = ShippoClient(KEY, server_url=base, client=session())

    def buy(self, reference: str) -> str:
        """Create, choose, buy."""
        asked: dict[str, Any] = self.asked | {"metadata": reference}
        shipment = self._client.shipments.create(components.ShipmentCreateRequest(**asked))
        rate = min(
            (rate for rate in shipment.rates if rate.provider == "USPS"), key=lambda rate: float(rate.amount)
        )
        bought = self._client.transactions.create(
            components.TransactionCreateRequest(
                rate=rate.object_id,
                async_=False,
                label_file_type=components.LabelFileTypeEnum.PDF_4X6,
                metadata=reference,
            )
        )
        assert bought.label_url
        return bought.label_url


@attrs.frozen
class Contest:
    """One API, by its bare SDK and by ours."""

    name: str
    fake: str
    bare: type[Bare]
    ours: Callable[[str], LabelApi]


CONTESTS = (
    Contest("EasyPost", "FakeEasyPost", BareEasyPost, lambda base: EasyPost(easypost_client(KEY, base=base))),
    Contest("Shippo", "FakeShippo", BareShippo, lambda base: Shippo(shippo_client(KEY, base=base))),
)


def bare(contest: Contest, base: str, orders: int, workers: int) -> None:
    """Buy with the SDK alone."""
    here = threading.local()
    turn = time.monotonic_ns()

    def one(number: int) -> None:
        if not hasattr(here, "sdk"):
            here.sdk, here.session = contest.bare(base), session()
        url = here.sdk.buy(f"bare-{turn}-{number}")
        assert here.session.get(url, timeout=30).content

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, range(orders)))


def ours(contest: Contest, base: str, orders: int, workers: int, folder: Path) -> None:
    """Buy through the ledger, as ``lockership ship`` does."""
    with Ledger(folder / f"{time.monotonic_ns()}.db", station="bench") as ledger:
        wanted = (Wanted(DECISION, f"A-{number}") for number in range(orders))
        apis: Callable[[], list[LabelApi]] = lambda: [contest.ours(base)]  # noqa: E731 - one line says it
        for outcome in ship_all(wanted, Desk(ledger, (), SENDER), apis, workers=workers):
            assert outcome.shipped is not None
            assert outcome.shipped.label is not None
            assert outcome.shipped.label.file is not None


def fsync_ms(folder: Path) -> float:
    """Measure what this disk takes to confirm sixteen kilobytes, as much as an intent takes."""
    times: list[float] = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(50):
            file.write(b"x" * 16_384)
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - start)
    return statistics.median(times) * 1_000


def measured(work: Callable[[], None]) -> tuple[float, float]:
    """Give the seconds that something takes, by the clock and of the processor."""
    start, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - processor


def compete(contest: Contest, base: str, folder: Path, options: argparse.Namespace, workers: int) -> None:
    """Let both buy in turns, and print what came of it."""
    orders: int = options.orders
    sides: list[Callable[[int], None]] = [
        lambda count: bare(contest, base, count, workers),
        lambda count: ours(contest, base, count, workers, folder),
    ]
    for side in sides:
        side(20)
    disk = fsync_ms(folder)
    times: list[list[tuple[float, float]]] = [[], []]
    for turn in range(options.turns):
        for place in (0, 1) if turn % 2 else (1, 0):
            times[place].append(measured(partial(sides[place], orders)))
    by_clock = statistics.median(alone[0] / careful[0] for alone, careful in zip(*times, strict=True))
    by_processor = statistics.median(alone[1] / careful[1] for alone, careful in zip(*times, strict=True))

    def told(side: list[tuple[Any, Any]]) -> str:
        clock = statistics.median(taken for taken, _ in side)
        processor = statistics.median(taken for _, taken in side)
        return f"{orders / clock:4.0f} orders/s ({processor / orders * 1_000:.1f} ms of processor each)"

    plural = "s" if workers > 1 else ""
    print(f"{contest.name}, {workers} thread{plural}; the disk confirms in {disk:.1f} ms:")
    print(f"  bare SDK {told(times[0])}, ours {told(times[1])}")
    print(f"  ours / bare: {by_clock:.2f} by the clock, {by_processor:.2f} by the processor", flush=True)


def main() -> None:
    """Measure both APIs with each number of threads."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 4])
    options = parser.parse_args()
    print(f"{options.orders} orders a turn, medians of {options.turns} turns")
    for contest in CONTESTS:
        program = SERVER.format(fake=contest.fake)
        with (
            subprocess.Popen([sys.executable, "-c", program], stdin=-1, stdout=-1, text=True) as server,
            tempfile.TemporaryDirectory() as name,
        ):
            assert server.stdout is not None
            base = server.stdout.readline().strip()
            for workers in options.workers:
                compete(contest, base, Path(name), options, workers)
            server.communicate("stop\n", timeout=60)


if __name__ == "__main__":
    main()
