"""One line of order JSON in, its lines of decision JSON out: for queues and services as for files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lockership.errors import InputError
from lockership.files.answers import json_line
from lockership.files.orders import BadRecord, read_record
from lockership.inbound import JsonNumber, decided, read_order

if TYPE_CHECKING:
    from datetime import date

    from lockership.decision import Decision
    from lockership.inbound import OrderId
    from lockership.policy import Policy

__all__ = ["decision_line", "route_line"]


def route_line(
    line: bytes, number: int = 1, *, policy: Policy | None = None, on: date | None = None
) -> list[bytes]:
    r"""Answer one order as ``lockership route`` does: a line of JSON for each parcel, good or bad.

    Nothing is raised for an order that cannot be read: what is wrong with it is its answer.

    Args:
        line: The order JSON, one object.
        number: Its place among the orders, told in the answer to one that cannot be read.
        policy: The house policy; the defaults when absent.
        on: Decide by the rules of that day.

    >>> order = b'''{"order_id": 7, "carrier": "ups", "ship_to": {"street1": "1 Elm St"}, "parcel":
    ...   {"length": 9, "width": 6, "height": 2, "dimension_unit": "in", "weight": 1, "weight_unit": "lb"}}'''
    >>> [answer[:32] for answer in route_line(order)]
    [b'{"order_id": 7, "route": "home",']
    >>> [answer[:45] for answer in route_line(b'{"order_id": 7, ')]
    [b'{"order_id": null, "error": {"code": "not_jso']
    """
    order = read_record(number, line, read_order)
    if isinstance(order, BadRecord):
        return [json_line(order.to_dict()).encode()]
    answers: list[bytes] = []
    for place, answer in decided(order, policy=policy, on=on):
        if isinstance(answer, InputError):
            answers.append(json_line(BadRecord(number, order.order_id, answer, place).to_dict()).encode())
        else:
            answers.append(decision_line(answer, order.order_id, place))
    return answers


def decision_line(decision: Decision, order_id: OrderId, parcel: int | None = None) -> bytes:
    """Write one decision as ``json_line(decision.to_dict(order_id, parcel))`` does, several times as fast."""
    place = "" if parcel is None else f'"parcel": {parcel}, '
    line = f'{{"order_id": {_json(order_id)}, {place}{decision.json_members()}}}'
    try:
        return line.encode()
    except UnicodeEncodeError:  # half of a surrogate pair goes as it came
        return json_line(decision.to_dict(order_id, parcel)).encode()


def _json(order_id: OrderId) -> str:
    return order_id.text if isinstance(order_id, JsonNumber) else _encoder.encode(order_id)


_encoder = json.JSONEncoder(ensure_ascii=False)
