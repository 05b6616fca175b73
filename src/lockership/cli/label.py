"""``lockership label``: fallback labels for a file of orders, one page a parcel, in one PDF."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

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
from lockership.errors import InputError, MissingDependency
from lockership.files import BadRecord, format_of, opened, read_records
from lockership.inbound import JsonNumber, read_address, read_order

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from lockership.address import Address
    from lockership.cli.words import Commands
    from lockership.decision import Decision
    from lockership.inbound import Order
    from lockership.labels.fallback import Cover, Label

__all__ = ["add", "label_of", "sender_of"]


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("label", help="draw a fallback label for every parcel, into one PDF")
    add_input(parser)
    parser.add_argument("-o", "--out", required=True, metavar="PDF", help="where to write the PDF")
    parser.add_argument("--sender", metavar="FILE", help="the warehouse's address, JSON as a ship_to")
    parser.add_argument("--dpi", type=int, choices=(203, 300), default=203, help="of the label printer")
    parser.add_argument(
        "--language",
        type=_languages,
        default=("en", "zh"),
        metavar="LL[,LL]",
        help="one or two of en, zh, es; the first is the larger one (default: en,zh)",
    )
    parser.add_argument(
        "--printed-at", type=_moment, metavar="TIME", help="as 2026-11-24T09:30-08:00; now by default"
    )
    add_rules(parser)
    parser.set_defaults(run=_label)


def _languages(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.astimezone()


def sender_of(path: str | Path | None) -> Address | None:
    """Read the warehouse's address from a JSON file, or give None for no file.

    Raises:
        InputError: The file holds no address.
        OSError: The file cannot be opened.
    """
    return None if path is None else read_address(Path(path).read_bytes(), "sender")


def label_of(
    order: Order,
    place: int | None,
    decision: Decision,
    printed_at: datetime,
    sender: Address | None,
    languages: tuple[str, ...],
) -> Label:
    """Make the fallback label of one parcel.

    Raises:
        InputError: The order's id or the address cannot stand on a label.
    """
    from lockership.labels.fallback import Label  # noqa: PLC0415 - reportlab loads only for labels

    order_id = order.order_id.text if isinstance(order.order_id, JsonNumber) else str(order.order_id)
    return Label(
        decision,
        order_id,
        printed_at,
        sender=sender,
        package=place or 1,
        packages=len(order.parcels) if order.several else 1,
        languages=languages,
    )


def _label(options: argparse.Namespace) -> int:
    from lockership.labels import fallback  # noqa: PLC0415 - reportlab loads only for labels

    policy = policy_of(options)
    sender = sender_of(options.sender)
    printed_at = options.printed_at or datetime.now().astimezone()
    progress = Progress("labels")
    counts = {True: 0, False: 0}

    def failed(bad: BadRecord) -> None:
        shown = "" if bad.order_id is None else f", order {getattr(bad.order_id, 'text', bad.order_id)}"
        warn(f"record {bad.number}{shown}: {bad.error}")
        counts[False] += 1

    def unfit(label: Label | Cover, error: InputError | MissingDependency) -> None:
        of = "" if label.packages == 1 else f", parcel {label.package}"
        warn(f"order {label.order_id}{of}: {error}")
        counts[True] -= 1
        counts[False] += 1

    def labels() -> Iterator[Label]:
        form = options.in_format or format_of(options.orders)
        with opened(options.orders) as file:
            for number, item in read_records(file, form, read_order, warn):
                if isinstance(item, BadRecord):
                    failed(item)
                    continue
                for place, answer in routed(item, number, policy=policy, on=options.on):
                    if isinstance(answer, BadRecord):
                        failed(answer)
                        continue
                    try:
                        label = label_of(item, place, answer, printed_at, sender, options.language)
                    except InputError as error:
                        failed(BadRecord(number, item.order_id, error, place))
                        continue
                    counts[True] += 1
                    progress.tell(counts[True])
                    yield label

    fallback.write(options.out, labels(), dpi=options.dpi, bad=unfit)
    progress.done(counts[True])
    if not counts[False]:
        return GOOD
    return SOME_FAILED if counts[True] else FAILED
