"""An order book to measure with: the same number of rows gives the same orders.

Nineteen of twenty orders go to a street.  Of the streets one in twenty has a number behind ``#`` and
every tenth a unit; streets are written as the forms of ``lockership.testing`` are.  Pick-up points
are those of all networks, 2,000 different ones.  Parcels are those of a catalogue of 5,000 packed
products, as a seller has them, and one parcel in ten weighs something of its own.
"""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa

from lockership.testing.places import FORMS, STREETS, TOWNS
from lockership.words import CHANNELS

__all__ = ["FLAT", "order_book"]

CARRIERS = ("ups", "usps", "fedex", "amazon", "USPS", "FedExDefault")


def _words(text: str) -> list[str]:
    return text.split()


FLAT = _words(
    "order_id carrier service name company street1 street2 city state zip country phone email length width"
    " height dimension_unit weight weight_unit declared_value currency traits"
)
"""The columns, by the names that a flat table of orders may have."""

_STREETS = _words("Maple Oak Cedar Elm Lake Hill Park Main Church Spring Ridge Walnut Sunset Jackson Lincoln")
_SUFFIXES = _words("St Ave Rd Dr Blvd Ln Ct Pl Way Ter")
_FIRST = _words("Ana Wei Grace Raj Maria Tom Lucy Omar Jin Kate Paul Nora")
_LAST = _words("Lopez Zhang Kim Patel Nunez Brown Li Smith Garcia Chen Davis Moore")
_MOST = (("length", 24), ("width", 16), ("height", 12))  # inches


def order_book(rows: int, *, pickup: float = 0.05, seed: int = 8) -> pa.Table:
    """Give a table of orders, flat, with numbers as text."""
    rng = random.Random(seed)
    products = [_product(rng) for _ in range(5_000)]
    points = [_point(rng) for _ in range(2_000)]
    columns: dict[str, list[Any]] = {name: [] for name in FLAT}
    for number in range(rows):
        if rng.random() < pickup:
            carrier, place = rng.choice(points)
        else:
            carrier, place = rng.choice(CARRIERS), _street(rng)
        order = {"order_id": f"A-{number:08d}", "carrier": carrier, "country": "US"}
        order |= {"name": f"{rng.choice(_FIRST)} {rng.choice(_LAST)}", "phone": "3235550142"}
        order |= place | rng.choice(products)
        if rng.random() < 0.1:
            order["weight"] = f"{rng.uniform(0.2, 30):.2f}"
        for name, column in columns.items():
            column.append(order.get(name))
    return pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})


def _product(rng: random.Random) -> dict[str, str]:
    sides = {
        side: f"{rng.uniform(2, most):.1f}" for side, most in (("length", 24), ("width", 16), ("height", 12))
    }
    product = sides | {"dimension_unit": "in", "weight": f"{rng.uniform(0.2, 20):.1f}", "weight_unit": "lb"}
    product |= {"declared_value": f"{rng.uniform(5, 300):.2f}", "currency": "USD"}
    return product | ({"traits": rng.choice(("fragile", "lithium_battery"))} if rng.random() < 0.1 else {})


def _street(rng: random.Random) -> dict[str, str]:
    number, name = rng.randrange(1, 9_999), f"{rng.choice(_STREETS)} {rng.choice(_SUFFIXES)}"
    city, state, code = rng.choice(TOWNS)
    place = {"street1": f"{number} {name}", "city": city, "state": state, "zip": code}
    chance = rng.random()
    if chance < 0.05:
        place["street1"] += f" #{rng.randrange(1, 400)}"
    elif chance < 0.15:
        place["street2"] = f"Apt {rng.randrange(1, 400)}"
    return place


def _point(rng: random.Random) -> tuple[str, dict[str, str]]:
    kind = rng.choice(sorted(CHANNELS))
    street, number = (
        f"{rng.randrange(1, 9_999)} {rng.choice(STREETS).split(' ', 1)[1]}",
        str(rng.randrange(100, 9_999)),
    )
    form = {k: v.format(street=street, n=number) for k, v in rng.choice(FORMS[kind]).items()}
    city, state, code = rng.choice(TOWNS)
    network = kind.partition(".")[0]
    carrier = network if rng.random() < 0.9 else rng.choice(CARRIERS)
    return carrier, {"city": city, "state": state, "zip": code} | form
