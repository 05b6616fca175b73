"""Every accident that Shippo's SDK was seen to have, reproduced over real HTTP, ends as one known error.

The numbers are those of the project's own list of accidents.
"""

from __future__ import annotations

import json
import pickle
import socket
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import attrs
import pytest
from shippo import Shippo as SdkClient

from lockership.errors import InputError, LabelError, LabelRejected, LabelUnavailable, LabelUncertain
from lockership.labels import Label, Quote, Rate
from lockership.labels.apis import Shippo, shippo_client
from lockership.labels.wire import Session
from lockership.testing.servers import Fault, LocalServer, Reply, Request
from lockership.units import Money

KEY = "shippo_test_secretkey"
BOUGHT: dict[str, object] = {
    "object_id": "tx-1",
    "object_state": "VALID",
    "object_created": "2026-11-24T10:00:00Z",
    "object_updated": "2026-11-24T10:00:00Z",
    "object_owner": "owner",
    "created_by": None,
    "status": "SUCCESS",
    "rate": "rate-1",
    "label_url": "https://files.example.com/1.pdf",
    "tracking_number": "9400100208303109505657",
    "tracking_status": "UNKNOWN",
    "label_file_type": "PDF_4x6",
    "metadata": "A-1001",
    "messages": [],
    "parcel": "parcel-1",
    "test": True,
}
FAILED = BOUGHT | {"status": "ERROR", "label_url": "", "tracking_number": ""}
QUEUED = FAILED | {"status": "QUEUED"}
QUOTE = Quote(
    "shippo", "A-1001", "shp-1", Rate("rate-1", "usps", "usps_ground_advantage", Money.of("5.50"), 3, "acct")
)
ASKED = {"address_to": {"name": "Zhang Wei", "street1": "417 Montgomery St"}, "address_from": {}}
SHIPMENT = {
    "object_id": "shp-1",
    "status": "SUCCESS",
    "messages": [],
    "rates": [
        {
            "object_id": "rate-1",
            "provider": "USPS",
            "amount": "5.50",
            "currency": "USD",
            "estimated_days": 3,
            "carrier_account": "acct",
            "servicelevel": {"token": "usps_ground_advantage"},
        }
    ],
}

Start = Callable[[Callable[[Request], Reply]], LocalServer]


def api_at(url: str, timeout: float = 2.0, pauses: list[float] | None = None) -> Shippo:
    """Return an API object that asks a local server, and notes its pauses in place of making them."""
    noted = [] if pauses is None else pauses
    client = shippo_client(KEY, base=url, session=Session((1.0, timeout)))
    return Shippo(client, patience=20.0, pause=noted.append)


class Row(NamedTuple):
    """One accident: what the server does to a purchase, and how that ends."""

    number: str
    reply: Reply
    buying: type[LabelError | Label]


def told(text: str, code: str = "") -> list[dict[str, str]]:
    """Return messages as Shippo gives them."""
    return [{"source": "USPS", "code": code, "text": text}]


def without(key: str) -> dict[str, object]:
    """Return a good transaction that lacks one key."""
    return {name: value for name, value in BOUGHT.items() if name != key}


R, N, U = LabelRejected, LabelUnavailable, LabelUncertain
ROWS = [
    Row("S-01", Reply(FAILED | {"messages": told("No rate for 417 Montgomery St")}, 201), R),
    Row("S-01", Reply(FAILED | {"messages": told("UPS API did not respond.", "carrier_timeout")}, 201), N),
    Row("S-02", Reply(QUEUED | {"object_id": None}, 201), U),
    Row("S-03", Reply(without("created_by"), 201), Label),
    Row("S-04", Reply(BOUGHT | {"tracking_status": "NEW"}, 201), Label),
    Row("S-04", Reply(BOUGHT | {"object_state": ""}, 201), Label),
    Row("S-04", Reply(BOUGHT | {"label_file_type": "pdf_4x6"}, 201), Label),
    Row("S-04", Reply(BOUGHT | {"status": "NEW"}, 201), U),
    Row("S-05", Reply(BOUGHT | {"status": None}, 201), U),
    Row("S-05", Reply(without("status"), 201), U),
    Row("S-06", Reply("null", 201), U),
    Row("S-07", Reply({}, 201), U),
    Row("S-07", Reply([], 201), U),
    Row("S-07", Reply(BOUGHT | {"messages": ["text"]}, 201), Label),
    Row("S-07", Reply(BOUGHT | {"messages": {"text": "x"}}, 201), Label),
    Row("S-07", Reply(BOUGHT | {"created_by": "somebody"}, 201), Label),
    Row("S-08", Reply(BOUGHT | {"object_created": "yesterday"}, 201), Label),
    Row("S-08", Reply(BOUGHT | {"object_created": ""}, 201), Label),
    Row("S-09", Reply(BOUGHT, 200), Label),
    Row("S-09", Reply(BOUGHT, 202), Label),
    Row("S-10", Reply(b"", 204), U),
    Row("S-11", Reply(json.dumps(BOUGHT), 201, content_type="text/html"), Label),
    Row("S-11", Reply("<html>", 201, content_type="text/html"), U),
    Row("S-11", Reply(json.dumps(BOUGHT), 201, content_type=""), Label),
    Row("S-12", Reply(b"", 201), U),
    Row("S-12", Reply(json.dumps(BOUGHT)[:-20], 201), U),
    Row("S-13", Reply(BOUGHT, 201, fault=Fault.CUT), U),
    *(
        Row("S-14", Reply({"rate": ["Rate 417 Montgomery St not found."]}, status), R)
        for status in (400, 401, 403, 404, 422)
    ),
    Row("S-14", Reply({"detail": "conflict"}, 409), U),
    Row("S-15", Reply({"detail": "slow down"}, 429), N),
    Row("S-15", Reply({"detail": "slow down"}, 429, {"Retry-After": "30"}), N),
    *(Row("S-16", Reply({"detail": "x"}, status), U) for status in (500, 503, 504)),
    Row("S-16", Reply("<html>417 Montgomery St</html>", 502, content_type="text/html"), U),
    Row("S-17", Reply(BOUGHT, 201, fault=Fault.LOST), U),
    Row("S-18", Reply(BOUGHT, 201, fault=Fault.LATE), U),
    Row("S-20", Reply("", 302, {"Location": "/transactions/tx-1"}), U),
    Row("S-21", Reply("", 307, {"Location": "/transactions"}), U),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.number}-{row.reply.status}")
def test_a_purchase_ends_as_exactly_one_thing(row: Row, server: Start) -> None:
    """However a purchase goes wrong, it is sent once and ends as one of three errors, or as a label."""
    local = server(lambda _: row.reply)
    local.late_by = 1.0
    api = api_at(local.url, timeout=0.4)
    if row.buying is Label:
        label = api.buy(QUOTE, ASKED)
        assert (label.tracking_number, label.transaction_id) == (BOUGHT["tracking_number"], "tx-1")
    else:
        assert issubclass(row.buying, LabelError)
        with pytest.raises(row.buying) as caught:
            api.buy(QUOTE, ASKED)
        _tells_nobody(caught.value, row.buying)
    assert [(asked.method, asked.path) for asked in local.requests] == [("POST", "/transactions")]
    wanted = {"rate": "rate-1", "async": False, "label_file_type": "PDF_4x6", "metadata": "A-1001"}
    assert local.requests[0].json == wanted
    assert local.requests[0].headers["SHIPPO-API-VERSION"] == "2018-02-08"


def _tells_nobody(error: LabelError, kind: type[LabelError]) -> None:
    """Check an error: its kind, what it knows, and that neither buyer nor key stand in it or behind it."""
    assert type(error) is kind
    assert (error.api, error.reference) == ("shippo", "A-1001")
    assert bool(error.bought) is (kind is LabelUncertain)
    assert error.retryable is (kind is LabelUnavailable)
    assert error.__cause__ is None
    assert error.__context__ is None
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.args, vars(again)) == (type(error), error.args, vars(error))
    shown = f"{error} {error!r} {vars(error)}"
    for secret in ("Montgomery", "Zhang", KEY, "417"):
        assert secret not in shown


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row.number in ("S-06", "S-07", "S-10", "S-11", "S-12", "S-13", "S-14", "S-15",
                                           "S-16", "S-17", "S-18", "S-20", "S-21")],
    ids=lambda row: f"{row.number}-{row.reply.status}",
)  # fmt: skip
def test_a_question_of_price_is_never_uncertain(
    row: Row, server: Start, handoffs: dict[str, Any], sender: Any
) -> None:
    """The same accident where nothing is bought is rejected or unavailable, and never a price."""
    reply = row.reply if row.buying is not Label else Reply({}, row.reply.status)
    local = server(lambda _: reply)
    local.late_by = 1.0
    with pytest.raises(LabelError) as caught:
        api_at(local.url, timeout=0.4).price(handoffs["home"], sender, reference="A-1001")
    assert type(caught.value) is (LabelRejected if row.buying is R else LabelUnavailable)
    assert len(local.requests) == 1


def test_a_price_is_read_although_the_sdk_cannot(
    server: Start, handoffs: dict[str, Any], sender: Any
) -> None:
    """A shipment that lacks a dozen keys of the SDK's model still gives its rates and remarks."""
    local = server(lambda _: Reply(SHIPMENT | {"messages": told("417 Montgomery St refused")}, 201))
    offer = api_at(local.url).price(handoffs["home"], sender, reference="A-1001")
    assert offer.quote(offer.rates[0]) == QUOTE
    assert offer.remarks == ("▒ ▒ ▒ refused",)


def test_a_queued_purchase_is_waited_for(server: Start) -> None:
    """S-02: a queued purchase is asked for again, with pauses, until it is there."""
    answers = iter([Reply(QUEUED, 201), Reply(QUEUED), Reply(QUEUED | {"status": "WAITING"}), Reply(BOUGHT)])
    local = server(lambda _: next(answers))
    pauses: list[float] = []
    assert api_at(local.url, pauses=pauses).buy(QUOTE).transaction_id == "tx-1"
    assert [asked.path for asked in local.requests] == ["/transactions", *["/transactions/tx-1"] * 3]
    assert len(pauses) == 3


def test_patience_ends_and_the_id_is_kept(server: Start) -> None:
    """S-02: past the deadline a queued purchase is uncertain and keeps its id for the look-up."""
    local = server(lambda asked: Reply(QUEUED, 201 if asked.method == "POST" else 200))
    pauses: list[float] = []
    with pytest.raises(LabelUncertain) as caught:
        api_at(local.url, pauses=pauses).buy(QUOTE)
    assert (caught.value.bought, caught.value.quote) == ("tx-1", attrs.evolve(QUOTE, transaction_id="tx-1"))
    assert sum(pauses) == pytest.approx(20.0)


@pytest.mark.parametrize("spoilt", [Reply({}, 500), Reply({}, 404), Reply({}, fault=Fault.LOST)], ids=str)
def test_a_queued_purchase_that_cannot_be_read_is_uncertain(spoilt: Reply, server: Start) -> None:
    """S-02: when reading a queued purchase fails, even by 404, nothing is concluded from that."""
    local = server(lambda asked: Reply(QUEUED, 201) if asked.method == "POST" else spoilt)
    with pytest.raises(LabelUncertain) as caught:
        api_at(local.url).buy(QUOTE)
    assert caught.value.bought == "tx-1"


def test_nobody_listens(handoffs: dict[str, Any], sender: Any) -> None:
    """S-19: a refused connection and an unknown name are unavailable, nothing sent."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    for base in (f"http://127.0.0.1:{port}", "http://no-such-host.invalid"):
        with pytest.raises(LabelUnavailable, match="nothing was sent"):
            api_at(base).buy(QUOTE)
        with pytest.raises(LabelUnavailable, match="nothing was sent"):
            api_at(base).price(handoffs["home"], sender, reference="A-1001")


@pytest.mark.parametrize("value", [Decimal("1.5"), b"x"], ids=str)
def test_a_request_that_cannot_be_written(value: object, server: Start) -> None:
    """S-22, S-23: what the SDK cannot write is rejected, nothing sent."""
    local = server(lambda _: Reply(BOUGHT, 201))
    unwritable: Any = value
    quote = attrs.evolve(QUOTE, rate=attrs.evolve(QUOTE.rate, id=unwritable))
    with pytest.raises(LabelRejected, match="nothing was sent"):
        api_at(local.url).buy(quote)
    assert local.requests == []


def test_measures_are_text(server: Start, handoffs: dict[str, Any], sender: Any) -> None:
    """S-24: no number reaches Shippo's parcels, so no NaN and no float."""
    local = server(lambda _: Reply(SHIPMENT, 201))
    api_at(local.url).price(handoffs["home"], sender, reference="A-1001")
    assert all(isinstance(value, str) for value in local.requests[0].json["parcels"][0].values())


class Look(NamedTuple):
    """A list of purchases of a rate, and what it means."""

    results: Any
    meaning: Any
    more: str | None = None


LOOKS = [
    Look([BOUGHT], "9400100208303109505657"),
    Look([FAILED, BOUGHT], "9400100208303109505657"),
    Look([without("created_by")], "9400100208303109505657"),  # S-25: the SDK loses the whole page
    Look([BOUGHT | {"rate": {"object_id": "rate-1"}}], "9400100208303109505657"),
    Look([], None),
    Look([FAILED, FAILED], None),
    Look([BOUGHT | {"rate": "rate-of-somebody-else"}], None),
    Look([BOUGHT, "nonsense"], LabelUncertain),
    Look([BOUGHT | {"status": "NEW"}], LabelUncertain),
    Look([BOUGHT | {"label_url": None}], LabelUncertain),
    Look([FAILED], LabelUncertain, "https://api.goshippo.com/transactions?page=2"),
    Look(None, LabelUncertain),
]


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_looking_up_by_rate(look: Look, server: Start) -> None:
    """Without a transaction's id the list of the rate decides; one that is not whole decides nothing."""
    local = server(lambda _: Reply({"next": look.more, "previous": None, "results": look.results}))
    api = api_at(local.url)
    if look.meaning is LabelUncertain:
        with pytest.raises(LabelUncertain):
            api.look_up(QUOTE)
    else:
        label = api.look_up(QUOTE)
        assert (None if label is None else label.tracking_number) == look.meaning
    assert local.requests[0].path == "/transactions"
    assert local.requests[0].query["rate"] == "rate-1"


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.number in ("S-14", "S-15", "S-16", "S-17")], ids=str
)
def test_a_failed_list_leaves_the_doubt(row: Row, server: Start) -> None:
    """A list that fails is not "nothing bought"."""
    local = server(lambda _: row.reply)
    with pytest.raises(LabelUncertain):
        api_at(local.url).look_up(QUOTE)
    with pytest.raises(LabelUncertain):
        api_at(local.url).look_up(attrs.evolve(QUOTE, transaction_id="tx-1"))


def test_looking_up_by_transaction(server: Start) -> None:
    """With a transaction's id it alone is read; a queued one is waited for."""
    answers = iter([Reply(QUEUED), Reply(BOUGHT), Reply(FAILED)])
    local = server(lambda _: next(answers))
    known = attrs.evolve(QUOTE, transaction_id="tx-1")
    label = api_at(local.url).look_up(known)
    assert label is not None
    assert label.price == Money.of("5.50")
    assert api_at(local.url).look_up(known) is None
    assert {asked.path for asked in local.requests} == {"/transactions/tx-1"}


def test_an_unsafe_client_is_refused() -> None:
    """A client with a session of its own may wait for ever or buy twice, so it is not taken."""
    with pytest.raises(TypeError, match="shippo_client"):
        Shippo(SdkClient(KEY))


def test_an_unknown_format_is_refused() -> None:
    """A label format that Shippo does not know is an InputError that lists those it knows."""
    with pytest.raises(InputError, match="PDF_4x6"):
        Shippo(shippo_client(KEY), label_format="PDF_5x7")
