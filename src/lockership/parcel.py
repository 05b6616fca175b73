"""One packed parcel: three sides, a weight, what it is worth and what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Self, cast

import attrs

from lockership.errors import (
    MISSING_FIELD,
    NOT_A_NUMBER,
    OUT_OF_RANGE,
    UNKNOWN_TRAIT,
    WRONG_TYPE,
    InputError,
    Problem,
    type_name,
)
from lockership.units import Amount, Length, Money, Weight
from lockership.words import Trait

__all__ = ["MAX_SIDE", "MAX_WEIGHT", "Parcel", "read_traits"]

MAX_SIDE = Length.of(100_000, "in")
MAX_WEIGHT = Weight.of(1_000_000, "lb")
_MAX_UM, _MAX_NG = MAX_SIDE.um, MAX_WEIGHT.ng

_SIDES = re.compile(
    r"\s*(\S+?)\s*([a-z]*)\s*[x×*]\s*(\S+?)\s*([a-z]*)\s*[x×*]\s*(\S+?)\s*([a-z]+)\s*", re.IGNORECASE
)
_MEASURE = re.compile(r"\s*([^a-z\s]+(?:e[+-]?[0-9]+)?)\s*([a-z]+)\s*", re.IGNORECASE)
_MAX_MEASURE = 200  # characters; the patterns above are not made for a page of text
_TRAITS = {trait.value: trait for trait in Trait}


@attrs.frozen
class Parcel:
    """A parcel as measured; its sides may be given in any order.

    Attributes:
        length, width, height: The three sides, each above zero and at most 100,000 in.
        weight: Above zero, at most 1,000,000 lb.
        declared_value: What the sender declares, or None.
        traits: What matters about the contents, without repetition, in the order of :class:`Trait`.
        sides: The sides in micrometres, longest first.
        length_plus_girth: Longest side plus twice the two others, in micrometres.

    Raises:
        InputError: A side, the weight or a trait is none of these; all problems at once.

    >>> Parcel.of("14x10x6 in", "8.2 lb", value="42", traits=["fragile"]).sides
    (355600, 254000, 152400)
    >>> Parcel.of("14x10x0 in", "8.2 st")
    Traceback (most recent call last):
    lockership.errors.InputError: height: 0 in is not above zero; weight: unit 'st' is not one of lb, ...
    """

    length: Length
    width: Length
    height: Length
    weight: Weight
    declared_value: Money | None = None
    traits: tuple[Trait, ...] = ()
    sides: tuple[int, int, int] = attrs.field(init=False, eq=False, repr=False)
    length_plus_girth: int = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        length, width, height, weight = self.length, self.width, self.height, self.weight
        for name, side in (("length", length), ("width", width), ("height", height)):
            if not isinstance(side, Length):
                raise TypeError(
                    f"{name} must be a Length, as Length.of('14', 'in') or Parcel.of('14x10x6 in', …)"
                )
        if not isinstance(weight, Weight):
            raise TypeError("weight must be a Weight, as Weight.of('8.2', 'lb')")
        c, b, a = sorted((length.um, width.um, height.um))
        problems: list[Problem] = []
        if c <= 0 or a > _MAX_UM or not 0 < weight.ng <= _MAX_NG:
            problems += parcel_problems(length, width, height, weight)
        if self.traits:
            traits, unknown = read_traits(self.traits, "traits")
            problems += unknown
            object.__setattr__(self, "traits", traits)
        if problems:
            raise InputError(problems)
        object.__setattr__(self, "sides", (a, b, c))
        object.__setattr__(self, "length_plus_girth", a + 2 * (b + c))

    @classmethod
    def of(
        cls,
        sides: str,
        weight: str,
        *,
        value: Amount | Money | None = None,
        currency: str | None = None,
        traits: Iterable[str] = (),
    ) -> Self:
        """Read a parcel the way people write it: ``Parcel.of("14 x 10 x 6 in", "8.2 lb")``.

        Units are in, cm, mm, ft, m and lb, oz, g, kg; each side may carry its own.
        """
        problems: list[Problem] = []
        measured: dict[str, Length] = {}
        match = _matched(_SIDES, sides)
        if match is None:
            message = f"{_shown(sides)} is not three sides with a unit, as '14x10x6 in'"
            problems.append(Problem(_absent_or(sides, NOT_A_NUMBER), message, "sides"))
        else:
            last = match[6]
            for name, amount, unit in zip(
                ("length", "width", "height"), match.group(1, 3, 5), match.group(2, 4, 6), strict=True
            ):
                try:
                    measured[name] = Length.of(amount, unit or last, name)
                except InputError as error:
                    problems += error.problems
        heavy = None
        match = _matched(_MEASURE, weight)
        if match is None:
            message = f"{_shown(weight)} is not a weight with a unit, as '8.2 lb'"
            problems.append(Problem(_absent_or(weight, NOT_A_NUMBER), message, "weight"))
        else:
            try:
                heavy = Weight.of(match[1], match[2], "weight")
            except InputError as error:
                problems += error.problems
        money: Money | None = None
        if isinstance(value, Money):
            money = value
        elif value is not None:
            try:
                money = Money.of(value, currency, "declared_value")
            except InputError as error:
                problems += error.problems
        kept, unknown = read_traits(traits, "traits")
        problems += unknown
        length, width, height = (measured.get(name) for name in ("length", "width", "height"))
        problems = parcel_problems(length, width, height, heavy) + problems
        if problems or length is None or width is None or height is None or heavy is None:
            raise InputError(problems)
        return cls(length, width, height, heavy, money, kept)


def _matched(pattern: re.Pattern[str], text: object) -> re.Match[str] | None:
    return pattern.fullmatch(text) if isinstance(text, str) and len(text) <= _MAX_MEASURE else None


def _shown(value: object) -> str:
    return repr(value[:40]) if isinstance(value, str) else type_name(value)


def _absent_or(value: object, code: str) -> str:
    if value is None or (isinstance(value, str) and not value.strip()):
        return MISSING_FIELD
    return code if isinstance(value, str) else WRONG_TYPE


def parcel_problems(
    length: Length | None,
    width: Length | None,
    height: Length | None,
    weight: Weight | None,
    prefix: str = "",
) -> list[Problem]:
    """Say which measures are out of range; those that could not be read are None and passed over."""
    problems: list[Problem] = []
    for name, side in (("length", length), ("width", width), ("height", height)):
        if side is not None and not 0 < side.um <= MAX_SIDE.um:
            problems.append(Problem(OUT_OF_RANGE, _range(side, MAX_SIDE, "in"), prefix + name))
    if weight is not None and not 0 < weight.ng <= MAX_WEIGHT.ng:
        problems.append(Problem(OUT_OF_RANGE, _range(weight, MAX_WEIGHT, "lb"), prefix + "weight"))
    return problems


def _range(found: Length | Weight, most: Length | Weight, unit: str) -> str:
    amount = found.um if isinstance(found, Length) else found.ng
    if amount <= 0:
        return f"{found.text(unit)} is not above zero"
    return f"{found.text(unit)} is over {most.text(unit)}"


def read_traits(traits: object, field: str) -> tuple[tuple[Trait, ...], list[Problem]]:
    """Read traits in any case and order, and say which are unknown."""
    accepted, given = ", ".join(_TRAITS), type_name(traits)
    if isinstance(traits, str | Mapping) or not isinstance(traits, Iterable):
        message = f"expected a list of {accepted}, found {given}"
        return (), [Problem(WRONG_TYPE, message, field)]
    found: set[Trait] = set()
    problems: list[Problem] = []
    for trait in cast("Iterable[object]", traits):
        if not isinstance(trait, str):
            message = f"expected text, one of {accepted}, found {type_name(trait)}"
            problems.append(Problem(WRONG_TYPE, message, field))
        elif (known := _TRAITS.get(trait.strip().lower())) is None:
            problems.append(Problem(UNKNOWN_TRAIT, f"{_shown(trait)} is not one of {accepted}", field))
        else:
            found.add(known)
    return tuple(sorted(found, key=_ORDER.__getitem__)), problems


_ORDER = {trait: place for place, trait in enumerate(Trait)}
