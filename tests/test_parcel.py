from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import InputError, Length, Money, Parcel, Trait, Weight
from lockership.parcel import read_traits
from lockership.testing import parcels

INCH = 25_400


@pytest.mark.parametrize(
    "sides",
    [
        "14x10x6 in",
        "6 x 14 x 10 in",
        "14×10×6in",
        "14*10*6 IN",
        "35.56x25.4x15.24 cm",
        "355.6mm x 254 mm x 152.4 mm",
        "14 in x 25.4 cm x 0.5 ft",
        "1.4e1x10x6 in",
        " 14x10x6 in ",
    ],
)
def test_sides_are_read_as_people_write_them(sides: str) -> None:
    """Any order, any sign between, one unit for all or one for each."""
    parcel = Parcel.of(sides, "8.2 lb")
    assert parcel.sides == (14 * INCH, 10 * INCH, 6 * INCH)
    assert parcel.length_plus_girth == 46 * INCH


@pytest.mark.parametrize("weight", ["8.2 lb", "8.2lb", "131.2 OZ", "3719.457434 g", "3.719457434kg"])
def test_weights_are_read_as_people_write_them(weight: str) -> None:
    """A number and a unit, with or without a blank."""
    assert Parcel.of("1x1x1 in", weight).weight == Weight.of("8.2", "lb")


@given(parcels())
def test_length_plus_girth_is_the_longest_side_and_twice_the_others(parcel: Parcel) -> None:
    """Longest side plus twice the two others, whatever the order in which they were given."""
    sides = (parcel.length.um, parcel.width.um, parcel.height.um)
    assert sorted(parcel.sides) == sorted(sides)
    assert parcel.length_plus_girth == 2 * sum(sides) - max(sides)


@pytest.mark.parametrize(
    ("sides", "weight", "told"),
    [
        ("100000x1x1 in", "1000000 lb", []),
        ("100000.00000001x1x1 in", "1 lb", [("out_of_range", "length")]),
        ("1x1x1 in", "1000000.000000000001 lb", [("out_of_range", "weight")]),
        ("0x-1x1 in", "0 lb", [("out_of_range", f) for f in ("length", "width", "weight")]),
        ("1x1 in", "1 lb", [("not_a_number", "sides")]),
        ("1x1x1", "1 lb", [("not_a_number", "sides")]),
        ("", "1 lb", [("missing_field", "sides")]),
        ("1x1x1 in", "", [("missing_field", "weight")]),
        ("1x1x1 in", "1", [("not_a_number", "weight")]),
        ("1x1x1 furlong", "1 stone", [("unknown_unit", f) for f in ("length", "width", "height", "weight")]),
        ("ax1x1 in", "1 lb", [("not_a_number", "length")]),
        ("1,5x1x1 in", "1 lb", [("not_a_number", "length")]),
        ("x" * 5_000, "1 lb", [("not_a_number", "sides")]),
    ],
)
def test_all_that_is_wrong_is_told_at_once(sides: str, weight: str, told: list[tuple[str, str]]) -> None:
    """Sides and weights out of range or unreadable are named, every one (contract 4)."""
    problems: tuple[Any, ...] = ()
    try:
        Parcel.of(sides, weight)
    except InputError as error:
        problems = error.problems
    assert [(problem.code, problem.field) for problem in problems] == told


def test_value_and_traits_are_told_with_the_rest() -> None:
    """A bad value and an unknown trait stand beside a bad side."""
    with pytest.raises(InputError) as error:
        Parcel.of("0x1x1 in", "1 lb", value="-1", traits=["liquid", "FRAGILE"])
    assert {(p.code, p.field) for p in error.value.problems} == {
        ("out_of_range", "length"),
        ("out_of_range", "declared_value"),
        ("unknown_trait", "traits"),
    }


@pytest.mark.parametrize("sides", [None, 14, ["14", "10", "6"]])
def test_sides_that_are_no_text_are_refused(sides: Any) -> None:
    """What is no text has the wrong type, or is missing."""
    with pytest.raises(InputError) as error:
        Parcel.of(sides, "1 lb")
    assert error.value.code == ("missing_field" if sides is None else "wrong_type")


def test_values_are_exact_money() -> None:
    """A value may be a number, text or money; it is USD when no currency is said."""
    assert Parcel.of("1x1x1 in", "1 lb", value="42.10").declared_value == Money(Decimal("42.1"))
    euros = Money.of("5", "EUR")
    assert Parcel.of("1x1x1 in", "1 lb", value=euros).declared_value is euros
    assert Parcel.of("1x1x1 in", "1 lb").declared_value is None


@given(st.lists(st.sampled_from(Trait)))
def test_traits_are_kept_once_in_one_order(traits: list[Trait]) -> None:
    """Repetition, order and case of traits say nothing."""
    spelt = [f" {trait.upper()} " for trait in traits]
    parcel = Parcel.of("1x1x1 in", "1 lb", traits=spelt)
    assert parcel.traits == tuple(trait for trait in Trait if trait in traits)
    assert attrs.evolve(parcel, traits=tuple(traits)) == parcel


@pytest.mark.parametrize(
    ("traits", "code"),
    [("fragile", "wrong_type"), (3, "wrong_type"), ({"fragile": True}, "wrong_type"), ([1], "wrong_type"),
     (["liquid"], "unknown_trait"), ([""], "unknown_trait")],
)  # fmt: skip
def test_traits_are_a_list_of_known_words(traits: object, code: str) -> None:
    """Anything else is refused with the list of what is accepted."""
    kept, problems = read_traits(traits, "parcel.traits")
    assert (kept, [problem.code for problem in problems]) == ((), [code])
    assert all("fragile, cold_chain" in problem.message for problem in problems)


def test_bare_numbers_are_a_type_error() -> None:
    """A side without a unit is a mistake of the program, told with the way to write it."""
    side = Length.of(1, "in")
    with pytest.raises(TypeError, match=r"Length\.of"):
        Parcel(1, side, side, Weight.of(1, "lb"))  # type: ignore[arg-type]  # that is the point
    with pytest.raises(TypeError, match=r"Weight\.of"):
        Parcel(side, side, side, 1)  # type: ignore[arg-type]  # as above
