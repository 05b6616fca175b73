"""The carriers' own APIs over the network: one question, one label, never a second question.

The only part that asks.  The caller brings an ``httpx.Client`` that is authorised already: its
``base_url``, its token, its time limits.  Every accident ends as exactly one of rejected, unavailable and
uncertain, as with the label APIs.  After :class:`~lockership.errors.LabelUncertain` a carrier must be
asked, by telephone or its website, what became of the purchase; only USPS shows a label again that was
bought with an idempotency key.  :mod:`~lockership.labels.carrier_api` puts the ledger behind it.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from lockership.errors import (
    OUT_OF_RANGE,
    InputError,
    LabelRejected,
    LabelUnavailable,
    Problem,
)
from lockership.labels import amazon, fedex, ups, usps
from lockership.labels.answers import mapping, said
from lockership.labels.carrier_body import at
from lockership.labels.carrier_reply import code_of, words_of
from lockership.labels.wire import REFUSALS, Question, Step, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    import httpx

    from lockership.errors import LabelUncertain
    from lockership.labels.label import Label

__all__ = ["CARRIERS", "buy", "people", "refusal", "reprint", "server_problems"]

CARRIERS: dict[str, ModuleType] = {module.API: module for module in (ups, fedex, usps, amazon)}
"""The carriers' own APIs by name: the only registry."""


def buy(
    client: httpx.Client,
    api: str,
    asked: Mapping[str, Any],
    *,
    reference: str,
    headers: Mapping[str, str] | None = None,
) -> Label:
    """Post a request, which **buys** a label, and read the answer.

    Redirects are not followed, whatever the client says.  A transport that the client was given must not
    repeat a request that has left; ``httpx.HTTPTransport(retries=…)`` repeats connecting only, which is safe.

    Args:
        client: Authorised, with the carrier's address as ``base_url``: ``https://onlinetools.ups.com``,
            ``https://apis.fedex.com``, ``https://apis.usps.com``,
            ``https://sellingpartnerapi-na.amazon.com``.
        api: ``ups``, ``fedex``, ``usps`` or ``amazon``.
        asked: The body, from that module's ``request()``.
        reference: The caller's own key of the parcel.
        headers: Further headers: USPS's ``X-Payment-Authorization-Token`` and ``X-Idempotency-Key``,
            FedEx's ``x-customer-transaction-id``, UPS's ``transId``.

    Raises:
        InputError: USPS's test environment has no Smart Lockers (USPS error 160126).
        LabelRejected: Refused, or never sent because the request cannot be written; nothing was bought.
        LabelUnavailable: No connection, or "later"; nothing was bought.
        LabelUncertain: It may be bought: buy nothing else, and find out.
    """
    module = CARRIERS[api]
    if problems := server_problems(client, asked):
        raise InputError(problems)
    question = Question(api, Step.BUY, reference, asked=people(asked))
    body = _post(client, question, module.PATH, asked, {**module.HEADERS, **(headers or {})})
    return cast("Label", module.read(body, reference=reference, asked=asked))


def server_problems(client: httpx.Client, asked: Mapping[str, Any]) -> list[Problem]:
    """Say what the client's server cannot be asked, whatever the description says."""
    if client.base_url.host.startswith("apis-tem.") and at(asked, "toAddress.parcelLockerDelivery"):
        message = "USPS's test environment has no Smart Lockers (USPS error 160126)"
        return [Problem(OUT_OF_RANGE, message, "client")]
    return []


def reprint(
    client: httpx.Client, key: str, *, reference: str, label_format: str, headers: Mapping[str, str]
) -> Label:
    """Have USPS show a label again that was bought with an idempotency key; nothing is bought by it.

    USPS does so three times at most, and up to the mailing date.

    Raises:
        LabelUncertain: It does not show one; that is no proof that none was bought.
    """
    asked = {"imageInfo": {"imageType": label_format, "labelType": "4X6LABEL"}}
    sent = {**usps.HEADERS, **headers, usps.KEY: key}
    body = _post(client, Question(usps.API, Step.LOOK_UP, reference), usps.REPRINT_PATH, asked, sent)
    found = {**mapping(body.get("labelMetadata")), "labelImage": body.get("labelImage")}
    return usps.read(found, reference=reference, asked=asked)


def _post(
    client: httpx.Client, question: Question, path: str, asked: Mapping[str, Any], headers: Mapping[str, str]
) -> dict[str, Any]:
    """Post once, and give the answer's JSON object or the one error that the question ends with."""
    import httpx  # noqa: PLC0415 - whoever calls has it

    try:
        content = json.dumps(asked, ensure_ascii=False, allow_nan=False).encode()
        request = client.build_request(
            "POST", path, content=content, headers={"Content-Type": "application/json", **headers}
        )
    except (ValueError, TypeError, httpx.InvalidURL) as error:
        raise question.error(f"nothing was sent ({type(error).__name__})", kind=LabelRejected) from None
    try:
        response = client.send(request, follow_redirects=False)
    except _before_leaving() as error:
        raise question.error(f"nothing was sent ({type(error).__name__})", kind=LabelUnavailable) from None
    except (httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
        raise question.error(f"nothing was sent ({type(error).__name__})", kind=LabelRejected) from None
    except Exception as error:  # noqa: BLE001 - a client's own hooks raise anything; it may have left
        raise question.error(f"no answer ({type(error).__name__})") from None
    body = _json(response.content)
    if response.is_success:
        if isinstance(body, dict):
            return cast("dict[str, Any]", body)
        raise question.error("the answer is no JSON object", status=response.status_code)
    refused = refusal(question, response.status_code, body)
    if isinstance(refused, LabelUnavailable):
        refused.retry_after = seconds_of(response.headers.get("Retry-After"))
    raise refused


def _before_leaving() -> tuple[type[Exception], ...]:
    """Name the accidents that come before the first byte of a request."""
    import httpx  # noqa: PLC0415 - as above

    return (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def _json(content: bytes) -> object:
    """Read a body, decimal numbers exactly; None when it is no JSON."""
    try:
        return json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def refusal(
    question: Question, status: int, body: object
) -> LabelRejected | LabelUnavailable | LabelUncertain:
    """Make the error of an answer that is no label, whichever of the carriers' four forms it has."""
    code = code_of(body)
    kind: type[LabelRejected | LabelUnavailable] | None = None
    if status == 429:
        kind = LabelUnavailable
    elif status in REFUSALS:
        kind = LabelRejected
    told = ", ".join(filter(None, (code, f"HTTP {status}")))
    words = said(words_of(body), question.asked)
    return question.error(f"{told}{f': {words}' if words else ''}", kind=kind, code=code, status=status)


_PARTIES = frozenset(
    {
        *("Shipper", "ShipTo", "AlternateDeliveryAddress", "ShipFrom", "Notification"),
        *("shipper", "recipients", "holdAtLocationDetail"),
        *("toAddress", "fromAddress", "returnAddress"),
        *("shipTo", "shipFrom", "returnTo"),
    }
)
"""Where the carriers' requests have people in them."""


def people(asked: Mapping[str, Any]) -> dict[str, object]:
    """Give every text of a request's parties, so that no word of them is repeated in an error.

    >>> people({"toAddress": {"lastName": "Wei"}, "packageDescription": {"mailClass": "PRIORITY_MAIL"}})
    {'address': 'Wei'}
    """
    return {"address": " ".join(_texts(dict(asked), inside=False))}


def _texts(value: object, *, inside: bool) -> Iterator[str]:
    parts = mapping(value)
    if isinstance(value, str) and inside:
        yield value
    for one in cast("list[object]", value) if isinstance(value, list) else []:
        yield from _texts(one, inside=inside)
    for key, part in parts.items():
        yield from _texts(part, inside=inside or key in _PARTIES)
