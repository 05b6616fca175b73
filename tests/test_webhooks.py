"""Webhooks: what is really from the API is read, everything else is refused in words, never by a crash."""

from __future__ import annotations

import hashlib
import hmac
import pickle
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Address, Parcel, route_parcel, webhooks
from lockership.errors import InputError
from lockership.labels.apis import EasyPost, Shippo, easypost_client, shippo_client
from lockership.ledger import Ledger
from lockership.ship import Desk, ship
from lockership.testing import FakeEasyPost, FakeShippo, WebhookFault
from lockership.testing.servers import LocalServer, Reply, Request
from lockership.testing.webhooks import sign_easypost, sign_shippo
from lockership.webhooks import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SECRET = "sécret"  # noqa: S105 - the documentation's own
BODY = b'{"a":1}'
GOLDEN = "hmac-sha256-hex=35e2265acce5e647f35f28306f4dcbedbd1e36e1a305c5c7f50888fc9aad8b0a"
"""EasyPost's recipe on ``{"a":1}`` under ``sécret``."""

SHIPPO_SECRET = "whsec_test"  # noqa: S105 - made up
SHIPPO_BODY = b'{"event":"track_updated","test":true,"data":{}}'
SHIPPO_GOLDEN = "t=1700000000,v1=311ebd06536bf1e184c0faacacaa64a830774310a9ee0371974a97a345a082e0"
TOKEN = "0123456789abcdef"  # noqa: S105 - made up


def shippo(
    body: bytes, headers: Any, secret: str = SHIPPO_SECRET, now: float = 1_700_000_000.0
) -> dict[str, Any]:
    """Check a signed Shippo webhook at a given moment."""
    return webhooks.shippo_signed(body, headers, secret, clock=lambda: now)


@pytest.mark.parametrize("secret", ["sécret", "se\u0301cret"])
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Hmac-Signature": GOLDEN},
        {"x-hmac-signature": GOLDEN},
        {"X-HMAC-SIGNATURE": GOLDEN.encode()},
        [(b"host", b"example.com"), (b"x-hmac-signature", GOLDEN.encode())],
    ],
    ids=["as documented", "lower case", "bytes", "ASGI"],
)
def test_easyposts_golden_value_is_accepted(secret: str, headers: Any) -> None:
    """W-1, W-2: the documented value passes, composed or not, header names in any case, text or bytes."""
    assert webhooks.easypost(BODY, headers, secret) == {"a": 1}


def test_a_recorded_webhook_is_accepted_and_its_neighbours_are_not(shared: Path) -> None:
    """EasyPost's own fixture passes; one more byte, or the value without NFKD, does not."""
    body = (shared / "data" / "easypost_samples" / "webhook_tracker_updated.raw.json").read_bytes()
    good = "38f3f53c103713df81616a0a186d77141957323ec21d5fe9363db93840f527db"
    assert webhooks.easypost(body, {"X-Hmac-Signature": f"hmac-sha256-hex={good}"}, SECRET)["id"]
    other = "7f1669d6699d0b937cc1e69402423bdd2be0a8bcf571d34a8116765f1741219b"
    for raw, digest in ((body + b"\n", good), (body + b"\r\n", good), (body, other)):
        with pytest.raises(Refused, match="not this body's"):
            webhooks.easypost(raw, {"X-Hmac-Signature": f"hmac-sha256-hex={digest}"}, SECRET)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BODY + b"\n", {"X-Hmac-Signature": GOLDEN}),
        (BODY + b"\r\n", {"X-Hmac-Signature": GOLDEN}),
        (b'{"a": 1}', {"X-Hmac-Signature": GOLDEN}),
        (BODY, {"X-Hmac-Signature": GOLDEN.upper()}),
        (BODY, {"X-Hmac-Signature": GOLDEN.partition("=")[2]}),
        (BODY, {"X-Hmac-Signature": f" {GOLDEN}"}),
        (BODY, {"X-Hmac-Signature": ""}),
        (BODY, {"X-Hmac-Signature": "hmac-sha256-hex=é" + "0" * 63}),
        (BODY, {"X-Hmac-Signature": b"\xff" * 80}),
        (BODY, {"X-Hmac-Signature": "\ud800"}),
        (BODY, {}),
        (BODY, [("x-hmac-signature", GOLDEN), ("X-Hmac-Signature", GOLDEN)]),
    ],
    ids=str,
)
def test_what_is_not_easyposts_is_refused(body: bytes, headers: Any) -> None:
    """W-2, W-5: another body, a re-written one, a spelling of the header that is not exact: all are 401."""
    with pytest.raises(Refused) as caught:
        webhooks.easypost(body, headers, SECRET)
    assert caught.value.status == 401


@pytest.mark.parametrize("secret", ["", " ", None, 7])
def test_an_empty_secret_is_refused_by_every_check(secret: Any) -> None:
    """W-3: without a secret nothing is accepted, not even what is rightly signed with nothing."""
    signed = "hmac-sha256-hex=" + hmac.new(b"", BODY, hashlib.sha256).hexdigest()
    checks: tuple[Callable[[], object], ...] = (
        lambda: webhooks.easypost(BODY, {"X-Hmac-Signature": signed}, secret),
        lambda: shippo(SHIPPO_BODY, {"Shippo-Auth-Signature": SHIPPO_GOLDEN}, secret),
        lambda: webhooks.shippo_token(BODY, "", secret),
    )
    for check in checks:
        with pytest.raises(InputError, match="secret"):
            check()


@pytest.mark.parametrize(
    "body", [b"no json", b"", b"[1]", b"\xff", b"[" * 100_000], ids=lambda body: str(body[:9])
)
def test_a_signed_body_that_cannot_be_read_is_400(body: bytes) -> None:
    """W-4: what is rightly signed and is no JSON object is refused with 400, not by a crash."""
    key = "se\u0301cret".encode()
    signed = "hmac-sha256-hex=" + hmac.new(key, body, hashlib.sha256).hexdigest()
    with pytest.raises(Refused) as caught:
        webhooks.easypost(body, {"X-Hmac-Signature": signed}, SECRET)
    assert caught.value.status == 400


def test_text_in_place_of_the_raw_body_is_a_mistake_of_the_caller() -> None:
    """W-5: a body that somebody decoded cannot be checked, and the error says what is needed."""
    decoded: Any = BODY.decode()
    with pytest.raises(TypeError, match="raw body"):
        webhooks.easypost(decoded, {"X-Hmac-Signature": GOLDEN}, SECRET)


def test_shippos_golden_value_is_accepted() -> None:
    """The recipe's value passes within the window, whatever the case of the header's name."""
    for name in ("Shippo-Auth-Signature", "shippo-auth-signature"):
        for now in (1_700_000_000 - 300, 1_700_000_000, 1_700_000_000 + 300):
            assert shippo(SHIPPO_BODY, {name: SHIPPO_GOLDEN}, now=now)["event"] == "track_updated"


@pytest.mark.parametrize(
    ("body", "signature", "now"),
    [
        (SHIPPO_BODY + b"\n", SHIPPO_GOLDEN, 1_700_000_000),
        (SHIPPO_BODY, SHIPPO_GOLDEN.replace("t=1700000000", "t=1700000001"), 1_700_000_000),
        (SHIPPO_BODY, SHIPPO_GOLDEN.partition(",")[2], 1_700_000_000),
        (SHIPPO_BODY, SHIPPO_GOLDEN.partition(",")[0], 1_700_000_000),
        (SHIPPO_BODY, "", 1_700_000_000),
        (SHIPPO_BODY, ",,=,t,v1", 1_700_000_000),
        (SHIPPO_BODY, "t=①,v1=é", 1_700_000_000),
        (SHIPPO_BODY, SHIPPO_GOLDEN.upper(), 1_700_000_000),
        (SHIPPO_BODY, SHIPPO_GOLDEN, 1_700_000_301),
        (SHIPPO_BODY, SHIPPO_GOLDEN, 1_699_999_699),
        (SHIPPO_BODY, SHIPPO_GOLDEN, float("inf")),
    ],
    ids=str,
)
def test_what_is_not_shippos_or_too_old_is_refused(body: bytes, signature: str, now: float) -> None:
    """Another body or time, a part that is missing, letters that are not ASCII, a time outside: all 401."""
    with pytest.raises(Refused) as caught:
        shippo(body, {"Shippo-Auth-Signature": signature}, now=now)
    assert caught.value.status == 401


def test_a_token_in_the_address_is_compared_whole() -> None:
    """Only the whole token passes; a short one of our own is refused at once."""
    assert webhooks.shippo_token(SHIPPO_BODY, TOKEN, TOKEN)["test"] is True
    for token in ("", None, TOKEN[:-1], TOKEN + "0", TOKEN.upper() + "é", "\ud800"):
        with pytest.raises(Refused):
            webhooks.shippo_token(SHIPPO_BODY, token, TOKEN)
    with pytest.raises(InputError, match="16 characters"):
        webhooks.shippo_token(SHIPPO_BODY, "short", "short")


def test_a_body_of_any_size_is_not_read() -> None:
    """A body over two million bytes is refused with 413 before it is looked at."""
    with pytest.raises(Refused) as caught:
        webhooks.easypost(b" " * 2_000_001, {"X-Hmac-Signature": GOLDEN}, SECRET)
    assert caught.value.status == 413
    assert vars(pickle.loads(pickle.dumps(caught.value))) == vars(caught.value)


@given(body=st.binary(max_size=60), signature=st.text() | st.binary(), name=st.text(max_size=30))
def test_no_noise_passes_and_no_noise_crashes(body: bytes, signature: Any, name: str) -> None:
    """Whatever comes in, it is refused by name."""
    for headers in ({"X-Hmac-Signature": signature}, {name: signature}):
        with pytest.raises(Refused):
            webhooks.easypost(body, headers, SECRET)
    with pytest.raises(Refused):
        shippo(body, {"Shippo-Auth-Signature": signature})


def test_an_event_is_acted_on_once(tmp_path: Path) -> None:
    """The same event, sent again by the API, is not acted on again; after a restart neither."""
    acted: list[str] = []
    for _ in range(2):
        with Ledger(tmp_path / "ledger.db") as ledger:
            for _ in range(2):
                for event, body in (({"id": "evt_1"}, b"1"), ({}, b"2"), ({}, b"3"), ({"id": 7}, b"3")):
                    name = webhooks.event_id(event, body)
                    with ledger.once("easypost", name) as fresh:
                        acted += [name] if fresh else []
    assert len(acted) == len(set(acted)) == 3


def test_the_fakes_sign_as_the_apis_do() -> None:
    """What the fakes sign has the golden values, which were not made by this code."""
    for secret in (SECRET, "se\u0301cret"):
        assert sign_easypost(BODY, secret) == {"X-Hmac-Signature": GOLDEN}
    signed = sign_shippo(SHIPPO_BODY, SHIPPO_SECRET, 1_700_000_000.9)
    assert signed == {"Shippo-Auth-Signature": SHIPPO_GOLDEN}


HOME = Address(name="Ann", street1="417 Montgomery St", city="Los Angeles", state="CA", zip="90026")
DOCK = Address(
    name="Dock 4",
    street1="1990 E Grand Ave",
    city="El Segundo",
    state="CA",
    zip="90245",
    phone="3105550100",
    email="dock4@example.com",
)


class Receiver:
    """A warehouse's own receiver, on real HTTP: it checks, acts once, and answers."""

    def __init__(self, fake: FakeEasyPost | FakeShippo, where: Path) -> None:
        self.fake = fake
        self.ledger = Ledger(where / "ledger.db")
        self.acted: list[str] = []
        self.answers: list[int] = []
        """Answers to give before anything is looked at, as of a receiver that is being restarted."""
        self.server = LocalServer(self._receive)
        self.check: Callable[[Request], dict[str, Any]] = partial(self._check, secret=SECRET)

    def _check(self, asked: Request, secret: str) -> dict[str, Any]:
        if isinstance(self.fake, FakeEasyPost):
            return webhooks.easypost(asked.body, asked.headers, secret)
        return webhooks.shippo_signed(asked.body, asked.headers, secret)

    def _receive(self, asked: Request) -> Reply:
        if self.answers:
            return Reply(status=self.answers.pop(0))
        try:
            event = self.check(asked)
        except Refused as error:
            return Reply(status=error.status)
        with self.ledger.once("api", webhooks.event_id(event, asked.body)) as fresh:
            if fresh:
                seen = event.get("result") or event["data"]
                status = seen.get("tracking_status") or seen
                self.acted.append(f"{event.get('description') or event['event']} {status['status']}")
        return Reply()

    def buy(self) -> str:
        """Buy a label and give its tracking number."""
        api: Any
        if isinstance(self.fake, FakeEasyPost):
            api = EasyPost(easypost_client("EZTK-test", base=self.fake.base))
        else:
            api = Shippo(shippo_client("shippo_test_1", base=self.fake.base))
        decision = route_parcel(HOME, "usps", Parcel.of("14x10x6 in", "8.2 lb"))
        label = ship(decision, "A-1001", Desk(self.ledger, (api,), DOCK)).label
        assert label is not None
        return label.tracking_number

    def track(self, *statuses: str) -> None:
        """Let the carrier see the parcel again and again."""
        number = self.ledger.entries()[0].tracking_number
        for status in statuses:
            self.fake.track(number, status, "seen")


@pytest.fixture(params=[FakeEasyPost, FakeShippo])
def receiver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Receiver]:
    """Return a receiver to which each fake in turn posts, with one label bought."""
    with request.param() as fake:
        made = Receiver(fake, tmp_path)
        with made.ledger, made.server:
            fake.webhook(f"{made.server.url}/hook", SECRET)
            made.buy()
            yield made


def kinds(receiver: Receiver) -> tuple[str, str]:
    """Return how the API names a purchase and a scan."""
    if isinstance(receiver.fake, FakeEasyPost):
        return "tracker.created unknown", "tracker.updated"
    return "transaction_created SUCCESS", "track_updated"


def test_a_fakes_webhooks_are_checked_and_acted_on_in_order(receiver: Receiver) -> None:
    """A purchase and two scans arrive signed, each is acted on, and nothing waits afterwards."""
    bought, scanned = kinds(receiver)
    receiver.track("TRANSIT", "DELIVERED")
    posted = receiver.fake.post_webhooks()
    assert [one.status for one in posted] == [200] * 3
    assert receiver.acted == [bought, f"{scanned} TRANSIT", f"{scanned} DELIVERED"]
    assert receiver.fake.post_webhooks() == []


def test_a_webhook_that_comes_twice_is_acted_on_once(receiver: Receiver) -> None:
    """Each is posted twice, the same to the byte, and answered with 200; the ledger lets one act."""
    bought, scanned = kinds(receiver)
    receiver.track("TRANSIT")
    receiver.fake.fail_webhook(WebhookFault.TWICE, times=2)
    posted = receiver.fake.post_webhooks()
    assert [one.accepted for one in posted] == [True] * 4
    assert len({one.body for one in posted}) == 2
    assert receiver.acted == [bought, f"{scanned} TRANSIT"]


def test_a_late_webhook_is_overtaken_and_not_lost(receiver: Receiver) -> None:
    """What comes late comes after the next one; with nothing to overtake it, it waits."""
    bought, scanned = kinds(receiver)
    receiver.fake.fail_webhook(WebhookFault.LATE)
    assert receiver.fake.post_webhooks() == []
    receiver.fake.fail_webhook(WebhookFault.LATE, times=2)
    receiver.track("TRANSIT", "DELIVERED")
    receiver.fake.post_webhooks()
    assert receiver.acted == [f"{scanned} DELIVERED", bought, f"{scanned} TRANSIT"]


def test_a_webhook_that_is_not_accepted_is_posted_again(receiver: Receiver) -> None:
    """A receiver that is down, or answers 500, hears of it the next time; what is lost never comes."""
    bought, scanned = kinds(receiver)
    receiver.answers += [500, 503]
    receiver.fake.fail_webhook(WebhookFault.TWICE)
    assert [one.status for one in receiver.fake.post_webhooks()] == [500, 503]
    receiver.track("TRANSIT", "DELIVERED")
    receiver.fake.fail_webhook(WebhookFault.LOST, times=2)
    assert [one.status for one in receiver.fake.post_webhooks()] == [200]
    assert receiver.acted == [f"{scanned} DELIVERED"]
    receiver.track("RETURNED")
    url = receiver.server.url
    receiver.fake.webhook("http://127.0.0.1:9/hook", SECRET)  # nobody listens on this port
    assert [one.status for one in receiver.fake.post_webhooks()] == [None]
    receiver.fake.webhook(f"{url}/hook", SECRET)
    assert [one.status for one in receiver.fake.post_webhooks()] == [200]
    assert receiver.acted == [f"{scanned} DELIVERED", f"{scanned} RETURNED"]
    assert bought not in receiver.acted


def test_a_webhook_under_another_secret_is_refused(receiver: Receiver) -> None:
    """A receiver with another secret answers 401 and acts on nothing."""
    receiver.check = partial(receiver._check, secret="another")  # noqa: S106 - made up
    assert [one.status for one in receiver.fake.post_webhooks()] == [401]
    receiver.fake.webhook(f"{receiver.server.url}/hook")
    assert [one.status for one in receiver.fake.post_webhooks()] == [401]
    assert receiver.acted == []


def test_shippos_token_stands_in_the_address(tmp_path: Path) -> None:
    """Without signatures Shippo posts to the address as it is given, with its token; a refund is told too."""
    with FakeShippo() as fake:
        receiver = Receiver(fake, tmp_path)
        receiver.check = lambda asked: webhooks.shippo_token(asked.body, asked.query.get("token"), TOKEN)
        with receiver.ledger, receiver.server:
            fake.webhook(f"{receiver.server.url}/hook?token={TOKEN}")
            receiver.buy()
            api = Shippo(shippo_client("shippo_test_1", base=fake.base))
            receiver.ledger.void(api, "A-1001")
            posted = fake.post_webhooks()
        assert [(one.kind, one.status) for one in posted] == [
            ("transaction_created", 200),
            ("transaction_updated", 200),
        ]
        assert all("Shippo-Auth-Signature" not in one.headers for one in posted)


def test_nobody_is_told_without_an_address() -> None:
    """Without an address nothing is kept or posted; an address that is none is refused."""
    with FakeEasyPost() as fake:
        assert fake.post_webhooks() == []
        for url in ("", "dock-4", "ftp://127.0.0.1/hook", "http://"):
            with pytest.raises(InputError, match="url"):
                fake.webhook(url)
        with pytest.raises(KeyError):
            fake.track("9400100208300000000001", "delivered")
