"""Webhooks as EasyPost and Shippo post them: signed, at least once, and out of order when told so."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import unicodedata
from collections import deque
from contextlib import closing
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

import attrs

from lockership.errors import OUT_OF_RANGE, InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Outbox", "Posted", "WebhookFault", "sign_easypost", "sign_shippo"]

_PATIENCE = 10.0
"""Seconds that a receiver may take for its answer."""


class WebhookFault(StrEnum):
    """What goes wrong with one webhook on its way."""

    TWICE = "twice"
    """It comes twice, the same to the byte."""
    LATE = "late"
    """The next one overtakes it."""
    LOST = "lost"
    """It never comes."""


@attrs.frozen
class Posted:
    """One webhook that was posted.

    Attributes:
        kind: The kind of event, as the API names it.
        status: What the receiver answered; None when it did not.
        body: What was posted.
        headers: With these headers.
    """

    kind: str
    status: int | None
    body: bytes = attrs.field(repr=False)
    headers: dict[str, str] = attrs.field(repr=False)

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it: any answer of 200 to 299."""
        return self.status is not None and 200 <= self.status < 300


_Event: TypeAlias = tuple[str, bytes]


def sign_easypost(body: bytes, secret: str) -> dict[str, str]:
    """Give EasyPost's header for a body.

    >>> sign_easypost(b'{"a":1}', "sécret")["X-Hmac-Signature"][:31]
    'hmac-sha256-hex=35e2265acce5e64'
    """
    key = unicodedata.normalize("NFKD", secret).encode()
    return {"X-Hmac-Signature": f"hmac-sha256-hex={hmac.new(key, body, hashlib.sha256).hexdigest()}"}


def sign_shippo(body: bytes, secret: str, now: float | None = None) -> dict[str, str]:
    """Give Shippo's header for a body, as third parties describe it; ``now`` is in seconds since 1970.

    >>> body = b'{"event":"track_updated","test":true,"data":{}}'
    >>> sign_shippo(body, "whsec_test", 1_700_000_000)["Shippo-Auth-Signature"][:24]
    't=1700000000,v1=311ebd06'
    """
    moment = str(int(time.time() if now is None else now))
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Shippo-Auth-Signature": f"t={moment},v1={digest}"}


class Outbox:
    """Events that wait to be posted, oldest first.

    Args:
        sign: Gives the headers that prove a body, under a secret.
    """

    def __init__(self, sign: Callable[[bytes, str], dict[str, str]]) -> None:
        self._sign = sign
        self._url = self._secret = ""
        self._waiting: list[_Event] = []
        self._faults: deque[WebhookFault] = deque()
        self._lock = Lock()

    def register(self, url: str, secret: str) -> None:
        """Keep events for this address from now on."""
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise InputError([Problem(OUT_OF_RANGE, "accepted are http:// and https:// addresses", "url")])
        self._url, self._secret = url, secret

    def fail(self, fault: WebhookFault, times: int) -> None:
        """Spoil the next postings."""
        with self._lock:
            self._faults.extend([WebhookFault(fault)] * times)

    def add(self, kind: str, body: dict[str, Any]) -> None:
        """Keep an event until it is posted; nobody is told while no address is registered."""
        if self._url:
            with self._lock:
                self._waiting.append((kind, json.dumps(body).encode()))

    def post(self) -> list[Posted]:
        """Post what waits; what is not accepted, or was not overtaken, waits for the next time."""
        with self._lock:  # not kept while the receiver thinks: it may ask the fake
            waiting, self._waiting = self._waiting, []
        posted: list[Posted] = []
        late: list[_Event] = []
        again: list[_Event] = []
        for event in waiting:
            with self._lock:
                fault = self._faults.popleft() if self._faults else None
            if fault is WebhookFault.LATE:
                late.append(event)
            elif fault is not WebhookFault.LOST:
                for out in [event, event, *late] if fault is WebhookFault.TWICE else [event, *late]:
                    posted.append(self._out(*out))
                    if not posted[-1].accepted and out not in again:
                        again.append(out)
                late.clear()
        with self._lock:
            self._waiting[:0] = [*again, *late]
        return posted

    def _out(self, kind: str, body: bytes) -> Posted:
        split = urlsplit(self._url)
        signed = self._sign(body, self._secret) if self._secret else {}
        headers = {"Content-Type": "application/json", **signed}
        path = f"{split.path or '/'}{f'?{split.query}' if split.query else ''}"
        line = HTTPSConnection if split.scheme == "https" else HTTPConnection
        with closing(line(split.hostname or "", split.port, timeout=_PATIENCE)) as connection:
            try:
                connection.request("POST", path, body, headers)
                status = connection.getresponse().status
            except (OSError, HTTPException):
                return Posted(kind, None, body, headers)
        return Posted(kind, status, body, headers)
