"""EasyPost and Shippo over the network: ask for prices, buy one, look up what became of a purchase.

The only part that asks.  Each API is given a client that its own ``client()`` made, because both SDKs
as they come may follow a redirect with a second purchase, wait for ever, or repeat requests in silence.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal, Protocol

import attrs

from lockership.errors import MISSING_FIELD, OUT_OF_RANGE, InputError, LabelRejected, Problem
from lockership.labels import easypost, shippo
from lockership.labels.answers import entries, mapping, said, text
from lockership.labels.label import Label, Offer, Quote, Rate
from lockership.labels.refund import Refund, read_easypost, read_shippo
from lockership.labels.wire import Question, Session, Step, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from easypost.easypost_client import EasyPostClient
    from shippo import Shippo as ShippoClient

    from lockership.address import Address
    from lockership.handoff import Handoff

__all__ = ["EasyPost", "LabelApi", "Shippo", "easypost_client", "shippo_client"]


class LabelApi(Protocol):
    """What every label API can be asked; each question raises a LabelError for any failure."""

    @property
    def name(self) -> str:
        """The API's name, as in :attr:`Label.api`."""
        ...

    def inexpressible(self, handoff: Handoff) -> tuple[str, str | None] | None:
        """Say why this API has no words for a hand-off, and where that stands; None when it can be asked.

        Nothing is asked for that.
        """
        ...

    def price(
        self, handoff: Handoff, sender: Address, *, reference: str, also: Mapping[str, Any] | None = None
    ) -> Offer:
        """Ask what the parcel would cost; buys nothing and may be asked again."""
        ...

    def buy(self, quote: Quote, asked: Mapping[str, Any] | None = None) -> Label:
        """Buy what was quoted; ``asked`` is the offer's request, to compare the answer with it.

        After :class:`~lockership.errors.LabelUncertain` only :meth:`look_up` may follow.
        """
        ...

    def look_up(self, quote: Quote) -> Label | None:
        """Say what became of a purchase: the label, or None when the API shows none *now*.

        A purchase may still be at work: None from one look is no proof.

        Raises:
            LabelUncertain: It cannot be told; the doubt stays.
        """
        ...

    def refund(self, quote: Quote) -> Refund:
        """Ask for the money back; the label must not be used any more, whatever is answered.

        Raises:
            LabelRejected, LabelUnavailable: The label is not given back.
            LabelUncertain: It may be: look with :meth:`refund_of` before asking again.
        """
        ...

    def refund_of(self, quote: Quote) -> Refund | None:
        """Say what became of a refund, or None when the API shows that none was asked for.

        Raises:
            LabelUncertain: It cannot be told.
        """
        ...


def _key(api_key: object) -> str:
    """Check a key without ever showing it."""
    if not isinstance(api_key, str) or not api_key.strip():
        raise InputError([Problem(MISSING_FIELD, "an API key is needed", "api_key")])
    if not (api_key.isascii() and api_key.isprintable()) or " " in api_key:
        raise InputError([Problem(OUT_OF_RANGE, "an API key is printable ASCII without blanks", "api_key")])
    return api_key


def easypost_client(
    api_key: str, *, base: str = "https://api.easypost.com/v2", session: Session | None = None
) -> EasyPostClient:
    """Make an EasyPost client that asks once, waits 60 s at most, and follows no redirect.

    Args:
        api_key: ``EZAK…``, or ``EZTK…`` for samples.
        base: The API's address with its version.
        session: A session of your own, for other timeouts, proxies or certificates.
    """
    from easypost.easypost_client import EasyPostClient  # noqa: PLC0415 - slow, and needed only here

    client = EasyPostClient(_key(api_key), api_base=base)
    # The SDK has no public door for this; version 10 keeps its session here, and a test says so.
    vars(client)["_requests_session"] = session or Session()
    return client


def shippo_client(
    api_key: str, *, base: str = "https://api.goshippo.com", session: Session | None = None
) -> ShippoClient:
    """Make a Shippo client that asks once, waits 60 s at most, and follows no redirect.

    Args:
        api_key: ``shippo_live_…``, or ``shippo_test_…`` for samples.
        base: The API's address.
        session: A session of your own, for other timeouts, proxies or certificates.
    """
    from shippo import Shippo as Client  # noqa: PLC0415 - slow, and needed only here

    # The version is pinned: an account that is set to another one would answer in another form.
    return Client(
        _key(api_key), shippo_api_version="2018-02-08", server_url=base, client=session or Session()
    )


def _safe(session: object, maker: str) -> Session:
    if isinstance(session, Session):
        return session
    raise TypeError(f"this client may repeat or redirect a purchase; make it with {maker}(…)")


class EasyPost:
    """Labels by EasyPost.

    Args:
        client: From :func:`easypost_client`.
        hold: Ask for holds although nobody has verified that EasyPost passes them on; see
            :class:`~lockership.labels.easypost.UnverifiedHold`.
        label_format: PNG is the only one that EasyPost converts into the others afterwards.
    """

    name = easypost.API

    def __init__(
        self,
        client: EasyPostClient,
        *,
        hold: easypost.UnverifiedHold | None = None,
        label_format: Literal["PNG", "PDF", "ZPL", "EPL2"] = "PNG",
    ) -> None:
        self._client = client
        self._shipments: Any = client.shipment
        self._session = _safe(vars(client).get("_requests_session"), "easypost_client")
        self._hold = hold
        self._label_format: Literal["PNG", "PDF", "ZPL", "EPL2"] = label_format

    def inexpressible(self, handoff: Handoff) -> tuple[str, str | None] | None:
        """See :func:`easypost.inexpressible`."""
        return easypost.inexpressible(handoff, self._hold)

    def _ask(self, question: Question, call: Callable[[], object]) -> dict[str, Any]:
        """Ask; the SDK reads the answer only where the user listens to it by a hook of the client."""
        listening = getattr(getattr(self._client, "_response_hook", None), "_event_handlers", True)
        return ask(self._session, question, call, unread=not listening)

    def price(
        self, handoff: Handoff, sender: Address, *, reference: str, also: Mapping[str, Any] | None = None
    ) -> Offer:
        """Create a shipment and read its rates; see :meth:`LabelApi.price`."""
        asked = easypost.request(
            handoff,
            sender,
            reference=reference,
            hold=self._hold,
            label_format=self._label_format,
            also=also,
        )
        question = Question(self.name, Step.PRICE, reference, asked=asked)
        found = self._ask(question, lambda: self._shipments.create(**asked))
        return _offer(question, text(found.get("id")), easypost.read_rates(found), found, "message")

    def buy(self, quote: Quote, asked: Mapping[str, Any] | None = None) -> Label:
        """Buy; a shipment that turns out to be bought already is adopted, never bought anew."""
        question = Question(self.name, Step.BUY, quote.reference, quote, asked)
        rate = {"id": quote.rate.id}
        try:
            found = self._ask(question, lambda: self._shipments.buy(quote.shipment_id, rate=rate))
        except LabelRejected as error:
            if error.code != "SHIPMENT.POSTAGE.EXISTS":
                raise
        else:
            return easypost.read(found, quote=quote, asked=asked)
        label = self.look_up(quote)
        if label is None:
            raise question.error("EasyPost says that the shipment is bought, and shows no label")
        return label

    def look_up(self, quote: Quote) -> Label | None:
        """Read the shipment; see :meth:`LabelApi.look_up`."""
        question = Question(self.name, Step.LOOK_UP, quote.reference, quote)
        found = self._ask(question, lambda: self._shipments.retrieve(quote.shipment_id))
        if found.get("id") == quote.shipment_id and all(
            key in found and found[key] is None for key in ("postage_label", "tracking_code")
        ):
            return None
        return easypost.read(found, quote=quote)

    def refund(self, quote: Quote) -> Refund:
        """Give the shipment's label back; see :meth:`LabelApi.refund`."""
        question = Question(self.name, Step.REFUND, quote.reference, quote)
        return self._refund(question, lambda: self._shipments.refund(quote.shipment_id)) or Refund.SUBMITTED

    def refund_of(self, quote: Quote) -> Refund | None:
        """Read the shipment; see :meth:`LabelApi.refund_of`."""
        question = Question(self.name, Step.LOOK_UP, quote.reference, quote)
        return self._refund(question, lambda: self._shipments.retrieve(quote.shipment_id))

    def _refund(self, question: Question, call: Callable[[], object]) -> Refund | None:
        found = self._ask(question, call)
        if "refund_status" not in found:
            raise question.error("the answer does not say what became of the refund")
        return read_easypost(found)


class Shippo:
    """Labels by Shippo.

    Args:
        client: From :func:`shippo_client`.
        label_format: ``PDF_4x6``, ``PNG``, ``ZPLII`` and the like; Shippo falls back to another one
            where the carrier has it not.
        patience: Seconds to go on asking for a purchase that Shippo has queued.
        pause: Waits so many seconds between two questions.
    """

    name = shippo.API

    def __init__(
        self,
        client: ShippoClient,
        *,
        label_format: str = "PDF_4x6",
        patience: float = 60.0,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        from shippo.models.components import LabelFileTypeEnum  # noqa: PLC0415 - loaded with the client

        self._client = client
        self._session = _safe(client.sdk_configuration.client, "shippo_client")
        formats = {known.value: known for known in LabelFileTypeEnum if known.value}
        if label_format not in formats:
            message = f"accepted are {', '.join(formats)}"
            raise InputError([Problem(OUT_OF_RANGE, message, "label_format")])
        self._label_format = formats[label_format]
        self._patience = patience
        self._pause = pause

    def inexpressible(self, handoff: Handoff) -> tuple[str, str | None] | None:
        """See :func:`shippo.inexpressible`."""
        return shippo.inexpressible(handoff)

    def _ask(self, question: Question, call: Callable[[], object]) -> dict[str, Any]:
        """Ask, and read the answer here: the SDK's own reading takes longer than all the rest together."""
        return ask(self._session, question, call, unread=True)

    def price(
        self, handoff: Handoff, sender: Address, *, reference: str, also: Mapping[str, Any] | None = None
    ) -> Offer:
        """Create a shipment and read its rates; see :meth:`LabelApi.price`."""
        from shippo.models import components  # noqa: PLC0415 - loaded with the client

        asked = shippo.request(handoff, sender, reference=reference, also=also)
        question = Question(self.name, Step.PRICE, reference, asked=asked)
        found = self._ask(
            question,
            lambda: self._client.shipments.create(components.ShipmentCreateRequest(**asked)),
        )
        return _offer(question, text(found.get("object_id")), shippo.read_rates(found), found, "text")

    def buy(self, quote: Quote, asked: Mapping[str, Any] | None = None) -> Label:
        """Buy, and wait while Shippo has the purchase queued; see :meth:`LabelApi.buy`."""
        from shippo.models import components  # noqa: PLC0415 - loaded with the client

        question = Question(self.name, Step.BUY, quote.reference, quote, asked)
        wanted = components.TransactionCreateRequest(
            rate=quote.rate.id,
            async_=False,  # the SDK's default is True, and the answer to that is only "queued"
            label_file_type=self._label_format,
            metadata=quote.reference,
        )
        found = self._ask(question, lambda: self._client.transactions.create(wanted))
        quote = attrs.evolve(quote, transaction_id=text(found.get("object_id")))
        return shippo.read(self._settled(found, quote), quote=quote, asked=asked)

    def _settled(self, found: dict[str, Any], quote: Quote) -> dict[str, Any]:
        """Go on asking while a purchase is queued, as long as patience lasts."""
        waited = 0.0
        while shippo.pending(found) and waited < self._patience and quote.transaction_id:
            step = min(1.0 + waited / 4, self._patience - waited)
            self._pause(step)
            waited += step
            found = self._transaction(quote)
        return found

    def _transaction(self, quote: Quote) -> dict[str, Any]:
        question = Question(self.name, Step.LOOK_UP, quote.reference, quote)
        return self._ask(question, lambda: self._client.transactions.get(quote.transaction_id))

    def look_up(self, quote: Quote) -> Label | None:
        """Read the transaction, or list those of the rate; see :meth:`LabelApi.look_up`."""
        if quote.transaction_id:
            return self._label(self._transaction(quote), quote)
        for transaction in self._listed(quote):
            known = attrs.evolve(quote, transaction_id=text(transaction.get("object_id")))
            if (label := self._label(transaction, known)) is not None:
                return label
        return None

    def _label(self, transaction: dict[str, Any], quote: Quote) -> Label | None:
        """Read a transaction in doubt: a refused one bought nothing."""
        found = self._settled(transaction, quote)
        if found.get("status") == "ERROR" and not (found.get("label_url") or found.get("tracking_number")):
            return None
        return shippo.read(found, quote=quote)

    def _listed(self, quote: Quote) -> list[dict[str, Any]]:
        from shippo.models import operations  # noqa: PLC0415 - loaded with the client

        question = Question(self.name, Step.LOOK_UP, quote.reference, quote)
        wanted = operations.ListTransactionsRequest(rate=quote.rate.id)
        page = self._ask(question, lambda: self._client.transactions.list(wanted))
        results: Any = page.get("results")
        listed = entries(results)
        if not isinstance(results, list) or listed != results or page.get("next"):
            raise question.error("the list of purchases cannot be read in full")
        return [
            one
            for one in listed
            if quote.rate.id in (one.get("rate"), mapping(one.get("rate")).get("object_id"))
        ]

    def refund(self, quote: Quote) -> Refund:
        """Give the transaction's label back; see :meth:`LabelApi.refund`."""
        question = Question(self.name, Step.REFUND, quote.reference, quote)
        found = self._ask(
            question,
            lambda: self._client.refunds.create(transaction=quote.transaction_id, async_=False),
        )
        answer = read_shippo(found)
        if answer is None:
            raise question.error("the answer does not say what became of the refund")
        return answer

    def refund_of(self, quote: Quote) -> Refund | None:
        """Read the transaction; see :meth:`LabelApi.refund_of`."""
        found = self._transaction(quote)
        answer = read_shippo(found)
        if answer is None and found.get("status") != "SUCCESS":
            question = Question(self.name, Step.LOOK_UP, quote.reference, quote)
            raise question.error("the purchase does not say what became of the refund")
        return None if found.get("status") == "SUCCESS" else answer


def _offer(
    question: Question, shipment_id: str, rates: tuple[Rate, ...], found: dict[str, Any], key: str
) -> Offer:
    if not shipment_id:
        raise question.error("the answer is no shipment")
    remarks = [text(message.get(key)) for message in entries(found.get("messages"))]
    asked = question.asked or {}
    shown = tuple(filter(None, (said([remark], asked) for remark in remarks)))
    return Offer(question.api, question.reference, shipment_id, rates, shown, dict(asked))
