"""Stations that are born warm, to be killed: forked from a process that has loaded everything already.

Reads one JSON object a line: what the station is to do.  Each station is a process of its own with a
ledger of its own; its number is told before it begins, and how it ended when it is over.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import timedelta
from typing import Any

from lockership import Address, Parcel, route_parcel
from lockership.errors import LabelError, LedgerConflict
from lockership.handoff import handoff
from lockership.labels.apis import EasyPost, Shippo, easypost_client, shippo_client
from lockership.labels.wire import Session
from lockership.ledger import Ledger
from lockership.ledger.database import Database

HOME = Address(name="Zhang Wei", street1="417 Montgomery St", city="Los Angeles", state="CA", zip="90026")
SENDER = Address(
    name="Dock 4",
    street1="1990 E Grand Ave",
    city="El Segundo",
    state="CA",
    zip="90245",
    phone="3105550100",
    email="dock4@example.com",
)
LONGEST = 300
"""Seconds after which a station hangs: four hundred labels take a minute or two."""
HANDOFF = handoff(route_parcel(HOME, "usps", Parcel.of("14x10x6 in", "8.2 lb")))


def die(_: object = None) -> None:
    """Stop as a machine stops whose plug is pulled."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(at: str, count: int) -> None:
    """Die at the given step: before or after the given commit or question."""
    seen = {"commit": 0, "question": 0}
    what, _, moment = at.partition(" ")

    def step(kind: str, when: str) -> None:
        if kind == what and when == moment and seen[kind] == count:
            die()

    if what == "commit":
        commit = Database._commit

        def committing(self: Database, connection: Any) -> None:
            seen["commit"] += 1
            step("commit", "before")
            commit(self, connection)
            step("commit", "after")

        Database._commit = committing  # type: ignore[method-assign]  # only in this process, which is about to die
        return
    send = Session.send

    def sending(self: Session, request: Any, **options: Any) -> Any:
        seen["question"] += 1
        step("question", "before")
        try:
            return send(self, request, **options)
        finally:  # the answer is here, also where the SDK is left before it reads it
            step("question", "after")

    Session.send = sending  # type: ignore[method-assign]  # only in this process, which is about to die


def work(task: dict[str, Any]) -> None:
    """Buy labels until killed."""
    signal.alarm(LONGEST)  # a station that hangs ends, and is told from one that was killed
    session = Session((3.0, 10.0))
    api: Any
    if task["api"] == "easypost":
        api = EasyPost(easypost_client("EZTK-test", base=task["base"], session=session))
    else:
        api = Shippo(shippo_client("shippo_test_1", base=task["base"], session=session))
    # One station at a time works here, so that a killed one's lease may end at once.
    lease = timedelta(seconds=task.get("lease", 0))
    with Ledger(task["ledger"], station=f"dock-{os.getpid()}", lease=lease, patience=0.2) as ledger:
        if task.get("at"):
            arm(task["at"], task["count"])
        for order in task["orders"]:
            try:
                if task.get("void"):
                    ledger.void(api, order)
                else:
                    ledger.buy(api, HANDOFF, SENDER, order_id=order)
                    ledger.printed(order)
            except (LabelError, LedgerConflict):
                continue


def main() -> None:
    """Bear one station after the other."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                work(json.loads(line))
            finally:
                sys.stderr.flush()
                os._exit(0)
        print(child, flush=True)  # noqa: T201 - who started us reads it
        _, status = os.waitpid(child, 0)
        ended = {0: "done", -signal.SIGKILL: "killed"}.get(os.waitstatus_to_exitcode(status), "hung")
        print(ended, flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    main()
