"""``lockership ship``: buy a label for every parcel; draw a fallback label where none can be had."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lockership.cli.keys import add_keys, api_makers
from lockership.cli.label import sender_of
from lockership.cli.words import FAILED, GOOD, SOME_FAILED, add_input, add_rules, policy_of, routed, warn
from lockership.errors import (
    MISSING_FIELD,
    Inexpressible,
    InputError,
    LabelRejected,
    LabelUnavailable,
    LedgerUnavailable,
    NothingToShip,
    Problem,
)
from lockership.files import BadRecord, format_of, opened, read_records
from lockership.inbound import JsonNumber, read_order

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Generator, Iterator

    from lockership.address import Address
    from lockership.cli.outputs import Outputs, Tally
    from lockership.cli.words import Commands
    from lockership.decision import Decision
    from lockership.inbound import Order
    from lockership.labels.apis import LabelApi
    from lockership.policy import Policy
    from lockership.ship import Desk
    from lockership.units import Money
    from lockership.wave import Wanted

__all__ = ["add", "add_ledger", "labels_of", "ledger_of", "summary"]


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "ship", help="buy a label for every parcel, draw a fallback label where none can be had"
    )
    add_input(parser)
    add_keys(parser, required=True)
    add_ledger(parser)
    parser.add_argument("--out", "-o", required=True, metavar="DIR", help="where labels and manifest go")
    parser.add_argument("--sender", metavar="FILE", help="the warehouse's address, JSON as a ship_to")
    parser.add_argument("--max-price", metavar="USD", type=_price, help="buy no label above this, as 12.50")
    parser.add_argument(
        "--format",
        choices=("png", "pdf", "zpl"),
        default="png",
        help="what the API is asked for.  png, pdf: everything in one PDF, in pick order "
        "(needs lockership[pdf]); zpl: everything in one stream (default: png)",
    )
    parser.add_argument("--dpi", type=int, choices=(203, 300), default=203, help="of the label printer")
    parser.add_argument(
        "--workers", type=_workers, default=4, metavar="N", help="parcels under way at once (default: 4)"
    )
    parser.add_argument("--station", metavar="NAME", help="this station's name in the ledger")
    parser.add_argument("--dry-run", action="store_true", help="ask for prices, buy and write nothing")
    add_rules(parser)
    parser.set_defaults(run=_ship)


def add_ledger(parser: argparse.ArgumentParser) -> None:
    """Add where the ledger is; an address with a password belongs into the environment."""
    parser.add_argument(
        "--ledger",
        metavar="FILE",
        default=os.environ.get("LOCKERSHIP_LEDGER"),
        help="the ledger: a SQLite file on a local disk; a database's address is better kept in "
        "LOCKERSHIP_LEDGER",
    )
    parser.add_argument(
        "--patience",
        metavar="SECONDS",
        type=float,
        default=60.0,
        help="how long a purchase in doubt is looked for before it counts as not made (default: 60)",
    )


def ledger_of(options: argparse.Namespace) -> str:
    """Give where the ledger is.

    Raises:
        InputError: Nobody says where.
    """
    if not options.ledger:
        message = "--ledger FILE is needed, or LOCKERSHIP_LEDGER in the environment"
        raise InputError([Problem(MISSING_FIELD, message, "ledger")])
    return str(options.ledger)


def _price(text: str) -> Money:
    from lockership.units import Money  # noqa: PLC0415 - only for this option

    return Money.of(text)


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 64):
        raise ValueError(text)
    return int(text)


def _ship(options: argparse.Namespace) -> int:
    sender = sender_of(options.sender)
    if sender is None:
        message = "a label needs the warehouse: --sender FILE, JSON as a ship_to"
        raise InputError([Problem(MISSING_FIELD, message, "sender")])
    makers = api_makers(options, options.api, options.format)
    policy = policy_of(options)
    if options.dry_run:
        return _dry(options, sender, makers, policy)

    from lockership.cli.outputs import Outputs  # noqa: PLC0415 - reportlab loads only for labels
    from lockership.labels import fallback  # noqa: PLC0415 - as above
    from lockership.ledger import Ledger  # noqa: PLC0415 - SQLAlchemy loads only for the ledger
    from lockership.ship import Desk  # noqa: PLC0415 - as above

    out = Path(options.out)
    draw: Any = fallback.draw_zpl if options.format == "zpl" else fallback.draw
    with Ledger(ledger_of(options), station=options.station, patience=options.patience) as ledger:
        desk = Desk(
            ledger,
            (),
            sender,
            at_most=options.max_price,
            languages=("en", "zh"),
            draw=partial(draw, dpi=options.dpi),
        )
        failed = None
        with _stoppable() as stop, Outputs(out, options.format, dpi=options.dpi) as outputs:
            try:
                _wave(options, desk, makers, policy, outputs, stop)
            except LedgerUnavailable as error:
                failed = error
    summary(outputs, out)
    if failed is not None:
        warn(f"{failed}; stopped.  What was done is in {out}; mend it and run the same command again")
        return FAILED
    if stop.is_set():
        warn("interrupted; ledger and files agree.  Run the same command again for the rest")
        return FAILED
    states = outputs.tally.states
    if not any(states[state] for state in ("error", "in doubt", "conflict")):
        return GOOD
    return SOME_FAILED if any(states[state] for state in ("bought", "fallback", "review")) else FAILED


def _wave(
    options: argparse.Namespace,
    desk: Desk,
    makers: dict[str, Callable[[], LabelApi]],
    policy: Policy | None,
    outputs: Outputs,
    stop: threading.Event,
) -> None:
    from lockership.wave import ship_all  # noqa: PLC0415 - as in _ship

    numbers: dict[tuple[str, int], int] = {}
    progress = _Counting()

    def coming() -> Iterator[Wanted]:
        for number, item in _parcels(options, policy):
            if isinstance(item, BadRecord):
                outputs.bad_record(number, item)
            elif (key := (item.order_id, item.parcel)) in numbers:
                why = f"the same order and parcel stands at {numbers[key]} already"
                outputs.bad(number, item.order_id, item.parcel, why)
            else:
                numbers[key] = number
                yield item

    for outcome in ship_all(
        coming(),
        desk,
        lambda: [make() for make in makers.values()],
        workers=options.workers,
        tell=warn,
        stop=stop,
    ):
        wanted = outcome.wanted
        outputs.add(numbers[wanted.order_id, wanted.parcel], outcome)
        progress.tell(outputs.tally)
    progress.done()


def _parcels(options: argparse.Namespace, policy: Policy | None) -> Iterator[tuple[int, Wanted | BadRecord]]:
    """Read and route every parcel of the file; each has its number in pick order."""
    from lockership.wave import Wanted  # noqa: PLC0415 - as in _ship

    number = 0
    form = options.in_format or format_of(options.orders)
    with opened(options.orders) as file:
        for record, item in read_records(file, form, read_order, warn):
            if isinstance(item, BadRecord):
                number += 1
                yield number, item
                continue
            for place, answer in routed(item, record, policy=policy, on=options.on):
                number += 1
                if isinstance(answer, BadRecord):
                    yield number, answer
                else:
                    count = len(item.parcels) if item.several else 1
                    yield number, Wanted(answer, _order_id(item), place or 1, count)


def _order_id(order: Order) -> str:
    return order.order_id.text if isinstance(order.order_id, JsonNumber) else str(order.order_id)


@contextmanager
def _stoppable() -> Generator[threading.Event]:
    """Let the first Ctrl-C finish what is under way, and the second one leave at once."""
    stop = threading.Event()

    def ask_to_stop(*_: object) -> None:
        if stop.is_set():
            warn("left at once; `lockership recover` finds out what became of what was under way")
            os._exit(130)
        stop.set()
        warn("finishing what is under way; Ctrl-C again leaves at once")

    signals = [signal.SIGINT, signal.SIGTERM]
    in_main = threading.current_thread() is threading.main_thread()
    before = {one: signal.signal(one, ask_to_stop) for one in signals} if in_main else {}
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


class _Counting:
    """Counts as the parcels are done: on a terminal twice a second, in a pipe every half minute."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = time.monotonic()
        self._shown = False

    def tell(self, tally: Tally) -> None:
        """Show the counts when it is time."""
        now = time.monotonic()
        if now - self._last >= (0.5 if self._terminal else 30.0):
            self._last, self._shown = now, True
            end = "  " if self._terminal else "\n"
            print(f"{chr(13) if self._terminal else ''}{tally.line()}", end=end, file=sys.stderr, flush=True)

    def done(self) -> None:
        """Leave the last counts standing."""
        if self._shown and self._terminal:
            print(file=sys.stderr)


def summary(outputs: Outputs, out: Path) -> None:
    """Say what came of it: counts, money, why there are fallback labels, and what a person must do."""
    tally = outputs.tally
    print(f"{tally.line()}\n")
    labels_of(tally)
    if tally.states["in doubt"]:
        print(
            f"\n  {tally.states['in doubt']} in doubt: they may be bought, and have no fallback label.  "
            "lockership recover finds out"
        )
    if tally.unfetched:
        print(
            f"\n  {tally.unfetched} bought without a file: lockership recover fetches it, then run again; "
            "a carrier's own label is printed from its site"
        )
    if tally.single:
        told = f"not in {outputs.stream}, print their files (manifest.csv says which)"
        print(f"\n  {len(tally.single)} {told}: {_some(tally.single)}")
    if tally.samples:
        print(f"\n  {tally.samples} are samples of a test key: no carrier accepts them")
    print(f"\nFiles in {out}: manifest.csv says which is whose")
    if outputs.stream == "carrier.pdf":
        print("Everything in one PDF, in pick order, needs pypdf: pip install 'lockership[pdf]'")


def labels_of(tally: Tally) -> None:
    """Show labels and money for each API, fallback labels by reason, and what is to be labelled anew."""
    for api in sorted({api for api, _ in tally.labels}):
        carriers = {carrier: n for (name, carrier), n in sorted(tally.labels.items()) if name == api}
        money = ", ".join(f"{sum_} {code}" for (name, code), sum_ in tally.money.items() if name == api)
        told = ", ".join(f"{carrier} {n}" for carrier, n in carriers.items())
        print(f"  {api:<10} {sum(carriers.values())} labels, {money}  ({told})")
    if tally.reasons:
        told = ", ".join(f"{n} {reason}" for reason, n in tally.reasons.most_common())
        print(f"  {'fallback':<10} {tally.states['fallback']} labels: {told}")
    if tally.relabel:
        print(f"  {'relabel':<10} {_some(tally.relabel)}: the carrier's label goes over the fallback label")


def _some(names: list[str]) -> str:
    """Name the first twenty."""
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return f"{', '.join(names[:20])}{more}"


# ── without buying ────────────────────────────────────────────────────────────────────────────────


def _dry(
    options: argparse.Namespace,
    sender: Address,
    makers: dict[str, Callable[[], LabelApi]],
    policy: Policy | None,
) -> int:
    """Show what would be bought and what it would cost; nothing is bought or written anywhere."""
    from lockership.units import Money  # noqa: PLC0415 - only here

    apis = [make() for make in makers.values()]
    known = _known(ledger_of(options))
    total, bought, failed = Money.of("0"), 0, 0
    for number, item in _parcels(options, policy):
        if isinstance(item, BadRecord):
            failed += 1
            print(f"{number:>6}  {item.order_id or '':<20} error: {item.error}")
            continue
        name = item.order_id if item.parcels == 1 else f"{item.order_id}/{item.parcel}"
        told = known.get((item.order_id, item.parcel))
        if told is None:
            price, told = _offered(item.decision, name, sender, apis, options.max_price)
            if price is not None:
                bought += 1
                total = Money(total.amount + price.amount, price.currency)
        print(f"{number:>6}  {name:<20} {told}")
    print(f"\n{bought} labels would be bought for {total.amount} {total.currency}; nothing was bought")
    return GOOD if not failed else SOME_FAILED


def _known(where: str) -> dict[tuple[str, int], str]:
    """Read what the ledger has bought or in doubt; a ledger that is not there yet is not made."""
    from lockership.ledger import Ledger, State  # noqa: PLC0415 - as in _ship

    if "://" not in where and not Path(where).exists():
        return {}
    states = (State.BOUGHT, State.PRINTED, State.BUYING, State.UNCERTAIN)
    with Ledger(where) as ledger:
        return {
            (entry.order_id, entry.parcel): f"{entry.state} before, {entry.api} {entry.tracking_number}"
            for entry in ledger.entries(*states)
        }


def _offered(
    decision: Decision, reference: str, sender: Address, apis: list[LabelApi], at_most: Money | None
) -> tuple[Money | None, str]:
    """Ask for a price, or say why there would be a fallback label."""
    from lockership.handoff import handoff  # noqa: PLC0415 - as in _ship
    from lockership.labels.purchase import choose_rate  # noqa: PLC0415 - as in _ship
    from lockership.ship import why_not  # noqa: PLC0415 - as in _ship

    try:
        asked = handoff(decision)
    except NothingToShip as error:
        return None, f"review: {error}"
    failures: list[tuple[str, Inexpressible | LabelRejected | LabelUnavailable | InputError]] = []
    for api in apis:
        try:
            offer = api.price(asked, sender, reference=reference)
            rate = choose_rate(offer, asked, at_most=at_most)
        except (Inexpressible, LabelRejected, LabelUnavailable, InputError) as error:
            failures.append((api.name, error))
            continue
        price = "price unknown" if rate.price is None else f"{rate.price.amount} {rate.price.currency}"
        return rate.price, f"would buy {rate.carrier} {rate.service}, {price}, {api.name}"
    return None, f"would get a fallback label: {why_not(failures)}"
