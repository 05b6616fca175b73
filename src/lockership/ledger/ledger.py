"""The ledger itself: buy at most once, record every step, find out what became of what was begun."""

from __future__ import annotations

import json
import os
import platform
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Any, Self

from lockership.errors import (
    OUT_OF_RANGE,
    InputError,
    LabelError,
    LabelRejected,
    LabelUnavailable,
    LabelUncertain,
    LedgerConflict,
    Problem,
)
from lockership.labels.label import Quote
from lockership.labels.purchase import affordable, cheapest, choose_rate, fetch, settle, with_file
from lockership.labels.refund import Refund
from lockership.ledger.book import Book, conflict
from lockership.ledger.entry import ASKING, IN_DOUBT, OURS, Entry, State, digest, labelled, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Mapping, Sequence
    from os import PathLike

    from lockership.address import Address
    from lockership.handoff import Handoff
    from lockership.labels.apis import LabelApi
    from lockership.labels.label import Label, Rate
    from lockership.units import Money

__all__ = ["Ledger"]


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """A book of parcels that several stations may write in at once.

    Args:
        where: The path of a SQLite file (not on a network drive), or an SQLAlchemy URL.
        station: The name of this station, in every row that it writes.
        lease: How long a station may be at work on a parcel before others take it for stopped.  Keep
            it far above all waiting for a label API: a purchase must not be looked up as lost while
            it is still under way.
        patience: Seconds to go on asking an API that shows no label for a purchase in doubt, before it
            counts as not bought.
        clock: Gives the time, with a time zone.
        pause: Waits so many seconds.

    >>> with Ledger(":memory:", station="dock-4") as ledger:
    ...     ledger.entry("A-1001") is None
    True
    """

    def __init__(
        self,
        where: str | PathLike[str],
        *,
        station: str | None = None,
        lease: timedelta = timedelta(minutes=10),
        patience: float = 60.0,
        clock: Callable[[], datetime] = _now,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.station = station or f"{platform.node() or 'station'}-{os.getpid()}"
        self._book = Book(where, self.station, lease, clock)
        self._patience = patience
        self._pause = pause

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; the ledger must not be used any more."""
        self._book.close()

    # ── what there is ──────────────────────────────────────────────────────────────────────────────

    def entry(self, order_id: str, parcel: int = 1) -> Entry | None:
        """Say where a parcel stands, or None when nobody ever asked for a label for it."""
        return self._book.entry(order_id, parcel)

    def entries(self, *states: State) -> list[Entry]:
        """List the parcels in these states, or all, in the order of their ids."""
        return self._book.entries(states)

    def label(self, order_id: str, parcel: int = 1) -> Label | None:
        """Give the label that was bought, with its file; None when none is bought, or it is being given back.

        Use it to print again: the file comes out of the ledger, nothing is bought or fetched.
        """
        entry = self.entry(order_id, parcel)
        if entry is None or entry.state not in OURS or entry.refund == ASKING:
            return None
        return self._book.with_file(entry)

    def export(self, to: IO[str]) -> int:
        """Write everything that ever happened as JSON Lines, oldest first; give their number."""
        lines = 0
        for event in self._book.events():
            to.write(json.dumps(event, ensure_ascii=False) + "\n")
            lines += 1
        return lines

    # ── buying ─────────────────────────────────────────────────────────────────────────────────────

    def buy(
        self,
        api: LabelApi,
        handoff: Handoff,
        sender: Address,
        *,
        order_id: str,
        parcel: int = 1,
        choose: Callable[[Sequence[Rate]], Rate] = cheapest,
        at_most: Money | None = None,
        also: Mapping[str, Any] | None = None,
    ) -> Label:
        """Buy a parcel's label, once; asked again it gives the same label and buys nothing.

        A purchase that a stopped station left behind is looked up first.  The API's reference of the
        parcel is its order and number, ``A-1001/1``; after a label was given back, ``A-1001/1/2``.

        Raises:
            LedgerConflict: Another station is at work on this parcel: try again later.  Or its label is
                bought for another address, parcel or service: void or supersede it first.
            InputError, Inexpressible, LabelRejected, LabelUnavailable: Nothing was bought.
            LabelUncertain: It may be bought.  Asked again later, it is looked up, never bought anew
                before the API has said that it was not.
        """

        def ask_price() -> tuple[Quote, dict[str, Any] | None]:
            offer = api.price(handoff, sender, reference=entry.reference, also=also)
            return offer.quote(choose_rate(offer, handoff, choose=choose, at_most=at_most)), offer.asked

        wanted = digest(handoff, sender)
        entry = self._book.take(order_id, parcel)
        if entry.state in IN_DOUBT:
            entry = self._look_up(api, entry)
        if entry.state in OURS:
            if entry.refund == ASKING:
                raise conflict(entry, "its label was, or is, being given back: void it again to find out")
            if entry.wanted != wanted:
                raise conflict(entry, "for another address, parcel or service: void or supersede it first")
            return self._book.with_file(entry)
        stood = self._standing(entry, api, wanted, at_most)
        quote, asked = (stood, None) if stood is not None else self._priced(entry, ask_price)
        entry = self._book.begin_buying(entry, wanted=wanted, **quoted(quote))
        # From here on the label may be bought; every way out of this call leaves that in the ledger.
        label: Label | None = None
        try:
            label = api.buy(quote, asked)
        except LabelUncertain as error:
            known = error.quote if isinstance(error.quote, Quote) else quote
            self._book.leave(entry, State.UNCERTAIN, str(error), **quoted(known))
            raise
        except LabelError as error:
            self._book.leave(entry, State.ASKED, str(error))
            if stood is None or not isinstance(error, LabelRejected):
                raise
        if label is None:  # what stood since before may have expired: ask for prices once more
            return self.buy(
                api,
                handoff,
                sender,
                order_id=order_id,
                parcel=parcel,
                choose=choose,
                at_most=at_most,
                also=also,
            )
        return self._keep(entry, label)

    def _priced(
        self, entry: Entry, ask_price: Callable[[], tuple[Quote, dict[str, Any] | None]]
    ) -> tuple[Quote, dict[str, Any] | None]:
        """Ask for a price; whatever stops that, nothing is bought and the parcel is free."""
        try:
            return ask_price()
        except BaseException as error:
            safe_to_tell = isinstance(error, (InputError, LabelError))
            self._book.leave(entry, State.ASKED, str(error) if safe_to_tell else type(error).__name__)
            raise

    def _standing(self, entry: Entry, api: LabelApi, wanted: str, at_most: Money | None) -> Quote | None:
        """Give the quote that stands since before, when it is for just this.

        After a doubt the *same* quote is bought: EasyPost then refuses to sell it twice.
        """
        if entry.state is not State.PRICED or entry.api != api.name or entry.wanted != wanted:
            return None
        quote = entry.quote()
        return quote if affordable(quote.rate.price, at_most) else None

    def recover(
        self,
        apis: Mapping[str, LabelApi],
        *,
        stopped: Collection[str] = (),
    ) -> list[Entry]:
        """Find out what became of every purchase and refund that is in doubt, and fetch missing files.

        Run it when a station starts, and now and then.  Purchases of stations whose lease has not run
        out are left alone, unless you name the station as stopped.

        Args:
            apis: The label APIs by name; parcels of others are left alone.
            stopped: Stations that are known not to run.

        Returns:
            The parcels whose state is known now; those that stay in doubt are not among them.
        """
        settled: list[Entry] = []
        for entry in self.entries(*IN_DOUBT):
            api = apis.get(entry.api)
            if api is None or (self._book.leased(entry) and entry.station not in stopped):
                continue
            try:
                taken = self._book.move(entry, State.BUYING, leased_until=self._book.until())
                found = self._look_up(api, taken)
                if found.state is State.PRICED:
                    found = self._book.move(found, State.PRICED, leased_until="")
                settled.append(found)
            except (LabelUncertain, LedgerConflict):
                continue
        for entry in self.entries(*OURS):
            if not entry.sha256 and entry.url:
                with suppress(LabelUnavailable, LedgerConflict):
                    settled.append(self._book.keep_file(entry, fetch(entry.label())))
            elif entry.refund == ASKING and entry.api in apis:
                with suppress(LabelError, LedgerConflict):
                    settled.append(self.void(apis[entry.api], entry.order_id, entry.parcel))
        return settled

    def _look_up(self, api: LabelApi, entry: Entry) -> Entry:
        """Settle what is in doubt: bought, or only priced; or leave it in doubt and raise."""
        quote = entry.quote()
        if api.name != entry.api:
            self._book.leave(entry, State.UNCERTAIN, entry.reason)
            message = f"{entry.api}: a purchase is in doubt there; look it up before buying at {api.name}"
            raise LabelUncertain(message, api=entry.api, reference=entry.reference, quote=quote)
        try:
            label = settle(api, quote, patience=self._patience, pause=self._pause)
        except LabelUncertain as error:
            self._book.leave(entry, State.UNCERTAIN, str(error))
            raise
        if label is None:
            until = self._book.until()
            return self._book.move(entry, State.PRICED, leased_until=until, reason="was not bought")
        self._keep(entry, label)
        found = self.entry(entry.order_id, entry.parcel)
        return entry if found is None else found

    def _keep(self, entry: Entry, label: Label) -> Label:
        """Write down what is bought before anything else, then fetch its file."""
        try:
            entry = self._book.bought(entry, labelled(label), label.file)
        except LedgerConflict:
            # Our lease ran out, and somebody looked this purchase up while we were still buying.
            now = self.entry(entry.order_id, entry.parcel)
            if now is not None and now.state in OURS and now.tracking_number == label.tracking_number:
                return self._book.with_file(now)
            self._book.record(entry, State.BOUGHT, labelled(label))
            bought = label.transaction_id or label.shipment_id
            message = f"{label.api}: a label was bought while another station took the parcel for undecided"
            raise LabelUncertain(message, api=label.api, reference=entry.reference, bought=bought) from None
        whole = with_file(label)
        if whole.file is not None and label.file is None:
            with suppress(LedgerConflict):  # somebody has printed it already; recover() finds the file's row
                self._book.keep_file(entry, whole)
        return whole

    # ── what a worker does ─────────────────────────────────────────────────────────────────────────

    def printed(self, order_id: str, parcel: int = 1) -> Entry:
        """Write down that the bought label was printed, and stuck over the fallback label, if any."""
        entry = self._known(order_id, parcel)
        if entry.refund == ASKING:
            raise conflict(entry, "its label was, or is, being given back")
        return self._book.move(entry, State.PRINTED, reason="", covers=False)

    def void(self, api: LabelApi, order_id: str, parcel: int = 1, *, reason: str = "") -> Entry:
        """Give a bought label back for its money; asked again, say how the refund stands.

        The API is asked first what it knows of a refund, so that none is asked for twice; the intent is
        on the disk before it is asked.  A label that may be given back is not printed and not sold again.

        Raises:
            LedgerConflict: No label is bought, or another station is at work on it.
            LabelRejected, LabelUnavailable: It is not given back and stays good; see ``reason``.
            LabelUncertain: It may be given back: don't use it, call again later.
        """
        entry = self._known(order_id, parcel)
        if entry.api != api.name:
            raise conflict(entry, f"its label is {entry.api or 'nobody'}'s, not {api.name}'s")
        quote = entry.quote()
        if entry.state is State.VOIDED:
            if entry.refund == Refund.SUBMITTED and (now := api.refund_of(quote)) not in (None, entry.refund):
                return self._book.move(entry, State.VOIDED, refund=str(now))
            return entry
        if entry.state not in OURS:
            raise conflict(entry, "there is no bought label to give back")
        answer = api.refund_of(quote)
        if answer is None:
            entry = self._book.move(entry, entry.state, refund=ASKING, reason=reason)
            try:
                answer = api.refund(quote)
            except LabelUncertain:
                raise
            except LabelError as error:
                self._book.move(entry, entry.state, refund="", reason=str(error))
                raise
        if answer is Refund.REJECTED:
            why = f"{api.name}: the refund is refused; the label stays good"
            self._book.move(entry, entry.state, refund=answer.value, reason=why)
            raise LabelRejected(why, api=api.name, reference=entry.reference)
        return self._book.move(entry, State.VOIDED, refund=answer.value, reason=reason or entry.reason)

    def voided(self, order_id: str, parcel: int = 1, reason: str = "") -> Entry:
        """Write down that the label was given back elsewhere; the next :meth:`buy` buys a new one."""
        return self._note(order_id, parcel, State.VOIDED, reason)

    def superseded(self, order_id: str, parcel: int = 1, reason: str = "") -> Entry:
        """Write down that a label, bought or fallback, is no longer to be used."""
        return self._note(order_id, parcel, State.SUPERSEDED, reason)

    def found_out(
        self, order_id: str, parcel: int = 1, *, tracking_number: str = "", reason: str = ""
    ) -> Entry:
        """Write down what a person found out about a purchase in doubt: for APIs that cannot be asked.

        Args:
            order_id: The order.
            parcel: Which of its parcels.
            tracking_number: That of the label that was bought; ``""`` when none was, so that the next
                :meth:`buy` buys one.
            reason: Who says so, for the history.

        Raises:
            LedgerConflict: Nothing is in doubt, or the station that bought may still be at work on it.
        """
        entry = self._known(order_id, parcel)
        if entry.state not in IN_DOUBT or self._book.leased(entry):
            raise conflict(entry, "no purchase is in doubt, or its station is still at work on it")
        taken = self._book.move(entry, State.BUYING, leased_until=self._book.until(), reason=reason)
        if not tracking_number:
            return self._book.move(taken, State.ASKED, leased_until="")
        warnings = json.dumps(["file_not_fetched"])
        return self._book.bought(taken, {"tracking_number": tracking_number, "warnings": warnings})

    def fallback(self, order_id: str, parcel: int = 1, reason: str = "") -> Entry:
        """Write down that a fallback label is drawn instead.

        Raises:
            LedgerConflict: A label is bought, or a purchase is in doubt: then the ledger allows none.
        """
        entry = self._book.take(order_id, parcel, keep_fallback=True)
        if entry.state is State.FALLBACK:
            return self._book.move(entry, State.FALLBACK, leased_until="", reason=reason or entry.reason)
        if entry.state in (*IN_DOUBT, *OURS):
            if entry.state in IN_DOUBT:
                self._book.leave(entry, State.UNCERTAIN, entry.reason)
            raise conflict(entry, "a fallback label would stand beside one that is, or may be, bought")
        return self._book.move(entry, State.FALLBACK, leased_until="", reason=reason)

    def _note(self, order_id: str, parcel: int, state: State, reason: str = "") -> Entry:
        return self._book.move(self._known(order_id, parcel), state, reason=reason)

    def _known(self, order_id: str, parcel: int) -> Entry:
        entry = self.entry(order_id, parcel)
        if entry is None:
            message = f"order {order_id}, parcel {parcel}: the ledger does not know it"
            raise LedgerConflict(message, order_id=order_id, parcel=parcel)
        return entry

    # ── what the APIs tell by themselves ───────────────────────────────────────────────────────────

    @contextmanager
    def once(self, source: str, event_id: str) -> Generator[bool]:
        """Act on a webhook once: gives True the first time, False when it was acted on before.

        If the block raises, the note is struck out, so that the API's next try is acted on.  A program
        that is killed in the midst of the block loses that one event: look the parcel up now and then.

        >>> with Ledger(":memory:") as ledger, ledger.once("easypost", "evt_1") as fresh:
        ...     fresh
        True
        """
        if not event_id or len(event_id) > 255 or len(source) > 32:
            raise InputError([Problem(OUT_OF_RANGE, "an event id has 1 to 255 characters", "event_id")])
        fresh = self._book.hear(source, event_id)
        try:
            yield fresh
        except BaseException:
            if fresh:
                self._book.unhear(source, event_id)
            raise
