"""Tables of orders against the orders one by one, in every field, a million times.

``LOCKERSHIP_ORDERS=1000000 pytest tests/proof/test_million_orders.py`` asks about all of them.
"""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from lockership import Policy

from ..columnar.both_ways import (  # noqa: TID252 - tests are no package that could be named
    CHINESE,
    ENGLISH,
    Json,
    alone,
    as_cells,
    by_table,
    flat,
    nested,
    of_cells,
    order_book,
)
from ..some_orders import POLICIES  # noqa: TID252 - as above

if TYPE_CHECKING:
    from collections.abc import Mapping

SLICE = 10_000
SLICES = -(-int(os.environ.get("LOCKERSHIP_ORDERS", "60000")) // SLICE)
DAYS = (None, None, date(2026, 11, 24), date(2024, 6, 1))


@pytest.mark.parametrize("number", range(SLICES))
def test_a_million_orders_are_decided_alike(number: int) -> None:
    """Every order of every slice gets the decision that it gets alone, by the policy of its slice."""
    policy, on = Policy.from_dict(POLICIES[number % len(POLICIES)]), DAYS[number % len(DAYS)]
    book = order_book(1_000 + number, SLICE)
    match number % 3:
        case 0:
            table, records = nested(book), book
        case 1:
            table, records = _as_spreadsheet(book, ENGLISH)
        case _:
            table, records = _as_spreadsheet(book, CHINESE)
    if number % 2:
        table = pa.Table.from_batches(table.to_batches(max_chunksize=617))
    one_by_one = alone(records, policy=policy, on=on)
    told = by_table(table, policy=policy, on=on)
    differing = [pair for pair in zip(told, one_by_one, strict=True) if pair[0] != pair[1]]
    assert differing[:3] == []
    assert {answer.get("route") for answer in told} == {None, "pickup", "home", "review"}


def _as_spreadsheet(book: list[Json], names: Mapping[str, str]) -> tuple[Any, list[Json]]:
    cells = as_cells(book, names)
    return flat(cells, names.values()), of_cells(cells, names.values())
