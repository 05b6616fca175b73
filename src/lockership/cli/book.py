"""``lockership recover``, ``void`` and ``ledger``: what stands in the ledger, and what to do about it."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from lockership.cli.keys import add_keys, api_makers
from lockership.cli.ship import add_ledger, ledger_of
from lockership.cli.words import FAILED, GOOD, SOME_FAILED, fail, warn
from lockership.errors import LabelError, LabelUncertain, LedgerConflict

if TYPE_CHECKING:
    import argparse

    from lockership.cli.words import Commands
    from lockership.labels.apis import LabelApi
    from lockership.ledger import Entry, Ledger

__all__ = ["add"]

_STATES = ("asked", "priced", "buying", "bought", "printed", "fallback", "superseded", "voided", "uncertain")


def add(commands: Commands) -> None:
    """Add the three commands."""
    recover = commands.add_parser(
        "recover", help="find out what became of purchases and refunds that were broken off"
    )
    add_keys(recover, required=True)
    add_ledger(recover)
    recover.add_argument(
        "--stopped",
        action="append",
        default=[],
        metavar="STATION",
        help="a station that is known not to run: what it was at is looked up at once",
    )
    recover.set_defaults(run=_recover)
    void = commands.add_parser("void", help="give bought labels back; again, say how the refund stands")
    void.add_argument("orders", nargs="+", metavar="ORDER", help="an order; all its bought labels")
    void.add_argument("--parcel", type=int, metavar="N", help="only this parcel of the order")
    void.add_argument("--reason", default="", help="why, for the ledger")
    add_keys(void, required=False)
    add_ledger(void)
    void.set_defaults(run=_void)
    ledger = commands.add_parser("ledger", help="list what stands where")
    add_ledger(ledger)
    ledger.add_argument("--state", action="append", choices=_STATES, help="only parcels in this state")
    ledger.add_argument("--format", choices=("table", "jsonl"), default="table")
    ledger.add_argument("--history", action="store_true", help="everything that ever happened, as JSON Lines")
    ledger.set_defaults(run=_ledger)


def _opened(options: argparse.Namespace) -> Ledger:
    """Open the ledger; one that is not there is not made by looking.

    Raises:
        LedgerUnavailable, FileNotFoundError: There is none.
    """
    from lockership.ledger import Ledger  # noqa: PLC0415 - SQLAlchemy loads only for the ledger

    where = ledger_of(options)
    if "://" not in where and not Path(where).exists():
        raise FileNotFoundError(2, "there is no ledger", where)
    return Ledger(where, patience=options.patience)


def _name(entry: Entry) -> str:
    return entry.order_id if entry.parcel == 1 else f"{entry.order_id}/{entry.parcel}"


def _recover(options: argparse.Namespace) -> int:
    from lockership.ledger import State  # noqa: PLC0415 - as in _opened

    apis = {name: make() for name, make in api_makers(options, options.api).items()}
    with _opened(options) as ledger:
        settled = ledger.recover(apis, stopped=options.stopped)
        left = ledger.entries(State.BUYING, State.UNCERTAIN)
        lacking = [entry for entry in ledger.entries(State.BOUGHT, State.PRINTED) if entry.refund == "asking"]
    for entry in settled:
        what = {"priced": "was not bought; ship it again"}.get(entry.state, str(entry.state))
        print(f"{_name(entry)}: {what} {entry.tracking_number}".rstrip())
    for entry in (*left, *lacking):
        until = f", {entry.station} is at work on it until {entry.leased_until}" if entry.leased_until else ""
        doubt = "refund in doubt" if entry.refund else "in doubt"
        print(f"{_name(entry)}: {doubt} at {entry.api}{until}{f' ({entry.reason})' if entry.reason else ''}")
    print(f"{len(settled)} settled, {len(left) + len(lacking)} in doubt")
    return SOME_FAILED if left or lacking else GOOD


def _void(options: argparse.Namespace) -> int:
    with _opened(options) as ledger:
        entries = [
            entry
            for entry in ledger.entries()
            if entry.order_id in options.orders and options.parcel in (None, entry.parcel)
        ]
        unknown = [name for name in options.orders if name not in {entry.order_id for entry in entries}]
        wanted = [entry for entry in entries if entry.state in ("bought", "printed", "voided") and entry.api]
        nothing = sorted({entry.order_id for entry in entries} - {entry.order_id for entry in wanted})
        for order_id in (*unknown, *nothing):
            warn(f"{order_id}: there is no bought label to give back")
        if not wanted:
            return fail("nothing was given back")
        makers = api_makers(options, options.api or sorted({entry.api for entry in wanted}))
        apis = {name: make() for name, make in makers.items()}
        given = sum(_given_back(ledger, apis, entry, options.reason) for entry in wanted)
    if not given:
        return FAILED
    return GOOD if given == len(wanted) and not (unknown or nothing) else SOME_FAILED


def _given_back(ledger: Ledger, apis: dict[str, LabelApi], entry: Entry, reason: str) -> bool:
    api = apis.get(entry.api)
    if api is None:
        warn(f"{_name(entry)}: its label is {entry.api}'s; name --api {entry.api}")
        return False
    try:
        now = ledger.void(api, entry.order_id, entry.parcel, reason=reason)
    except LabelUncertain as error:
        warn(f"{_name(entry)}: it may be given back: don't use it, ask again later ({error})")
    except (LabelError, LedgerConflict) as error:
        warn(f"{_name(entry)}: {error}")
    else:
        print(f"{_name(entry)}: given back, refund {now.refund or 'unknown here'}, {entry.tracking_number}")
        return True
    return False


def _ledger(options: argparse.Namespace) -> int:
    from lockership.ledger import State  # noqa: PLC0415 - as in _opened

    with _opened(options) as ledger:
        if options.history:
            ledger.export(sys.stdout)
            return GOOD
        entries = ledger.entries(*map(State, options.state or ()))
    if options.format == "jsonl":
        for entry in entries:
            told = attrs.asdict(entry, filter=lambda field, _: field.name not in ("url", "wanted", "version"))
            told["warnings"] = json.loads(entry.warnings)
            print(json.dumps(told, ensure_ascii=False))
        return GOOD
    _table(entries)
    return GOOD


def _table(entries: list[Entry]) -> None:
    head = ("order", "state", "label", "price", "tracking number", "since", "why")
    rows = [
        (
            _name(entry),
            f"{entry.state}{f', refund {entry.refund}' if entry.refund else ''}",
            " ".join(filter(None, (entry.api, entry.carrier, entry.service))),
            f"{entry.amount} {entry.currency}".strip(),
            entry.tracking_number,
            entry.updated_at[:16].replace("T", " "),
            ("relabel; " if entry.covers and entry.state == "bought" else "") + entry.reason,
        )
        for entry in entries
    ]
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head) - 1)]
    for row in (head, *rows):
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, (*widths, 0), strict=True)).rstrip())
    states = Counter(str(entry.state) for entry in entries)
    spent: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if entry.state in ("bought", "printed"):
            spent[entry.currency] += Decimal(entry.amount or 0)
    counts = ", ".join(f"{n} {state}" for state, n in sorted(states.items())) or "empty"
    print(f"\n{counts}" + "".join(f"; {amount} {currency} paid" for currency, amount in spent.items()))
