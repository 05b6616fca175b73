"""One line of order JSON in, its lines of decision JSON out: for queues and services as for files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lockership.errors import InputError
from lockership.files.answers import json_line
from lockership.files.orders import BadRecord, read_record
from lockership.inbound import JsonNumber, read_order
from lockership.routing import route_parcel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lockership.decision import Decision
    from lockership.inbound import Order, OrderId
    from lockership.policy import Policy

__all__ = ["decision_line", "route_line", "routed"]


def route_line(
    line: bytes, number: int = 1, *, policy: Policy | None = None, on: date | None = None
) -> Iterator[str]:
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
    ['{"order_id": 7, "route": "home",']
    >>> [answer[:45] for answer in route_line(b'{"order_id": 7, ')]
    ['{"order_id": null, "error": {"code": "not_jso']
    """
    order = read_record(number, line, read_order)
    if isinstance(order, BadRecord):
        yield json_line(order.to_dict())
        return
    for place, answer in routed(order, number, policy=policy, on=on):
        if isinstance(answer, BadRecord):
            yield json_line(answer.to_dict())
        else:
            yield decision_line(answer, order.order_id, place)


def routed(
    order: Order, number: int = 1, *, policy: Policy | None = None, on: date | None = None
) -> Iterator[tuple[int | None, Decision | BadRecord]]:
    """Route every parcel of an order: its place among several, and the decision or what is wrong."""
    for place, parcel in enumerate(order.parcels, 1):
        shown = place if order.several else None
        if isinstance(parcel, InputError):
            yield shown, BadRecord(number, order.order_id, parcel, shown)
            continue
        decision = route_parcel(
            order.ship_to,
            order.carrier,
            parcel,
            home=order.home,
            service=order.service,
            signals=order.signals,
            location=order.location,
            policy=policy,
            on=on,
        )
        yield shown, decision


def decision_line(decision: Decision, order_id: OrderId, parcel: int | None = None) -> str:
    """Write one decision as ``json_line(decision.to_dict(order_id, parcel))`` does, several times as fast."""
    written = order_id.text if isinstance(order_id, JsonNumber) else _json(order_id)
    place = "" if parcel is None else f'"parcel": {parcel}, '
    return f'{{"order_id": {written}, {place}{decision.json_members()}}}'


_json = json.JSONEncoder(ensure_ascii=False).encode
