"""Stations are killed in the midst of buying, again and again: nothing is bought twice, nothing is lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from lockership.labels.apis import EasyPost, Shippo, easypost_client, shippo_client
from lockership.ledger import Ledger, State
from lockership.testing.fakes import FakeEasyPost, FakeShippo

if TYPE_CHECKING:
    from pathlib import Path

KILLS = int(os.environ.get("LOCKERSHIP_KILLS", "24"))
ORDERS = 8

STATION = """
import sys
from datetime import timedelta
from lockership.address import Address
from lockership.errors import LabelError, LedgerConflict
from lockership.handoff import Buyer, Handoff
from lockership.labels.apis import EasyPost, Shippo, easypost_client, shippo_client
from lockership.ledger import Ledger
from lockership.parcel import Parcel
from lockership.rules import Asked

where, base, name, station, orders = sys.argv[1:]
to = Address(name="Zhang Wei", street1="417 Montgomery St", city="Los Angeles", state="CA", zip="90026")
sender = Address(name="Dock 4", street1="1990 E Grand Ave", city="El Segundo", state="CA", zip="90245",
                 phone="3105550100", email="dock4@example.com")
parcel = Parcel.of("14x10x6 in", "8.2 lb")
handoff = Handoff(Asked.HOME, "usps", None, "street", to, Buyer("Zhang Wei"), parcel)
if name == "easypost":
    api = EasyPost(easypost_client("EZTK-test", base=base))
else:
    api = Shippo(shippo_client("shippo_test_1", base=base))
print("ready", flush=True)
sys.stdin.readline()
with Ledger(where, station=station, lease=timedelta(seconds=0.5), patience=0.5) as ledger:
    for order in orders.split(","):
        try:
            ledger.buy(api, handoff, sender, order_id=order)
            ledger.printed(order)
        except (LabelError, LedgerConflict):
            continue
"""


@pytest.mark.parametrize("fake_type", [FakeEasyPost, FakeShippo])
def test_a_kill_at_any_instant_never_buys_twice_and_never_loses_a_label(
    fake_type: type[FakeEasyPost | FakeShippo], tmp_path: Path
) -> None:
    """Stations are killed with SIGKILL at chance moments; the till and the ledger agree in the end."""
    chance = random.Random(20261124)  # noqa: S311 - the same moments each time, as far as a machine can
    where = str(tmp_path / "ledger.db")
    with fake_type() as fake:
        name = "easypost" if isinstance(fake, FakeEasyPost) else "shippo"
        api: Any = (
            EasyPost(easypost_client("EZTK-test", base=fake.base))
            if isinstance(fake, FakeEasyPost)
            else Shippo(shippo_client("shippo_test_1", base=fake.base))
        )
        orders = [f"A-{number}" for number in range(ORDERS)]
        killed = 0
        for round_number in range(KILLS):
            if (
                round_number % (KILLS // 4 or 1) == 0
            ):  # new orders now and then, so that there is work to kill
                orders += [f"B-{round_number}-{number}" for number in range(ORDERS)]
            work = chance.sample(orders, len(orders))
            command = [
                sys.executable,
                "-c",
                STATION,
                where,
                fake.base,
                name,
                f"dock-{round_number}",
                ",".join(work),
            ]
            station = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            assert station.stdin is not None
            assert station.stdout is not None
            assert station.stdout.readline() == "ready\n"
            station.stdin.write("go\n")
            station.stdin.flush()
            time.sleep(chance.uniform(0.0, 0.25))
            killed += station.poll() is None
            station.kill()
            station.communicate()
        time.sleep(0.6)  # the last lease runs out
        with Ledger(where, station="morning", lease=timedelta(seconds=0.5), patience=0.5) as ledger:
            ledger.recover({name: api})
            entries = {entry.reference: entry for entry in ledger.entries()}
        assert killed > KILLS // 4
        assert fake.purchases == len(fake.bought_for)
        assert all(count == 1 for count in fake.bought_for.values())
        for reference in fake.bought_for:
            assert entries[reference].state in (State.BOUGHT, State.PRINTED)
            assert entries[reference].tracking_number
        bought = {r for r, entry in entries.items() if entry.state in (State.BOUGHT, State.PRINTED)}
        assert bought == set(fake.bought_for)
        print(f"\n{name}: {killed} stations killed at work, {fake.purchases} labels bought, each once")  # noqa: T201
