"""``lockership rules``: the rules in force, as a table or JSON."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from lockership.cli.words import GOOD, day
from lockership.rulebook import Row, rows

if TYPE_CHECKING:
    from lockership.cli.words import Commands

__all__ = ["add"]


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("rules", help="list the rules in force, with their sources")
    parser.add_argument("--format", choices=("table", "json", "jsonl"), default="table")
    parser.add_argument(
        "--subject", metavar="WORD", help="only subjects that contain this, as ups or carrier"
    )
    parser.add_argument("--on", metavar="DATE", type=day, help="the rules of that day, YYYY-MM-DD")
    parser.add_argument(
        "--stale",
        metavar="DAYS",
        type=_days,
        help="only rules whose source was read more than DAYS before --on, or before today",
    )
    parser.set_defaults(run=_rules)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days as 180")
    return int(text)


def _rules(options: argparse.Namespace) -> int:
    wanted = (options.subject or "").lower()
    found = [row for row in rows(options.on) if wanted in row.subject]
    if options.stale is not None:
        # The only place where the date of today is read: no decision depends on it.
        as_of = options.on or datetime.now().astimezone().date()
        found = [row for row in found if (as_of - row.read_on).days > options.stale]
    if options.format == "json":
        json.dump([row.to_dict() for row in found], sys.stdout, ensure_ascii=False, indent=1)
        print()
    elif options.format == "jsonl":
        for row in found:
            print(json.dumps(row.to_dict(), ensure_ascii=False))
    else:
        _table(found)
    return GOOD


def _figure(row: Row) -> str:
    under = "under " if row.inclusive is False else ""
    services = f" [{', '.join(row.services)}]" if row.services else ""
    value = row.value.replace("|", ", ").replace("x", " x ") if row.rule == "max_sides" else row.value
    return f"{under}{value.replace('|', ', ')} {row.unit}".rstrip() + services


def _sources(row: Row) -> str:
    """Name the rule's own source, and behind it those that say the same."""
    return ", ".join([row.source, *(text.source for text in row.also)])


def _table(found: list[Row]) -> None:
    cells = [
        (row.subject, row.rule, _figure(row), row.sure, _sources(row), row.read_on.isoformat())
        for row in found
    ]
    head = ("subject", "rule", "figure", "sure", "source", "read on")
    room = shutil.get_terminal_size((120, 24)).columns
    widths = [max(len(line[n]) for line in (head, *cells)) for n in range(len(head))]
    widths[2] = min(widths[2], max(24, room - sum(widths[:2] + widths[3:]) - 10))
    subject = None
    for line in (head, *cells):
        first, shown = _wrapped(line[2], widths[2])
        same = line[0] == subject
        subject = line[0]
        start = "" if same else subject
        print(
            f"{start:<{widths[0]}}  {line[1]:<{widths[1]}}  {first:<{widths[2]}}  "
            f"{line[3]:<{widths[3]}}  {line[4]:<{widths[4]}}  {line[5]}".rstrip()
        )
        for more in shown:
            print(" " * (widths[0] + widths[1] + 4) + more)
    print(f"\n{len(found)} rules; --format json gives the address and the sense of each source.")


def _wrapped(text: str, width: int) -> tuple[str, list[str]]:
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) + 1 > width and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[0], lines[1:]
