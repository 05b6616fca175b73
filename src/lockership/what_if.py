"""The nearest parcel that would pass: what to take out, cut down or leave behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockership.decision import Change, WhatIf
from lockership.parcel import Parcel
from lockership.rules import MaxValue
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, Length, Money, Weight, six_digits

if TYPE_CHECKING:
    from lockership.checks import Plan
    from lockership.location import Location
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
    most_sides, most_ng = _limits(plan, location)
    for place, (side, most) in enumerate(zip(parcel.sides, most_sides, strict=True)):
        if side > most:
            changes.append(_less(_SIDES[place], side - most, LENGTH_UNITS["in"], "in"))
            sides[place] = most
    girth = sides[0] + 2 * (sides[1] + sides[2])
    if girth > plan.most_girth:
        changes.append(_less("length_plus_girth", girth - plan.most_girth, LENGTH_UNITS["in"], "in"))
        over = -(-(girth - plan.most_girth) // 2)
        for place in (2, 1):
            cut = min(over, sides[place] - 1)
            sides[place] -= cut
            over -= cut
        # a parcel that is longer than the limit alone has to lose of its length
        sides[0] -= max(0, sides[0] + 2 * (sides[1] + sides[2]) - plan.most_girth)
    ng = parcel.weight.ng
    if ng > most_ng:
        changes.append(_less("weight", ng - most_ng, WEIGHT_UNITS["lb"], "lb"))
        ng = most_ng
    value = _value(plan, parcel, changes)
    traits = _traits(plan, parcel, changes)
    if not changes:
        return None
    length, width, height = (Length(um) for um in sorted(sides, reverse=True))
    return WhatIf(Parcel(length, width, height, Weight(ng), value, traits), tuple(changes))


_SIDES = ("longest_side", "middle_side", "shortest_side")


def _less(what: str, units: int, per: int, unit: str) -> Change:
    tenths = -(-units * 10 // per)  # a worker cuts to the tenth, and never too little
    return Change(what, f"{six_digits(tenths, 10, up=True)} {unit}")


def _limits(plan: Plan, location: Location | None) -> tuple[tuple[int, int, int], int]:
    """Give the largest sides and weight that are still allowed, the point's own limits included."""
    longest, middle, shortest = plan.most_sides
    ng = plan.most_ng
    if location is not None:
        if location.max_sides is not None:
            shorter, between, longer = sorted(side.um for side in location.max_sides)
            longest, middle, shortest = min(longest, longer), min(middle, between), min(shortest, shorter)
        if location.max_weight is not None:
            ng = min(ng, location.max_weight.ng)
    # a middle side is never longer than the longest, nor a shortest than the middle
    middle = min(middle, longest)
    return (longest, middle, min(shortest, middle)), ng


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
    refused = plan.refused_traits
    changes += [Change("trait", trait.value) for trait in parcel.traits if trait in refused]
    return tuple(trait for trait in parcel.traits if trait not in refused)
