"""Everything that we ask Shippo, through a proxy that checks it against Shippo's own description.

Prism stands between the SDK and the fake, and says in a header of every answer what breaks the
description.  Of what the fake answers one thing does: the list's ``next`` is null at its end, as it is in
life, where the description wants text.  Prism is looked for as ``LOCKERSHIP_PRISM``, in ``.venv/prism``,
where ``.ci/run`` puts it, and on the PATH.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from lockership import Address, Parcel, route_parcel
from lockership.labels.apis import Shippo, shippo_client
from lockership.labels.wire import Session
from lockership.ledger import Ledger, State
from lockership.ship import Desk, ship
from lockership.testing import FakeShippo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SENDER = Address(
    name="Dock 4",
    street1="1990 E Grand Ave",
    city="El Segundo",
    state="CA",
    zip="90245",
    phone="3105550100",
    email="dock4@example.com",
)


class Watching(Session):
    """A session that keeps what Prism says of each request and answer, whoever reads the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: list[str] = []
        self.count = 0
        self.mount("http://", _Watched(self))


class _Watched(HTTPAdapter):
    def __init__(self, watcher: Watching) -> None:
        super().__init__()
        self._watcher = watcher

    def send(self, *request: Any, **options: Any) -> requests.Response:
        """Send, and keep what is said."""
        answer = super().send(*request, **options)
        self._watcher.count += 1
        for fault in json.loads(answer.headers.get("sl-violations") or "[]"):
            self._watcher.broken.append(f"{'/'.join(map(str, fault['location']))}: {fault['code']}")
        return answer


def _prism(root: Path) -> str | None:
    places = (os.environ.get("LOCKERSHIP_PRISM"), str(root / ".venv/prism/node_modules/.bin/prism"), "prism")
    return next(filter(None, map(shutil.which, filter(None, places))), None)


@pytest.fixture(scope="module")
def proxied(root: Path, shared: Path) -> Iterator[tuple[FakeShippo, str]]:
    """Return a fake and the address of the proxy in front of it."""
    description = shared / "specs" / "shippo_public_api_2024-06-24.yaml"
    prism = _prism(root)
    if prism is None:
        pytest.skip("left out: Prism is not on this machine (npm install @stoplight/prism-cli@5.14.2)")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with FakeShippo() as fake:
        words = [prism, "proxy", str(description), fake.base, "--validate-request"]
        running = subprocess.Popen(
            [*words, "--host", "127.0.0.1", "--port", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, running)
            yield fake, address
        finally:
            running.terminate()
            running.wait(30)


def _wait(address: str, running: subprocess.Popen[Any]) -> None:
    until = time.monotonic() + 60
    session = requests.Session()
    session.trust_env = False
    while time.monotonic() < until and running.poll() is None:
        try:
            session.get(address, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("Prism did not start")


def test_every_request_of_a_whole_life_is_valid(proxied: tuple[FakeShippo, str], tmp_path: Path) -> None:
    """Prices, purchases, look-ups, the list of purchases and refunds pass the check of every request."""
    fake, address = proxied
    session = Watching()
    api = Shippo(shippo_client("shippo_test_1", base=address, session=session), pause=lambda _: None)
    homes = {
        "A-1": ("usps", Address(name="Ann", street1="1 Elm St", city="Reno", state="NV", zip="89501"), ()),
        "A-2": ("usps", Address(name="Ann", street1="PO Box 12", city="Reno", state="NV", zip="89501"), ()),
        "A-3": (
            "ups",
            Address(name="Ann", street1="1 Elm St", city="Reno", state="NV", zip="89501"),
            ("adult_signature",),
        ),
    }
    with Ledger(tmp_path / "ledger.db", patience=0, pause=lambda _: None) as ledger:
        desk = Desk(ledger, (api,), SENDER, draw=lambda _: b"%PDF-paper")
        for order, (carrier, to, traits) in homes.items():
            decision = route_parcel(to, carrier, Parcel.of("14x10x6 in", "8.2 lb", traits=traits))
            shipped = ship(decision, order, desk)
            assert shipped.label is not None, shipped.failures
            entry = ledger.entry(order)
            assert entry is not None
            assert api.look_up(entry.quote()) is not None
            assert api._listed(entry.quote())
            assert ledger.void(api, order).state is State.VOIDED
    assert set(session.broken) <= {"response/body/next: type", "response/body/previous: type"}
    assert session.count >= 5 * len(homes)
    asked = {(one.method, one.path.split("/")[1]) for one in fake.requests}
    assert {
        ("POST", "shipments"),
        ("POST", "transactions"),
        ("GET", "transactions"),
        ("POST", "refunds"),
    } <= asked


@pytest.mark.parametrize(
    "body", [{}, {"address_from": {}, "address_to": {"country": "US"}, "parcels": [{"length": 1}]}], ids=str
)
def test_the_proxy_sees_what_is_wrong(proxied: tuple[FakeShippo, str], body: dict[str, Any]) -> None:
    """A request that breaks the description is seen as such."""
    session = Watching()
    headers = {"Authorization": "ShippoToken shippo_test_1"}
    session.post(f"{proxied[1]}/shipments", json=body, headers=headers)
    assert any(fault.startswith("request/body") for fault in session.broken)
