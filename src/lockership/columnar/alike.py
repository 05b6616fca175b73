"""Which refused parcels are answered alike, so that each answer is given once.

What an answer tells of a parcel is by how much it is over the limits of its own place.  What would help
depends on which limits of other places it is over, not by how much.  So a measure that is over a limit of
its own place counts by its figure, and any other one by its rank among the limits that may be asked about.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

import numpy as np

from lockership.rules import MaxValue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from lockership.checks import Plan
    from lockership.columnar.fields import Bools, Codes, Ints
    from lockership.columnar.parcels import Parcels
    from lockership.units import Money

__all__ = ["Likeness"]


class Likeness:
    """What is the same for parcels that one plan refuses.

    Args:
        plan: The plan.
        others: Every plan that is asked whether it takes the parcel instead.
    """

    def __init__(self, plan: Plan, others: Iterable[Plan]) -> None:
        self._plan = plan
        plans = [plan, *others]
        self._weights = _turns(one.most_ng for one in plans)
        self._sides = _turns(most for one in plans for most in one.most_sides)
        self._girths = _turns(one.most_girth for one in plans)
        self._limits = [clause for clause, *_ in plan.checks if isinstance(clause, MaxValue)]
        self._amounts: dict[str, list[Decimal]] = {}
        for clause in {clause for one in plans for clause, *_ in one.checks if isinstance(clause, MaxValue)}:
            self._amounts.setdefault(clause.limit.currency, []).append(clause.limit.amount)
        for amounts in self._amounts.values():
            amounts.sort()

    def keys(self, parcels: Parcels, rows: Codes) -> list[tuple[Any, ...]]:
        """Give what an answer to these parcels depends on.

        Half of a parcel is asked about only where it is too heavy for its own place.
        """
        plan = self._plan
        weight = _told(parcels.weight[rows], parcels.weight[rows] > plan.most_ng, self._weights)
        sides = [side[rows] for side in parcels.sides]
        girth = parcels.girth[rows]
        over = girth > plan.most_girth
        for side, most in zip(sides, plan.most_sides, strict=True):
            over |= side > most
        told = [_told(side, over, self._sides) for side in sides]
        ranks = np.where(over, 0, np.searchsorted(self._girths, girth))
        worth = self._worth(parcels, rows) if self._amounts else [None] * len(rows)
        held = [*parcels.traits.values, None]
        traits = [held[code] for code in parcels.traits.codes[rows].tolist()]
        measures = (one.tolist() for one in (weight, *told, ranks))
        return list(zip(*measures, worth, traits, strict=True))

    def _worth(self, parcels: Parcels, rows: Codes) -> list[object]:
        known: dict[int, object] = {-1: None}
        for code in np.unique(parcels.value.codes[rows]).tolist():
            if code >= 0:
                known[code] = self._rank(parcels.value.values[code])
        return [known[code] for code in parcels.value.codes[rows].tolist()]

    def _rank(self, value: Money) -> object:
        for clause in self._limits:
            if value.currency == clause.limit.currency and value.amount >= clause.limit.amount:
                return value
        amounts = self._amounts.get(value.currency, [])
        return value.currency, bisect_left(amounts, value.amount), bisect_right(amounts, value.amount)


def _turns(limits: Iterable[int]) -> Ints:
    return np.array(sorted(set(limits)), dtype=np.int64)


def _told(measure: Ints, over: Bools, turns: Ints) -> Ints:
    """Give the figure where a limit is passed, else its rank: how many limits lie below."""
    return np.where(over, measure, -1 - np.searchsorted(turns, measure))
