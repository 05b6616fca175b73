"""Webhooks of EasyPost and Shippo: is this really from them, and was it acted on before?

No framework: give the raw body as it came, and the headers.  Then act on each event once::

    event = webhooks.easypost(body, headers, secret)  # raises Refused: answer its status
    with ledger.once("easypost", event["id"]) as fresh:
        if fresh:
            act(event)

The raw bytes are checked, never a body that was parsed and written again.  Comparisons take the same
time whatever is wrong.  An empty secret is refused: an HMAC under it proves nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from lockership.errors import MISSING_FIELD, OUT_OF_RANGE, InputError, LockershipError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Headers", "Refused", "easypost", "event_id", "shippo_signed", "shippo_token"]

Headers: TypeAlias = "Mapping[str, str | bytes] | Iterable[tuple[str | bytes, str | bytes]]"
"""A mapping, or pairs as ASGI has them; names in any case, text or bytes."""

_LARGEST = 2_000_000
_WINDOW: Final = 300.0


class Refused(LockershipError):
    """This is not to be acted on.

    Attributes:
        status: What to answer: 401 when it is not proven to be from the API, 400 when it is and cannot
            be read, 413 when it is too large to be looked at.
    """

    def __init__(self, message: str, status: int = 401) -> None:
        super().__init__(message)
        self.status = status

    def __reduce__(self) -> tuple[type[Refused], tuple[str, int]]:
        return type(self), (str(self), self.status)


def easypost(body: bytes, headers: Headers, secret: str) -> dict[str, Any]:
    """Check an EasyPost webhook and read it.

    HMAC-SHA256 over the raw body under the NFKD-normalised secret, in ``X-Hmac-Signature``.  There is no
    time in it, so that a replay is only seen by the event's ``id``.

    Raises:
        Refused: It is not proven to be EasyPost's, or is no JSON object.
        InputError: The secret is empty: nothing could be proven.

    >>> signature = "hmac-sha256-hex=4ec6c9f9cb0c7ea8d76eb6b4ac7a1bd2"
    >>> easypost(b'{"a":1}', {"x-hmac-signature": signature}, "whsec")
    Traceback (most recent call last):
    lockership.webhooks.Refused: the signature is not this body's
    """
    key = unicodedata.normalize("NFKD", _secret(secret)).encode()
    given = _one(headers, b"x-hmac-signature")
    made = b"hmac-sha256-hex=" + hmac.new(key, _raw(body), hashlib.sha256).hexdigest().encode()
    if not hmac.compare_digest(made, given):
        raise Refused("the signature is not this body's")
    return _json(body)


def shippo_signed(
    body: bytes,
    headers: Headers,
    secret: str,
    *,
    window: float = _WINDOW,
    clock: Callable[[], float] = time.time,
) -> dict[str, Any]:
    """Check a Shippo webhook that is signed, and read it.

    Shippo signs only for accounts that asked for it.  The recipe, HMAC-SHA256 over time, a dot and the
    raw body in ``Shippo-Auth-Signature: t=…,v1=…``, is from third parties and not from Shippo's pages.

    Args:
        body: The raw body.
        headers: The request's headers.
        secret: The secret that Shippo gave.
        window: Seconds by which its time may differ from ours; our choice, none is documented.
        clock: Gives the time in seconds since 1970.

    Raises:
        Refused: It is not proven to be Shippo's, too old or from the future, or no JSON object.
        InputError: The secret is empty.
    """
    key = _secret(secret).encode()
    parts: dict[bytes, bytes] = {}
    for part in _one(headers, b"shippo-auth-signature").split(b","):
        name, _, value = part.strip().partition(b"=")
        parts[name] = value
    moment, given = parts.get(b"t", b""), parts.get(b"v1", b"")
    made = hmac.new(key, moment + b"." + _raw(body), hashlib.sha256).hexdigest().encode()
    # Compared before anything else is said of it, and in full even where the time is wrong.
    same = hmac.compare_digest(made, given)
    if not (same and moment.isdigit() and len(moment) < 13):
        raise Refused("the signature is not this body's")
    if abs(clock() - int(moment)) > window:
        raise Refused("it was signed too long ago, or in the future")
    return _json(body)


def shippo_token(body: bytes, token: str | None, secret: str) -> dict[str, Any]:
    """Check the token that stands in the address that Shippo was given, ``…?token=…``, and read the body.

    Args:
        body: The raw body.
        token: The token of this request, or None when there is none.
        secret: Your token, at least 16 characters.

    Raises:
        Refused: Another token, or no JSON object.
        InputError: Your token is shorter.
    """
    if len(_secret(secret)) < 16:
        message = "a token in an address has at least 16 characters"
        raise InputError([Problem(OUT_OF_RANGE, message, "secret")])
    if not hmac.compare_digest(secret.encode(), (token or "").encode("utf-8", "surrogatepass")):
        raise Refused("the token is not ours")
    _raw(body)
    return _json(body)


def event_id(event: Mapping[str, Any], body: bytes) -> str:
    """Give what tells an event from others, for :meth:`Ledger.once`: its id, or the body's digest.

    Shippo's events have no id of their own.

    >>> event_id({"id": "evt_1"}, b"{}"), event_id({}, b"{}")[:15]
    ('evt_1', 'sha256:44136fa3')
    """
    found = event.get("id")
    if isinstance(found, str) and 0 < len(found) <= 255:
        return found
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _secret(secret: object) -> str:
    if not isinstance(secret, str) or not secret.strip():
        message = "a secret is needed: without one anybody could send webhooks"
        raise InputError([Problem(MISSING_FIELD, message, "secret")])
    return secret


def _raw(body: object) -> bytes:
    """Give the body's bytes; text was decoded by somebody, and is not what was signed."""
    if not isinstance(body, bytes | bytearray):
        raise TypeError("the raw body is needed, as bytes: a text or an object is not what was signed")
    if len(body) > _LARGEST:
        raise Refused("the body is too large", 413)
    return bytes(body)


def _one(headers: Headers, wanted: bytes) -> bytes:
    """Give a header's value; what is absent, or given twice, proves nothing."""
    pairs: Iterable[tuple[str | bytes, str | bytes]]
    pairs = cast("Mapping[str, str | bytes]", headers).items() if isinstance(headers, Mapping) else headers
    found = [_bytes(value) for name, value in pairs if _bytes(name).lower() == wanted]
    if len(found) != 1:
        why = "has no signature" if not found else "has more than one signature"
        raise Refused(f"the request {why}")
    return found[0]


def _bytes(text: object) -> bytes:
    return text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogatepass")


def _json(body: bytes) -> dict[str, Any]:
    try:
        event: object = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("the body is no JSON", 400) from None
    if not isinstance(event, dict):
        raise Refused("the body is no JSON object", 400)
    return cast("dict[str, Any]", event)
