"""A carrier's own account by the rules of the ledger: bought once, in doubt until somebody knows."""

from __future__ import annotations

import base64
import io
import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest

from lockership import Address, Decision, Location, Money, Parcel, route_parcel
from lockership.errors import Inexpressible, LabelRejected, LabelUncertain, LedgerConflict
from lockership.labels import Quote, Rate, amazon, fedex, ups, usps
from lockership.labels.apis import EasyPost, Shippo, easypost_client, shippo_client
from lockership.labels.carrier_api import CarrierAccount
from lockership.ledger import Ledger, State
from lockership.ship import Desk, ship
from lockership.testing import FakeEasyPost, FakeShippo
from lockership.testing.servers import Fault, LocalServer, Reply, Request
from lockership.wave import Patience, Wanted, ship_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCK = Address(
    name="Dock Four",
    company="Overseas Warehouse LA",
    street1="1990 E Grand Ave",
    city="El Segundo",
    state="CA",
    zip="90245",
    phone="3105550100",
    email="dock4@example.com",
)
PARCEL = Parcel.of("9 x 6 x 3 in", "2 lb")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ZPL = base64.b64encode(b"^XA^FO50,50^FDlabel^FS^XZ").decode()
ACCOUNTS: dict[str, Any] = {
    "ups": ups.Account("A1B2C3"),
    "fedex": fedex.Account("123456789"),
    "usps": usps.Account(),
    "amazon": amazon.Account(("SWA-TEST",)),
}
PLACES = {
    "ups": "UPS Access Point - CVS 8421",
    "fedex": "FedEx Office",
    "usps": "USPS Smart Locker",
    "amazon": "Amazon Hub Locker - Oregano",
}


def decided(carrier: str, company: str | None = None) -> Decision:
    """Return the decision on a small parcel for a carrier's own place, or for a home."""
    to = Address(
        name="Zhang Wei",
        company=PLACES[carrier] if company is None else company,
        street1="1250 W Sunset Blvd",
        city="Los Angeles",
        state="CA",
        zip="90026",
        phone="3235550142",
        email="zhang.wei@example.com",
    )
    return route_parcel(to, carrier, PARCEL, location=Location.of("1434185"))


class FakeCarrier:
    """The four carriers on this machine: they count what they sell, and USPS keeps its keys."""

    def __init__(self) -> None:
        self.sold: Counter[str] = Counter()
        self.by_key: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.server = LocalServer(self._answer)

    def _answer(self, asked: Request) -> Reply:
        headers = {name.lower(): value for name, value in asked.headers.items()}
        key = headers.get("x-idempotency-key", "")
        if asked.path == usps.REPRINT_PATH:
            if self.faults and self.faults[0] is Fault.DOWN:
                return Reply({"error": {"message": "later"}}, status=503)
            if key not in self.by_key:
                return Reply({"error": {"code": "400", "message": "not found"}}, status=400)
            return Reply({"labelMetadata": {"trackingNumber": self.by_key[key]}, "labelImage": ZPL})
        fault = self.faults.pop(0) if self.faults else None
        if fault is Fault.DOWN:
            return Reply({"errors": [{"code": "SYSTEM", "message": "later"}]}, status=429)
        if fault is Fault.REFUSED:
            return Reply(fault=fault)
        self.sold[asked.path] += 1
        number = f"9{len(self.by_key)}{self.sold.total():05}"
        if key:
            self.by_key[key] = number
        if fault is Fault.BROKEN:
            return Reply("<html>Bad Gateway</html>", status=502, content_type="text/html")
        return Reply(_label(asked.path, number), fault=fault)

    @property
    def purchases(self) -> int:
        """How many labels all four sold."""
        return self.sold.total()


def _label(path: str, number: str) -> dict[str, Any]:
    if path == ups.PATH:
        package = {"TrackingNumber": number, "ShippingLabel": {"GraphicImage": ZPL}}
        return {"ShipmentResponse": {"ShipmentResults": {"PackageResults": [package]}}}
    if path == fedex.PATH:
        document = {"contentType": "LABEL", "docType": "ZPLII", "encodedLabel": ZPL}
        piece = {"trackingNumber": number, "packageDocuments": [document]}
        return {"output": {"transactionShipments": [{"pieceResponses": [piece]}]}}
    if path == usps.PATH:
        return {"trackingNumber": number, "postage": 8.35, "labelImage": ZPL}
    document = {"type": "LABEL", "format": "ZPL", "contents": ZPL}
    details = [{"trackingId": number, "packageDocuments": [document]}]
    return {"payload": {"shipmentId": "S1", "packageDocumentDetails": details, "carrier": {"id": "AMZN_US"}}}


class Dock:
    """A desk with one carrier account behind both label APIs."""

    def __init__(self, carrier: FakeCarrier, easypost: FakeEasyPost, shippo: FakeShippo, where: Path) -> None:
        self.carrier = carrier
        self.easypost = easypost
        self.shippo = shippo
        self.pauses: list[float] = []
        self.ledger = Ledger(where / "ledger.db", station="dock-4", pause=self.pauses.append)
        self.client = httpx.Client(base_url=carrier.server.url, timeout=0.5)
        self.desk = Desk(
            self.ledger, (), DOCK, draw=lambda _: b"%PDF-paper", clock=lambda: NOON, pause=self.pauses.append
        )

    def with_apis(self, *carriers: str, labels: bool = True) -> Desk:
        """Return the desk with the label APIs first, then these carriers' accounts."""
        both = (
            EasyPost(easypost_client("EZTK-test", base=self.easypost.base)),
            Shippo(shippo_client("shippo_test_1", base=self.shippo.base)),
        )
        accounts = tuple(CarrierAccount(self.client, ACCOUNTS[name]) for name in carriers)
        return attrs.evolve(self.desk, apis=(*(both if labels else ()), *accounts))

    def state(self) -> State | None:
        """Return where the parcel stands."""
        entry = self.ledger.entry("A-1001")
        return None if entry is None else entry.state


@pytest.fixture
def dock(tmp_path: Path) -> Iterator[Dock]:
    """Return a desk whose APIs and carriers run on this machine."""
    carrier = FakeCarrier()
    with carrier.server, FakeEasyPost() as easypost, FakeShippo() as shippo:
        made = Dock(carrier, easypost, shippo, tmp_path)
        yield made
        made.client.close()
        made.ledger.close()


@pytest.mark.parametrize("carrier", PLACES)
def test_a_place_that_label_apis_have_no_words_for_is_bought_from_its_carrier(
    carrier: str, dock: Dock
) -> None:
    """EasyPost and Shippo are not even asked; the carrier sells once, and its file is kept in the ledger."""
    desk = dock.with_apis(*PLACES)
    first = ship(decided(carrier), "A-1001", desk)
    assert first.label is not None
    assert first.label.api == carrier
    assert first.label.file is not None
    assert first.label.file.content == base64.b64decode(ZPL)
    assert first.label.format == "ZPL"
    unable = [name for name, _ in first.failures]
    assert unable == ["easypost", "shippo", *(name for name in PLACES if name != carrier)]
    assert {type(error) for _, error in first.failures} == {Inexpressible}
    again = ship(decided(carrier), "A-1001", desk)
    assert again.label == first.label
    assert dock.carrier.purchases == 1
    assert dock.easypost.requests == dock.shippo.requests == []


def test_a_home_goes_to_the_first_that_can(dock: Dock) -> None:
    """Where all have words the user's order decides; the carrier's account may stand first."""
    by_label_api = ship(decided("ups", ""), "A-1001", dock.with_apis("ups")).label
    by_carrier = ship(decided("ups", ""), "A-1002", dock.with_apis("ups", labels=False)).label
    assert by_label_api is not None
    assert by_carrier is not None
    assert (by_label_api.api, by_carrier.api) == ("easypost", "ups")


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.CUT, Fault.BROKEN])
def test_a_doubt_at_a_carrier_stays_until_a_person_has_found_out(fault: Fault, dock: Dock) -> None:
    """Nothing is bought again, nobody else is asked, no paper is drawn; a person's word settles it."""
    desk = dock.with_apis("fedex")
    dock.carrier.faults = [fault]
    for _ in range(3):
        with pytest.raises(LabelUncertain) as caught:
            ship(decided("fedex"), "A-1001", desk)
        assert not caught.value.traceable
        assert dock.state() is State.UNCERTAIN
    assert dock.carrier.purchases == 1
    assert dock.pauses == []  # nobody waits for an answer that nobody can give
    with pytest.raises(LedgerConflict, match="bought"):
        dock.ledger.fallback("A-1001")
    assert dock.ledger.recover({"fedex": desk.apis[-1]}) == []
    found = dock.ledger.found_out("A-1001", tracking_number="794600001", reason="Ann, by telephone")
    assert (found.state, found.tracking_number) == (State.BOUGHT, "794600001")
    shipped = ship(decided("fedex"), "A-1001", desk)
    assert shipped.label is not None
    assert (shipped.label.tracking_number, shipped.label.file) == ("794600001", None)
    assert "file_not_fetched" in shipped.label.warnings
    assert dock.carrier.purchases == 1


def test_what_a_person_says_was_not_bought_is_bought_anew(dock: Dock) -> None:
    """After "nothing was bought" the next run writes the request anew and buys it."""
    desk = dock.with_apis("ups")
    dock.carrier.faults = [Fault.REFUSED]
    with pytest.raises(LabelUncertain):
        ship(decided("ups"), "A-1001", desk)
    assert dock.ledger.found_out("A-1001").state is State.ASKED
    assert ship(decided("ups"), "A-1001", desk).label is not None
    assert dock.carrier.purchases == 1
    with pytest.raises(LedgerConflict, match="no purchase is in doubt"):
        dock.ledger.found_out("A-1001")


def test_a_person_is_not_asked_while_a_station_is_at_work(dock: Dock) -> None:
    """A purchase that is under way is nobody's to settle but its station's."""
    told: list[type[Exception]] = []

    class Meanwhile(CarrierAccount):
        def buy(self, quote: Any, asked: Any = None) -> Any:
            try:
                dock.ledger.found_out("A-1001")
            except LedgerConflict as error:
                told.append(type(error))
            return super().buy(quote, asked)

    desk = attrs.evolve(dock.desk, apis=(Meanwhile(dock.client, ACCOUNTS["ups"]),))
    assert ship(decided("ups"), "A-1001", desk).label is not None
    assert told == [LedgerConflict]


def test_a_station_that_stops_while_buying_at_a_carrier_leaves_a_doubt(dock: Dock) -> None:
    """Killed before the answer is kept, the purchase stays in doubt, whoever looks, until a person knows."""

    class Stopping(CarrierAccount):
        def buy(self, quote: Any, asked: Any = None) -> Any:
            super().buy(quote, asked)
            raise KeyboardInterrupt

    desk = attrs.evolve(dock.desk, apis=(Stopping(dock.client, ACCOUNTS["fedex"]),))
    with pytest.raises(KeyboardInterrupt):
        ship(decided("fedex"), "A-1001", desk)
    assert dock.state() is State.BUYING
    with pytest.raises(LedgerConflict, match="still at work"):
        dock.ledger.found_out("A-1001")
    account = CarrierAccount(dock.client, ACCOUNTS["fedex"])
    assert dock.ledger.recover({"fedex": account}, stopped=["dock-4"]) == []
    assert dock.state() is State.UNCERTAIN
    assert dock.ledger.found_out("A-1001", tracking_number="794600001").state is State.BOUGHT
    assert dock.carrier.purchases == 1


def test_usps_shows_a_label_again_by_its_key(dock: Dock) -> None:
    """The key of a USPS purchase is on disk before the question; with it the lost answer is found."""
    desk = dock.with_apis("usps")
    dock.carrier.faults = [Fault.LOST]
    with pytest.raises(LabelUncertain) as caught:
        ship(decided("usps", "USPS Hold For Pickup"), "A-1001", desk)
    assert caught.value.traceable
    entry = dock.ledger.entry("A-1001")
    assert entry is not None
    assert list(dock.carrier.by_key) == [entry.shipment_id]
    (found,) = dock.ledger.recover({"usps": desk.apis[-1]})
    assert (found.state, found.tracking_number) == (State.BOUGHT, *dock.carrier.by_key.values())
    shipped = ship(decided("usps", "USPS Hold For Pickup"), "A-1001", desk)
    assert shipped.label is not None
    assert shipped.label.file is not None
    assert dock.carrier.purchases == 1


def test_usps_can_never_show_that_nothing_was_bought(dock: Dock) -> None:
    """A refusal to show a label again is no proof: the doubt stays, and is not asked about again."""
    dock.carrier.faults = [Fault.REFUSED]
    desk = dock.with_apis("usps")
    with pytest.raises(LabelUncertain):
        ship(decided("usps"), "A-1001", desk)
    with pytest.raises(LabelUncertain) as caught:
        ship(decided("usps"), "A-1001", desk)
    assert not caught.value.traceable
    assert dock.pauses == []
    assert dock.carrier.purchases == 0
    assert dock.state() is State.UNCERTAIN


def test_no_other_api_is_asked_while_a_carrier_is_in_doubt(dock: Dock) -> None:
    """A home parcel in doubt at FedEx is not bought at EasyPost, even when FedEx's account is gone."""
    dock.carrier.faults = [Fault.LOST]
    with pytest.raises(LabelUncertain):
        ship(decided("fedex", ""), "A-1001", dock.with_apis("fedex", labels=False))
    for desk in (dock.with_apis("fedex"), dock.with_apis()):
        with pytest.raises(LabelUncertain):
            ship(decided("fedex", ""), "A-1001", desk)
    assert dock.easypost.requests == dock.shippo.requests == []
    assert dock.carrier.purchases == 1


def test_a_refusal_and_a_pause_buy_nothing_and_fall_back(dock: Dock) -> None:
    """A carrier that says "later" is asked again, then a fallback label says so; nothing was bought."""
    dock.carrier.faults = [Fault.DOWN, Fault.DOWN]
    shipped = ship(decided("ups"), "A-1001", dock.with_apis("ups"))
    assert shipped.label is None
    assert [name for name, _ in shipped.failures] == ["easypost", "shippo", "ups", "ups"]
    entry = dock.ledger.entry("A-1001")
    assert entry is not None
    assert entry.reason.startswith("ups: SYSTEM, HTTP 429")
    assert "easypost: no field names a UPS Access Point" in entry.reason
    assert (dock.state(), dock.carrier.purchases) == (State.FALLBACK, 0)


def test_a_highest_price_is_never_given_up(dock: Dock) -> None:
    """A carrier tells no price beforehand, so under a limit nothing is bought from it, and that is said."""
    shipped = ship(decided("ups"), "A-1001", attrs.evolve(dock.with_apis("ups"), at_most=Money.of("99")))
    assert shipped.label is None
    (error,) = [error for name, error in shipped.failures if name == "ups"]
    assert isinstance(error, LabelRejected)
    assert "highest price cannot be kept" in str(error)
    assert dock.carrier.purchases == 0


def test_no_price_is_made_up_before_it_is_told(dock: Dock) -> None:
    """While a purchase is in doubt the ledger knows no price; the label brings what was paid."""
    dock.carrier.faults = [Fault.LOST]
    with pytest.raises(LabelUncertain):
        ship(decided("fedex"), "A-1001", dock.with_apis("fedex"))
    entry = dock.ledger.entry("A-1001")
    assert entry is not None
    assert (entry.amount, entry.price, entry.quote().rate.price) == ("", None, None)
    bought = ship(decided("usps"), "A-1002", dock.with_apis("usps")).label
    assert bought is not None
    assert bought.price == Money.of("8.35")


def test_an_order_id_that_a_carrier_has_no_room_for_falls_back(dock: Dock) -> None:
    """USPS prints 30 characters of a reference: a longer order gets a fallback label that says so."""
    shipped = ship(decided("usps"), "A" * 40, dock.with_apis("usps"))
    assert shipped.label is None
    assert "reference: 42 characters, at most 30" in str(shipped.failures[-1][1])


def test_labels_are_given_back_at_the_carrier(dock: Dock) -> None:
    """Giving back is refused with what to do instead; the label stays good until that is written down."""
    desk = dock.with_apis("ups")
    ship(decided("ups"), "A-1001", desk)
    with pytest.raises(LabelRejected, match="at the carrier"):
        dock.ledger.void(desk.apis[-1], "A-1001")
    assert dock.state() is State.BOUGHT
    assert dock.ledger.voided("A-1001").state is State.VOIDED
    assert ship(decided("ups"), "A-1001", desk).label is not None
    assert dock.carrier.purchases == 2


def test_a_file_is_what_it_begins_with(dock: Dock) -> None:
    """A file that no label printer reads is kept as it came, and said to be unknown."""
    answer = {"trackingNumber": "91", "postage": 1, "labelImage": base64.b64encode(b"GIF89a").decode()}
    with (
        LocalServer(lambda _: Reply(answer)) as server,
        httpx.Client(base_url=server.url) as client,
    ):
        desk = attrs.evolve(dock.desk, apis=(CarrierAccount(client, ACCOUNTS["usps"]),))
        label = ship(decided("usps"), "A-1001", desk).label
    assert label is not None
    assert label.file is not None
    assert label.file.content == b"GIF89a"
    assert "file_not_recognised" in label.warnings


def test_amazon_takes_the_order_from_the_reference(dock: Dock) -> None:
    """An Amazon order's parcel is asked for by that order, which carries the buyer's choice."""
    shipped = ship(decided("amazon"), "123-1234567-1234567", dock.with_apis("amazon"))
    assert shipped.label is not None
    (asked,) = [json.loads(request.body) for request in dock.carrier.server.requests]
    assert asked["channelDetails"]["amazonOrderDetails"] == {"orderId": "123-1234567-1234567"}


def test_usps_is_told_the_day_of_mailing(dock: Dock) -> None:
    """The day comes from the account's own calendar, or is given for all parcels."""
    for number, options in enumerate(({}, {"mailing_on": date(2026, 11, 30)})):
        account = CarrierAccount(
            dock.client, ACCOUNTS["usps"], options=options, today=lambda: date(2026, 11, 25)
        )
        ship(decided("usps"), f"A-{number}", attrs.evolve(dock.desk, apis=(account,)))
    days = [json.loads(one.body)["packageDescription"]["mailingDate"] for one in dock.carrier.server.requests]
    assert days == ["2026-11-25", "2026-11-30"]


def test_a_quote_alone_buys_nothing(dock: Dock) -> None:
    """A quote does not hold the request, and none is kept anywhere: it must be written anew."""
    quote = Quote("ups", "A-1001/1", "", Rate("", "ups", "ground", None))
    with pytest.raises(LabelRejected, match="written anew"):
        CarrierAccount(dock.client, ACCOUNTS["ups"]).buy(quote)
    assert dock.carrier.server.requests == []


def test_an_account_is_one_of_the_four() -> None:
    """Whose account it is, its class says; anything else is refused."""
    with httpx.Client() as client, pytest.raises(TypeError, match="expected an Account"):
        CarrierAccount(client, "A1B2C3")  # type: ignore[arg-type]  # what a caller without types may pass


def test_a_wave_mixes_label_apis_and_carriers(dock: Dock) -> None:
    """Each parcel of a wave goes to the first that can; a doubt at a carrier does not hold the others up."""
    parcels = [Wanted(decided("ups", "" if number % 2 else None), f"A-{number}") for number in range(12)]
    dock.carrier.faults = [Fault.LOST]
    outcomes = list(ship_all(parcels, dock.desk, lambda: dock.with_apis("ups").apis, workers=3))
    doubts = [one for one in outcomes if one.shipped is None]
    assert len(doubts) == 1
    assert isinstance(doubts[0].error, LabelUncertain)
    labels = [one.shipped.label for one in outcomes if one.shipped is not None]
    assert Counter(label.api for label in labels if label) == {"easypost": 6, "ups": 5}
    assert dock.carrier.purchases == 6
    history = io.StringIO()
    dock.ledger.export(history)
    assert history.getvalue().count('"state": "uncertain"') == 1  # nobody tries again what nobody can tell


def test_a_carrier_that_is_down_is_said_to_be_down_once(dock: Dock) -> None:
    """Requests that are written without asking do not count as answers: five silences end the asking."""
    gone = httpx.Client(base_url="http://127.0.0.1:9", timeout=0.2)
    told: list[str] = []
    outcomes = list(
        ship_all(
            [Wanted(decided("ups"), f"A-{number}") for number in range(30)],
            attrs.evolve(dock.desk, tries=1),
            lambda: [CarrierAccount(gone, ACCOUNTS["ups"])],
            patience=Patience(failures=5, rest=60),
            tell=told.append,
        )
    )
    gone.close()
    assert all(one.shipped is not None and one.shipped.label is None for one in outcomes)
    assert [text.split(",")[0] for text in told] == ["ups does not answer"]
