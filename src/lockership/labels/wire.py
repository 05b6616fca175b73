"""The one way out to a label API: HTTP that never asks twice, never follows, and keeps what came back.

The SDKs write our requests.  Their decoders are not trusted with the answers: a label that is paid for
may lack one key that they want, and comes out of them as an AttributeError.  So the session keeps
every answer as it came, and what became of a question is decided here from three facts alone: whether
anything was sent, the HTTP status, and the body.  Every accident ends as exactly one of rejected,
unavailable and uncertain.
"""

from __future__ import annotations

import json
import math
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs
import requests
from requests import exceptions as broken
from urllib3 import exceptions as below

from lockership.errors import (
    OUT_OF_RANGE,
    InputError,
    LabelRejected,
    LabelUnavailable,
    LabelUncertain,
    Problem,
)
from lockership.labels.answers import mapping, said, texts_of, word_of
from lockership.labels.label import Quote

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["REFUSALS", "Answer", "Question", "Session", "Silence", "Step", "ask", "seconds_of"]

Timeout = tuple[float, float]
"""Seconds to wait for the connection, and for the answer."""


@attrs.frozen
class Answer:
    """What a server sent back; ``retry_after`` are the seconds that it asks to wait, or None."""

    status: int
    body: bytes = attrs.field(repr=False)
    retry_after: float | None = None

    def json(self) -> object:
        """Read the body, decimal numbers exactly; None when it is no JSON."""
        try:
            return json.loads(self.body, parse_float=Decimal)
        except (ValueError, RecursionError):
            return None


@attrs.frozen
class Silence:
    """No answer: what stood in the way, whether the question may have left, and whether it was our fault."""

    why: str
    left: bool = True
    ours: bool = False


class _EnoughError(Exception):
    """Leaves an SDK that would read an answer which is kept already."""


class Session(requests.Session):
    """A connection that buys: with a limit on waiting, without retries, redirects or the environment.

    It reads no proxy and no ``~/.netrc`` (which would replace the API key); give it proxies or
    another certificate bundle by its own attributes ``proxies`` and ``verify``.  The answers are kept
    per thread; one session for each thread is still the safe way with requests.

    Raises:
        InputError: A timeout is missing, not above zero, or over an hour.
    """

    def __init__(self, timeout: Timeout = (3.05, 60.0)) -> None:
        super().__init__()
        limits: object = timeout  # None is what requests takes for "for ever", and callers may try it
        if not (isinstance(limits, tuple) and len(limits) == 2 and all(map(_ends, limits))):
            message = (
                "two numbers of seconds, each above 0 and at most 3600: nothing may be waited for for ever"
            )
            raise InputError([Problem(OUT_OF_RANGE, message, "timeout")])
        self.trust_env = False
        self.timeout = timeout
        self._seen = threading.local()

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - requests' own
        """Send once, keep the answer or the accident, and follow no redirect."""
        kwargs["allow_redirects"] = False
        kwargs["timeout"] = self.timeout
        self._seen.outcome = Silence("Interrupted")
        try:
            response = super().send(request, **kwargs)
            later = seconds_of(response.headers.get("Retry-After"))
            self._seen.outcome = Answer(response.status_code, response.content, later)
        except Exception as error:
            ours = not isinstance(error, (broken.ConnectionError, broken.Timeout))
            self._seen.outcome = Silence(_innermost(error), _may_have_left(error), ours)
            raise
        if getattr(self._seen, "enough", False):
            raise _EnoughError
        return response

    def outcome_of(self, call: Callable[[], object], *, unread: bool = False) -> Answer | Silence:
        """Let an SDK ask, and say what came back, whatever the SDK makes of it.

        With ``unread`` the SDK is left as soon as the answer is here, before it reads it.
        """
        self._seen.outcome = None
        self._seen.enough = unread
        try:
            call()
        except Exception as error:  # noqa: BLE001 - an SDK raises anything; what was sent decides
            why = type(error).__name__  # its text may hold the whole answer, with the buyer in it
        else:
            why = "no request"
        finally:
            self._seen.enough = False
        outcome: Answer | Silence | None = self._seen.outcome
        return Silence(why, left=False, ours=True) if outcome is None else outcome


def _ends(seconds: object) -> bool:
    return isinstance(seconds, int | float) and 0 < seconds <= _LONGEST_TIMEOUT


_LONGEST_TIMEOUT = 3_600


def seconds_of(retry_after: str | None) -> float | None:
    """Read a ``Retry-After``: seconds, or a date; anything else says nothing.

    >>> seconds_of("3"), seconds_of("soon"), seconds_of("Wed, 21 Oct 2015 07:28:00 GMT"), seconds_of(None)
    (3.0, None, 0.0, None)
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    with suppress(ValueError, TypeError, OverflowError):
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
        return max(0.0, seconds) if math.isfinite(seconds) else None
    return None


_BEFORE_LEAVING = (
    broken.ConnectTimeout,
    broken.InvalidURL,
    broken.InvalidSchema,
    broken.MissingSchema,
    broken.InvalidHeader,
)
_NO_CONNECTION = (below.NewConnectionError, below.ConnectTimeoutError, below.ProxyError)
_HANDSHAKE = {
    "CERTIFICATE_VERIFY_FAILED",
    "NO_PROTOCOLS_AVAILABLE",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "TLSV1_UNRECOGNIZED_NAME",
    "UNSUPPORTED_PROTOCOL",
    "WRONG_VERSION_NUMBER",
}
"""TLS failures that come before the first byte of a request; any other may come in its midst."""


def _may_have_left(error: Exception) -> bool:
    """Whether the server may have got the question: yes, unless the accident shows that it did not."""
    if isinstance(error, _BEFORE_LEAVING):
        return False
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, below.MaxRetryError) else None
    if isinstance(reason, _NO_CONNECTION):
        return False
    inner = reason.args[0] if isinstance(reason, below.SSLError) and reason.args else None
    return not (isinstance(inner, ssl.SSLError) and inner.reason in _HANDSHAKE)


def _innermost(error: Exception) -> str:
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None) or cause
    return type(reason if isinstance(reason, Exception) else error).__name__


class Step(Enum):
    """What a question is for, and so what no answer to it means."""

    PRICE = "price"
    """Nothing is bought by it: without an answer, ask again."""
    BUY = "buy"
    """Without an answer the label may be bought."""
    LOOK_UP = "look up"
    """Asked in doubt: whatever fails, the doubt stays."""
    REFUND = "refund"
    """Without an answer the label may be given back."""


@attrs.frozen
class Question:
    """What is asked, for whom, and what is known already.

    Attributes:
        api: The label API.
        step: What it is for.
        reference: The caller's own reference of the parcel.
        quote: What is being bought or looked up, or None.
        asked: The request, so that no word of its addresses is repeated, or None.
    """

    api: str
    step: Step
    reference: str
    quote: Quote | None = None
    asked: Mapping[str, Any] | None = attrs.field(default=None, repr=False)

    def error(
        self,
        message: str,
        *,
        kind: type[LabelRejected | LabelUnavailable] | None = None,
        code: str | None = None,
        status: int | None = None,
    ) -> LabelRejected | LabelUnavailable | LabelUncertain:
        """Make the error that this question ends with; ``kind`` None means that nothing is known."""
        text = f"{self.api}: {message}"
        if self.step is Step.LOOK_UP or (kind is None and self.step is not Step.PRICE):
            quote = self.quote
            bought = None if quote is None else quote.transaction_id or quote.shipment_id
            return LabelUncertain(
                text,
                api=self.api,
                reference=self.reference,
                bought=bought,
                code=code,
                status=status,
                quote=quote,
            )
        kind = kind or LabelUnavailable
        return kind(text, api=self.api, reference=self.reference, code=code, status=status)


REFUSALS = frozenset({400, 401, 402, 403, 404, 405, 406, 410, 411, 413, 414, 415, 422, 451})
"""Statuses by which a server says that it did nothing.  409 and 418, unused by both APIs, are doubt."""

_UNSURE = {"SHIPMENT.POSTAGE.NO_RESPONSE", "SHIPMENT.PURCHASE.IN_PROGRESS"}
"""EasyPost's codes that say: the carrier has not answered yet, so it may have sold the label."""

_LATER = {"RATE_LIMITED"}


def ask(
    session: Session, question: Question, call: Callable[[], object], *, unread: bool = False
) -> dict[str, Any]:
    """Let an SDK ask, and give the answer's JSON object; ``unread`` as in :meth:`Session.outcome_of`.

    Raises:
        LabelRejected: Refused, or never sent because the request cannot be written.
        LabelUnavailable: Not answered, and nothing was bought by it.
        LabelUncertain: Not answered, and it may have bought.
    """
    outcome = session.outcome_of(call, unread=unread)
    if isinstance(outcome, Silence):
        if outcome.left:
            raise question.error(f"no answer ({outcome.why})")
        silent = LabelRejected if outcome.ours else LabelUnavailable
        raise question.error(f"nothing was sent ({outcome.why})", kind=silent)
    status, body = outcome.status, outcome.json()
    found = mapping(body)
    if 200 <= status < 300:
        if found or body == {}:
            return found
        raise question.error("the answer is no JSON object", status=status)
    code = word_of(mapping(found.get("error")).get("code"))
    kind: type[LabelRejected | LabelUnavailable] | None = None
    if status == 429 or code in _LATER:
        kind = LabelUnavailable
    elif status in REFUSALS and code not in _UNSURE:
        kind = LabelRejected
    told = ", ".join(filter(None, (code, f"HTTP {status}")))
    words = said(texts_of(body), question.asked)
    error = question.error(f"{told}{f': {words}' if words else ''}", kind=kind, code=code, status=status)
    if isinstance(error, LabelUnavailable):
        error.retry_after = outcome.retry_after
    raise error
