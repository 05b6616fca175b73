"""What all commands share: options, exit statuses, progress, one parcel after the other."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lockership.errors import InputError
from lockership.files import FORMATS, BadRecord
from lockership.inbound import decided
from lockership.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockership.decision import Decision
    from lockership.inbound import Order

__all__ = [
    "FAILED",
    "GOOD",
    "SOME_FAILED",
    "Commands",
    "Progress",
    "add_input",
    "add_rules",
    "day",
    "fail",
    "policy_of",
    "routed",
    "warn",
]

GOOD, SOME_FAILED, FAILED = 0, 1, 2


def fail(message: str, status: int = FAILED) -> int:
    """Say why a command ends, on the error stream, and give its status."""
    warn(message)
    return status


def warn(message: str) -> None:
    """Say something on the error stream."""
    print(f"lockership: {message}", file=sys.stderr)


def add_input(parser: argparse.ArgumentParser) -> None:
    """Add the file of orders and its format."""
    parser.add_argument("orders", metavar="ORDERS", help="a file of orders, - for standard input")
    parser.add_argument(
        "--in-format", choices=FORMATS, help="JSON Lines unless the file's name says otherwise"
    )


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Add the house policy and the day of the rules."""
    parser.add_argument("--policy", metavar="FILE", help="the house policy, TOML or JSON")
    parser.add_argument("--on", metavar="DATE", type=day, help="decide by the rules of that day, YYYY-MM-DD")


def policy_of(options: argparse.Namespace) -> Policy | None:
    """Read the house policy, if one is named.

    Raises:
        InputError: What is wrong with it; each problem names the file.
        OSError: The file cannot be opened.
    """
    if not options.policy:
        return None
    try:
        return Policy.from_file(options.policy)
    except InputError as error:
        name = Path(options.policy).name
        raise InputError(
            problem if problem.field is None else problem._replace(field=f"{name}: {problem.field}")
            for problem in error.problems
        ) from error


def day(text: str) -> date:
    """Read a day for argparse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date as 2026-11-24") from None


def routed(
    order: Order, number: int = 1, *, policy: Policy | None = None, on: date | None = None
) -> Iterator[tuple[int | None, Decision | BadRecord]]:
    """Route every parcel of an order: its place among several, and the decision or what is wrong."""
    for place, answer in decided(order, policy=policy, on=on):
        if isinstance(answer, InputError):
            yield place, BadRecord(number, order.order_id, answer, place)
        else:
            yield place, answer


class Commands(Protocol):
    """Where a command adds itself."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002 - argparse's word
        """Add one command."""
        ...


_FEW = 64
"""Records after which it is worth looking at the clock again."""


class Progress:
    """Counts on a terminal, twice a second; quiet in pipes and for short work."""

    def __init__(self, what: str = "records") -> None:
        self._what = what
        self._shown = False
        self._looked = 0
        self._start = self._last = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def tell(self, count: int, of: int | None = None) -> None:
        """Show the count when half a second has gone since the last time; and what is left, of so many."""
        if not self._terminal or (of is None and count - self._looked < _FEW):
            return
        self._looked = count
        now = time.monotonic()
        if now - self._last >= 0.5:
            self._last = now
            self._shown = True
            rate = count / (now - self._start)
            left = "" if of is None else f" of {of:,}, {max(of - count, 0) / max(rate, 1):,.0f} s left"
            print(
                f"\r{count:,} {self._what}{left}, {rate:,.0f} a second ", end="", file=sys.stderr, flush=True
            )

    def done(self, count: int) -> None:
        """Leave the last count standing."""
        if self._shown:
            seconds = time.monotonic() - self._start
            print(f"\r{count:,} {self._what} in {seconds:,.1f} s        ", file=sys.stderr)
