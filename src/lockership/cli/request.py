"""``lockership request``: the bodies that a label API is sent, or why not, one JSON line a parcel."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import attrs

from lockership.cli.answer import answer_all
from lockership.cli.label import sender_of
from lockership.cli.words import add_input, add_rules, day, policy_of, routed
from lockership.errors import (
    MISSING_FIELD,
    NOT_JSON,
    OUT_OF_RANGE,
    WRONG_TYPE,
    Inexpressible,
    InputError,
    NothingToShip,
    Problem,
)
from lockership.files import BadRecord
from lockership.handoff import handoff
from lockership.inbound import JsonNumber, read_order

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from lockership.address import Address
    from lockership.cli.words import Commands
    from lockership.decision import Decision
    from lockership.handoff import Handoff
    from lockership.inbound import Order

__all__ = ["add"]

_APIS = ("easypost", "shippo", "ups", "fedex", "usps", "amazon")
_SECRET = re.compile(r"key|token|secret|password", re.IGNORECASE)


def add(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "request", help="write what a label API is sent for every parcel, or why it cannot be asked"
    )
    add_input(parser)
    parser.add_argument("--for", dest="api", required=True, choices=_APIS, help="the label API or carrier")
    parser.add_argument("--sender", metavar="FILE", help="the warehouse's address, JSON as a ship_to")
    parser.add_argument(
        "--account", metavar="FILE", help='the carrier account, JSON as {"number": "A1B2C3"}; never a key'
    )
    parser.add_argument(
        "--mailing-on", metavar="DATE", type=day, help="USPS: the day of mailing; today by default"
    )
    parser.add_argument("-o", "--out", default="-", help="where to write, standard output by default")
    add_rules(parser)
    parser.set_defaults(run=_request, format="jsonl")


def _writer(options: argparse.Namespace) -> Callable[[Handoff, str], dict[str, Any]]:
    """Make the function that writes one request.

    Raises:
        InputError: The sender or the account is missing or cannot be read.
    """
    from lockership.labels import APIS  # noqa: PLC0415 - the label modules load only for labels
    from lockership.labels.carrier_post import CARRIERS  # noqa: PLC0415 - as above

    sender = sender_of(options.sender)
    if sender is None:
        message = "a request needs the warehouse: --sender FILE, JSON as a ship_to"
        raise InputError([Problem(MISSING_FIELD, message, "sender")])
    if options.api in APIS:
        if options.account:
            message = f"{options.api} knows its account by its key: no file is needed"
            raise InputError([Problem(OUT_OF_RANGE, message, "account")])
        return lambda asked, reference: _plain(APIS[options.api].request(asked, sender, reference=reference))
    module: Any = CARRIERS[options.api]
    account = _account(options.account, module.Account)
    return _carrier_writer(options, module, sender, account)


def _carrier_writer(
    options: argparse.Namespace,
    module: Any,  # noqa: ANN401 - a carrier's module, from the registry
    sender: Address,
    account: object,
) -> Callable[[Handoff, str], dict[str, Any]]:
    def write(asked: Handoff, reference: str) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if options.api == "usps":
            more["mailing_on"] = options.mailing_on or date.today()  # noqa: DTZ011 - the warehouse's own day
        elif options.api == "amazon":
            # the number of an Amazon order carries the buyer's choice; a second parcel's has a suffix
            more["order_id"] = module.order_of(reference)
        made: dict[str, Any] = module.request(asked, sender, account, reference=reference, **more)
        return made

    return write


def _plain(made: dict[str, Any]) -> dict[str, Any]:
    """Write the names as they go over the wire; Python has a word of its own for ``async``."""
    return {"async" if name == "async_" else name: value for name, value in made.items()}


def _account(path: str | None, shape: type[Any]) -> object:
    """Read an account from a JSON file; one whose fields all have defaults needs none.

    Raises:
        InputError: It lacks something, holds what is not known, or holds a key.
        OSError: The file cannot be opened.
    """
    try:
        given: object = {} if path is None else json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError):
        raise InputError([Problem(NOT_JSON, "expected a JSON object", "account")]) from None
    if not isinstance(given, dict):
        raise InputError([Problem(WRONG_TYPE, "expected a JSON object", "account")])
    fields = {field.name: field for field in attrs.fields(shape)}
    problems: list[Problem] = []
    values: dict[str, object] = {}
    for name, value in cast("dict[str, object]", given).items():
        if name not in fields:
            why = "no key belongs here" if _SECRET.search(name) else f"known are {', '.join(fields)}"
            problems.append(Problem(OUT_OF_RANGE, why, f"account.{name}"))
            continue
        values[name], wrong = _field(value, str(fields[name].type))
        problems += [Problem(WRONG_TYPE, wrong, f"account.{name}")] if wrong else []
    problems += [
        Problem(MISSING_FIELD, "is needed in --account FILE", f"account.{name}")
        for name, field in fields.items()
        if field.default is attrs.NOTHING and name not in given
    ]
    if problems:
        raise InputError(problems)
    try:
        return shape(**values)
    except InputError as error:
        raise InputError([p._replace(field=f"account.{p.field}") for p in error.problems]) from None


def _field(value: object, kind: str) -> tuple[object, str]:
    """Read one field of an account, or say what is expected; a number may stand for its digits."""
    if kind.startswith("tuple"):
        listed = cast("list[object]", value) if isinstance(value, list) else [value]
        fine = all(isinstance(one, str) for one in listed)
        return tuple(listed), "" if fine else "expected a list of texts"
    if isinstance(value, int) and not isinstance(value, bool):
        return value if kind == "int" else str(value), ""
    if kind == "int":
        return value, "expected a whole number"
    return value, "" if isinstance(value, str) else "expected text"


def _answers(
    options: argparse.Namespace,
) -> Callable[[int, Order], Iterator[tuple[dict[str, Any], bool]]]:
    write = _writer(options)
    policy = policy_of(options)

    def answers(number: int, order: Order) -> Iterator[tuple[dict[str, Any], bool]]:
        for place, answer in routed(order, number, policy=policy, on=options.on):
            if isinstance(answer, BadRecord):
                yield answer.to_dict(), False
                continue
            try:
                said = _said(answer, _reference(order, place), write)
            except InputError as error:
                yield BadRecord(number, order.order_id, error, place).to_dict(), False
                continue
            shown = {} if place is None else {"parcel": place}
            yield {"order_id": order.order_id, **shown, "for": options.api, **said}, True

    return answers


def _said(
    decision: Decision, reference: str, write: Callable[[Handoff, str], dict[str, Any]]
) -> dict[str, Any]:
    """Give the body, or why there is none."""
    try:
        return {"request": write(handoff(decision), reference)}
    except Inexpressible as error:
        return {"cannot": {"reason": error.reason, "source": error.source}}
    except NothingToShip as error:
        return {"cannot": {"reason": str(error), "source": None}}


def _reference(order: Order, place: int | None) -> str:
    order_id = order.order_id.text if isinstance(order.order_id, JsonNumber) else str(order.order_id)
    return order_id if place is None else f"{order_id}-{place}"


def _request(options: argparse.Namespace) -> int:
    return answer_all(options, read_order, _answers(options), ())
