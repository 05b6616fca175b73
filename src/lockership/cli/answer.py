"""``lockership route`` and ``lockership recognise``: one answer a record, in order."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from lockership.cli.words import (
    FAILED,
    GOOD,
    SOME_FAILED,
    Progress,
    add_input,
    add_rules,
    policy_of,
    routed,
    warn,
)
from lockership.files import (
    DECISION_COLUMNS,
    KIND_COLUMNS,
    OUT_FORMATS,
    BadRecord,
    Counts,
    format_of,
    opened,
    placing,
    read_records,
    route_book,
    writing,
)
from lockership.inbound import Order, read_address_order, read_order
from lockership.recognition import recognise

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from lockership.cli.words import Commands
    from lockership.policy import Policy

__all__ = ["add", "answer_all"]


def add(commands: Commands) -> None:
    """Add both commands."""
    route = commands.add_parser("route", help="decide for every order: pick-up point, home, or review")
    add_input(route)
    _add_output(route)
    add_rules(route)
    route.set_defaults(run=_route)
    kinds = commands.add_parser("recognise", help="say what kind of address every order has")
    add_input(kinds)
    _add_output(kinds)
    kinds.set_defaults(run=_recognise)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--out", default="-", help="where to write, standard output by default")
    parser.add_argument(
        "--format", choices=OUT_FORMATS, help="of the output: JSON Lines unless its name says otherwise"
    )


def _route(options: argparse.Namespace) -> int:
    policy = policy_of(options)
    form = options.in_format or format_of(options.orders)
    if form == "parquet" or (form in {"csv", "jsonl"} and _is_long(options.orders)):
        return _route_book(options, form, policy)

    def answers(number: int, order: Order) -> Iterator[tuple[dict[str, Any], bool]]:
        for place, answer in routed(order, number, policy=policy, on=options.on):
            if isinstance(answer, BadRecord):
                yield answer.to_dict(), False
            else:
                yield answer.to_dict(order.order_id, place), True

    return answer_all(options, read_order, answers, DECISION_COLUMNS)


_LONG = 1_000_000
"""Bytes of a file of text from which on loading pyarrow takes less time than it saves."""


def _is_long(name: str) -> bool:
    """Whether a file is worth deciding by column, and what does so is there; the answers are the same."""
    try:
        whole = os.stat(name)  # noqa: PTH116 - "-" and pipes as well
    except OSError:
        return False
    long = S_ISREG(whole.st_mode) and whole.st_size >= _LONG
    return long and find_spec("pyarrow") is not None and find_spec("numpy") is not None


def _route_book(options: argparse.Namespace, form_in: str, policy: Policy | None) -> int:
    """Decide for a file by column, on all processors."""
    progress = Progress()
    if (form := _out_form(options)) is None:
        return FAILED
    with opened(options.orders) as file, placing(options.out) as target:
        counts = route_book(
            file,
            target,
            form,
            source_form=form_in,
            policy=policy,
            on=options.on,
            warn=warn,
            tell=progress.tell,
        )
    return _ended(progress, counts)


def _out_form(options: argparse.Namespace) -> str | None:
    """Say which format goes out; None, when that has been told, where the output is the input."""
    if options.out != "-" and _same_file(options.orders, options.out):
        warn(f"{options.out} is the input: name another file for the answers")
        return None
    named = format_of(options.out)
    return options.format or (named if named in OUT_FORMATS else "jsonl")


def _ended(progress: Progress, counts: Counts) -> int:
    progress.done(counts.good + counts.bad)
    return GOOD if not counts.bad else SOME_FAILED if counts.good else FAILED


def _recognise(options: argparse.Namespace) -> int:
    def answers(_: int, order: Order) -> Iterator[tuple[dict[str, Any], bool]]:
        seen = recognise(order.ship_to, order.signals)
        answer = {
            "order_id": order.order_id,
            "kind": str(seen.kind),
            "confidence": seen.confidence.value,
            "evidence": [evidence._asdict() for evidence in seen.evidence],
        }
        yield answer, True

    return answer_all(options, read_address_order, answers, KIND_COLUMNS)


def answer_all(
    options: argparse.Namespace,
    reader: Callable[..., Order],
    answers: Callable[[int, Order], Iterator[tuple[dict[str, Any], bool]]],
    columns: tuple[str, ...],
) -> int:
    """Answer every record in order; a bad one gets its error line and the run goes on."""
    progress = Progress()
    good = bad = 0
    if (out := _out_form(options)) is None:
        return FAILED
    form = options.in_format or format_of(options.orders)
    with opened(options.orders) as file, writing(options.out, out, columns) as write:
        for number, item in read_records(file, form, reader, warn):
            if isinstance(item, BadRecord):
                write(item.to_dict())
                bad += 1
            else:
                for answer, fine in answers(number, item):
                    write(answer)
                    good, bad = (good + 1, bad) if fine else (good, bad + 1)
            progress.tell(good + bad)
    return _ended(progress, Counts(good, bad))


def _same_file(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other) and Path(one).is_file()  # noqa: PTH121 - either may be absent
    except OSError:
        return False
