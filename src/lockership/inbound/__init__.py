"""The door: order JSON becomes addresses, parcels and signals, or a list of everything wrong with it.

pydantic stands here and nowhere else.  Numbers are read from their text, exactly; a JSON number never
passes through a binary float.  What the door lets in, the core never has to doubt.
"""

from __future__ import annotations

from lockership.inbound.each_parcel import decided
from lockership.inbound.exact_json import JsonNumber, id_text, parse_json
from lockership.inbound.orders import Order, read_address, read_address_order, read_order
from lockership.inbound.shapes import OrderId

__all__ = [
    "JsonNumber",
    "Order",
    "OrderId",
    "decided",
    "id_text",
    "parse_json",
    "read_address",
    "read_address_order",
    "read_order",
]
