"""A warehouse's own account at a carrier, in the shape of a label API.

So the ledger and :func:`~lockership.ship.ship` keep the same rules for it as for EasyPost and Shippo: the
intent is on disk before the carrier is asked, and what is in doubt is never bought again.  What carriers
cannot do is said where it matters:

* They tell no price before the label is bought, so nothing is bought under a highest price.
* They cannot be asked what became of a purchase.  In doubt it stays until a person has found out and told
  :meth:`Ledger.found_out <lockership.ledger.Ledger.found_out>`.  USPS alone shows a label again, by the key
  that it was bought with; even USPS cannot show that none was bought.
* They give no money back here: do it at the carrier, and tell
  :meth:`Ledger.voided <lockership.ledger.Ledger.voided>`.

That USPS shows a label again stands in its description and is **not verified** with USPS.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from lockership.errors import InputError, LabelRejected, LabelUncertain
from lockership.labels import amazon, fedex, ups, usps
from lockership.labels.carrier_post import CARRIERS, buy, reprint, server_problems
from lockership.labels.label import Label, Offer, Quote, Rate
from lockership.labels.purchase import kind_of
from lockership.labels.wire import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    import httpx

    from lockership.address import Address
    from lockership.handoff import Handoff
    from lockership.labels.refund import Refund

__all__ = ["Account", "CarrierAccount"]

Account = ups.Account | fedex.Account | usps.Account | amazon.Account

_NO_PRICE = "its price is told with the label only, so a highest price cannot be kept"


class CarrierAccount:
    """Labels by UPS, FedEx, USPS or Amazon itself; a :class:`~lockership.labels.apis.LabelApi`.

    Args:
        client: An ``httpx.Client`` with the carrier's address, a token that is good, and time limits that
            you can bear.  It may serve several threads.
        account: The account; its class says whose it is.
        headers: Further headers of every question, as USPS's ``X-Payment-Authorization-Token``.
        options: Further arguments of the carrier's ``request()``, the same for all parcels, as
            ``{"label_format": "PDF"}``.
        today: Gives the day of mailing, for USPS.

    >>> import httpx
    >>> CarrierAccount(httpx.Client(base_url="https://apis.usps.com"), usps.Account()).name
    'usps'
    """

    def __init__(
        self,
        client: httpx.Client,
        account: Account,
        *,
        headers: Mapping[str, str] | None = None,
        options: Mapping[str, Any] | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._client = client
        self._account = account
        self._module = _module_of(account)
        self._headers = dict(headers or {})
        self._options = dict(options or {})
        self._today = today

    @property
    def name(self) -> str:
        """The carrier's key."""
        return str(self._module.API)

    def inexpressible(self, handoff: Handoff) -> tuple[str, str | None] | None:
        """See the carrier's own ``inexpressible()``."""
        no: tuple[str, str | None] | None = self._module.inexpressible(handoff)
        return no

    def price(
        self, handoff: Handoff, sender: Address, *, reference: str, also: Mapping[str, Any] | None = None
    ) -> Offer:
        """Write the request; nothing is asked, and the one rate has no price.

        Raises:
            Inexpressible, InputError: As the carrier's ``request()``.
        """
        more = dict(self._options)
        if self._module is usps:
            more.setdefault("mailing_on", self._today())
        elif self._module is amazon:
            more.setdefault("order_id", amazon.order_of(reference))
        asked = self._module.request(handoff, sender, self._account, reference=reference, also=also, **more)
        if problems := server_problems(self._client, asked):
            raise InputError(problems)
        service = handoff.service or str(getattr(self._account, "service", ""))
        key = str(uuid.uuid4()) if self._module is usps else ""
        rate = Rate("", self.name, service, None)
        return Offer(self.name, reference, key, (rate,), (_NO_PRICE,), asked)

    def buy(self, quote: Quote, asked: Mapping[str, Any] | None = None) -> Label:
        """Post the request, once; see :meth:`LabelApi.buy <lockership.labels.apis.LabelApi.buy>`.

        Raises:
            LabelRejected: Also for a quote of another day, whose request is kept nowhere: write a new one.
        """
        if asked is None:
            message = f"{self.name}: nothing was sent: the request must be written anew"
            raise LabelRejected(message, api=self.name, reference=quote.reference)
        key = {usps.KEY: quote.shipment_id} if quote.shipment_id else {}
        try:
            label = buy(
                self._client, self.name, asked, reference=quote.reference, headers={**self._headers, **key}
            )
        except LabelUncertain as error:
            self._doubt(error, quote)
            raise
        return attrs.evolve(_checked(label), shipment_id=label.shipment_id or quote.shipment_id)

    def look_up(self, quote: Quote) -> Label | None:
        """Have USPS show the label again; of the others nobody but a person can find out.

        Raises:
            LabelUncertain: It cannot be told.
        """
        if not quote.shipment_id:
            message = f"{self.name} cannot be asked what became of a purchase: find out, and tell the ledger"
            raise self._doubt(LabelUncertain(message, api=self.name, reference=quote.reference), quote)
        try:
            return _checked(
                reprint(
                    self._client,
                    quote.shipment_id,
                    reference=quote.reference,
                    label_format=str(self._options.get("label_format", "ZPL203DPI")),
                    headers=self._headers,
                )
            )
        except LabelUncertain as error:
            self._doubt(error, quote)
            raise

    def refund(self, quote: Quote) -> Refund:
        """Refuse: what carriers need for it is not built here.

        Raises:
            LabelRejected: Always.
        """
        message = f"{self.name}: give the label back at the carrier, and tell the ledger that it is voided"
        raise LabelRejected(message, api=self.name, reference=quote.reference)

    def refund_of(self, quote: Quote) -> Refund | None:
        """Refuse, as :meth:`refund`."""
        return self.refund(quote)

    def _doubt(self, error: LabelUncertain, quote: Quote) -> LabelUncertain:
        """Say whose doubt it is, and whether asking again can end it."""
        error.quote = quote
        error.traceable = bool(quote.shipment_id) and error.status not in REFUSALS
        return error


def _module_of(account: object) -> ModuleType:
    for module in CARRIERS.values():
        if isinstance(account, module.Account):
            return module
    raise TypeError("expected an Account of lockership.labels.ups, .fedex, .usps or .amazon")


def _checked(label: Label) -> Label:
    """Take a file for what it begins with; say so where it is nothing that a label printer reads."""
    if label.file is None:
        return label
    kind = kind_of(label.file.content)
    if not kind:
        return attrs.evolve(label, warnings=(*label.warnings, "file_not_recognised"))
    return attrs.evolve(label, format=kind, file=attrs.evolve(label.file, format=kind))
