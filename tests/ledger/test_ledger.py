"""The ledger: bought at most once, recorded before it happens, found again after any accident."""

from __future__ import annotations

import io
import json
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import attrs
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from lockership.errors import (
    InputError,
    LabelError,
    LabelRejected,
    LabelUnavailable,
    LabelUncertain,
    LedgerConflict,
)
from lockership.labels.apis import EasyPost, Shippo, easypost_client, shippo_client
from lockership.labels.wire import Session
from lockership.ledger import Ledger, State
from lockership.ledger.entry import NEXT
from lockership.ledger.schema import PARCELS
from lockership.parcel import Parcel
from lockership.testing.fakes import FakeEasyPost, FakeShippo, Fault
from lockership.testing.servers import Reply
from lockership.units import Money

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lockership.address import Address
    from lockership.handoff import Handoff
    from lockership.labels import Label, Quote
    from lockership.labels.apis import LabelApi

Fake = FakeEasyPost | FakeShippo


def book(where: Path, station: str = "dock-4", **options: Any) -> Ledger:
    """Return a ledger that never waits."""
    return Ledger(where / "ledger.db", station=station, pause=lambda _: None, **options)


@pytest.fixture
def buy(api: LabelApi, parcel_to: Handoff, sender: Address) -> Callable[..., Label]:
    """Return a buyer of the one parcel's label."""

    def buying(ledger: Ledger, **options: Any) -> Label:
        wanted: dict[str, Any] = {"api": api, "handoff": parcel_to, "sender": sender, "order_id": "A-1001"}
        wanted |= options
        return ledger.buy(**wanted)

    return buying


def state_of(ledger: Ledger, order_id: str = "A-1001") -> State | None:
    """Return where the parcel stands."""
    entry = ledger.entry(order_id)
    return None if entry is None else entry.state


def test_a_label_is_bought_once_and_given_again(
    fake: Fake, buy: Callable[..., Label], tmp_path: Path
) -> None:
    """Asked again, by another station too, the ledger gives the same label and file and pays nothing."""
    with book(tmp_path) as ledger:
        first = buy(ledger)
        again = buy(ledger)
    with book(tmp_path, "dock-5") as other:
        elsewhere = buy(other)
        reprint = other.label("A-1001")
    assert fake.purchases == 1
    assert fake.bought_for == {"A-1001/1": 1}
    assert first == again == elsewhere == reprint
    assert first.file is not None
    assert first.price == Money.of("6.07")


def test_the_intent_is_on_disk_before_the_network_is_asked(
    api: LabelApi, buy: Callable[..., Label], tmp_path: Path
) -> None:
    """At the moment of the purchase another process reads all that is needed to look it up."""
    seen: list[Any] = []

    class Watching:
        name = api.name
        price = api.price
        look_up = api.look_up

        def buy(self, quote: Quote, asked: Any = None) -> Label:
            with book(tmp_path, "watcher") as other:
                entry = other.entry("A-1001")
                assert entry is not None
                seen.append(
                    (entry.state, entry.station, attrs.evolve(entry.quote(), rate=quote.rate) == quote)
                )
            return api.buy(quote, asked)

    with book(tmp_path) as ledger:
        buy(ledger, api=Watching())
    assert seen == [(State.BUYING, "dock-4", True)]


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.CUT, Fault.BROKEN, Fault.REFUSED, Fault.DOWN])
def test_a_purchase_in_doubt_is_looked_up_before_anything_else(
    fault: Fault, fake: Fake, buy: Callable[..., Label], tmp_path: Path
) -> None:
    """After a lost answer the parcel is uncertain; asked again, it is looked up and the till shows one."""
    fake.fail("buy", fault)
    with book(tmp_path) as ledger:
        with pytest.raises(LabelUncertain):
            buy(ledger)
        assert state_of(ledger) is State.UNCERTAIN
        with pytest.raises(LedgerConflict, match="fallback"):
            ledger.fallback("A-1001")
        label = buy(ledger)
        assert state_of(ledger) is State.BOUGHT
    assert fake.purchases == 1
    assert label.file is not None


def test_after_a_doubt_the_same_quote_is_bought(
    fake: Fake, buy: Callable[..., Label], tmp_path: Path
) -> None:
    """What was not bought after all is bought by the same quote: no second shipment is made."""
    fake.fail("buy", Fault.REFUSED)
    with book(tmp_path) as ledger:
        with pytest.raises(LabelUncertain):
            buy(ledger)
        buy(ledger)
    made = [asked for asked in fake.requests if asked.path.endswith("/shipments")]
    assert len(made) == 1


def test_a_doubt_that_stays_blocks_the_parcel(fake: Fake, buy: Callable[..., Label], tmp_path: Path) -> None:
    """While the API cannot say what became of it, asking again raises, and buys nothing."""
    fake.fail("buy", Fault.LOST)
    for step in ("get", "list"):
        fake.fail(step, Fault.DOWN, times=999)
    with book(tmp_path) as ledger:
        for _ in range(3):
            with pytest.raises(LabelUncertain):
                buy(ledger)
        assert ledger.recover({"easypost": _down(), "shippo": _down()}) == []
    assert fake.purchases == 1


def _down() -> Any:
    class Down:
        name = "easypost"

        def look_up(self, quote: Quote) -> None:
            raise LabelUncertain("down", api=quote.api)

    return Down()


@pytest.mark.parametrize(
    ("step", "fault", "error"),
    [
        ("create", Fault.DOWN, LabelUnavailable),
        ("create", Fault.LOST, LabelUnavailable),
        ("create", Reply({"error": {"code": "ADDRESS.INVALID", "message": "no"}}, 422), LabelRejected),
        ("buy", Fault.BUSY, LabelUnavailable),
        ("buy", Reply({"error": {"code": "SHIPMENT.POSTAGE.FAILURE", "message": "no"}}, 422), LabelRejected),
    ],
    ids=str,
)
def test_what_bought_nothing_may_be_asked_again_or_fall_back(
    step: str,
    fault: Fault | Reply,
    error: type[LabelError],
    fake: Fake,
    buy: Callable[..., Label],
    tmp_path: Path,
) -> None:
    """A refusal or an absent API leaves the parcel free at once, with the reason; both ways on are open."""
    with book(tmp_path) as ledger:
        fake.fail(step, fault, times=2)
        for _ in range(2):
            with pytest.raises(error):
                buy(ledger)
        entry = ledger.entry("A-1001")
        assert entry is not None
        assert (entry.state, entry.leased_until) == (State.ASKED, "")
        assert entry.reason
        assert ledger.fallback("A-1001", reason="EasyPost is down").state is State.FALLBACK
        assert ledger.fallback("A-1001").reason == "EasyPost is down"
        label = buy(ledger)
    assert label.reference == "A-1001/1/2"
    assert fake.purchases == 1


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError])
def test_a_station_that_stops_while_pricing_leaves_the_parcel_free(
    stop: type[BaseException], api: LabelApi, buy: Callable[..., Label], tmp_path: Path
) -> None:
    """Nothing is bought by pricing, so a stop there blocks nobody."""
    with book(tmp_path) as ledger:
        with pytest.raises(stop):
            buy(ledger, choose=_raising(stop))
        assert state_of(ledger) is State.ASKED
        assert buy(ledger).price == Money.of("6.07")


def _raising(error: type[BaseException]) -> Any:
    def choose(_: object) -> None:
        raise error

    return choose


class Stopping:
    """An API whose station stops just before, or just after, the purchase reaches it."""

    def __init__(self, api: LabelApi, *, after: bool) -> None:
        self.name = api.name
        self.inexpressible = api.inexpressible
        self.price = api.price
        self.look_up = api.look_up
        self.refund = api.refund
        self.refund_of = api.refund_of
        self._api = api
        self._after = after

    def buy(self, quote: Quote, asked: Any = None) -> Label:
        """Stop."""
        if self._after:
            self._api.buy(quote, asked)
        raise KeyboardInterrupt


@pytest.mark.parametrize("after", [True, False])
def test_a_station_that_stops_while_buying_is_found_out(
    fake: Fake, api: LabelApi, buy: Callable[..., Label], tmp_path: Path, clock: Any, *, after: bool
) -> None:
    """Others leave the parcel alone until the lease is out; then it is looked up, whoever asks first."""
    with book(tmp_path, clock=clock) as ledger, pytest.raises(KeyboardInterrupt):
        buy(ledger, api=Stopping(api, after=after))
    with book(tmp_path, "dock-5", clock=clock) as other:
        assert state_of(other) is State.BUYING
        with pytest.raises(LedgerConflict) as caught:
            buy(other)
        assert caught.value.retryable
        assert other.recover({api.name: api}) == []
        clock.pass_(11)
        (found,) = other.recover({api.name: api})
        assert found.state is (State.BOUGHT if after else State.PRICED)
        buy(other)
    assert fake.purchases == 1


def test_a_station_that_is_known_to_have_stopped_need_not_be_waited_for(
    fake: Fake, api: LabelApi, buy: Callable[..., Label], tmp_path: Path, clock: Any
) -> None:
    """Named as stopped, a station's purchases are looked up at once; other APIs' are left alone."""
    with book(tmp_path, clock=clock) as ledger, pytest.raises(KeyboardInterrupt):
        buy(ledger, api=Stopping(api, after=True))
    with book(tmp_path, "dock-5", clock=clock) as other:
        assert other.recover({"another": api}, stopped=["dock-4"]) == []
        (found,) = other.recover({api.name: api}, stopped=["dock-4"])
        assert (found.state, found.tracking_number != "") == (State.BOUGHT, True)
    assert fake.purchases == 1


def test_a_slow_station_and_its_rescuer_agree(
    fake: Fake, api: LabelApi, buy: Callable[..., Label], tmp_path: Path, clock: Any
) -> None:
    """When a lease runs out under a slow purchase, its own label and the rescuer's are the same."""

    class Slow(Stopping):
        def buy(self, quote: Quote, asked: Any = None) -> Label:
            label = api.buy(quote, asked)
            clock.pass_(11)
            with book(tmp_path, "dock-5", clock=clock) as other:
                assert [entry.state for entry in other.recover({api.name: api})] == [State.BOUGHT]
                other.printed("A-1001")
            return label

    with book(tmp_path, clock=clock) as ledger:
        label = buy(ledger, api=Slow(api, after=True))
        assert state_of(ledger) is State.PRINTED
        assert label == ledger.label("A-1001")
    assert fake.purchases == 1


def test_a_purchase_that_outlives_every_doubt_is_told(
    fake: Fake, api: LabelApi, buy: Callable[..., Label], tmp_path: Path, clock: Any
) -> None:
    """If a rescuer took a purchase for not made and it then is made, the history keeps it and it is told."""

    class Ghost(Stopping):
        def buy(self, quote: Quote, asked: Any = None) -> Label:
            clock.pass_(11)
            with book(tmp_path, "dock-5", clock=clock) as other:
                assert [entry.state for entry in other.recover({api.name: api})] == [State.PRICED]
            return api.buy(quote, asked)

    with book(tmp_path, clock=clock) as ledger:
        with pytest.raises(LabelUncertain) as caught:
            buy(ledger, api=Ghost(api, after=True))
        assert caught.value.bought
        text = io.StringIO()
        ledger.export(text)
        assert '"tracking_number"' in text.getvalue()


def test_many_stations_at_once_buy_one_label(
    fake: Fake, api: LabelApi, parcel_to: Handoff, sender: Address, tmp_path: Path
) -> None:
    """Eight stations that want the same parcel's label at the same moment pay for it once."""
    gate = threading.Barrier(8)

    def station(number: int) -> str | bool:
        with book(tmp_path, f"dock-{number}") as ledger:
            own = _api_like(fake)
            gate.wait(10)
            try:
                return ledger.buy(own, parcel_to, sender, order_id="A-1001").tracking_number
            except LedgerConflict as error:
                return error.retryable

    with ThreadPoolExecutor(8) as stations:
        outcomes = list(stations.map(station, range(8)))
    assert fake.purchases == 1
    assert len({outcome for outcome in outcomes if isinstance(outcome, str)}) == 1
    assert all(outcome is True for outcome in outcomes if not isinstance(outcome, str))


def _api_like(fake: Fake) -> LabelApi:
    session = Session((3.0, 10.0))
    if isinstance(fake, FakeEasyPost):
        return EasyPost(easypost_client("EZTK-test", base=fake.base, session=session))
    return Shippo(shippo_client("shippo_test_1", base=fake.base, session=session), pause=lambda _: None)


def test_parcels_of_one_order_are_told_apart(fake: Fake, buy: Callable[..., Label], tmp_path: Path) -> None:
    """Each parcel of an order has a row, a reference and a label of its own."""
    with book(tmp_path) as ledger:
        labels = [buy(ledger, parcel=number) for number in (1, 2, 3)]
        assert [entry.parcel for entry in ledger.entries(State.BOUGHT)] == [1, 2, 3]
    assert len({label.tracking_number for label in labels}) == 3
    assert fake.bought_for == {"A-1001/1": 1, "A-1001/2": 1, "A-1001/3": 1}


def test_the_database_itself_allows_one_row_for_a_parcel(buy: Callable[..., Label], tmp_path: Path) -> None:
    """A second row for the same parcel is refused by the database, not only by the program."""
    with book(tmp_path) as ledger:
        buy(ledger)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    with engine.begin() as connection:
        row = dict(connection.execute(sa.select(PARCELS)).mappings().one())
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(PARCELS.insert().values(**row))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(PARCELS.insert().values(**row | {"parcel": 2, "state": "lost"}))
    engine.dispose()


def test_a_changed_address_never_gets_the_old_label(
    fake: Fake, buy: Callable[..., Label], parcel_to: Handoff, tmp_path: Path
) -> None:
    """Once bought, a label for another address or parcel is refused until the old one is given back."""
    moved = attrs.evolve(parcel_to, address=attrs.evolve(parcel_to.address, street1="9 Elm St"))
    heavier = attrs.evolve(parcel_to, parcel=Parcel.of("14x10x6 in", "9 lb"))
    with book(tmp_path) as ledger:
        buy(ledger)
        for other in (moved, heavier, attrs.evolve(parcel_to, service="Priority")):
            with pytest.raises(LedgerConflict, match="void or supersede"):
                buy(ledger, handoff=other)
        ledger.voided("A-1001", reason="the buyer moved")
        assert buy(ledger, handoff=moved).reference == "A-1001/1/2"
    assert fake.bought_for == {"A-1001/1": 1, "A-1001/1/2": 1}


def test_a_quote_of_before_is_not_used_for_another_address_or_above_a_limit(
    fake: Fake, buy: Callable[..., Label], parcel_to: Handoff, tmp_path: Path
) -> None:
    """After a doubt that came to nothing, a changed address or a lower limit is priced anew."""
    moved = attrs.evolve(parcel_to, address=attrs.evolve(parcel_to.address, street1="9 Elm St"))
    for order, changes, error in (
        ("A-1", {"handoff": moved}, None),
        ("A-2", {"at_most": Money.of("1.00")}, LabelRejected),
    ):
        fake.fail("buy", Fault.REFUSED)
        with book(tmp_path) as ledger:
            with pytest.raises(LabelUncertain):
                buy(ledger, order_id=order)
            before = len([asked for asked in fake.requests if asked.path.endswith("/shipments")])
            if error is None:
                buy(ledger, order_id=order, **changes)
            else:
                with pytest.raises(error):
                    buy(ledger, order_id=order, **changes)
            after = len([asked for asked in fake.requests if asked.path.endswith("/shipments")])
            assert after == before + 1


def test_a_quote_of_before_that_has_expired_is_priced_anew(
    fake: Fake, buy: Callable[..., Label], tmp_path: Path
) -> None:
    """A quote that stood since a doubt and is refused now is asked for once more, and bought."""
    fake.fail("buy", Fault.REFUSED)
    with book(tmp_path) as ledger:
        with pytest.raises(LabelUncertain):
            buy(ledger)
        fake.fail("buy", Reply({"error": {"code": "SHIPMENT.RATES.UNAVAILABLE", "message": "expired"}}, 422))
        assert buy(ledger).file is not None
        fake.fail("buy", Reply({"error": {"code": "SHIPMENT.POSTAGE.FAILURE", "message": "no"}}, 422))
        with pytest.raises(LabelRejected):
            buy(ledger, order_id="A-1002")
    assert fake.bought_for == {"A-1001/1": 1}


def test_another_api_is_not_asked_while_one_is_in_doubt(
    fake: Fake, buy: Callable[..., Label], parcel_to: Handoff, sender: Address, tmp_path: Path
) -> None:
    """A doubt at one API is not solved by buying at another."""
    fake.fail("buy", Fault.LOST)

    class Other:
        name = "another"

    other: Any = Other()
    with book(tmp_path) as ledger:
        with pytest.raises(LabelUncertain):
            buy(ledger)
        with pytest.raises(LabelUncertain, match="look it up before"):
            ledger.buy(other, parcel_to, sender, order_id="A-1001")
        assert buy(ledger).tracking_number
    assert fake.purchases == 1


def test_a_missing_file_is_fetched_later(
    fake: Fake, api: LabelApi, buy: Callable[..., Label], tmp_path: Path
) -> None:
    """A label without its file is kept, told, and completed by recover(); nothing is paid for that."""
    fake.fail("file", Fault.DOWN, times=2)
    with book(tmp_path) as ledger:
        assert buy(ledger).warnings == ("file_not_fetched",)
        assert buy(ledger).file is None
        ledger.printed("A-1001")
        assert ledger.recover({}) == []
        (found,) = ledger.recover({})
        assert (found.state, found.sha256 != "") == (State.PRINTED, True)
        label = buy(ledger)
        assert label.file is not None
        assert label.warnings == ()
    assert fake.purchases == 1


def test_what_a_worker_does_is_written_down(buy: Callable[..., Label], tmp_path: Path) -> None:
    """Printed, printed again, given back, superseded: each step leads only where it may."""
    with book(tmp_path) as ledger:
        for step in (ledger.printed, ledger.voided, ledger.superseded):
            with pytest.raises(LedgerConflict, match="does not know"):
                step("A-1001")
        ledger.fallback("A-1001", reason="no network")
        with pytest.raises(LedgerConflict, match="no way leads to printed"):
            ledger.printed("A-1001")
        buy(ledger)
        with pytest.raises(LedgerConflict, match="beside one that is"):
            ledger.fallback("A-1001")
        assert ledger.printed("A-1001").state is State.PRINTED
        assert ledger.printed("A-1001").state is State.PRINTED
        assert ledger.superseded("A-1001", reason="torn").state is State.SUPERSEDED
        assert ledger.label("A-1001") is None
        text = io.StringIO()
        lines = ledger.export(text)
    events = [json.loads(line) for line in text.getvalue().splitlines()]
    assert len(events) == lines
    states = [event["state"] for event in events]
    begun = "asked fallback superseded asked priced buying buying bought bought printed printed superseded"
    assert [state for place, state in enumerate(states) if states[place - 1 : place] != [state]] == [
        word for place, word in enumerate(begun.split()) if begun.split()[place - 1 : place] != [word]
    ]
    assert {event["station"] for event in events} == {"dock-4"}
    assert not any(secret in text.getvalue() for secret in ("Zhang", "Montgomery", "EZTK", "http"))


@pytest.mark.parametrize(
    ("order_id", "parcel"), [("", 1), (" ", 1), (7, 1), ("x" * 81, 1), ("A", 0), ("A", True), ("A", "1")]
)
def test_a_parcels_name_is_checked(
    order_id: Any, parcel: Any, buy: Callable[..., Label], tmp_path: Path
) -> None:
    """An order id is text that fits the API's reference, and parcels are numbered from 1."""
    with book(tmp_path) as ledger:
        with pytest.raises(InputError):
            buy(ledger, order_id=order_id, parcel=parcel)
        assert ledger.entries() == []


def test_conflicts_travel(tmp_path: Path) -> None:
    """A conflict survives pickling with all that it knows."""
    with book(tmp_path) as ledger, pytest.raises(LedgerConflict) as caught:
        ledger.printed("A-1001", 2)
    again = pickle.loads(pickle.dumps(caught.value))
    assert vars(again) == vars(caught.value)
    assert (again.order_id, again.parcel, again.state, again.retryable) == ("A-1001", 2, "", False)


def test_no_way_leads_from_doubt_to_a_fallback() -> None:
    """The table of states itself has no step from a purchase in doubt to a fallback label or a void."""
    for state in (State.BUYING, State.UNCERTAIN):
        assert NEXT[state].isdisjoint({State.FALLBACK, State.VOIDED, State.SUPERSEDED, State.PRINTED})
    assert set(NEXT) == set(State)


FAULTS = [Fault.LOST, Fault.CUT, Fault.BROKEN, Fault.REFUSED, Fault.DOWN, Fault.BUSY]
SPOILT = st.tuples(
    st.just("fail"), st.sampled_from(["create", "buy", "get", "list", "file"]), st.sampled_from(FAULTS)
)
DONE = st.tuples(st.sampled_from(["buy", "recover", "fallback", "stop", "wait", "printed"]))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(SPOILT | DONE, min_size=3, max_size=14), shippo=st.booleans())
def test_no_order_of_accidents_buys_twice_or_loses_a_label(
    steps: list[tuple[Any, ...]],
    shippo: bool,  # noqa: FBT001 - a value of Hypothesis
    parcel_to: Handoff,
    sender: Address,
    tmp_path_factory: pytest.TempPathFactory,
    new_clock: Callable[[], Any],
) -> None:
    """Accidents in any order never buy a label twice and never lose one that is bought."""
    clock = new_clock()
    where = tmp_path_factory.mktemp("ledger")
    with FakeShippo() if shippo else FakeEasyPost() as fake, book(where, clock=clock) as ledger:
        api = _api_like(fake)
        todo: dict[str, Callable[..., object]] = {
            "fail": fake.fail,
            "wait": lambda: clock.pass_(11),
            "recover": lambda: ledger.recover({api.name: api}),
            "fallback": lambda: ledger.fallback("A-1001"),
            "printed": lambda: ledger.printed("A-1001"),
            "buy": lambda: ledger.buy(api, parcel_to, sender, order_id="A-1001"),
            "stop": lambda: ledger.buy(Stopping(api, after=True), parcel_to, sender, order_id="A-1001"),
        }
        for step, *more in steps:
            with suppress(LabelError, LedgerConflict, KeyboardInterrupt):
                todo[step](*more)
        for waiting in fake._faults.values():
            waiting.clear()
        clock.pass_(11)
        ledger.recover({api.name: api})
        entry = ledger.entry("A-1001")
        assert all(count == 1 for count in fake.bought_for.values())
        assert fake.purchases <= 1
        if fake.purchases:
            assert entry is not None
            assert entry.state in (State.BOUGHT, State.PRINTED)
            assert entry.tracking_number
        elif entry is not None:
            assert entry.state in (State.ASKED, State.PRICED, State.FALLBACK)
