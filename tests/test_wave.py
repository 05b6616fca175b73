"""Many parcels at once: in their order, each bought once, and calm when an API is not."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from lockership import Address, Parcel, route_parcel
from lockership.errors import InputError, LabelUncertain, LedgerConflict, LedgerUnavailable
from lockership.labels.apis import EasyPost, Shippo, easypost_client, shippo_client
from lockership.labels.wire import Session, seconds_of
from lockership.ledger import Ledger, State
from lockership.ship import Desk
from lockership.testing.fakes import FakeEasyPost, FakeShippo, Fault
from lockership.testing.servers import Reply
from lockership.wave import Patience, Wanted, ship_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lockership.labels.apis import LabelApi

WAREHOUSE = Address(
    name="Dock 4",
    street1="1990 E Grand Ave",
    city="El Segundo",
    state="CA",
    zip="90245",
    phone="3105550100",
    email="dock4@example.com",
)
STREET = Address(name="Zhang Wei", street1="417 Montgomery St", city="Los Angeles", state="CA", zip="90026")
PARCEL = Parcel.of("14x10x6 in", "8.2 lb")


def wanted(count: int) -> list[Wanted]:
    """Return so many parcels to a home."""
    decision = route_parcel(STREET, "usps", PARCEL)
    return [Wanted(decision, f"A-{number}") for number in range(count)]


class Dock:
    """A desk with both fakes behind it, and what the wave told."""

    def __init__(self, easypost: FakeEasyPost, shippo: FakeShippo, where: Path) -> None:
        self.easypost = easypost
        self.shippo = shippo
        self.told: list[str] = []
        self.ledger = Ledger(where / "ledger.db", station="dock-4", patience=0.2)
        self.desk = Desk(self.ledger, (), WAREHOUSE, draw=lambda _: b"%PDF-paper")
        self.made = 0

    def apis(self) -> list[LabelApi]:
        """Make one of each API."""
        self.made += 1
        return [
            EasyPost(easypost_client("EZTK-test", base=self.easypost.base, session=Session((1.0, 5.0)))),
            Shippo(shippo_client("shippo_test_1", base=self.shippo.base, session=Session((1.0, 5.0)))),
        ]

    def ship(self, parcels: list[Wanted], **options: Any) -> list[Any]:
        """Ship a wave."""
        return list(ship_all(parcels, self.desk, self.apis, tell=self.told.append, **options))

    @property
    def purchases(self) -> int:
        """How many labels both sold."""
        return self.easypost.purchases + self.shippo.purchases


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Dock]:
    """Return a desk whose APIs run on this machine."""
    with FakeEasyPost() as easypost, FakeShippo() as shippo:
        made = Dock(easypost, shippo, tmp_path)
        yield made
        made.ledger.close()


def test_what_comes_of_a_wave_has_its_order(dock: Dock) -> None:
    """Forty parcels on four threads are given in their own order, each bought once, again for nothing."""
    for _ in range(2):
        outcomes = dock.ship(wanted(40))
        assert [outcome.wanted.order_id for outcome in outcomes] == [f"A-{n}" for n in range(40)]
        assert all(outcome.shipped.label for outcome in outcomes)
    assert dock.purchases == 40
    assert 1 <= dock.made <= 8  # a client for each thread and no more


def test_parcels_are_begun_in_the_order_of_the_file(dock: Dock) -> None:
    """With one worker the API is asked in exactly the order of the parcels."""
    dock.ship(wanted(10), workers=1)
    asked = [
        one.json["shipment"]["reference"] for one in dock.easypost.requests if one.path == "/v2/shipments"
    ]
    assert asked == [f"A-{n}/1" for n in range(10)]


def test_an_api_that_is_down_is_said_to_be_down_once(dock: Dock) -> None:
    """After five failures the rest go on without it: few questions, one message, fallback labels."""
    for fake in (dock.easypost, dock.shippo):
        fake.fail("create", Fault.DOWN, times=10_000)
    start = time.monotonic()
    outcomes = dock.ship(wanted(60), patience=Patience(failures=5, rest=60))
    assert [outcome.shipped.label for outcome in outcomes] == [None] * 60
    assert {entry.state for entry in dock.ledger.entries()} == {State.FALLBACK}
    assert sorted(text.split(",")[0] for text in dock.told) == [
        "easypost does not answer",
        "shippo does not answer",
    ]
    assert len(dock.easypost.requests) <= 5 + 2 * 4
    assert time.monotonic() - start < 20


def test_an_api_that_is_back_is_used_again(dock: Dock) -> None:
    """After its rest one parcel tries it; when it answers, that is said, and it sells again."""
    dock.easypost.fail("create", Fault.DOWN, times=6)
    outcomes = dock.ship(wanted(40), workers=1, patience=Patience(failures=3, rest=0.05))
    assert outcomes[-1].shipped.label.api == "easypost"
    assert dock.told[0].startswith("easypost does not answer")
    assert dock.told[-1] == "easypost answers again"


def test_too_many_requests_is_waited_out_as_long_as_the_api_asks(dock: Dock) -> None:
    """A 429 with Retry-After holds all threads back for that long; then the same API sells everything."""
    dock.easypost.fail(
        "create", Reply({"error": {"code": "RATE_LIMITED"}}, 429, {"Retry-After": "1"}), times=3
    )
    start = time.monotonic()
    outcomes = dock.ship(wanted(6))
    assert {outcome.shipped.label.api for outcome in outcomes} == {"easypost"}
    assert dock.purchases == 6
    assert time.monotonic() - start >= 1.0
    assert dock.told == []


def test_an_api_that_asks_for_an_hour_is_not_waited_for(dock: Dock) -> None:
    """A pause longer than a minute is not waited for: the next API sells."""
    dock.easypost.fail("create", Reply({"error": {"code": "X"}}, 429, {"Retry-After": "3600"}))
    start = time.monotonic()
    (outcome,) = dock.ship(wanted(1))
    assert outcome.shipped.label.api == "shippo"
    assert time.monotonic() - start < 10


def test_a_doubt_is_settled_within_the_wave(dock: Dock) -> None:
    """Purchases whose answer is lost are looked up at once; every parcel has a label, bought once."""
    dock.easypost.fail("buy", Fault.LOST, times=5)
    outcomes = dock.ship(wanted(12))
    assert all(outcome.shipped and outcome.shipped.label for outcome in outcomes)
    assert dict(dock.easypost.bought_for) == {f"A-{n}/1": 1 for n in range(12)}


def test_a_doubt_that_stays_is_given_as_one(dock: Dock) -> None:
    """Where nobody can say what became of a purchase, the outcome is the doubt, and no paper is drawn."""
    dock.easypost.fail("buy", Fault.LOST)
    dock.easypost.fail("get", Fault.DOWN, times=1_000)
    (outcome,) = dock.ship(wanted(1), patience=Patience(doubts=1))
    assert outcome.shipped is None
    assert isinstance(outcome.error, LabelUncertain)
    assert dock.purchases == 1


def test_a_stopped_wave_finishes_what_is_under_way(dock: Dock) -> None:
    """When asked to stop, it begins no other parcel, gives all that it began, and goes on later."""
    stop = threading.Event()
    outcomes: list[Any] = []
    for outcome in ship_all(wanted(80), dock.desk, dock.apis, stop=stop):
        outcomes.append(outcome)
        if len(outcomes) == 5:
            stop.set()
    assert 5 <= len(outcomes) < 80
    assert dock.purchases == len(outcomes)
    assert {entry.state for entry in dock.ledger.entries()} == {State.BOUGHT}
    assert len(dock.ship(wanted(80))) == 80
    assert dock.purchases == 80


def test_a_reader_that_leaves_stops_the_wave(dock: Dock) -> None:
    """A caller that stops reading stops the buying."""
    wave = ship_all(wanted(80), dock.desk, dock.apis)
    next(wave)
    wave.close()  # type: ignore[attr-defined]  # it is a generator
    assert dock.purchases < 80
    assert all(entry.state is State.BOUGHT for entry in dock.ledger.entries())


def test_a_wrong_sender_stops_everything(dock: Dock) -> None:
    """What is wrong with every parcel is said once."""
    dock.desk = attrs.evolve(dock.desk, sender=attrs.evolve(WAREHOUSE, zip=""))
    with pytest.raises(InputError, match=r"sender\.zip"):
        dock.ship(wanted(50))
    assert dock.purchases == 0


def test_a_changed_order_is_a_conflict_of_its_own(dock: Dock) -> None:
    """An order that has a label for another address is told; the others are shipped."""
    dock.ship(wanted(2))
    moved = route_parcel(attrs.evolve(STREET, street1="9 Elm St"), "usps", PARCEL)
    first, second = dock.ship([Wanted(moved, "A-0"), wanted(2)[1]])
    assert isinstance(first.error, LedgerConflict)
    assert second.shipped.label is not None
    assert dock.purchases == 2


def test_a_ledger_that_fails_stops_the_wave(dock: Dock, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the ledger cannot be written, nothing more is bought."""

    def full(*_: object, **__: object) -> None:
        raise LedgerUnavailable("the ledger cannot be used: database or disk is full")

    monkeypatch.setattr(dock.ledger._book, "begin_buying", full)
    with pytest.raises(LedgerUnavailable):
        dock.ship(wanted(20))
    assert dock.purchases == 0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7", 7.0), (" 7 ", 7.0), ("-1", None), ("1.5", None), ("", None), ("٣", None), ("9" * 12, None)],
)
def test_retry_after_is_read_strictly(text: str, seconds: float | None) -> None:
    """Whole seconds are read; what is no number and no date says nothing."""
    assert seconds_of(text) == seconds
