"""``lockership demo``: the whole road on one night's orders, with a summary that a person enjoys."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lockership.cli.label import label_of, sender_of
from lockership.cli.ship import labels_of
from lockership.cli.words import GOOD, fail, routed
from lockership.errors import Inexpressible, InputError, MissingDependency
from lockership.explain import kind_name, refusal_text, remedy_text, what_if_text
from lockership.files import BadRecord, format_of, opened, read_records, writing
from lockership.handoff import handoff
from lockership.inbound import JsonNumber, Order, read_order
from lockership.words import Route

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from types import ModuleType

    from lockership.address import Address
    from lockership.cli.outputs import Tally
    from lockership.cli.words import Commands
    from lockership.decision import Decision
    from lockership.files import Write
    from lockership.labels.apis import LabelApi
    from lockership.labels.fallback import Label
    from lockership.wave import Wanted

__all__ = ["add"]

_COLUMNS = ("amazon", "ups", "fedex", "usps", "no network")


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("demo", help="route a night of orders, and show all that comes out")
    parser.add_argument("orders", nargs="*", metavar="ORDERS", help="files of orders; ours by default")
    parser.add_argument("-o", "--out", default="lockership-demo", metavar="DIR", help="where files go")
    parser.add_argument("--sender", metavar="FILE", help="the warehouse's address, JSON as a ship_to")
    parser.add_argument("--language", choices=("en", "zh", "es"), default="en", help="of the summary")
    parser.set_defaults(run=_demo)


def _own_orders() -> Path | None:
    """Find our demo orders: in the installed package, or in a checkout."""
    here = Path(__file__).parent
    for folder in (here.parent / "demo", here.parents[2] / "examples" / "demo"):
        if (folder / "orders.jsonl").is_file():
            return folder
    return None


class _Night:
    """What came of the orders, counted while it is written."""

    def __init__(self, apis: Iterable[str]) -> None:
        self.records = 0
        self.routes: Counter[tuple[str, str]] = Counter()
        self.reviews: list[tuple[str, Decision]] = []
        self.bad: list[tuple[str, BadRecord]] = []
        self.asked: dict[str, Counter[str]] = {api: Counter() for api in apis}
        self.labels: list[Label] = []
        self.wanted: list[tuple[Order, int | None, Decision]] = []
        self.bought: Tally | str = ""
        """What was bought from APIs on this machine, or why nothing was."""


def _demo(options: argparse.Namespace) -> int:
    from lockership.labels import APIS, fallback  # noqa: PLC0415 - SDK words and reportlab, when needed

    start = time.monotonic()
    own = _own_orders()
    files = [Path(name) for name in options.orders]
    if not files:
        if own is None:
            return fail("the demo orders are not installed; name a file of orders")
        files = [own / "orders.jsonl", own / "订单.csv"]
    sender = sender_of(options.sender or (own / "sender.json" if own is not None else None))
    if sender is None:
        return fail("--sender is needed: a JSON file with the warehouse's address")
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    night = _Night(APIS)
    with ExitStack() as stack:
        decisions = stack.enter_context(writing(str(out / "decisions.jsonl"), "jsonl"))
        requests = {api: stack.enter_context(writing(str(out / f"{api}.jsonl"), "jsonl")) for api in APIS}
        for path in files:
            with opened(str(path)) as file:
                for number, item in read_records(file, format_of(path.name), read_order):
                    night.records += 1
                    if isinstance(item, BadRecord):
                        night.bad.append((path.name, item))
                        decisions(item.to_dict())
                        continue
                    _one_order(night, path.name, number, item, sender, decisions, requests, APIS)
    fallback.write(out / "labels.pdf", night.labels)
    night.bought = _buy(night, sender, out)
    _summary(night, files, out, options.language, time.monotonic() - start)
    return GOOD


def _one_order(
    night: _Night,
    name: str,
    number: int,
    order: Order,
    sender: Address,
    decisions: Write,
    requests: dict[str, Write],
    apis: dict[str, ModuleType],
) -> None:
    printed_at = datetime.now().astimezone()
    for place, answer in routed(order, number):
        if isinstance(answer, BadRecord):
            night.bad.append((name, answer))
            decisions(answer.to_dict())
            continue
        decisions(answer.to_dict(order.order_id, place))
        night.routes[answer.route.value, answer.network or "no network"] += 1
        night.wanted.append((order, place, answer))
        night.labels.append(label_of(order, place, answer, printed_at, sender, ("en", "zh")))
        if answer.route is Route.REVIEW:
            night.reviews.append((_shown(order, place), answer))
            continue
        for api, write in requests.items():
            told, what = _asked(apis[api], answer, sender, _shown(order, place))
            night.asked[api][what] += 1
            write({"order_id": order.order_id, **({} if place is None else {"parcel": place}), **told})


def _asked(
    api: ModuleType, decision: Decision, sender: Address, reference: str
) -> tuple[dict[str, Any], str]:
    """Write what a label API is asked, or why it is not."""
    try:
        return {"request": api.request(handoff(decision), sender, reference=reference)}, "request"
    except Inexpressible as error:
        return {"inexpressible": error.reason, "source": error.source}, "inexpressible"
    except InputError as error:
        return {"problems": [problem._asdict() for problem in error.problems]}, "problems"


def _shown(order: Order, place: int | None) -> str:
    order_id = order.order_id.text if isinstance(order.order_id, JsonNumber) else str(order.order_id)
    return order_id if place is None else f"{order_id}/{place}"


def _summary(night: _Night, files: list[Path], out: Path, language: str, seconds: float) -> None:
    print(f"\n{night.records} records from {', '.join(path.name for path in files)}\n")
    _routes(night)
    if night.reviews:
        print(f"\nUnder review ({len(night.reviews)}): a person must act first\n")
        for name, decision in night.reviews:
            why = "; ".join(refusal_text(refusal, decision, language) for refusal in decision.refusals)
            helps = [remedy_text(remedy, language) for remedy in decision.remedies]
            print(f"  {name:<10} {kind_name(decision.kind, language)}")
            print(f"  {'':<10}   {why}")
            if decision.what_if is not None:
                helps.append(what_if_text(decision.what_if, language))
            print(f"  {'':<10}   > {' / '.join(helps) or 'nothing simple helps: ask the person in charge'}")
    if night.bad:
        print(f"\nCould not be read ({len(night.bad)}): told and passed over\n")
        for name, bad in night.bad:
            for problem in bad.error.problems:
                field = "" if problem.field is None else f"{problem.field}: "
                print(f"  {name}, line {bad.number}: {field}{problem.message}")
    print("\nWhat the label APIs would be asked\n")
    for api, told in night.asked.items():
        asked, wordless, lacking = told["request"], told["inexpressible"], told["problems"]
        waiting = f", {lacking} wait for missing facts" if lacking else ""
        print(f"  {api:<10} {asked} requests, {wordless} that it has no words for{waiting}")
    _labels_bought(night)
    print(f"\nFiles in {out}/\n")
    print(f"  decisions.jsonl    {sum(night.routes.values())} decisions, {len(night.bad)} error lines")
    for api in night.asked:
        print(f"  {api + '.jsonl':<18} requests, or why not")
    print(f"  {'labels.pdf':<18} {len(night.labels)} fallback labels, 4 x 6 in, English and Chinese")
    if not isinstance(night.bought, str):
        print(f"  {'bought/':<18} carriers' sample labels and the rest on fallback; manifest.csv")
    print(f"\n{seconds:.1f} s\n")


def _buy(night: _Night, sender: Address, out: Path) -> Tally | str:
    """Buy labels from APIs that run on this machine, with the accidents of a bad evening.

    First both are away, then only EasyPost is, then the answer to a purchase is lost, and half way the run
    breaks off.  The second run has all the parcels: nothing is bought twice, and what had a fallback label
    before is told.
    """
    try:
        from lockership.ledger import Ledger  # noqa: PLC0415 - optional
    except MissingDependency as error:
        return str(error)
    from lockership.cli.outputs import Outputs  # noqa: PLC0415 - reportlab loads only for labels
    from lockership.labels import apis, fallback  # noqa: PLC0415 - the SDKs load only for buying
    from lockership.ship import Desk  # noqa: PLC0415 - as above
    from lockership.testing import FakeEasyPost, FakeShippo, Fault  # noqa: PLC0415 - as above
    from lockership.wave import ship_all  # noqa: PLC0415 - as above

    parcels = [_wanted(*one) for one in night.wanted]
    folder = out / "bought"
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):  # the APIs below forget, so must the ledger
        (out / name).unlink(missing_ok=True)
    with FakeEasyPost() as easypost, FakeShippo() as shippo, Ledger(out / "ledger.db") as ledger:
        easypost.fail("create", Fault.DOWN, times=4)
        shippo.fail("create", Fault.BROKEN, times=2)
        easypost.fail("buy", Fault.LOST)
        desk = Desk(ledger, (), sender, tries=1, languages=("en", "zh"), draw=fallback.draw)

        def clients() -> list[LabelApi]:
            return [
                apis.EasyPost(apis.easypost_client("EZTK-demo", base=easypost.base)),
                apis.Shippo(apis.shippo_client("shippo_test_demo", base=shippo.base), label_format="PNG"),
            ]

        list(ship_all(parcels[: len(parcels) // 2], desk, clients, workers=1))
        with Outputs(folder, "png") as outputs:
            for number, outcome in enumerate(ship_all(parcels, desk, clients), 1):
                outputs.add(number, outcome)
        tills = easypost.purchases + shippo.purchases
    if tills != outputs.tally.states["bought"]:
        raise AssertionError(f"{tills} labels were sold, {outputs.tally.states['bought']} are there")
    return outputs.tally


def _wanted(order: Order, place: int | None, decision: Decision) -> Wanted:
    from lockership.wave import Wanted  # noqa: PLC0415 - only for buying

    count = len(order.parcels) if order.several else 1
    return Wanted(decision, _shown(order, None), place or 1, count)


def _labels_bought(night: _Night) -> None:
    if isinstance(night.bought, str):
        print(f"\nLabels bought: left out; {night.bought}")
        return
    print("\nLabels bought, from label APIs that run on this machine and are down now and then\n")
    labels_of(night.bought)


def _routes(night: _Night) -> None:
    print(f"  {'':<8}" + "".join(f"{column:>12}" for column in (*_COLUMNS, "all")))
    for route in Route:
        counts = [night.routes[route.value, column] for column in _COLUMNS]
        print(f"  {route.value:<8}" + "".join(f"{count or '-':>12}" for count in (*counts, sum(counts))))
    totals = [sum(night.routes[route.value, column] for route in Route) for column in _COLUMNS]
    print(f"  {'all':<8}" + "".join(f"{count:>12}" for count in (*totals, sum(totals))))
