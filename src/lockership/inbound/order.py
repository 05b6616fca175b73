"""What comes through the door: one order."""

from __future__ import annotations

import attrs

from lockership.address import Address, Signals
from lockership.errors import InputError
from lockership.inbound.shapes import OrderId
from lockership.location import Location
from lockership.parcel import Parcel

__all__ = ["Order"]


@attrs.frozen
class Order:
    """One order as it came through the door.

    Attributes:
        order_id: The order's own id, as it came.
        ship_to, home: The addresses.
        carrier, service: As the order names them.
        parcels: Its parcels, each a :class:`~lockership.Parcel` or what is wrong with it.
        several: Whether the order came with a list of parcels.
        signals, location: What the channel and the network say.
    """

    order_id: OrderId
    ship_to: Address = attrs.field(repr=False)
    carrier: str = ""
    service: str | None = None
    parcels: tuple[Parcel | InputError, ...] = ()
    several: bool = False
    home: Address | None = attrs.field(default=None, repr=False)
    signals: Signals | None = None
    location: Location | None = None
