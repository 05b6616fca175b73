"""Every accident that EasyPost's SDK was seen to have, reproduced over real HTTP, ends as one known error.

The numbers are those of the project's own list of accidents; "sent" is how often the server was asked.
"""

from __future__ import annotations

import datetime as dt
import json
import pickle
import socket
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from lockership.errors import (
    Inexpressible,
    InputError,
    LabelError,
    LabelRejected,
    LabelUnavailable,
    LabelUncertain,
)
from lockership.labels import Label, Quote, Rate
from lockership.labels.apis import EasyPost, easypost_client
from lockership.labels.wire import Session
from lockership.testing.servers import Fault, LocalServer, Reply, Request
from lockership.units import Money

KEY = "EZTK-secret-key"
RATE = {"id": "rate_1", "carrier": "USPS", "service": "GroundAdvantage", "rate": "6.07", "currency": "USD"}
BOUGHT = {
    "id": "shp_1",
    "object": "Shipment",
    "mode": "test",
    "tracking_code": "9400100208303109505657",
    "postage_label": {"label_url": "https://files.example.com/1.png", "label_file_type": "image/png"},
    "selected_rate": RATE,
    "reference": "A-1001",
}
OPEN = BOUGHT | {"tracking_code": None, "postage_label": None, "selected_rate": None, "rates": [RATE]}
QUOTE = Quote(
    "easypost", "A-1001", "shp_1", Rate("rate_1", "usps", "GroundAdvantage", Money.of("6.07"), None, "USPS")
)
ASKED = {"to_address": {"name": "Zhang Wei", "street1": "417 Montgomery St"}, "from_address": {}}
TOLD = {"code": "SHIPMENT.POSTAGE.FAILURE", "message": "No such place: 417 Montgomery St", "errors": []}
ERROR = {"error": TOLD}

Start = Callable[[Callable[[Request], Reply]], LocalServer]
Outcome = type[LabelError] | type[Label]


def api_at(url: str, timeout: float = 2.0) -> EasyPost:
    """Return an API object that asks a local server."""
    return EasyPost(easypost_client(KEY, base=f"{url}/v2", session=Session((1.0, timeout))))


class Row(NamedTuple):
    """One accident: what the server does to a purchase, how that ends, how a question of price ends."""

    number: str
    reply: Reply
    buying: Outcome
    pricing: type[LabelError]


R, N, U = LabelRejected, LabelUnavailable, LabelUncertain
ROWS = [
    *(Row("E-01", Reply(ERROR, status), R, R) for status in (400, 401, 402, 403, 404, 405, 422)),
    Row("E-01", Reply({"error": TOLD | {"code": "SHIPMENT.POSTAGE.NO_RESPONSE"}}, 422), U, N),
    Row("E-01", Reply({"error": TOLD | {"code": "SHIPMENT.PURCHASE.IN_PROGRESS"}}, 422), U, N),
    Row("E-01", Reply({"error": TOLD | {"code": "RATE_LIMITED"}}, 403), N, N),
    Row("E-02", Reply(ERROR, 429), N, N),
    Row("E-02", Reply(ERROR, 429, {"Retry-After": "30"}), N, N),
    Row("E-03", Reply(ERROR, 408), U, N),
    *(Row("E-04", Reply(ERROR, status, {"Retry-After": "30"}), U, N) for status in (500, 503, 504)),
    *(Row("E-05", Reply(ERROR, status), U, N) for status in (502, 409, 418)),
    Row("E-06", Reply("<html>Bad Gateway</html>", 502, content_type="text/html"), U, N),
    Row("E-07", Reply({"message": "no"}, 500), U, N),
    Row("E-07", Reply(["no"], 422), R, R),
    *(Row("E-08", Reply({"error": value}, 422), R, R) for value in ("text", None, ["text"])),
    *(Row("E-08", Reply({"error": value}, 500), U, N) for value in ("text", None, ["text"])),
    Row("E-09", Reply({"error": {}}, 422), R, R),
    Row("E-09", Reply({"error": {}}, 500), U, N),
    Row("E-10", Reply(b"", 200), U, N),
    Row("E-11", Reply(json.dumps(BOUGHT)[:-20], 200), U, N),
    Row("E-12", Reply(BOUGHT, 200, fault=Fault.CUT), U, N),
    Row("E-13", Reply(BOUGHT | {"tracker": {"id": 7}}, 200), Label, N),
    Row("E-14", Reply(BOUGHT | {"postage_label": None}, 200), U, N),
    Row("E-15", Reply(b"", 204), U, N),
    Row("E-16", Reply([], 200), U, N),
    Row("E-16", Reply("null", 200), U, N),
    Row("E-17", Reply(BOUGHT, 200, fault=Fault.LOST), U, N),
    Row("E-18", Reply(BOUGHT, 200, fault=Fault.LATE), U, N),
    Row("E-23", Reply("", 302, {"Location": "/v2/shipments/shp_1"}), U, N),
    Row("E-24", Reply("", 307, {"Location": "/v2/shipments/shp_1/buy"}), U, N),
]
IDS = [f"{row.number}-{place}" for place, row in enumerate(ROWS)]


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_purchase_ends_as_exactly_one_thing(row: Row, server: Start) -> None:
    """However a purchase goes wrong, it is sent once and ends as one of three errors, or as a label."""
    local = server(lambda _: row.reply)
    local.late_by = 1.0
    api = api_at(local.url, timeout=0.4)
    if row.buying is Label:
        assert api.buy(QUOTE).tracking_number == BOUGHT["tracking_code"]
    else:
        assert issubclass(row.buying, LabelError)
        with pytest.raises(row.buying) as caught:
            api.buy(QUOTE, ASKED)
        _tells_nobody(caught.value, row.buying)
    assert [(asked.method, asked.path) for asked in local.requests] == [("POST", "/v2/shipments/shp_1/buy")]
    assert local.requests[0].json == {"rate": {"id": "rate_1"}}


def _tells_nobody(error: LabelError, kind: type[LabelError]) -> None:
    """Check an error: its kind, what it knows, and that neither buyer nor key stand in it or behind it."""
    assert type(error) is kind
    assert (error.api, error.reference) == ("easypost", "A-1001")
    assert error.bought == ("shp_1" if kind is LabelUncertain else None)
    assert getattr(error, "quote", None) == (QUOTE if kind is LabelUncertain else None)
    assert error.retryable is (kind is LabelUnavailable)
    assert error.__cause__ is None
    assert error.__context__ is None
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.args, vars(again)) == (type(error), error.args, vars(error))
    shown = f"{error} {error!r} {vars(error)}"
    for secret in ("Montgomery", "Zhang", KEY, "417"):
        assert secret not in shown


@pytest.mark.parametrize("row", [row for row in ROWS if row.number not in ("E-13", "E-14")], ids=str)
def test_a_question_of_price_is_never_uncertain(
    row: Row, server: Start, handoffs: dict[str, Any], sender: Any
) -> None:
    """The same accident where nothing is bought is rejected or unavailable."""
    local = server(lambda _: row.reply)
    local.late_by = 1.0
    with pytest.raises(LabelError) as caught:
        api_at(local.url, timeout=0.4).price(handoffs["home"], sender, reference="A-1001")
    assert type(caught.value) is row.pricing
    assert len(local.requests) == 1


@pytest.mark.parametrize("row", [row for row in ROWS if row.number != "E-13"], ids=str)
def test_a_failed_look_up_leaves_the_doubt(row: Row, server: Start) -> None:
    """No accident of a look-up says that nothing was bought; it is asked once (also E-17, E-27, E-28)."""
    local = server(lambda _: row.reply)
    local.late_by = 1.0
    with pytest.raises(LabelUncertain) as caught:
        api_at(local.url, timeout=0.4).look_up(QUOTE)
    assert caught.value.bought == "shp_1"
    assert [asked.method for asked in local.requests] == ["GET"]


def test_nobody_listens(handoffs: dict[str, Any], sender: Any) -> None:
    """E-19: a refused connection and an unknown name are unavailable, even for a purchase."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    for base in (f"http://127.0.0.1:{port}", "http://no-such-host.invalid"):
        with pytest.raises(LabelUnavailable, match="nothing was sent"):
            api_at(base).buy(QUOTE)
        with pytest.raises(LabelUncertain):
            api_at(base).look_up(QUOTE)


def test_the_connection_takes_too_long() -> None:
    """E-20: a connection that does not come about in time is unavailable, after one wait and not four."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)  # noqa: FBT003 - the socket's own way
            one.connect_ex(("127.0.0.1", port))  # fills the queue of those who wait to be let in
        session = Session((0.3, 5.0))
        api = EasyPost(easypost_client(KEY, base=f"http://127.0.0.1:{port}/v2", session=session))
        begun = time.monotonic()
        with pytest.raises(LabelUnavailable, match="nothing was sent"):
            api.buy(QUOTE)
        assert time.monotonic() - begun < 1.0
        for one in waiting:
            one.close()


def test_the_other_side_speaks_no_tls(server: Start) -> None:
    """E-21: when TLS cannot begin nothing was sent."""
    local = server(lambda _: Reply(BOUGHT))
    with pytest.raises(LabelError) as caught:
        api_at(local.url.replace("http:", "https:")).buy(QUOTE)
    assert type(caught.value) in (LabelUnavailable, LabelUncertain)
    assert local.requests == []


@pytest.mark.parametrize("value", [Decimal("1.5"), {1}, b"x", float("nan"), dt.date(2026, 1, 1)], ids=str)
def test_a_value_that_json_cannot_carry(
    value: object, server: Start, handoffs: dict[str, Any], sender: Any
) -> None:
    """E-22: what cannot be written is refused before the SDK sees it; in the SDK it is rejected, not sent."""
    local = server(lambda _: Reply(OPEN, 201))
    with pytest.raises(InputError, match="also"):
        api_at(local.url).price(handoffs["home"], sender, reference="A-1001", also={"insurance": value})
    bad = Quote("easypost", "A-1001", "shp_1", Rate(value, "usps", "x", Money.of(1)))  # type: ignore[arg-type]  # the point
    with pytest.raises(LabelRejected, match="nothing was sent"):
        api_at(local.url).buy(bad)
    assert local.requests == []


def test_a_hook_that_fails_after_the_answer(server: Start) -> None:
    """E-25: a response hook of the user's that raises does not lose a label that was bought."""
    local = server(lambda _: Reply(BOUGHT))
    client: Any = easypost_client(KEY, base=f"{local.url}/v2")
    client.subscribe_to_response_hook(_fail)
    assert EasyPost(client).buy(QUOTE).tracking_number == BOUGHT["tracking_code"]


def test_a_hook_that_fails_before_the_question(server: Start) -> None:
    """E-26: a request hook of the user's that raises is a fault of ours: rejected, nothing sent."""
    local = server(lambda _: Reply(BOUGHT))
    client: Any = easypost_client(KEY, base=f"{local.url}/v2")
    client.subscribe_to_request_hook(_fail)
    with pytest.raises(LabelRejected, match="nothing was sent"):
        EasyPost(client).buy(QUOTE)
    assert local.requests == []


def _fail(**_: object) -> None:
    raise ZeroDivisionError


def test_a_shipment_that_is_bought_already_is_adopted(server: Start) -> None:
    """A second purchase of one shipment finds the label of the first and pays nothing."""
    exists = Reply({"error": {"code": "SHIPMENT.POSTAGE.EXISTS", "message": "exists"}}, 422)
    local = server(lambda asked: exists if asked.method == "POST" else Reply(BOUGHT))
    assert api_at(local.url).buy(QUOTE).tracking_number == BOUGHT["tracking_code"]
    assert [asked.method for asked in local.requests] == ["POST", "GET"]


def test_bought_but_not_shown_is_uncertain(server: Start) -> None:
    """When EasyPost says both that it is bought and that there is no label, a person must look."""
    exists = Reply({"error": {"code": "SHIPMENT.POSTAGE.EXISTS", "message": "exists"}}, 422)
    local = server(lambda asked: exists if asked.method == "POST" else Reply(OPEN))
    with pytest.raises(LabelUncertain):
        api_at(local.url).buy(QUOTE)


def test_looking_up(server: Start) -> None:
    """A purchase that came about is found, one that did not is None, half a one is in doubt."""
    answers = [BOUGHT, OPEN, OPEN | {"tracking_code": "94001"}, OPEN | {"id": "shp_2"}]
    local = server(lambda _: Reply(answers[len(local.requests) - 1]))
    api = api_at(local.url)
    label = api.look_up(QUOTE)
    assert label is not None
    assert label.price == Money.of("6.07")
    assert api.look_up(QUOTE) is None
    for _ in range(2):
        with pytest.raises(LabelUncertain):
            api.look_up(QUOTE)


def test_an_offer_names_every_rate_and_remark(server: Start, handoffs: dict[str, Any], sender: Any) -> None:
    """An offer holds the rates, and why others gave none, without a word of the addresses."""
    said = [{"carrier": "UPS", "type": "rate_error", "message": "417 Montgomery St: Invalid credentials"}]
    local = server(lambda _: Reply(OPEN | {"messages": said}, 201))
    offer = api_at(local.url).price(handoffs["home"], sender, reference="A-1001")
    assert [rate.id for rate in offer.rates] == ["rate_1"]
    assert offer.remarks == ("▒ ▒ ▒: Invalid credentials",)
    assert offer.quote(offer.rates[0]) == QUOTE
    assert "Montgomery" not in repr(offer)


def test_what_cannot_be_expressed_is_never_asked(
    server: Start, handoffs: dict[str, Any], sender: Any
) -> None:
    """A pick-up without words at EasyPost ends before anything is sent."""
    local = server(lambda _: Reply(OPEN, 201))
    with pytest.raises(Inexpressible):
        api_at(local.url).price(handoffs["alternate_delivery"], sender, reference="A-1001")
    assert local.requests == []


@pytest.mark.parametrize("key", ["", "  ", None, "EZ AK", "EZAK\n", "ключ"])
def test_a_key_is_checked_and_never_shown(key: Any) -> None:
    """A key that no header can carry is an InputError that does not repeat it."""
    with pytest.raises(InputError) as caught:
        easypost_client(key)
    assert not key or not key.strip() or key not in str(caught.value)


def test_an_unsafe_client_is_refused() -> None:
    """A client with the SDK's own session may send a purchase twice, so it is not taken."""
    from easypost.easypost_client import EasyPostClient

    with pytest.raises(TypeError, match="easypost_client"):
        EasyPost(EasyPostClient(KEY))


def test_the_environment_is_not_asked(server: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Neither a proxy of the environment nor ~/.netrc changes where a request goes and with which key."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    local = server(lambda _: Reply(BOUGHT))
    api_at(local.url).buy(QUOTE)
    assert local.requests[0].headers["Authorization"] == f"Bearer {KEY}"
