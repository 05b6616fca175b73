"""The steps of buying one label: price, choose, buy, fetch the file.

Only rates of the carrier that was decided on are bought, and only in services that the place and the
carrier allow for this parcel.  Services whose last mile another carrier walks (SmartPost, SurePost,
Ground Saver, Mail Innovations) are other carriers here, however cheap, unless the order names them.
"""

from __future__ import annotations

import hashlib
import struct
import threading
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import attrs
import requests

from lockership.carriers import service_key
from lockership.checks import plan_for
from lockership.errors import LabelError, LabelRejected, LabelUnavailable, LabelUncertain
from lockership.labels.label import Label, LabelFile, Offer, Quote, Rate
from lockership.labels.wire import Session
from lockership.policy import Policy
from lockership.rules import By
from lockership.words import RefusalCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lockership.address import Address
    from lockership.handoff import Handoff
    from lockership.labels.apis import LabelApi
    from lockership.units import Money

__all__ = ["affordable", "buy_label", "cheapest", "choose_rate", "fetch", "fitting", "kind_of", "settle"]

CURRENCY = "USD"

_OTHER_LAST_MILE = ("smartpost", "groundeconomy", "surepost", "groundsaver", "mailinnovations")

_SAME_SERVICE = {
    "2nddayair": "seconddayair",
    "2nddayairam": "seconddayairam",
    "groundhomedelivery": "homedelivery",
}
"""Services that EasyPost and Shippo spell with different words."""

_SILENT_CARRIER = ("too many requests", "no rate response received", "did not respond")
"""What carriers' remarks say when they gave no rate for lack of an answer; other texts are refusals."""

_LARGEST_FILE = 10_000_000
_FEWEST_DOTS = 100
_TAIL = 1_024
_END = {"PNG": b"IEND", "PDF": b"%%EOF", "ZPL": b"^XZ"}
"""What a whole file has near its end."""


def _service(name: str | None, carrier: str) -> str:
    key = service_key(name, carrier)
    return _SAME_SERVICE.get(key, key)


def cheapest(rates: Sequence[Rate]) -> Rate:
    """Choose the lowest price; the API's id decides between equal ones, so that it is the same each time."""

    def place(rate: Rate) -> tuple[bool, Decimal, str]:
        price = rate.price
        return price is None, Decimal(0) if price is None else price.amount, rate.id

    return min(rates, key=place)


def fitting(rates: Sequence[Rate], handoff: Handoff, at_most: Money | None = None) -> list[Rate]:
    """Keep the rates that may be bought for this hand-off.

    Kept are rates of the decided carrier (its accounts' other names too) in US dollars or the
    limit's currency, in the service that the order names if it names one, in services that neither
    the carrier nor the network refuses for this parcel at this place, and not above ``at_most``: a
    rate without a price is never known to keep to it.
    """
    wanted = _service(handoff.service, handoff.carrier)
    kept: list[Rate] = []
    for rate in rates:
        service = _service(rate.service, handoff.carrier)
        if rate.carrier != handoff.carrier or not affordable(rate.price, at_most):
            continue
        if wanted and service != wanted:
            continue
        if not wanted and service.startswith(_OTHER_LAST_MILE):
            continue
        if not _refused(handoff, service_key(rate.service, handoff.carrier)):
            kept.append(rate)
    return kept


def affordable(price: Money | None, at_most: Money | None) -> bool:
    """Whether a price keeps to a limit, or is in US dollars where there is none; a limit needs a price."""
    if at_most is None:
        return price is None or price.currency == CURRENCY
    return price is not None and price.currency == at_most.currency and price.amount <= at_most.amount


def _refused(handoff: Handoff, service: str) -> bool:
    """Whether the carrier's or the network's own rules refuse this service for this parcel here."""
    plan = plan_for(
        handoff.kind,
        handoff.carrier,
        service,
        seller_barred=False,
        sized=False,
        weighed=False,
        policy=_NO_HOUSE,
        on=None,
    )
    return any(
        refusal.by is not By.HOUSE and refusal.code is not RefusalCode.CARRIER_CANNOT_SERVE
        for refusal in plan.refusals(handoff.parcel)
    )


_NO_HOUSE = Policy()


def choose_rate(
    offer: Offer,
    handoff: Handoff,
    *,
    choose: Callable[[Sequence[Rate]], Rate] = cheapest,
    at_most: Money | None = None,
) -> Rate:
    """Choose what to buy among the rates that may be bought.

    Raises:
        LabelRejected: No rate may be bought.
        LabelUnavailable: Nor that, but carriers did not answer the API in time.
        ValueError: ``choose`` gave a rate that was not among those it was given.
    """
    kept = fitting(offer.rates, handoff, at_most)
    if kept:
        rate = choose(kept)
        if rate not in kept:
            raise ValueError("choose must return one of the rates that it was given")
        return rate
    said = "; ".join(offer.remarks)[:400]
    own = len(fitting(offer.rates, attrs.evolve(handoff, service=None)))
    message = (
        f"{offer.api}: no rate of {handoff.carrier} fits: {len(offer.rates)} offered, {own} of this carrier "
        f"in services and at prices that are allowed{f'; {said}' if said else ''}"
    )
    silent = not own and any(words in said.casefold() for words in _SILENT_CARRIER)
    error = LabelUnavailable if silent else LabelRejected
    raise error(message, api=offer.api, reference=offer.reference)


def fetch(label: Label, session: requests.Session | None = None) -> Label:
    """Fetch a label's file and check it: not empty, at most 10 MB, PNG, PDF, ZPL or EPL2, not broken off.

    The file is what it begins with, whatever the API called it.

    Raises:
        LabelUnavailable: It could not be fetched, or is no label; what was bought stays bought, and
            ``bought`` names it.  Fetch again: nothing is paid for that.
    """
    bought = label.transaction_id or label.shipment_id

    def unavailable(why: str, status: int | None = None) -> LabelUnavailable:
        message = f"{label.api}: the file of a label that is bought could not be fetched: {why}"
        return LabelUnavailable(
            message, api=label.api, reference=label.reference, bought=bought, status=status
        )

    split = urlsplit(label.url)
    if split.scheme != "https" and split.hostname not in ("127.0.0.1", "localhost"):
        raise unavailable("its address is not https")
    status, content, why = _get(session or _own_session(), label.url)
    if why:
        raise unavailable(why, status)
    kind = kind_of(content)
    if not kind:
        raise unavailable("it is neither PNG, PDF, ZPL nor EPL2", status)
    if _END.get(kind, b"") not in content[-_TAIL:]:
        raise unavailable(f"its {kind} breaks off", status)
    if kind == "PNG" and min(struct.unpack(">II", content[16:24])) < _FEWEST_DOTS:
        raise unavailable("it is too small a picture for a label", status)
    file = LabelFile(content, kind, hashlib.sha256(content).hexdigest())
    return attrs.evolve(label, file=file, format=kind)


_here = threading.local()


def _own_session() -> Session:
    """Give this thread's session for files: making one takes as long as fetching a file from nearby."""
    if not hasattr(_here, "session"):
        _here.session = Session()
    session: Session = _here.session
    return session


def _get(session: requests.Session, url: str) -> tuple[int | None, bytes, str]:
    """Read an address within limits; the third value says what went wrong, without the address."""
    try:
        response = session.get(url, timeout=(3.05, 30), allow_redirects=False)
        content = response.content
    except (requests.RequestException, OSError, ValueError) as error:
        return None, b"", type(error).__name__
    if response.status_code != 200:
        return response.status_code, b"", f"HTTP {response.status_code}"
    if not content or len(content) > _LARGEST_FILE:
        return 200, b"", "it is empty" if not content else "it is over 10 MB"
    return 200, content, ""


def kind_of(content: bytes) -> str:
    """Tell a label's format by how it begins, or ``""``.

    >>> kind_of(b"%PDF-1.4 ..."), kind_of(b"^XA^FO50,50^XZ"), kind_of(b"<html>404</html>")
    ('PDF', 'ZPL', '')
    """
    begins = content[:512].lstrip(b"\xef\xbb\xbf \r\n\t")
    if begins.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if begins.startswith(b"%PDF-"):
        return "PDF"
    if begins.startswith((b"^XA", b"~", b"CT~~CD")) and b"^XA" in content:
        return "ZPL"
    if begins.startswith((b"N\r\n", b"N\n", b"q", b"I8")) and b"\nP1" in content:
        return "EPL2"
    return ""


def settle(
    api: LabelApi,
    quote: Quote,
    *,
    patience: float = 60.0,
    pause: Callable[[float], None] = time.sleep,
) -> Label | None:
    """Find out what became of a purchase in doubt, looking several times: it may still be at work.

    Returns:
        The label, which is then ours; or None when to the end of our patience none is shown.  Then
        and only then the *same* quote may be bought again.

    Raises:
        LabelUncertain: The last look could not tell.
    """
    waited, step = 0.0, 1.0
    while True:
        try:
            label, doubt = api.look_up(quote), None
        except LabelUncertain as error:
            if not error.traceable:  # to ask again would tell nothing more
                raise
            label, doubt = None, error
        if label is not None:
            return label
        if waited >= patience:
            break
        step = min(step, patience - waited)
        pause(step)
        waited, step = waited + step, step * 2
    if doubt is not None:
        raise doubt
    return None


def buy_label(
    api: LabelApi,
    handoff: Handoff,
    sender: Address,
    *,
    reference: str,
    choose: Callable[[Sequence[Rate]], Rate] = cheapest,
    at_most: Money | None = None,
    also: Mapping[str, Any] | None = None,
) -> Label:
    """Buy one label and fetch its file, without a ledger: the caller keeps what must not be lost.

    A label whose file cannot be fetched is returned all the same, with the warning
    ``file_not_fetched``: it is paid for; :func:`fetch` it later.

    Args:
        api: The label API.
        handoff: How the carrier must be asked.
        sender: The warehouse.
        reference: The caller's own key of the parcel.
        choose: Picks one of the rates that may be bought; the cheapest unless told otherwise.
        at_most: The highest price.
        also: Further fields of the request.

    Raises:
        InputError: Facts are missing or do not fit.
        Inexpressible: The API has no words for this hand-off.
        LabelRejected: Refused; nothing was bought.
        LabelUnavailable: No answer; nothing was bought.
        LabelUncertain: It may be bought: hand ``error.quote`` to :func:`settle`, and buy nothing else.
    """
    offer = api.price(handoff, sender, reference=reference, also=also)
    rate = choose_rate(offer, handoff, choose=choose, at_most=at_most)
    return with_file(api.buy(offer.quote(rate), offer.asked))


def with_file(label: Label) -> Label:
    """Fetch the file, or keep the label with a warning; a label that is bought is never lost.

    Carriers' own APIs send the file with their answer: then nothing is fetched.
    """
    if label.file is not None or not label.url:
        return label
    try:
        return fetch(label)
    except LabelError:
        return attrs.evolve(label, warnings=(*label.warnings, "file_not_fetched"))
