"""The nearest parcel that would pass: what to take out, cut down or leave behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from lockership.decision import Change, WhatIf
from lockership.rules import (
    MaxLengthPlusGirth,
    MaxLongest,
    MaxSides,
    MaxValue,
    MaxWeight,
    RefusesTrait,
)
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, Length, Money, Weight, six_digits

if TYPE_CHECKING:
    from lockership.checks import Plan
    from lockership.location import Location
    from lockership.parcel import Parcel
    from lockership.words import Trait

__all__ = ["what_if"]


def what_if(plan: Plan, parcel: Parcel, location: Location | None) -> WhatIf | None:
    """Find the nearest parcel that the rules of a plan and a location let through.

    Sides and weight are cut down to their limits and no further; a box is compared turned any way,
    so turning it never helps more.  Of length plus girth the shortest sides are cut first, and of a
    parcel that is longer than the limit alone its length as well.  None when nothing about the parcel
    would help: the carrier, the service, the seller or the point's state stands in the way.
    """
    if plan.barred or (location is not None and location.closed):
        return None
    changes: list[Change] = []
    sides = list(parcel.sides)
    most_sides, most_girth, most_ng = _limits(plan, location)
    for place, (side, most) in enumerate(zip(parcel.sides, most_sides, strict=True)):
        if most is not None and side > most:
            changes.append(_less(_SIDES[place], side - most, LENGTH_UNITS["in"], "in"))
            sides[place] = most
    girth = sides[0] + 2 * (sides[1] + sides[2])
    if most_girth is not None and girth > most_girth:
        changes.append(_less("length_plus_girth", girth - most_girth, LENGTH_UNITS["in"], "in"))
        over = -(-(girth - most_girth) // 2)
        for place in (2, 1):
            cut = min(over, sides[place] - 1)
            sides[place] -= cut
            over -= cut
        # a parcel that is longer than the limit alone has to lose of its length
        sides[0] -= max(0, sides[0] + 2 * (sides[1] + sides[2]) - most_girth)
    ng = parcel.weight.ng
    if most_ng is not None and ng > most_ng:
        changes.append(_less("weight", ng - most_ng, WEIGHT_UNITS["lb"], "lb"))
        ng = most_ng
    value = _value(plan, parcel, changes)
    traits = _traits(plan, parcel, changes)
    if not changes:
        return None
    length, width, height = (Length(um) for um in sorted(sides, reverse=True))
    return WhatIf(
        attrs.evolve(
            parcel,
            length=length,
            width=width,
            height=height,
            weight=Weight(ng),
            declared_value=value,
            traits=traits,
        ),
        tuple(changes),
    )


_SIDES = ("longest_side", "middle_side", "shortest_side")


def _less(what: str, units: int, per: int, unit: str) -> Change:
    tenths = -(-units * 10 // per)  # a worker cuts to the tenth, and never too little
    return Change(what, f"{six_digits(tenths, 10, up=True)} {unit}")


def _limits(  # noqa: C901 - one case a clause
    plan: Plan, location: Location | None
) -> tuple[tuple[int | None, int | None, int | None], int | None, int | None]:
    """Give the tightest limits, each as the largest figure that is still allowed."""
    sides: list[int | None] = [None, None, None]
    girth: int | None = None
    ng: int | None = None

    def least(old: int | None, new: int) -> int:
        return new if old is None else min(old, new)

    for clause, *_ in plan.checks:
        match clause:
            case MaxWeight(limit, _, inclusive):
                ng = least(ng, limit.ng - (not inclusive))
            case MaxLongest(limit, _, inclusive):
                sides[0] = least(sides[0], limit.um - (not inclusive))
            case MaxSides(limits, _, inclusive):
                for place, side in enumerate(limits):
                    sides[place] = least(sides[place], side.um - (not inclusive))
            case MaxLengthPlusGirth(limit, _, inclusive):
                girth = least(girth, limit.um - (not inclusive))
            case _:
                pass
    if location is not None:
        if location.max_sides is not None:
            for place, side in enumerate(sorted(location.max_sides, reverse=True)):
                sides[place] = least(sides[place], side.um)
        if location.max_weight is not None:
            ng = least(ng, location.max_weight.ng)
    longest, middle, shortest = sides
    if longest is not None:  # a middle side is never longer than the longest, nor a shortest than the middle
        middle = least(middle, longest)
        shortest = least(shortest, middle)
    return (longest, middle, shortest), girth, ng


def _value(plan: Plan, parcel: Parcel, changes: list[Change]) -> Money | None:
    value = parcel.declared_value
    if value is None:
        return None
    for clause, *_ in plan.checks:
        if isinstance(clause, MaxValue) and value is not None and value.currency == clause.limit.currency:
            over = value.amount >= clause.limit.amount
            if over and not (clause.inclusive and value.amount == clause.limit.amount):
                changes.append(Change("value", f"{format(clause.limit.amount, 'f')} {clause.limit.currency}"))
                value = None  # what may be declared instead is not ours to say
    return value


def _traits(plan: Plan, parcel: Parcel, changes: list[Change]) -> tuple[Trait, ...]:
    refused = {clause.trait for clause, *_ in plan.checks if isinstance(clause, RefusesTrait)}
    changes += [Change("trait", trait.value) for trait in parcel.traits if trait in refused]
    return tuple(trait for trait in parcel.traits if trait not in refused)
