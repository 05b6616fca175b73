"""An order that came through the door, decided parcel by parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockership.errors import InputError
from lockership.routing import route_parcel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lockership.decision import Decision
    from lockership.inbound.order import Order
    from lockership.policy import Policy

__all__ = ["decided"]


def decided(
    order: Order, *, policy: Policy | None = None, on: date | None = None
) -> Iterator[tuple[int | None, Decision | InputError]]:
    """Route every parcel of an order.

    Args:
        order: An order as :func:`~lockership.inbound.read_order` gives it.
        policy: The house policy; the defaults when absent.
        on: Decide by the rules of that day.

    Yields:
        The place among several parcels, or None where the order has one, and the decision, or what is
        wrong with the parcel.

    >>> from lockership.inbound import read_order
    >>> box = {"length": 9, "width": 6, "height": 2, "dimension_unit": "in", "weight": 1, "weight_unit": "lb"}
    >>> street = {"order_id": 7, "carrier": "ups", "ship_to": {"street1": "1 Elm St"}}
    >>> order = read_order(street | {"parcels": [box, box | {"weight": 0}]})
    >>> (first, one), (second, other) = decided(order)
    >>> first, one.route.value
    (1, 'home')
    >>> second, str(other)
    (2, 'parcels[1].weight: 0 lb is not above zero')
    """
    for place, parcel in enumerate(order.parcels, 1):
        shown = place if order.several else None
        if isinstance(parcel, InputError):
            yield shown, parcel
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
