"""The command line: ``lockership route``, ``recognise``, ``label``, ``rules``, ``demo``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from lockership.errors import InputError, MissingDependency
from lockership.files import (
    FORMATS,
    BadRecord,
    UnreadableFile,
    format_of,
    opened,
    read_records,
    writing,
)
from lockership.inbound import Order, read_address_order, read_order
from lockership.policy import Policy
from lockership.recognition import recognise
from lockership.routing import route_parcel

if TYPE_CHECKING:
    from lockership.decision import Decision

__all__ = ["main", "routed"]

GOOD, SOME_FAILED, FAILED = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status: 0, 1 when some records failed, 2 when all did."""
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except (UnreadableFile, MissingDependency) as error:
        return _fail(str(error))
    except InputError as error:
        return _fail("; ".join(f"{p.field}: {p.message}" if p.field else p.message for p in error.problems))
    except BrokenPipeError:
        # the reader of the pipe has gone; nothing more can be said to it, not even on leaving
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_FAILED
    except OSError as error:
        return _fail(f"{error.filename or 'file'}: {error.strerror or error}")
    except KeyboardInterrupt:
        return _fail("interrupted; nothing was written to the output file")


def _fail(message: str) -> int:
    print(f"lockership: {message}", file=sys.stderr)
    return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lockership", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    route = commands.add_parser("route", help="decide for every order: pick-up point, home, or review")
    _add_input(route)
    _add_output(route)
    _add_rules(route)
    route.set_defaults(run=_route)

    kinds = commands.add_parser("recognise", help="say what kind of address every order has")
    _add_input(kinds)
    _add_output(kinds)
    kinds.set_defaults(run=_recognise)
    return parser


def _add_input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("orders", metavar="ORDERS", help="a file of orders, - for standard input")
    parser.add_argument(
        "--in-format", choices=FORMATS, help="JSON Lines unless the file's name says otherwise"
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--out", default="-", help="where to write, standard output by default")
    parser.add_argument("--format", choices=("jsonl", "csv", "parquet"), help="the format of the output")


def _add_rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--policy", metavar="FILE", help="the house policy, TOML or JSON")
    parser.add_argument("--on", metavar="DATE", type=_day, help="decide by the rules of that day, YYYY-MM-DD")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date as 2026-11-24") from None


def routed(
    order: Order, number: int = 1, *, policy: Policy | None = None, on: date | None = None
) -> Iterator[tuple[int | None, Decision | BadRecord]]:
    """Route every parcel of an order: its place among several, and the decision or what is wrong."""
    for place, parcel in enumerate(order.parcels, 1):
        shown = place if order.several else None
        if isinstance(parcel, InputError):
            yield shown, BadRecord(number, order.order_id, parcel, shown)
            continue
        yield (
            shown,
            route_parcel(
                order.ship_to,
                order.carrier,
                parcel,
                home=order.home,
                service=order.service,
                signals=order.signals,
                location=order.location,
                policy=policy,
                on=on,
            ),
        )


def _route(options: argparse.Namespace) -> int:
    policy = Policy.from_file(options.policy) if options.policy else None

    def answers(order: Order) -> Iterator[tuple[dict[str, Any], bool]]:
        for place, answer in routed(order, policy=policy, on=options.on):
            if isinstance(answer, BadRecord):
                yield answer.to_dict(), False
            else:
                yield answer.to_dict(order.order_id, place), True

    return _answer_all(options, read_order, answers)


def _recognise(options: argparse.Namespace) -> int:
    def answers(order: Order) -> Iterator[tuple[dict[str, Any], bool]]:
        seen = recognise(order.ship_to, order.signals)
        yield (
            {
                "order_id": order.order_id,
                "kind": str(seen.kind),
                "confidence": seen.confidence.value,
                "evidence": [evidence._asdict() for evidence in seen.evidence],
            },
            True,
        )

    return _answer_all(options, read_address_order, answers)


def _answer_all(
    options: argparse.Namespace,
    reader: Callable[..., Order],
    answers: Callable[[Order], Iterator[tuple[dict[str, Any], bool]]],
) -> int:
    """Answer every record in order; a bad one gets its error line and the run goes on."""
    progress = _Progress()
    good = bad = 0
    form = options.in_format or format_of(options.orders)
    with opened(options.orders) as file, writing(options.out, options.format or format_of(options.out)) as write:
        for item in read_records(file, form, reader, _warn):
            if isinstance(item, BadRecord):
                write(item.to_dict())
                bad += 1
            else:
                for answer, fine in answers(item):
                    write(answer)
                    good, bad = (good + 1, bad) if fine else (good, bad + 1)
            progress.tell(good + bad)
    progress.done(good + bad)
    return GOOD if not bad else SOME_FAILED if good else FAILED


def _warn(message: str) -> None:
    print(f"lockership: {message}", file=sys.stderr)


class _Progress:
    """Counts on a terminal, twice a second; quiet in pipes and for short work."""

    def __init__(self) -> None:
        self._shown = False
        self._start = self._last = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def tell(self, count: int) -> None:
        """Show the count when half a second has gone since the last time."""
        if not self._terminal or (count & 63 and not self._shown):
            return
        now = time.monotonic()
        if now - self._last >= 0.5:
            self._last = now
            self._shown = True
            rate = count / (now - self._start)
            print(f"\r{count:,} records, {rate:,.0f} a second ", end="", file=sys.stderr, flush=True)

    def done(self, count: int) -> None:
        """Leave the last count standing."""
        if self._shown:
            print(f"\r{count:,} records in {time.monotonic() - self._start:,.1f} s        ", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
