"""Buying one label, by both APIs, against servers that keep a till."""

from __future__ import annotations

import hashlib
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from shippo.models import operations

from lockership.errors import InputError, LabelError, LabelRejected, LabelUnavailable, LabelUncertain
from lockership.labels import Label, Offer, Rate
from lockership.labels.apis import EasyPost, LabelApi, Shippo, easypost_client, shippo_client
from lockership.labels.purchase import buy_label, cheapest, choose_rate, fetch, fitting, settle
from lockership.labels.wire import Session
from lockership.parcel import Parcel
from lockership.testing.fakes import FakeEasyPost, FakeShippo, Fault
from lockership.testing.servers import LocalServer, Reply
from lockership.units import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lockership.address import Address
    from lockership.handoff import Handoff

Fake = FakeEasyPost | FakeShippo


@pytest.fixture(params=[FakeEasyPost, FakeShippo])
def fake(request: pytest.FixtureRequest) -> Iterator[Fake]:
    """Return each fake in turn, running."""
    with request.param() as running:
        running.late_by = 1.0
        yield running


def api_for(fake: Fake, timeout: float = 2.0) -> LabelApi:
    """Return the API object that talks to a fake, and never pauses."""
    session = Session((1.0, timeout))
    if isinstance(fake, FakeEasyPost):
        return EasyPost(easypost_client("EZTK-test", base=fake.base, session=session))
    return Shippo(shippo_client("shippo_test_1", base=fake.base, session=session), pause=_no_pause)


def _no_pause(_: float) -> None:
    return


def usps(handoffs: dict[str, Handoff], **changes: Any) -> Handoff:
    """Return a home delivery by USPS."""
    return attrs.evolve(handoffs["home"], **{"carrier": "usps", **changes})


def test_a_label_is_bought_once_with_its_file(
    fake: Fake, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """The cheapest rate of the decided carrier is bought, once, and the label's file is fetched."""
    label = buy_label(api_for(fake), usps(handoffs), sender, reference="A-1001")
    assert (fake.purchases, str(fake.spent), dict(fake.bought_for)) == (1, "6.07", {"A-1001": 1})
    assert (label.carrier, label.price, label.reference) == ("usps", Money.of("6.07"), "A-1001")
    assert label.test
    assert label.file is not None
    assert label.file.format == ("PNG" if isinstance(fake, FakeEasyPost) else "PDF")
    assert label.file.sha256 == hashlib.sha256(label.file.content).hexdigest()
    assert label.warnings == ()


@pytest.mark.parametrize(("carrier", "price"), [("usps", "6.07"), ("ups", "9.10"), ("fedex", "9.35")])
def test_only_the_decided_carrier_is_paid(
    carrier: str, price: str, fake: Fake, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """The decided carrier is bought, under its wallet's name too; SmartPost is another one."""
    buy_label(api_for(fake), usps(handoffs, carrier=carrier), sender, reference="A-1001")
    assert str(fake.spent) == price


@pytest.mark.parametrize("service", ["usps_priority", "Priority Mail®", "USPS Priority"])
def test_the_services_name_is_kept_to(
    service: str, fake: Fake, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """A service that the order names is bought, in whatever spelling, although another one is cheaper."""
    buy_label(api_for(fake), usps(handoffs, service=service), sender, reference="A-1001")
    assert str(fake.spent) == "7.42"


def test_a_price_limit_holds(fake: Fake, handoffs: dict[str, Handoff], sender: Address) -> None:
    """Nothing above the highest price is bought; the limit itself is allowed."""
    api = api_for(fake)
    with pytest.raises(LabelRejected, match="no rate of usps fits"):
        buy_label(api, usps(handoffs), sender, reference="A-1001", at_most=Money.of("6.06"))
    assert fake.purchases == 0
    buy_label(api, usps(handoffs), sender, reference="A-1001", at_most=Money.of("6.07"))
    assert fake.purchases == 1


def test_another_currency_is_never_compared(handoffs: dict[str, Handoff]) -> None:
    """A rate in another currency is left out, however small its number."""
    rate = Rate("r1", "usps", "Priority", Money.of("1.00", "CAD"))
    assert fitting([rate], usps(handoffs)) == []
    assert fitting([rate], usps(handoffs), Money.of("2", "CAD")) == [rate]


def test_a_service_that_the_network_refuses_is_not_bought(hfp: Handoff) -> None:
    """USPS holds parcels in five services only; a cheaper one that it refuses is passed over."""
    rates = [
        Rate("r1", "usps", "MediaMail", Money.of("4.00")),
        Rate("r2", "usps", "LibraryMail", Money.of("3.90")),
        Rate("r3", "usps", "GroundAdvantage", Money.of("6.07")),
    ]
    assert [rate.id for rate in fitting(rates, hfp)] == ["r3"]


def test_a_service_that_the_carrier_refuses_for_this_parcel_is_not_bought(
    handoffs: dict[str, Handoff],
) -> None:
    """Priority Mail ends at 108 in of length plus girth, Ground Advantage at 130 in."""
    long = usps(handoffs, parcel=Parcel.of("40x18x18 in", "8 lb"))
    rates = [
        Rate("r1", "usps", "Priority", Money.of("5.00")),
        Rate("r2", "usps", "GroundAdvantage", Money.of("6.07")),
    ]
    assert [rate.id for rate in fitting(rates, long)] == ["r2"]


def test_somebody_elses_choice_is_kept_to(fake: Fake, handoffs: dict[str, Handoff], sender: Address) -> None:
    """A function of the caller's picks among the rates that may be bought, and nothing else."""
    seen: list[str] = []

    def dearest(rates: Any) -> Rate:
        seen.extend(rate.carrier for rate in rates)
        chosen: Rate = max(rates, key=attrgetter("price.amount"))
        return chosen

    buy_label(api_for(fake), usps(handoffs), sender, reference="A-1001", choose=dearest)
    assert str(fake.spent) == "7.42"
    assert set(seen) == {"usps"}
    stranger = Rate("r9", "usps", "Express", Money.of("1"))
    with pytest.raises(ValueError, match="one of the rates"):
        buy_label(api_for(fake), usps(handoffs), sender, reference="A-2", choose=lambda _: stranger)
    assert fake.purchases == 1


def test_equal_prices_are_chosen_between_the_same_way(handoffs: dict[str, Handoff]) -> None:
    """Of two equal prices the same one is taken, whatever the order in which they came."""
    a, b = (Rate(name, "usps", "Priority", Money.of("5")) for name in ("a", "b"))
    assert cheapest([a, b]) == cheapest([b, a]) == a


@pytest.mark.parametrize(
    ("remarks", "error"),
    [
        ((), LabelRejected),
        (("Invalid credentials",), LabelRejected),
        (("Too Many Requests",), LabelUnavailable),
        (("No rate response received.",), LabelUnavailable),
        (("UPS API did not respond. Please try again in a few minutes.",), LabelUnavailable),
    ],
)
def test_no_rate_is_told_with_the_apis_reasons(
    remarks: tuple[str, ...], error: type[LabelError], handoffs: dict[str, Handoff]
) -> None:
    """Without a rate the reasons are in the error; it may be asked again only if the carrier was silent."""
    with pytest.raises(error) as caught:
        choose_rate(Offer("easypost", "A-1001", "shp_1", (), remarks), usps(handoffs))
    assert type(caught.value) is error
    assert all(remark in str(caught.value) for remark in remarks)
    assert caught.value.reference == "A-1001"


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.LATE, Fault.CUT, Fault.BROKEN])
def test_a_lost_answer_is_found_again_and_nothing_is_paid_twice(
    fault: Fault, fake: Fake, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """When the answer to a purchase is lost, looking it up finds the label; the till shows one purchase."""
    fake.fail("buy", fault)
    api = api_for(fake, timeout=0.4)
    with pytest.raises(LabelUncertain) as caught:
        buy_label(api, usps(handoffs), sender, reference="A-1001")
    quote: Any = caught.value.quote
    label = settle(api, quote, pause=_no_pause)
    assert label is not None
    assert (label.price, label.reference, fake.purchases) == (Money.of("6.07"), "A-1001", 1)


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.DOWN])
def test_a_purchase_that_never_happened_is_told(
    fault: Fault, fake: Fake, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """When the server did nothing, patient looking up says so, and the quote can be bought."""
    fake.fail("buy", fault)
    api = api_for(fake)
    with pytest.raises(LabelUncertain) as caught:
        buy_label(api, usps(handoffs), sender, reference="A-1001")
    quote: Any = caught.value.quote
    pauses: list[float] = []
    assert settle(api, quote, patience=10, pause=pauses.append) is None
    assert sum(pauses) == 10
    assert fake.purchases == 0
    assert api.buy(quote).price == Money.of("6.07")
    assert fake.purchases == 1


def test_looking_up_is_repeated_through_a_bad_moment(
    fake: Fake, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """Look-ups that fail are repeated; when even the last fails, the doubt is told, never "not bought"."""
    fake.fail("buy", Fault.LOST)
    api = api_for(fake)
    with pytest.raises(LabelUncertain) as caught:
        buy_label(api, usps(handoffs), sender, reference="A-1001")
    quote: Any = caught.value.quote
    for step in ("get", "list"):
        fake.fail(step, Fault.DOWN, times=2)
    assert settle(api, quote, pause=_no_pause) is not None
    for step in ("get", "list"):
        fake.fail(step, Fault.DOWN, times=99)
    with pytest.raises(LabelUncertain):
        settle(api, quote, patience=10, pause=_no_pause)


def test_a_busy_server_may_be_asked_again(fake: Fake, handoffs: dict[str, Handoff], sender: Address) -> None:
    """429 to a purchase is unavailable: nothing was bought, and asking again buys once."""
    fake.fail("buy", Fault.BUSY)
    api = api_for(fake)
    with pytest.raises(LabelUnavailable) as caught:
        buy_label(api, usps(handoffs), sender, reference="A-1001")
    assert caught.value.retryable
    buy_label(api, usps(handoffs), sender, reference="A-1001")
    assert fake.purchases == 1


@pytest.mark.parametrize(
    "spoilt",
    [Fault.LOST, Fault.CUT, Fault.DOWN, Reply(b""), Reply("<html>expired</html>", content_type="text/html"),
     Reply(b"x", 403), Reply("", 302, {"Location": "http://127.0.0.1:9/"})],
    ids=str,
)  # fmt: skip
def test_a_label_is_not_lost_with_its_file(
    spoilt: Fault | Reply, fake: Fake, handoffs: dict[str, Handoff], sender: Address
) -> None:
    """A label whose file cannot be fetched is returned with a warning, and fetched later without paying."""
    fake.fail("file", spoilt)
    label = buy_label(api_for(fake), usps(handoffs), sender, reference="A-1001")
    assert label.file is None
    assert label.warnings == ("file_not_fetched",)
    assert fetch(label).file is not None
    assert fake.purchases == 1


def test_a_file_that_is_no_label_is_told() -> None:
    """What cannot be fetched names what is bought, and never the address of the file."""
    label = Label(
        "easypost", "A-1", "usps", "x", "94001", None, "http://files.example.com/secret", shipment_id="shp_1"
    )
    with pytest.raises(LabelUnavailable, match="not https") as caught:
        fetch(label)
    assert caught.value.bought == "shp_1"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4\n...\n%%EOF", "PDF"),
        (b"\xef\xbb\xbf^XA^FO50,50^XZ", "ZPL"),
        (b"CT~~CD,~CC^~CT~\n^XA^XZ", "ZPL"),
        (b'N\nq812\nA50,50,0,4,1,1,N,"x"\nP1\n', "EPL2"),
    ],
)
def test_a_file_is_what_it_begins_with(content: bytes, kind: str, server: Callable[..., LocalServer]) -> None:
    """The format is told by the file's own first bytes."""
    local = server(lambda _: Reply(content, content_type="application/octet-stream"))
    fetched = fetch(Label("shippo", "A-1", "usps", "x", "94001", None, f"{local.url}/f", "PNG"))
    assert fetched.file is not None
    assert fetched.file.format == kind


def test_a_queued_label_is_waited_for(handoffs: dict[str, Handoff], sender: Address) -> None:
    """Shippo's queue, and a transaction that its SDK cannot read, do not disturb a purchase."""
    with FakeShippo(queued=3, created_by=False) as fake:
        label = buy_label(api_for(fake), usps(handoffs), sender, reference="A-1001")
        assert (label.price, fake.purchases) == (Money.of("6.07"), 1)


def test_shippos_till_would_show_a_second_purchase(handoffs: dict[str, Handoff], sender: Address) -> None:
    """The fake buys the same rate twice when asked twice, so that a careless caller is found out."""
    with FakeShippo() as fake:
        api = api_for(fake)
        offer = api.price(usps(handoffs), sender, reference="A-1001")
        quote = offer.quote(offer.rates[0])
        api.buy(quote)
        api.buy(quote)
        assert fake.purchases == 2
    with FakeEasyPost() as other:
        api = api_for(other)
        offer = api.price(usps(handoffs), sender, reference="A-1001")
        quote = offer.quote(offer.rates[0])
        assert api.buy(quote).tracking_number == api.buy(quote).tracking_number
        assert other.purchases == 1


@pytest.mark.parametrize(
    "timeout",
    [None, 5, (None, 60.0), (3.05, None), (3.05,), (0, 60.0), (3.05, -1), (3.05, float("nan")), (3.05, 1e9)],
)
def test_no_session_waits_for_ever(timeout: Any) -> None:
    """A timeout that is missing or has no end is refused: a station would wait for it for ever."""
    with pytest.raises(InputError, match="timeout"):
        Session(timeout)
    assert Session((1, 3_600)).timeout == (1, 3_600)


def test_shippos_answers_are_read_here_alone(
    handoffs: dict[str, Handoff], sender: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK is left before it reads our answers, which costs it most of a label's time; others it reads."""
    read: list[str] = []
    sdk = import_module("shippo.utils")
    reading: Callable[[str, Any], object] = sdk.unmarshal_json

    def watched(answer: str, kind: Any) -> object:
        read.append(answer)
        return reading(answer, kind)

    monkeypatch.setattr(sdk, "unmarshal_json", watched)
    with FakeShippo() as fake:
        client = shippo_client("shippo_test_1", base=fake.base, session=Session((1.0, 5.0)))
        buy_label(Shippo(client), usps(handoffs), sender, reference="A-1001")
        assert read == []
        results = client.transactions.list(operations.ListTransactionsRequest()).results
    assert len(read) == 1
    assert [bought.metadata for bought in results or ()] == ["A-1001"]


def test_who_listens_to_easyposts_answers_hears_them(handoffs: dict[str, Handoff], sender: Address) -> None:
    """The SDK is left before it reads an answer, unless somebody subscribed to its answers, even later."""
    heard: list[int] = []
    with FakeEasyPost() as fake:
        client = easypost_client("EZTK-test", base=fake.base, session=Session((1.0, 5.0)))
        assert vars(client)["_response_hook"]._event_handlers == []  # where version 10 keeps them
        api = EasyPost(client)
        first = buy_label(api, usps(handoffs), sender, reference="A-1001")
        subscribe: Any = client.subscribe_to_response_hook
        subscribe(lambda **answer: heard.append(answer["http_status"]))
        second = buy_label(api, usps(handoffs), sender, reference="A-1002")
        shipment = client.shipment.retrieve(first.shipment_id)
    assert heard == [201, 200, 200]
    assert (shipment.tracking_code, second.file) == (first.tracking_number, first.file)
