"""Stations are killed in the midst of buying, again and again: nothing is bought twice, nothing is lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lockership.labels.apis import EasyPost, Shippo, easypost_client, shippo_client
from lockership.ledger import Ledger, State
from lockership.testing import FakeEasyPost, FakeShippo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockership.labels.apis import LabelApi

KILLS = int(os.environ.get("LOCKERSHIP_KILLS", "120"))
"""Kills at chance moments for each API and database; those at every step come on top."""

COMMITS, QUESTIONS = 7, 4
"""A label takes five commits and three questions; one more shows that the steps end there."""


class Nursery:
    """Where stations are born and killed."""

    def __init__(self) -> None:
        program = Path(__file__).with_name("nursery.py")
        self.kills = 0
        self.databases: set[str] = set()
        self._process = subprocess.Popen(
            [sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, "the nursery has ended"
        return line

    def run(self, task: dict[str, Any], *, kill_after: float | None = None) -> bool:
        """Let a station do a task; say whether it was killed at it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        child = int(self._line())
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.databases.add("PostgreSQL" if "://" in task["ledger"] else "SQLite")
        ended = self._line()
        assert ended in ("killed", "done"), f"a station {ended}: {task}"
        self.kills += ended == "killed"
        return ended == "killed"

    def close(self) -> None:
        """End the nursery."""
        self._process.communicate(timeout=60)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Return a warm nursery."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return each kind of ledger in turn, empty."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.db")
    clean: str = request.getfixturevalue("clean")
    return clean


def api_of(fake: FakeEasyPost | FakeShippo) -> tuple[str, LabelApi]:
    """Return the API that talks to a fake, with its name."""
    if isinstance(fake, FakeEasyPost):
        return "easypost", EasyPost(easypost_client("EZTK-test", base=fake.base))
    return "shippo", Shippo(shippo_client("shippo_test_1", base=fake.base))


@pytest.mark.parametrize("fake_type", [FakeEasyPost, FakeShippo])
def test_a_kill_at_any_instant_never_buys_twice_and_never_loses_a_label(
    fake_type: type[FakeEasyPost | FakeShippo], where: str, nursery: Nursery
) -> None:
    """Killed at every step and at chance moments; till and ledger agree, nobody is forgotten."""
    chance = random.Random(20261124)  # noqa: S311 - the same moments each time, as far as a machine can
    before = nursery.kills
    with fake_type() as fake:
        name, api = api_of(fake)
        task = {"api": name, "base": fake.base, "ledger": where}
        orders: list[str] = []
        missed: list[str] = []
        for what, most in (("commit", COMMITS), ("question", QUESTIONS)):
            for moment in ("before", "after"):
                for count in range(1, most + 1):
                    for again in range(2):
                        order = f"{what}-{moment}-{count}-{again}"
                        orders.append(order)
                        point = {"at": f"{what} {moment}", "count": count, "orders": [order]}
                        if not nursery.run(task | point):
                            missed.append(order)
        # A fresh order has four or five commits (one more when it is printed) and exactly three questions.
        assert {order for order in missed if order.startswith("question")} == {
            f"question-{moment}-4-{again}" for moment in ("before", "after") for again in range(2)
        }
        assert not any(f"-{count}-" in order for order in missed for count in (1, 2, 3))
        for number in range(KILLS):
            orders += [f"chance-{number}-{place}" for place in range(3)]
            work = orders[-3:] + chance.sample(orders, 3)
            nursery.run(task | {"orders": work}, kill_after=chance.uniform(0.0, 0.08))
        killed = nursery.kills - before
        with Ledger(where, station="morning", patience=0.2) as ledger:
            ledger.recover({name: api})
            assert ledger.entries(State.BUYING, State.UNCERTAIN) == []
        assert not nursery.run(task | {"orders": orders})
        with Ledger(where, station="evening") as ledger:
            entries = {entry.reference: entry for entry in ledger.entries()}
        assert {entry.state for entry in entries.values()} <= {State.BOUGHT, State.PRINTED}
        assert {entry.order_id for entry in entries.values()} == set(orders)
        assert set(fake.bought_for.values()) == {1}
        assert set(fake.bought_for) == set(entries)
        assert sum(float(entry.amount) for entry in entries.values()) == pytest.approx(float(fake.spent))
        assert len({entry.tracking_number for entry in entries.values()}) == fake.purchases == len(orders)
        assert killed >= KILLS * 2 // 3
        ledger_kind = "PostgreSQL" if "://" in where else "SQLite"
        print(f"\n{name}, {ledger_kind}: {killed} kills, {fake.purchases} labels, each bought once")  # noqa: T201


@pytest.mark.parametrize("fake_type", [FakeEasyPost, FakeShippo])
def test_a_kill_while_giving_back_asks_for_one_refund(
    fake_type: type[FakeEasyPost | FakeShippo], where: str, nursery: Nursery
) -> None:
    """Killed at every step of giving a label back, a station never asks twice; none stays half void."""
    with fake_type() as fake:
        name, api = api_of(fake)
        task = {"api": name, "base": fake.base, "ledger": where}
        steps = [
            (what, moment, count)
            for what, most in (("commit", 2), ("question", 2))
            for moment in ("before", "after")
            for count in range(1, most + 1)
        ]
        orders = [f"{what}-{moment}-{count}" for what, moment, count in steps]
        nursery.run(task | {"orders": orders})
        for order, (what, moment, count) in zip(orders, steps, strict=True):
            point = {"at": f"{what} {moment}", "count": count, "orders": [order], "void": True}
            nursery.run(task | point)
        with Ledger(where, station="morning", patience=0.2) as ledger:
            ledger.recover({name: api})
            for order in orders:
                ledger.void(api, order)
            assert {entry.state for entry in ledger.entries()} == {State.VOIDED}
        assert fake.refunds == len(orders)


def test_the_kills_were_enough(nursery: Nursery) -> None:
    """Stations were killed at least 250 times on each database, 500 times where both are there."""
    told = " and ".join(sorted(nursery.databases))
    print(f"\n{nursery.kills} stations killed with SIGKILL on {told}")  # noqa: T201
    if KILLS >= 120:
        assert nursery.kills >= 250 * len(nursery.databases)
