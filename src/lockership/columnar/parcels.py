"""Parcels as columns of whole micrometres and nanograms, and the rules of a plan over all of them at once.

The rules are those of :func:`lockership.checks.plan_for`: one table, read here by column.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

import numpy as np

from lockership.columnar.fields import Bools, Coded, Codes, Fields, Ints, pairs, translated
from lockership.errors import MAX_TEXT, InputError
from lockership.inbound import JsonNumber
from lockership.parcel import MAX_SIDE, MAX_WEIGHT, Parcel, read_traits
from lockership.rules import (
    MaxLengthPlusGirth,
    MaxLongest,
    MaxSides,
    MaxValue,
    MaxWeight,
    OnlySellers,
    OnlyServices,
    RefusesTrait,
)
from lockership.units import Length, Money, Weight

if TYPE_CHECKING:
    from lockership.checks import Plan
    from lockership.words import Trait

__all__ = ["Parcels", "broken", "read_parcels", "refused"]

_KEPT = 65_536
"""Values that are remembered from batch to batch."""

Reader: TypeAlias = Callable[[object, Any], int]
Of = TypeVar("Of")


class Parcels(NamedTuple):
    """A column of parcels.

    Attributes:
        length, width, height: Micrometres.
        weight: Nanograms.
        value, traits: The declared value and the traits, by their different values.
        sides: The same sides, longest first.
        girth: Longest side plus twice the two others.
        foreign: Whether the value is in another currency than limits are.
    """

    length: Ints
    width: Ints
    height: Ints
    weight: Ints
    value: Coded
    traits: Coded
    sides: tuple[Ints, Ints, Ints]
    girth: Ints
    foreign: Bools

    def at(self, row: int) -> Parcel:
        """Give one of them."""
        worth, traits = int(self.value.codes[row]), int(self.traits.codes[row])
        return Parcel(
            Length(int(self.length[row])),
            Length(int(self.width[row])),
            Length(int(self.height[row])),
            Weight(int(self.weight[row])),
            None if worth < 0 else self.value.values[worth],
            () if traits < 0 else self.traits.values[traits],
        )


def parcels_of(length: Ints, width: Ints, height: Ints, weight: Ints, value: Coded, traits: Coded) -> Parcels:
    """Sort the sides of every parcel."""
    longest = np.maximum(np.maximum(length, width), height)
    shortest = np.minimum(np.minimum(length, width), height)
    middle = length + width + height - longest - shortest
    girth = longest + 2 * (middle + shortest)
    told = [worth is not None and worth.currency != "USD" for worth in value.values]
    foreign = translated(value, told, other=False).astype(np.bool_)
    sides = longest, middle, shortest
    return Parcels(length, width, height, weight, value, traits, sides, girth, foreign)


def read_parcels(fields: Fields, block: str = "parcel") -> Parcels:
    """Read the parcels of a batch; rows that hold none, or one that cannot be read, are not ordinary."""
    fields.keep(fields.present(block))
    names = [f"{block}.{side}" for side in ("length", "width", "height")]
    size = _unit(fields, f"{block}.dimension_unit", fields.unit(*names))
    heavy = _unit(fields, f"{block}.weight_unit", fields.unit(f"{block}.weight"))
    length, width, height = (_measured(fields, name, size, _um) for name in names)
    weight = _measured(fields, f"{block}.weight", heavy, _ng)
    return parcels_of(length, width, height, weight, _values(fields, block), _traits(fields, block))


def _unit(fields: Fields, path: str, named: str | None) -> Coded:
    coded = fields.coded(path)
    if named is None:
        return coded
    fields.keep(coded.codes < 0)  # a column of units beside a unit in the name: the door compares them
    return Coded(np.zeros_like(coded.codes), [named])


def _measured(fields: Fields, path: str, units: Coded, read: Reader) -> Ints:
    both = pairs(fields.coded(path), units)
    amounts = [_or(read, 0, amount, unit) for amount, unit in both.values]
    measured = np.array([*amounts, 0], dtype=np.int64)[both.codes]
    fields.keep(measured > 0)
    return measured


def _or(read: Callable[..., Of], otherwise: Of, amount: object, unit: object) -> Of:
    try:
        return read(amount.text if isinstance(amount, JsonNumber) else amount, unit)
    except InputError:
        return otherwise


@lru_cache(maxsize=_KEPT)
def _um(amount: Any, unit: Any) -> int:  # noqa: ANN401 - whatever the table holds
    um = Length.of(amount, unit).um
    return um if 0 < um <= MAX_SIDE.um else 0


@lru_cache(maxsize=_KEPT)
def _ng(amount: Any, unit: Any) -> int:  # noqa: ANN401
    ng = Weight.of(amount, unit).ng
    return ng if 0 < ng <= MAX_WEIGHT.ng else 0


def _values(fields: Fields, block: str) -> Coded:
    both = pairs(fields.coded(f"{block}.declared_value"), fields.coded(f"{block}.currency"))
    read = [_or(_money, _UNREADABLE, amount, currency) for amount, currency in both.values]
    fields.keep(translated(both, [money is not _UNREADABLE for money in read], other=True).astype(np.bool_))
    return _without_none(both.codes, [None if money is _UNREADABLE else money for money in read])


_UNREADABLE = object()


@lru_cache(maxsize=_KEPT)
def _money(amount: Any, currency: Any) -> object:  # noqa: ANN401
    if currency is not None and not (isinstance(currency, str) and len(currency) <= MAX_TEXT):
        return _UNREADABLE
    if amount is None or (isinstance(amount, str) and not amount.strip()):
        return None
    return Money.of(amount, currency)


def _traits(fields: Fields, block: str) -> Coded:
    coded = fields.coded(f"{block}.traits")
    read = [read_traits(value, "") for value in coded.values]
    fields.keep(translated(coded, [not problems for _, problems in read], other=True).astype(np.bool_))
    return _without_none(coded.codes, [traits or None for traits, _ in read])


def _without_none(codes: Codes, values: list[Any]) -> Coded:
    number = np.array([-1 if value is None else place for place, value in enumerate(values)] + [-1])
    return Coded(number[codes], values)


def broken(plan: Plan, parcels: Parcels, rows: Any) -> Ints:  # noqa: ANN401 - whatever selects rows
    """Say which checks of a plan each of these parcels breaks: bit *n* for the *n*-th check."""
    longest, middle, shortest = (side[rows] for side in parcels.sides)
    weight, girth = parcels.weight[rows], parcels.girth[rows]
    bits = np.zeros(len(weight), dtype=np.int64)
    for place, check in enumerate(plan.checks):
        clause = check.clause
        match clause:
            case MaxWeight(limit):
                over = weight > limit.ng - (not clause.inclusive)
            case MaxLongest(limit):
                over = longest > limit.um - (not clause.inclusive)
            case MaxLengthPlusGirth(limit):
                over = girth > limit.um - (not clause.inclusive)
            case MaxSides(limits):
                a, b, c = (limit.um - (not clause.inclusive) for limit in limits)
                over = (longest > a) | (middle > b) | (shortest > c)
            case MaxValue(limit, inclusive):
                over = _over_value(parcels.value.of(rows), limit, inclusive=inclusive)
            case RefusesTrait(trait):
                over = _with_trait(parcels.traits.of(rows), trait)
            case OnlyServices() | OnlySellers():  # told when the plan is made
                continue
        bits |= over.astype(np.int64) << place
    return bits


def refused(plan: Plan, parcels: Parcels, rows: Codes) -> Bools:
    """Tell which of these parcels a plan refuses, by the tightest figure of each measure."""
    if plan.barred:
        return np.ones(len(rows), dtype=np.bool_)
    over = parcels.weight[rows] > plan.most_ng
    measures, limits = (*parcels.sides, parcels.girth), (*plan.most_sides, plan.most_girth)
    for measure, most in zip(measures, limits, strict=True):
        over |= measure[rows] > most
    if plan.refused_traits:
        held = [not plan.refused_traits.isdisjoint(traits or ()) for traits in parcels.traits.values]
        over |= translated(parcels.traits.of(rows), held, other=False).astype(np.bool_)
    for clause, *_ in plan.checks:
        if isinstance(clause, MaxValue):
            over |= _over_value(parcels.value.of(rows), clause.limit, inclusive=clause.inclusive)
    return over


def _over_value(values: Coded, limit: Money, *, inclusive: bool) -> Bools:
    over = [
        value is not None
        and value.currency == limit.currency
        and (value.amount > limit.amount or (value.amount == limit.amount and not inclusive))
        for value in values.values
    ]
    return translated(values, over, other=False).astype(np.bool_)


def _with_trait(traits: Coded, trait: Trait) -> Bools:
    held = [value is not None and trait in value for value in traits.values]
    return translated(traits, held, other=False).astype(np.bool_)
