"""Buying from the carriers over real HTTP, against a local server that fails in every way."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from lockership.errors import InputError, LabelError, LabelRejected, LabelUnavailable, LabelUncertain
from lockership.labels import usps
from lockership.labels.carrier_post import CARRIERS, buy
from lockership.testing.servers import Fault, LocalServer, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable

    Start = Callable[[Callable[[Request], Reply]], LocalServer]

ASKED: dict[str, Any] = {
    "toAddress": {"firstName": "Zhang", "lastName": "Wei", "streetAddress": "417 Montgomery St"},
    "packageDescription": {"mailClass": "PRIORITY_MAIL"},
    "imageInfo": {"imageType": "PDF"},
}
LABEL = {"trackingNumber": "9234567890123456789012", "postage": 8.35, "labelImage": "JVBERi0="}


def bought(server: LocalServer, **options: Any) -> Any:
    """Buy one label from a local server that stands for USPS."""
    with httpx.Client(base_url=server.url, timeout=0.5, headers={"Authorization": "Bearer secret"}) as client:
        return buy(client, "usps", ASKED, reference="A-1001", **options)


def failed(server: LocalServer) -> LabelError:
    """Return the error with which a purchase ends; it survives pickling and names nobody."""
    with pytest.raises(LabelError) as caught:
        bought(server)
    error = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(error, LabelError)
    assert (error.api, error.reference) == ("usps", "A-1001")
    assert not {"Zhang", "Wei", "Montgomery", "secret"} & set(str(error).replace(":", " ").split())
    return error


def test_a_label_is_bought_with_one_question(server: Start) -> None:
    """The body goes out once, with the carrier's headers and the caller's, and the price is exact."""
    local = server(lambda _: Reply(LABEL))
    label = bought(local, headers={"X-Idempotency-Key": "8be4df61-93ca-11d2-aa0d-00e098032b8c"})
    assert label.tracking_number == LABEL["trackingNumber"]
    assert str(label.price.amount) == "8.35"
    (sent,) = local.requests
    assert (sent.method, sent.path) == ("POST", usps.PATH)
    assert json.loads(sent.body) == ASKED
    headers = {name.lower(): value for name, value in sent.headers.items()}
    assert headers["accept"] == "application/vnd.usps.labels+json"
    assert headers["content-type"] == "application/json"
    assert headers["authorization"] == "Bearer secret"
    assert headers["x-idempotency-key"] == "8be4df61-93ca-11d2-aa0d-00e098032b8c"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, LabelRejected) for status in (400, 401, 403, 404, 413, 415, 422)),
        (429, LabelUnavailable),
        *((status, LabelUncertain) for status in (302, 307, 408, 409, 500, 502, 503, 504)),
    ],
)
def test_a_status_is_one_error(status: int, error: type[LabelError], server: Start) -> None:
    """Refused, later, or in doubt: a purchase that a server may have made is never taken for a refusal."""
    body = {
        "error": {
            "code": str(status),
            "errors": [{"code": "160089", "detail": "Zhang lives at 417 Montgomery"}],
        }
    }
    local = server(lambda _: Reply(body, status=status, headers={"Location": "/again"}))
    found = failed(local)
    assert type(found) is error
    assert (found.status, found.code) == (status, "160089")
    assert len(local.requests) == 1


@pytest.mark.parametrize(("told", "seconds"), [("7", 7.0), ("soon", None)])
def test_how_long_to_wait_is_read(told: str, seconds: float | None, server: Start) -> None:
    """A carrier that says "too many" may say for how long; what cannot be read says nothing."""
    found = failed(server(lambda _: Reply({}, status=429, headers={"Retry-After": told})))
    assert isinstance(found, LabelUnavailable)
    assert found.retry_after == seconds


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.LATE, Fault.CUT])
def test_silence_after_the_question_is_doubt(fault: Fault, server: Start) -> None:
    """A question that left and got no whole answer may have bought; it is not asked again."""
    local = server(lambda _: Reply(LABEL, fault=fault))
    assert type(failed(local)) is LabelUncertain
    assert len(local.requests) == 1


def test_no_connection_buys_nothing(server: Start) -> None:
    """Where nobody listens nothing was sent: it may be asked again."""
    local = server(lambda _: Reply(LABEL))
    local.__exit__(None, None, None)
    assert type(failed(local)) is LabelUnavailable


@pytest.mark.parametrize("body", ["", "<html>", "[]", "7", '{"trackingNumber": ""}'])
def test_an_answer_that_is_no_label_is_doubt(body: str, server: Start) -> None:
    """A success that shows no label leaves the purchase in doubt."""
    assert type(failed(server(lambda _: Reply(body)))) is LabelUncertain


@pytest.mark.parametrize("headers", [{"X-Bad": "a\nb"}, {"X-Bad": "a\x00"}])
def test_a_header_that_cannot_be_sent_buys_nothing(headers: dict[str, str], server: Start) -> None:
    """What cannot be written is our own fault, and nothing has left."""
    local = server(lambda _: Reply(LABEL))
    with pytest.raises(LabelRejected, match="nothing was sent"):
        bought(local, headers=headers)
    assert local.requests == []


def test_an_address_that_is_none_buys_nothing() -> None:
    """A client without the carrier's address sends nothing."""
    with httpx.Client() as client, pytest.raises(LabelRejected, match="nothing was sent"):
        buy(client, "ups", {}, reference="A-1001")


def test_a_hook_that_fails_after_the_answer_is_doubt(server: Start) -> None:
    """A client's own hook may fail when the label is paid for already."""

    def stumble(_: httpx.Response) -> None:
        raise RuntimeError("Zhang Wei")

    local = server(lambda _: Reply(LABEL))
    with (
        httpx.Client(base_url=local.url, event_hooks={"response": [stumble]}) as client,
        pytest.raises(LabelUncertain) as caught,
    ):
        buy(client, "usps", ASKED, reference="A-1001")
    assert "Zhang" not in str(caught.value)


def test_the_test_environment_has_no_lockers() -> None:
    """USPS refuses a Smart Locker in its test environment; so do we, before (160126)."""
    asked = {"toAddress": {"parcelLockerDelivery": True}}
    with (
        httpx.Client(base_url="https://apis-tem.usps.example") as client,
        pytest.raises(InputError, match="160126"),
    ):
        buy(client, "usps", asked, reference="A-1001")


@pytest.mark.parametrize(
    ("api", "body", "code"),
    [
        (
            "ups",
            {"response": {"errors": [{"code": "120802", "message": "Address Validation Error"}]}},
            "120802",
        ),
        ("fedex", {"errors": [{"code": "SERVICE.UNAVAILABLE", "message": "later"}]}, "SERVICE.UNAVAILABLE"),
        ("usps", {"error": {"code": "400", "message": "bad"}}, "400"),
        (
            "amazon",
            {"errors": [{"code": "InvalidRequest", "message": "no", "details": "x"}]},
            "InvalidRequest",
        ),
    ],
)
def test_every_carriers_code_is_read(api: str, body: dict[str, Any], code: str, server: Start) -> None:
    """Each carrier's form of a refusal gives its code, and its words."""
    local = server(lambda _: Reply(body, status=400))
    with httpx.Client(base_url=local.url) as client, pytest.raises(LabelRejected) as caught:
        buy(client, api, {}, reference="A-1001")
    assert caught.value.code == code
    assert api == CARRIERS[api].API
    assert local.requests[0].path == CARRIERS[api].PATH
