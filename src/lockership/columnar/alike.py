"""Which refused parcels are answered alike, so that each answer is given once.

What an answer tells of a parcel is by how much it is over the limits of its own place.  What would help
depends on which limits of other places it is over, not by how much.  So a measure that is over a limit of
its own place counts by its figure, and any other one by its rank among all limits that there are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

import numpy as np

from lockership.checks import all_clauses
from lockership.rules import MaxLengthPlusGirth, MaxLongest, MaxSides, MaxValue, MaxWeight

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from lockership.checks import Plan
    from lockership.columnar.fields import Bools, Codes, Ints
    from lockership.columnar.parcels import Parcels
    from lockership.policy import Policy
    from lockership.units import Money

__all__ = ["Likeness"]

_BEYOND = 1 << 62
"""More than any parcel measures."""


class Likeness:
    """All limits of a policy, and what is the same for parcels between two of them."""

    def __init__(self, policy: Policy) -> None:
        weights: list[int] = []
        sides: list[int] = []
        girths: list[int] = []
        values: dict[str, list[Decimal]] = {}
        for clause in all_clauses(policy):
            match clause:
                case MaxWeight(limit):
                    weights.append(limit.ng)
                case MaxLongest(limit):
                    sides.append(limit.um)
                case MaxSides(limits):
                    sides += [side.um for side in limits]
                case MaxLengthPlusGirth(limit):
                    girths.append(limit.um)
                case MaxValue(limit):
                    values.setdefault(limit.currency, []).append(limit.amount)
                case _:
                    pass
        self._weights, self._sides, self._girths = map(_turns, (weights, sides, girths))
        self._values = {currency: sorted(amounts) for currency, amounts in values.items()}

    def keys(self, plan: Plan, parcels: Parcels, rows: Codes) -> list[tuple[Any, ...]]:
        """Give what an answer to these parcels depends on, beside the plan by which they are refused.

        Half of a parcel is asked about only where it is too heavy for its own place.
        """
        weight = _told(parcels.weight[rows], parcels.weight[rows] > plan.most_ng, self._weights)
        sides = [side[rows] for side in parcels.sides]
        girth = parcels.girth[rows]
        over = girth > plan.most_girth
        for side, most in zip(sides, plan.most_sides, strict=True):
            over |= side > most
        told = [_told(side, over, self._sides) for side in sides]
        ranks = np.where(over, 0, np.searchsorted(self._girths, girth))
        worth = self._worth(plan, parcels, rows)
        held = [*parcels.traits.values, None]
        traits = [held[code] for code in parcels.traits.codes[rows].tolist()]
        measures = (one.tolist() for one in (weight, *told, ranks))
        return list(zip(*measures, worth, traits, strict=True))

    def _worth(self, plan: Plan, parcels: Parcels, rows: Codes) -> list[object]:
        limits = [check.clause for check in plan.checks if isinstance(check.clause, MaxValue)]
        known: dict[int, object] = {-1: None}
        for code in np.unique(parcels.value.codes[rows]).tolist():
            if code >= 0:
                known[code] = self._rank(parcels.value.values[code], limits)
        return [known[code] for code in parcels.value.codes[rows].tolist()]

    def _rank(self, value: Money, limits: Iterable[MaxValue]) -> object:
        for clause in limits:
            if value.currency == clause.limit.currency and value.amount >= clause.limit.amount:
                return value
        amounts = self._values.get(value.currency, [])
        return value.currency, bisect_left(amounts, value.amount), bisect_right(amounts, value.amount)


def _turns(limits: list[int]) -> Ints:
    """Give every figure above which some rule may refuse, whether it allows the limit itself or not."""
    return np.unique([min(figure, _BEYOND) for limit in limits for figure in (limit - 2, limit - 1, limit)])


def _told(measure: Ints, over: Bools, turns: Ints) -> Ints:
    """Give the figure where a limit is passed, else its rank: how many turns lie below."""
    return np.where(over, measure, -1 - np.searchsorted(turns, measure))
