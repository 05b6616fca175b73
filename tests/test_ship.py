"""Shipping: a carrier's label from the first API that can, else a fallback label, never both or neither."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from lockership import Address, Decision, Location, Parcel, route_parcel
from lockership.errors import (
    Inexpressible,
    InputError,
    LabelRejected,
    LabelUnavailable,
    LabelUncertain,
    LedgerConflict,
    Problem,
)
from lockership.labels.apis import EasyPost, Shippo, easypost_client, shippo_client
from lockership.labels.easypost import UnverifiedHold
from lockership.ledger import Ledger, State
from lockership.ship import Desk, ship
from lockership.testing.fakes import FakeEasyPost, FakeShippo, Fault
from lockership.testing.servers import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
POINT = Address(
    name="Zhang Wei",
    company="UPS Access Point - CVS 8421",
    street1="1250 W Sunset Blvd",
    city="Los Angeles",
    state="CA",
    zip="90026",
)
PARCEL = Parcel.of("14x10x6 in", "8.2 lb")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Warehouse:
    """A desk with both APIs, their fakes, and the papers that were drawn."""

    def __init__(self, easypost: FakeEasyPost, shippo: FakeShippo, where: Path) -> None:
        self.easypost = easypost
        self.shippo = shippo
        self.drawn: list[Any] = []
        self.pauses: list[float] = []
        self.desk = Desk(
            Ledger(where / "ledger.db", station="dock-4", pause=lambda _: None),
            (
                EasyPost(easypost_client("EZTK-test", base=easypost.base)),
                Shippo(shippo_client("shippo_test_1", base=shippo.base), pause=lambda _: None),
            ),
            WAREHOUSE,
            draw=self._draw,
            clock=lambda: NOON,
            pause=self.pauses.append,
        )

    def _draw(self, papers: Any) -> bytes:
        self.drawn += papers
        return b"%PDF-paper"

    @property
    def purchases(self) -> int:
        """How many labels both fakes sold."""
        return self.easypost.purchases + self.shippo.purchases

    def state(self, order_id: str = "A-1001") -> State | None:
        """Return where a parcel stands."""
        entry = self.desk.ledger.entry(order_id)
        return None if entry is None else entry.state


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """Return a desk whose APIs run on this machine."""
    with FakeEasyPost() as easypost, FakeShippo() as shippo:
        made = Warehouse(easypost, shippo, tmp_path)
        yield made
        made.desk.ledger.close()


def home() -> Decision:
    """Return a decision for a home delivery by USPS."""
    return route_parcel(STREET, "usps", PARCEL)


def test_the_first_api_that_can_sells_the_label(warehouse: Warehouse) -> None:
    """A home delivery gets a label of the first API, once however often it is asked, and no paper."""
    first = ship(home(), "A-1001", warehouse.desk)
    again = ship(home(), "A-1001", warehouse.desk)
    assert first == again
    assert first.label is not None
    assert first.label.api == "easypost"
    assert (first.paper, first.failures, warehouse.drawn) == (None, (), [])
    assert warehouse.purchases == 1


def test_the_next_api_is_asked_when_the_first_is_down(warehouse: Warehouse) -> None:
    """An API that does not answer is asked again, with a pause, then the next one sells the label."""
    warehouse.easypost.fail("create", Fault.DOWN, times=2)
    shipped = ship(home(), "A-1001", warehouse.desk)
    assert shipped.label is not None
    assert shipped.label.api == "shippo"
    assert [(name, type(error)) for name, error in shipped.failures] == [("easypost", LabelUnavailable)] * 2
    assert warehouse.pauses == [2.0]
    assert (warehouse.easypost.purchases, warehouse.shippo.purchases) == (0, 1)


def test_a_passing_weakness_is_waited_out(warehouse: Warehouse) -> None:
    """One failure alone changes nothing but the time it takes."""
    warehouse.easypost.fail("create", Fault.DOWN)
    shipped = ship(home(), "A-1001", warehouse.desk)
    assert shipped.label is not None
    assert shipped.label.api == "easypost"
    assert len(shipped.failures) == 1


def test_a_pick_up_without_words_gets_a_fallback_label_that_says_why(warehouse: Warehouse) -> None:
    """No API can ask for a UPS Access Point: a fallback label is drawn, nothing is bought or sent."""
    decision = route_parcel(POINT, "ups", PARCEL, location=Location.of("U88498244"))
    shipped = ship(decision, "A-1001", warehouse.desk)
    assert shipped.label is None
    assert shipped.paper == b"%PDF-paper"
    assert [(name, type(error)) for name, error in shipped.failures] == [
        ("easypost", Inexpressible),
        ("shippo", Inexpressible),
    ]
    (paper,) = warehouse.drawn
    assert (paper.no_carrier_label.api, paper.no_carrier_label.at) == ("easypost", NOON)
    assert paper.no_carrier_label.error.startswith("no field names a UPS Access Point;")
    assert "shippo: no field names a UPS Access Point;" in paper.no_carrier_label.error
    assert warehouse.state() is State.FALLBACK
    assert warehouse.easypost.requests == warehouse.shippo.requests == []


def test_a_fallback_label_really_is_drawn(warehouse: Warehouse) -> None:
    """The library's own drawing makes a PDF of it."""
    from lockership.labels import fallback

    decision = route_parcel(POINT, "ups", PARCEL, location=Location.of("U88498244"))
    shipped = ship(decision, "A-1001", attrs.evolve(warehouse.desk, draw=fallback.draw))
    assert shipped.paper is not None
    assert shipped.paper.startswith(b"%PDF-")


def test_a_label_that_comes_after_all_brings_a_page_to_cover_the_paper(warehouse: Warehouse) -> None:
    """When the APIs are back, the label is bought and the fallback label must be stuck over."""
    from lockership.labels import fallback

    for fake in (warehouse.easypost, warehouse.shippo):
        fake.fail("create", Fault.DOWN, times=2)
    assert ship(home(), "A-1001", warehouse.desk).label is None
    shipped = ship(home(), "A-1001", warehouse.desk)
    assert shipped.label is not None
    assert shipped.paper == b"%PDF-paper"
    assert isinstance(warehouse.drawn[-1], fallback.Cover)
    assert warehouse.state() is State.BOUGHT
    assert warehouse.purchases == 1


def test_a_label_that_is_bought_is_given_whatever_could_be_asked_today(warehouse: Warehouse) -> None:
    """A hold that was bought when it was allowed is printed again although no API has words for it now."""
    decision = route_parcel(
        attrs.evolve(POINT, company="FedEx Office", phone="3235550142", email="zhang@example.com"),
        "fedex",
        PARCEL,
        location=Location.of("YBZA"),
    )
    client = easypost_client("EZTK-test", base=warehouse.easypost.base)
    holding = attrs.evolve(warehouse.desk, apis=(EasyPost(client, hold=UnverifiedHold()),))
    first = ship(decision, "A-1001", holding)
    assert first.label is not None
    for desk in (warehouse.desk, attrs.evolve(warehouse.desk, apis=warehouse.desk.apis[1:])):
        again = ship(decision, "A-1001", desk)
        assert (again.label, again.failures) == (first.label, ())
    assert ship(decision, "A-1002", warehouse.desk).label is None
    assert warehouse.purchases == 1


def test_a_doubt_is_looked_up_where_it_is_whatever_could_be_asked_today(warehouse: Warehouse) -> None:
    """A hold in doubt is found at the API that was asked, although that has no words for it now."""
    decision = route_parcel(
        attrs.evolve(POINT, company="FedEx Office", phone="3235550142", email="zhang@example.com"),
        "fedex",
        PARCEL,
        location=Location.of("YBZA"),
    )
    client = easypost_client("EZTK-test", base=warehouse.easypost.base)
    warehouse.easypost.fail("buy", Fault.LOST)
    with pytest.raises(LabelUncertain):
        ship(
            decision, "A-1001", attrs.evolve(warehouse.desk, apis=(EasyPost(client, hold=UnverifiedHold()),))
        )
    shipped = ship(decision, "A-1001", warehouse.desk)
    assert shipped.label is not None
    assert warehouse.purchases == 1


def test_an_api_without_words_leaves_no_trace_in_the_ledger(warehouse: Warehouse) -> None:
    """Who has no words is known before anybody is asked, so nothing is written down for it."""
    import io

    decision = route_parcel(POINT, "ups", PARCEL, location=Location.of("U88498244"))
    ship(decision, "A-1001", warehouse.desk)
    history = io.StringIO()
    assert warehouse.desk.ledger.export(history) == 2  # asked for, and on fallback: once, not for each API


def test_every_reason_is_told_those_that_were_asked_first(warehouse: Warehouse) -> None:
    """Paper and ledger say for each API why it gave no label, each by its last word, nobody twice."""
    for fake in (warehouse.easypost, warehouse.shippo):
        fake.fail("create", Fault.DOWN, times=2)
    ship(home(), "A-1001", warehouse.desk)
    entry = warehouse.desk.ledger.entry("A-1001")
    assert entry is not None
    told = "DOWN, HTTP 503: Try again later."
    assert entry.reason == f"easypost: {told}; shippo: {told}"
    (paper,) = warehouse.drawn
    why = paper.no_carrier_label
    assert (f"{why.api}: {why.error}", why.tries) == (entry.reason, 4)


def test_a_long_reason_never_costs_the_paper(warehouse: Warehouse) -> None:
    """What an API tells at length is shortened on paper, and left out where the address needs the room."""
    novel = "the account of the shipper is not enabled for it, " * 30
    refused = Reply({"error": {"code": "X", "message": novel}, "detail": novel}, 422)
    for order_id, room in (("A-1001", 300), ("A-1002", 0)):

        def draw(papers: Any, room: int = room) -> bytes:
            (paper,) = papers
            if paper.no_carrier_label is not None and len(paper.no_carrier_label.error) > room:
                raise InputError([Problem("out_of_range", "the address needs more room", "ship_to")])
            return warehouse._draw(papers)

        for fake in (warehouse.easypost, warehouse.shippo):
            fake.fail("create", refused)
        assert ship(home(), order_id, attrs.evolve(warehouse.desk, draw=draw)).paper == b"%PDF-paper"
        entry = warehouse.desk.ledger.entry(order_id)
        assert entry is not None
        assert len(entry.reason) > 300
    first, second = warehouse.drawn
    assert first.no_carrier_label.error.endswith(" …")
    assert second.no_carrier_label is None


def test_under_review_nothing_is_asked(warehouse: Warehouse) -> None:
    """A parcel that a person must look at gets a paper, no API hears of it, the ledger keeps nothing."""
    decision = route_parcel(POINT, "fedex", PARCEL)
    shipped = ship(decision, "A-1001", warehouse.desk)
    assert decision.route.value == "review"
    assert shipped.label is None
    assert shipped.paper is not None
    assert warehouse.state() is None
    assert warehouse.easypost.requests == []


def test_in_doubt_there_is_neither_a_second_label_nor_a_paper(warehouse: Warehouse) -> None:
    """When a purchase ends without an answer, nothing takes its place; later it is found."""
    warehouse.easypost.fail("buy", Fault.LOST)
    with pytest.raises(LabelUncertain):
        ship(home(), "A-1001", warehouse.desk)
    assert warehouse.drawn == []
    assert warehouse.shippo.requests == []
    turned = attrs.evolve(warehouse.desk, apis=warehouse.desk.apis[::-1])
    shipped = ship(home(), "A-1001", turned)  # although Shippo comes first now
    assert shipped.label is not None
    assert shipped.label.api == "easypost"
    assert warehouse.purchases == 1


def test_no_api_at_all(warehouse: Warehouse) -> None:
    """A desk without a label API draws fallback labels."""
    shipped = ship(home(), "A-1001", attrs.evolve(warehouse.desk, apis=()))
    assert (shipped.label, shipped.failures) == (None, ())
    assert warehouse.state() is State.FALLBACK


def test_what_is_wrong_with_the_order_falls_back_and_what_is_wrong_with_the_desk_is_told(
    warehouse: Warehouse,
) -> None:
    """A buyer's street that no label has room for gives a paper; a sender without ZIP code is an error."""
    endless = attrs.evolve(STREET, street2="of the house behind the garden " * 4)
    shipped = ship(route_parcel(endless, "usps", PARCEL), "A-1001", warehouse.desk)
    assert shipped.label is None
    assert {type(error) for _, error in shipped.failures} == {InputError}
    poor = attrs.evolve(warehouse.desk, sender=attrs.evolve(WAREHOUSE, zip=""))
    with pytest.raises(InputError, match=r"sender\.zip"):
        ship(home(), "A-1002", poor)
    assert warehouse.state("A-1002") is State.ASKED


def test_a_refusal_is_not_asked_twice(warehouse: Warehouse) -> None:
    """No rate within the limit is a refusal: each API is asked once, then a paper is drawn."""
    from lockership import Money

    shipped = ship(home(), "A-1001", attrs.evolve(warehouse.desk, at_most=Money.of("1.00")))
    assert [type(error) for _, error in shipped.failures] == [LabelRejected, LabelRejected]
    assert (len(warehouse.easypost.requests), len(warehouse.shippo.requests)) == (1, 1)


def test_a_paper_that_cannot_be_drawn_is_not_written_down(warehouse: Warehouse) -> None:
    """If drawing fails, the ledger does not say that there is a fallback label."""

    def broken(_: object) -> bytes:
        raise InputError([Problem("out_of_range", "no glyph for a letter", "name")])

    with pytest.raises(InputError):
        ship(home(), "A-1001", attrs.evolve(warehouse.desk, apis=(), draw=broken))
    assert warehouse.state() is None


def test_another_address_meets_the_label_that_is_bought(warehouse: Warehouse) -> None:
    """An order whose address changed after its label was bought is a conflict, not the old label."""
    ship(home(), "A-1001", warehouse.desk)
    moved = route_parcel(attrs.evolve(STREET, street1="9 Elm St"), "usps", PARCEL)
    with pytest.raises(LedgerConflict, match="void or supersede"):
        ship(moved, "A-1001", warehouse.desk)
    assert warehouse.purchases == 1


def test_parcels_of_an_order_have_labels_of_their_own(warehouse: Warehouse) -> None:
    """Two parcels of one order get two labels."""
    labels = [ship(home(), "A-1001", warehouse.desk, parcel=n, parcels=2).label for n in (1, 2)]
    assert all(label is not None for label in labels)
    assert warehouse.purchases == 2
