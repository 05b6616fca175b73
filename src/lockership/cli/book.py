"""``lockership printed``, ``recover``, ``settle``, ``void``, ``ledger``: what stands where, what then."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from lockership.cli.keys import API_NAMES, add_keys, api_makers
from lockership.cli.ship import add_ledger, ledger_of
from lockership.cli.words import FAILED, GOOD, SOME_FAILED, fail, warn
from lockership.errors import OUT_OF_RANGE, InputError, LabelError, LabelUncertain, LedgerConflict, Problem

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from lockership.cli.words import Commands
    from lockership.labels.apis import LabelApi
    from lockership.ledger import Entry, Ledger

__all__ = ["add"]

_STATES = ("asked", "priced", "buying", "bought", "printed", "fallback", "superseded", "voided", "uncertain")


def add(commands: Commands) -> None:
    """Add the commands."""
    printed = commands.add_parser(
        "printed", help="write down that bought labels were printed, and stuck over fallback labels, if any"
    )
    printed.add_argument(
        "orders", nargs="*", metavar="ORDER[/PARCEL]", help="an order, all its bought labels; or one parcel"
    )
    printed.add_argument(
        "--manifest",
        metavar="FILE",
        help="manifest.csv of a run of ship: every label that it bought, once all of it is printed",
    )
    add_ledger(printed)
    printed.set_defaults(run=_printed)
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
    settle = commands.add_parser(
        "settle", help="write down what a person found out about a purchase in doubt that no API can tell"
    )
    settle.add_argument("order", metavar="ORDER[/PARCEL]", help="the parcel in doubt")
    answer = settle.add_mutually_exclusive_group(required=True)
    answer.add_argument("--bought", metavar="NUMBER", help="it was bought: the label's tracking number")
    answer.add_argument("--not-bought", action="store_true", help="nothing was bought: ship may buy it")
    settle.add_argument("--reason", default="", help="who says so, for the history")
    add_ledger(settle)
    settle.set_defaults(run=_settle)
    void = commands.add_parser("void", help="give bought labels back; again, say how the refund stands")
    void.add_argument("orders", nargs="+", metavar="ORDER", help="an order; all its bought labels")
    void.add_argument("--parcel", type=int, metavar="N", help="only this parcel of the order")
    void.add_argument("--reason", default="", help="why, for the ledger")
    void.add_argument(
        "--elsewhere", action="store_true", help="it was given back at the carrier: only write it down"
    )
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
        if entry.api not in API_NAMES and not until:
            print(
                f"  nobody but a person can find out: ask {entry.api}, then lockership settle {_name(entry)}"
            )
    print(f"{len(settled)} settled, {len(left) + len(lacking)} in doubt")
    return SOME_FAILED if left or lacking else GOOD


def _named(ledger: Ledger, names: Iterable[str]) -> tuple[list[Entry], list[str]]:
    """Find the parcels of orders, or single ones as ``A-1001/2``; the second list has the unknown names."""
    parcels: dict[str, list[Entry]] = defaultdict(list)
    for entry in ledger.entries():
        parcels[entry.order_id].append(entry)
        parcels[f"{entry.order_id}/{entry.parcel}"].append(entry)
    found = {(entry.order_id, entry.parcel): entry for name in names for entry in parcels.get(name, ())}
    return list(found.values()), [name for name in names if name not in parcels]


def _printed(options: argparse.Namespace) -> int:
    if not options.orders and options.manifest is None:
        return fail("name orders, or --manifest FILE")
    numbers = {} if options.manifest is None else _bought_in(options.manifest)
    done = 0
    with _opened(options) as ledger:
        entries, unknown = _named(ledger, [*options.orders, *numbers])
        for name in unknown:
            warn(f"{name}: the ledger does not know it")
        for entry in entries:
            name = f"{entry.order_id}/{entry.parcel}"
            if numbers.get(name, entry.tracking_number) != entry.tracking_number:
                warn(f"{_name(entry)}: it has another label by now; print that one")
                continue
            try:
                ledger.printed(entry.order_id, entry.parcel)
            except LedgerConflict as error:
                warn(str(error))
            else:
                done += 1
    print(f"{done} printed")
    return _status(done, len(entries) + len(unknown))


def _status(done: int, of: int) -> int:
    return GOOD if done == of else SOME_FAILED if done else FAILED


def _bought_in(manifest: str) -> dict[str, str]:
    """Read which labels a manifest has files of: their tracking numbers by ``ORDER/PARCEL``."""
    try:
        with Path(manifest).open(encoding="utf-8-sig", newline="") as file:
            return {
                f"{_plain(row['order_id'])}/{row['parcel']}": _plain(row["tracking_number"])
                for row in csv.DictReader(file)
                if row["state"] == "bought" and row["file"]
            }
    except (KeyError, TypeError, UnicodeDecodeError, csv.Error):
        raise InputError([Problem(OUT_OF_RANGE, "expected a manifest.csv of ship", "--manifest")]) from None


def _plain(cell: str) -> str:
    """Give a text as it was before it was kept from looking like a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") else cell


def _settle(options: argparse.Namespace) -> int:
    with _opened(options) as ledger:
        found, _ = _named(ledger, [options.order])
        doubts = [entry for entry in found if entry.state in ("buying", "uncertain")]
        if len(doubts) != 1:
            which = "name one parcel of it, as ORDER/2" if doubts else "no purchase of it is in doubt"
            return fail(f"{options.order}: {which}")
        (entry,) = doubts
        number = (options.bought or "").strip()
        if not (number or options.not_bought):
            return fail("--bought needs the tracking number")
        now = ledger.found_out(
            entry.order_id, entry.parcel, tracking_number=number, reason=options.reason or "a person's word"
        )
    told = f"bought {number}" if now.state == "bought" else "was not bought; ship it again"
    print(f"{_name(entry)}: {told}")
    return GOOD


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
        if options.elsewhere:
            given = sum(_noted(ledger, entry, options.reason) for entry in wanted)
        else:
            held = sorted({entry.api for entry in wanted}.intersection(API_NAMES))
            apis = {name: make() for name, make in api_makers(options, options.api or held).items()}
            given = sum(_given_back(ledger, apis, entry, options.reason) for entry in wanted)
    return _status(given, len(wanted) + len(unknown) + len(nothing))


def _noted(ledger: Ledger, entry: Entry, reason: str) -> bool:
    try:
        ledger.voided(entry.order_id, entry.parcel, reason or "given back elsewhere")
    except LedgerConflict as error:
        warn(f"{_name(entry)}: {error}")
        return False
    print(f"{_name(entry)}: written down as given back, {entry.tracking_number}")
    return True


def _given_back(ledger: Ledger, apis: dict[str, LabelApi], entry: Entry, reason: str) -> bool:
    api = apis.get(entry.api)
    if api is None:
        known = entry.api in API_NAMES
        how = f"name --api {entry.api}" if known else "give it back there, then void --elsewhere"
        warn(f"{_name(entry)}: its label is {entry.api}'s; {how}")
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
