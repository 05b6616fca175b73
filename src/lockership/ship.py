"""The whole way of one parcel: a carrier's label where one can be had, a fallback label where not.

::

    desk = Desk(ledger=Ledger("ledger.db"), apis=(easypost, shippo), sender=warehouse)
    shipped = ship(route_parcel(address, carrier, parcel), "A-1001", desk)
    print_it(shipped.label.file if shipped.label else shipped.paper)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from textwrap import shorten
from typing import Any

import attrs

from lockership.address import Address
from lockership.decision import Decision
from lockership.errors import Inexpressible, InputError, LabelRejected, LabelUnavailable, NothingToShip
from lockership.labels import Label, Rate, fallback
from lockership.labels.apis import LabelApi
from lockership.labels.plan import plan
from lockership.labels.purchase import cheapest
from lockership.ledger import Ledger, State
from lockership.units import Money

__all__ = ["Desk", "Shipped", "ship", "why_not"]

Failure = Inexpressible | LabelRejected | LabelUnavailable | InputError
Paper = fallback.Label | fallback.Cover


def _now() -> datetime:
    return datetime.now(UTC)


@attrs.frozen
class Desk:
    """Where parcels are shipped from: what is the same for every parcel.

    Attributes:
        ledger: Where everything is written down.
        apis: The label APIs, best first; carriers' own accounts among them
            (:class:`~lockership.labels.carrier_api.CarrierAccount`).
        sender: The warehouse.
        choose: Picks one of the rates that may be bought; the cheapest unless told otherwise.
        at_most: The highest price of a label, or None.
        also: Further fields of the requests, by the API's name.
        tries: How often an API that does not answer is asked.
        languages: One or two of en, zh, es, for fallback labels.
        draw: Draws them: :func:`~lockership.labels.fallback.draw`, or a ``functools.partial`` of it or
            of ``draw_zpl`` with the printer's ``dpi``.
        clock: Gives the time that is printed on them.
        pause: Waits so many seconds between two tries.
    """

    ledger: Ledger
    apis: tuple[LabelApi, ...]
    sender: Address = attrs.field(repr=False)
    choose: Callable[[Sequence[Rate]], Rate] = cheapest
    at_most: Money | None = None
    also: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict[str, Mapping[str, Any]])
    tries: int = 2
    languages: tuple[str, ...] = ("en",)
    draw: Callable[[Iterable[Paper]], bytes] = fallback.draw
    clock: Callable[[], datetime] = _now
    pause: Callable[[float], None] = time.sleep


@attrs.frozen
class Shipped:
    """What came of it: a carrier's label or a fallback label, never neither.

    Attributes:
        decision: Where the parcel goes and why.
        label: The carrier's label, or None.
        paper: Without a carrier's label, the fallback label.  With one, the page to stick over the
            fallback label that was drawn for this parcel before, or None when there was none; it is
            given until ``ledger.printed()`` says that the carrier's label is on the parcel.
        failures: Why an API gave no label, by its name: first those that have no words for it and were
            not asked, then the others in the order in which they were; nothing was bought by any of these
            questions.
        page: What ``paper`` is drawn from, so that many can be drawn into one file.
    """

    decision: Decision
    label: Label | None
    paper: bytes | None = attrs.field(default=None, repr=False)
    failures: tuple[tuple[str, Failure], ...] = ()
    page: Paper | None = attrs.field(default=None, repr=False)


def ship(
    decision: Decision,
    order_id: str,
    desk: Desk,
    *,
    parcel: int = 1,
    parcels: int = 1,
    contents: Iterable[fallback.SkuLine] = (),
) -> Shipped:
    """Buy the label that was decided on, at the first API that can; draw a fallback label if none can.

    Whom to ask, and in which order, is :func:`~lockership.labels.plan.plan`'s to say.
    Asked again, it buys nothing twice: what is bought is given again, and a parcel that got a fallback
    label is tried anew.  A decision under review gets a fallback label that says STOP, no API is asked
    and nothing is written down.

    Args:
        decision: From :func:`~lockership.route_parcel`.
        order_id: The order, at most 80 characters.
        desk: What is the same for every parcel.
        parcel: Which parcel of the order, from 1.
        parcels: How many parcels the order has.
        contents: What is in the parcel, for the fallback label.

    Raises:
        LabelUncertain: A label may be bought.  Then there is no fallback label: ask again later, or let
            ``ledger.recover()`` find out.
        LedgerConflict: Another station is at work on this parcel, or it has a label for another address.
        InputError: The sender, the order id or ``also`` is wrong, so that no parcel could be shipped; or
            the fallback label cannot be drawn.
    """
    moment = desk.clock()
    lines: Any = tuple(contents)  # mypy cannot see through the field's converter
    paper = fallback.Label(
        decision,
        order_id,
        moment,
        sender=desk.sender,
        package=parcel,
        packages=parcels,
        contents=lines,
        languages=desk.languages,
    )
    try:
        whom = plan(decision, desk.apis)
    except NothingToShip:
        return Shipped(decision, None, desk.draw([paper]), page=paper)
    before = desk.ledger.entry(order_id, parcel)
    begun_at = before.api if before is not None else ""
    failures: list[tuple[str, Failure]] = []
    apis = desk.apis
    if before is None or before.state not in _BEGUN:
        failures += [(no.api, Inexpressible(no.reason, api=no.api, source=no.source)) for no in whom.unable]
        apis = tuple(api for api in desk.apis if api.name in whom.able)
    # Where a purchase was begun it is looked up first: no other API may be asked while it is in doubt.
    for api in sorted(apis, key=lambda api: api.name != begun_at):

        def buy(api: LabelApi = api) -> Label:
            return desk.ledger.buy(
                api,
                whom.handoff,
                desk.sender,
                order_id=order_id,
                parcel=parcel,
                choose=desk.choose,
                at_most=desk.at_most,
                also=desk.also.get(api.name),
            )

        label, errors = _tried(buy, desk)
        failures += [(api.name, error) for error in errors]
        if label is not None:
            page = cover = None
            now = None if before is None else desk.ledger.entry(order_id, parcel)
            if now is not None and now.covers:
                page = fallback.Cover(order_id, moment, parcel, parcels, desk.languages)
                cover = desk.draw([page])
            return Shipped(decision, label, cover, tuple(failures), page)
    reason = why_not(failures)
    paper, drawn = _drawn(paper, reason, failures, desk)  # a paper that cannot be drawn is not written down
    desk.ledger.fallback(order_id, parcel, reason=reason)
    return Shipped(decision, None, drawn, tuple(failures), paper)


def why_not(failures: Sequence[tuple[str, Failure]]) -> str:
    """Say for each API why it gave no label, in one line: those that were asked first, each by its last word.

    >>> why_not([("shippo", Inexpressible("no field names it", api="shippo"))]), why_not([])
    ('shippo: no field names it', 'no label API')
    """
    last = dict(failures)
    names = sorted(last, key=lambda name: isinstance(last[name], Inexpressible))
    said = (f"{name}: {str(last[name]).removeprefix(f'{name}: ')}" for name in names)
    return "; ".join(said) or "no label API"


def _drawn(
    paper: fallback.Label, reason: str, failures: Sequence[tuple[str, Failure]], desk: Desk
) -> tuple[fallback.Label, bytes]:
    """Draw a fallback label with the reason, as far as it has room; the whole of it is in the ledger."""
    if not failures:
        return paper, desk.draw([paper])
    api, _, error = reason.partition(": ")
    tries = sum(not isinstance(failure, Inexpressible) for _, failure in failures)
    told = fallback.NoCarrierLabel(
        api, shorten(error, 300, placeholder=" …"), paper.printed_at, max(tries, 1)
    )
    with_reason = attrs.evolve(paper, no_carrier_label=told)
    try:
        return with_reason, desk.draw([with_reason])
    except InputError:
        return paper, desk.draw([paper])  # the address needs the room


def _tried(buy: Callable[[], Label], desk: Desk) -> tuple[Label | None, list[Failure]]:
    """Buy, again while nobody answers; what is refused is not asked twice."""
    errors: list[Failure] = []
    wait = 0.0
    for attempt in range(max(desk.tries, 1)):
        if attempt:
            desk.pause(max(2.0**attempt, wait))
        try:
            return buy(), errors
        except LabelUnavailable as error:
            errors.append(error)
            wait = error.retry_after or 0.0
            if wait > LONGEST_WAIT:
                break
        except (Inexpressible, LabelRejected) as error:
            return None, [*errors, error]
        except InputError as error:
            if any((problem.field or "").startswith(_OURS) for problem in error.problems):
                raise
            return None, [*errors, error]
    return None, errors


_BEGUN = (State.BUYING, State.UNCERTAIN, State.BOUGHT, State.PRINTED)
"""A label is bought, or may be: then that is what counts, whatever could be asked today."""

LONGEST_WAIT = 60.0
"""An API that asks for a longer pause gets it: the parcel goes on without it meanwhile."""

_OURS = ("sender", "also", "order_id")
"""Fields that are the desk's, not the order's: wrong once, wrong for every parcel."""
