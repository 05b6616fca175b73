"""What the ledger's tests share: a clock that is set by hand, a running fake, a hand-off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from lockership.address import Address
from lockership.handoff import Buyer, Handoff
from lockership.labels.apis import EasyPost, LabelApi, Shippo, easypost_client, shippo_client
from lockership.labels.wire import Session
from lockership.parcel import Parcel
from lockership.rules import Asked
from lockership.testing.fakes import FakeEasyPost, FakeShippo

if TYPE_CHECKING:
    from collections.abc import Iterator


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def pass_(self, minutes: float) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still until it is moved."""
    return Clock()


@pytest.fixture
def new_clock() -> type[Clock]:
    """Return a maker of such clocks."""
    return Clock


@pytest.fixture(params=[FakeEasyPost, FakeShippo])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeEasyPost | FakeShippo]:
    """Return each fake in turn, running."""
    with request.param() as running:
        running.late_by = 1.0
        yield running


def api_for(fake: FakeEasyPost | FakeShippo, timeout: float = 3.0) -> LabelApi:
    """Return the API object that talks to a fake, and never pauses."""
    session = Session((1.0, timeout))
    if isinstance(fake, FakeEasyPost):
        return EasyPost(easypost_client("EZTK-test", base=fake.base, session=session))
    return Shippo(shippo_client("shippo_test_1", base=fake.base, session=session), pause=lambda _: None)


@pytest.fixture
def api(fake: FakeEasyPost | FakeShippo) -> LabelApi:
    """Return the API object of the running fake."""
    return api_for(fake)


@pytest.fixture
def parcel_to() -> Handoff:
    """Return a home delivery by USPS."""
    return Handoff(
        Asked.HOME,
        "usps",
        None,
        "street",
        Address(name="Zhang Wei", street1="417 Montgomery St", city="Los Angeles", state="CA", zip="90026"),
        Buyer("Zhang Wei", "3235550142", "zhang.wei@example.com"),
        Parcel.of("14x10x6 in", "8.2 lb"),
    )


@pytest.fixture
def sender() -> Address:
    """Return a warehouse."""
    return Address(
        name="Dock 4",
        street1="1990 E Grand Ave",
        city="El Segundo",
        state="CA",
        zip="90245",
        phone="3105550100",
        email="dock4@example.com",
    )
