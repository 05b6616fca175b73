"""A wave: many parcels at once, in the order in which they come, within what the label APIs bear.

Threads work side by side, each with clients of its own.  When an API says "too many", all of them wait
as long as it asks; when it does not answer any more, that is said once, and the parcels go on with
fallback labels until it answers again.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from lockership.decision import Decision
from lockership.errors import InputError, LabelError, LabelUnavailable, LabelUncertain, LedgerConflict
from lockership.labels.apis import LabelApi
from lockership.labels.fallback import SkuLine
from lockership.ship import LONGEST_WAIT, Desk, Shipped, ship

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lockership.address import Address
    from lockership.handoff import Handoff
    from lockership.labels import Label, Offer, Quote
    from lockership.labels.refund import Refund

__all__ = ["Outcome", "Patience", "Wanted", "ship_all"]

T = TypeVar("T")


@attrs.frozen
class Wanted:
    """One parcel that is to get a label; the fields are those of :func:`~lockership.ship.ship`."""

    decision: Decision
    order_id: str
    parcel: int = 1
    parcels: int = 1
    contents: tuple[SkuLine, ...] = ()


@attrs.frozen
class Outcome:
    """What came of it: labels, or why there is neither.

    Attributes:
        wanted: The parcel.
        shipped: Its label or fallback label, or None.
        error: ``LabelUncertain``: it may be bought, look it up; ``LedgerConflict``: another station has
            it, or it has a label for another address; ``InputError``: no label can be drawn of it.
    """

    wanted: Wanted
    shipped: Shipped | None
    error: LabelUncertain | LedgerConflict | InputError | None = None


@attrs.frozen
class Patience:
    """How a wave bears with its label APIs.

    Attributes:
        failures: So many answers must fail to come in a row before an API counts as down.
        rest: Seconds for which an API that is down is not asked; then one parcel tries it.
        busy: How often a question that buys nothing is asked again after "too many requests".
        doubts: How often a purchase in doubt is looked up at once, before it is left for later.
    """

    failures: int = 5
    rest: float = 30.0
    busy: int = 5
    doubts: int = 3


def ship_all(
    wanted: Iterable[Wanted],
    desk: Desk,
    apis: Callable[[], Sequence[LabelApi]],
    *,
    workers: int = 4,
    patience: Patience = Patience(),
    tell: Callable[[str], None] = lambda _: None,
    stop: threading.Event | None = None,
) -> Iterator[Outcome]:
    """Ship parcels side by side; what comes of them is given in their own order.

    Args:
        wanted: The parcels, read as they are needed.
        desk: What is the same for every parcel; its ``apis`` and ``pause`` are not used.
        apis: Makes the label APIs, best first; called once in each thread.
        workers: How many threads.
        patience: How the APIs are borne with.
        tell: Told, once each time, that an API went down and that it is back.
        stop: When set, no other parcel is begun; what is under way is finished and given.

    Raises:
        LedgerUnavailable: The ledger cannot be written: nothing more is begun.
        InputError: The sender or ``desk.also`` is wrong, and so every parcel.
    """
    halt = stop or threading.Event()
    crew = _Crew(desk, apis, patience, tell, halt)
    waiting: deque[Future[Outcome | None]] = deque()
    coming = iter(wanted)
    with ThreadPoolExecutor(workers, "lockership") as pool:
        try:
            while True:
                room = 0 if halt.is_set() else 16 * workers - len(waiting)
                waiting.extend(pool.submit(crew.work, one) for one in islice(coming, max(room, 0)))
                if not waiting:
                    return
                if (outcome := waiting.popleft().result()) is not None:
                    yield outcome
        except BaseException:
            halt.set()
            pool.shutdown(cancel_futures=True)
            raise


class _Crew:
    """The threads of one wave: each has its own clients, all share the lines to the APIs."""

    def __init__(
        self,
        desk: Desk,
        apis: Callable[[], Sequence[LabelApi]],
        patience: Patience,
        tell: Callable[[str], None],
        halt: threading.Event,
    ) -> None:
        self._desk = desk
        self._apis = apis
        self._patience = patience
        self._tell = tell
        self._halt = halt
        self._here = threading.local()
        self._lines: dict[str, _Line] = {}
        self._making = threading.Lock()

    def work(self, one: Wanted) -> Outcome | None:
        """Ship one parcel; None when the wave was stopped before it was begun."""
        if self._halt.is_set():
            return None
        if not hasattr(self._here, "desk"):
            apis = tuple(map(self._guarded, self._apis()))
            self._here.desk = attrs.evolve(self._desk, apis=apis, pause=self._pause)
        return _outcome(one, self._here.desk, self._patience, self._halt)

    def _pause(self, seconds: float) -> None:
        self._halt.wait(seconds)

    def _guarded(self, api: LabelApi) -> LabelApi:
        with self._making:
            line = self._lines.setdefault(api.name, _Line(api.name, self._patience, self._tell, self._halt))
        return _Guarded(api, line)


def _outcome(one: Wanted, desk: Desk, patience: Patience, halt: threading.Event) -> Outcome:
    """Ship one parcel; what is in doubt, or another station's for the moment, is tried again soon."""
    for attempt in range(patience.doubts + 1):
        try:
            shipped = ship(
                one.decision,
                one.order_id,
                desk,
                parcel=one.parcel,
                parcels=one.parcels,
                contents=one.contents,
            )
            return Outcome(one, shipped)
        except (LabelUncertain, LedgerConflict) as error:
            hopeless = not (error.retryable if isinstance(error, LedgerConflict) else error.traceable)
            if hopeless or attempt == patience.doubts or halt.wait(0.5 * 2**attempt):
                return Outcome(one, None, error)
        except InputError as error:
            if (error.field or "").startswith(("sender", "also")):
                raise
            return Outcome(one, None, error)
    raise AssertionError("the last attempt returns")


class _Line:
    """The line to one label API, shared by all threads: whether it is down, and until when to wait."""

    def __init__(
        self, name: str, patience: Patience, tell: Callable[[str], None], halt: threading.Event
    ) -> None:
        self.patience = patience
        self._name = name
        self._tell = tell
        self._halt = halt
        self._lock = threading.Lock()
        self._failed = 0
        self._down = False
        self._next_try = 0.0
        self._free_at = 0.0

    def refuse_while_down(self, reference: str) -> None:
        """Let one question through now and then while the API is down; refuse the others."""
        with self._lock:
            now = time.monotonic()
            if not self._down:
                return
            if now >= self._next_try:
                self._next_try = now + self.patience.rest
                return
        error = LabelUnavailable(
            f"{self._name}: it does not answer at the moment and was not asked",
            api=self._name,
            reference=reference,
        )
        error.retry_after = math.inf  # so that nobody waits for a second try
        raise error

    def wait(self) -> None:
        """Wait while the API wants to be left alone."""
        while (left := self._free_at - time.monotonic()) > 0 and not self._halt.wait(left):
            pass

    def hold(self, seconds: float) -> None:
        """Leave the API alone for so long, in all threads."""
        with self._lock:
            self._free_at = max(self._free_at, time.monotonic() + seconds)

    def heard(self, error: LabelError | None) -> None:
        """Count what came back: anything that the API itself said shows that it is there."""
        silent = isinstance(error, LabelUnavailable | LabelUncertain) and (
            error.status is None or error.status >= 500
        )
        with self._lock:
            was_down = self._down
            self._failed = self._failed + 1 if silent else 0
            self._down = self._failed >= self.patience.failures
            if self._down:
                self._next_try = time.monotonic() + self.patience.rest
            changed = was_down != self._down
        if changed and was_down:
            self._tell(f"{self._name} answers again")
        elif changed:
            self._tell(
                f"{self._name} does not answer, {self.patience.failures} times in a row: parcels go on "
                "without it; it is tried again now and then"
            )


@attrs.frozen
class _Guarded:
    """A label API on a shared line."""

    api: LabelApi
    line: _Line

    @property
    def name(self) -> str:
        return self.api.name

    def inexpressible(self, handoff: Handoff) -> tuple[str, str | None] | None:
        return self.api.inexpressible(handoff)

    def price(
        self, handoff: Handoff, sender: Address, *, reference: str, also: Mapping[str, Any] | None = None
    ) -> Offer:
        self.line.refuse_while_down(reference)
        return self._asked(
            lambda: self.api.price(handoff, sender, reference=reference, also=also),
            self.line.patience.busy,
            answered=_answered,
        )

    def buy(self, quote: Quote, asked: Mapping[str, Any] | None = None) -> Label:
        return self._asked(lambda: self.api.buy(quote, asked))

    def look_up(self, quote: Quote) -> Label | None:
        return self._asked(lambda: self.api.look_up(quote), self.line.patience.busy)

    def refund(self, quote: Quote) -> Refund:
        return self._asked(lambda: self.api.refund(quote))

    def refund_of(self, quote: Quote) -> Refund | None:
        return self._asked(lambda: self.api.refund_of(quote), self.line.patience.busy)

    def _asked(
        self, question: Callable[[], T], again: int = 0, answered: Callable[[T], bool] = lambda _: True
    ) -> T:
        """Ask, and again after "too many requests" where asking buys nothing."""
        for attempt in range(again + 1):
            self.line.wait()
            try:
                answer = question()
            except LabelError as error:
                self.line.heard(error)
                if error.status != 429:
                    raise
                told = getattr(error, "retry_after", None)
                seconds = 2.0**attempt if told is None else told
                self.line.hold(min(seconds, LONGEST_WAIT))
                if attempt == again or seconds > LONGEST_WAIT:
                    raise
            else:
                if answered(answer):
                    self.line.heard(None)
                return answer
        raise AssertionError("the last attempt raises or returns")


def _answered(offer: Offer) -> bool:
    """Whether an offer shows that the API is there: an offer without a price was written here, unasked."""
    return not offer.rates or any(rate.price is not None for rate in offer.rates)
