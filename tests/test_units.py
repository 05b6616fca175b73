from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import InputError, Length, Money, Weight
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS, length_unit, read_amount, six_digits, weight_unit

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=12)


def code_of(error: pytest.ExceptionInfo[InputError]) -> tuple[str, str | None]:
    """Give the code and the field of what was raised."""
    return error.value.code, error.value.field


@pytest.mark.parametrize(
    ("amount", "unit", "um"),
    [
        ("16", "in", 406_400),
        ("40.64", "cm", 406_400),
        ("406.4", "mm", 406_400),
        ("0.4064", "m", 406_400),
        ("1.5", "ft", 457_200),
        ("0.0000001", "in", 1),  # never smaller than measured
        ("40.64000001", "cm", 406_401),
        ("0", "mm", 0),
        (Decimal("4.064E+1"), "CM", 406_400),
        (16, " In ", 406_400),
    ],
)
def test_a_length_is_whole_micrometres(amount: str | int | Decimal, unit: str, um: int) -> None:
    """US and metric lengths meet exactly; what is finer than a micrometre is rounded up."""
    assert Length.of(amount, unit).um == um


@pytest.mark.parametrize(
    ("amount", "unit", "ng"),
    [
        ("10", "lb", 4_535_923_700_000),
        ("160", "oz", 4_535_923_700_000),
        ("4535.9237", "g", 4_535_923_700_000),
        ("4.5359237", "KG", 4_535_923_700_000),
        ("4.5359237000001", "kg", 4_535_923_700_001),
    ],
)
def test_a_weight_is_whole_nanograms(amount: str, unit: str, ng: int) -> None:
    """Pounds, ounces, grams and kilograms meet exactly; what is finer is rounded up."""
    assert Weight.of(amount, unit).ng == ng


@given(decimals, st.sampled_from(tuple(LENGTH_UNITS)))
def test_a_length_is_the_next_micrometre_and_no_more(amount: Decimal, unit: str) -> None:
    """A parcel is never treated as smaller than measured, nor as larger by a whole micrometre."""
    over = Length.of(amount, unit).um - Fraction(amount) * LENGTH_UNITS[unit]
    assert 0 <= over < 1


@given(decimals, st.sampled_from(tuple(WEIGHT_UNITS)))
def test_a_weight_is_the_next_nanogram_and_no_more(amount: Decimal, unit: str) -> None:
    """The same holds for weights."""
    over = Weight.of(amount, unit).ng - Fraction(amount) * WEIGHT_UNITS[unit]
    assert 0 <= over < 1


@given(decimals)
def test_a_number_is_read_exactly(amount: Decimal) -> None:
    """Text, with or without an exponent, is read without any rounding."""
    for text in (format(amount, "f"), format(amount, "e"), f" {amount} ", f"+{amount}"):
        number, power = read_amount(text)
        assert Fraction(number) * Fraction(10) ** power == Fraction(amount)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("-1.5", Fraction(-3, 2)),
        ("1E30", Fraction(10**30)),
        ("1e-30", Fraction(1, 10**30)),
        ("9" * 40, Fraction(int("9" * 40))),
        (12, Fraction(12)),
    ],
)
def test_the_widest_numbers_that_are_read(text: str | int, value: Fraction) -> None:
    """Forty digits and exponents of ±30 are still read."""
    number, power = read_amount(text)
    assert Fraction(number) * Fraction(10) ** power == value


@pytest.mark.parametrize(
    ("value", "code", "hint"),
    [
        (None, "missing_field", "a number is needed"),
        ("", "missing_field", "a number is needed"),
        (" \t", "missing_field", "a number is needed"),
        ("NaN", "not_a_number", "plain number"),
        ("Infinity", "not_a_number", "plain number"),
        ("-inf", "not_a_number", "plain number"),
        (Decimal("NaN"), "not_a_number", "plain number"),
        (Decimal("Infinity"), "not_a_number", "plain number"),
        (True, "not_a_number", "true or false"),
        (17.9, "not_a_number", "pass text or Decimal"),
        (float("nan"), "not_a_number", "pass text or Decimal"),
        ([1], "not_a_number", "a list"),
        ("twelve", "not_a_number", "plain number"),
        ("１２", "not_a_number", "digits must be 0 to 9"),
        ("١٢", "not_a_number", "digits must be 0 to 9"),
        ("12 in", "not_a_number", "field of its own"),
        ("1,200", "not_a_number", "no separators"),
        ("1_200", "not_a_number", "no separators"),
        ("1e31", "not_a_number", "within ±30"),
        ("1e-31", "not_a_number", "within ±30"),
        ("9" * 41, "not_a_number", "at most 40 digits"),
        ("0." + "0" * 40, "not_a_number", "at most 40 digits"),
        ("9" * 5_000, "not_a_number", "at most 40 digits"),
        (10**41, "not_a_number", "40 digits"),
        pytest.param(10**5_000, "not_a_number", "40 digits", id="huge"),
        (".", "not_a_number", "plain number"),
        ("1 2", "not_a_number", "plain number"),
        ("--1", "not_a_number", "plain number"),
        ("0x10", "not_a_number", "plain number"),
        ("1/2", "not_a_number", "plain number"),
    ],
)
def test_what_is_no_number_is_refused(value: object, code: str, hint: str) -> None:
    """No guess is made at what a number may mean; the message says what to do."""
    with pytest.raises(InputError) as error:
        read_amount(value, "parcel.length")
    assert code_of(error) == (code, "parcel.length")
    assert hint in error.value.message
    assert len(error.value.message) < 200


@given(st.integers(1, 10**16), st.sampled_from((*LENGTH_UNITS.values(), *WEIGHT_UNITS.values())))
def test_six_digits_lie_on_the_side_that_was_asked_for(units: int, per: int) -> None:
    """Rounded up never reads less, rounded down never more, and both are within one step."""
    exact = Fraction(units, per)
    up, down = six_digits(units, per, up=True), six_digits(units, per, up=False)
    assert Fraction(down) <= exact <= Fraction(up)
    for text in (up, down):
        assert len(text.replace(".", "").strip("0")) <= 6
        assert "e" not in text.lower()
        assert not ("." in text and text.endswith("0"))
    assert Fraction(up) - Fraction(down) <= exact / 10**5


@pytest.mark.parametrize(
    ("um", "up", "down"),
    [
        (25_400, "1 in", "1 in"),
        (25_401, "1.00004 in", "1.00003 in"),
        (2_540_000_000, "100000 in", "100000 in"),
        (25_400_000_001, "1000010 in", "1000000 in"),
    ],
)
def test_a_length_prints_what_people_read(um: int, up: str, down: str) -> None:
    """Whole inches print plainly, the rest with six digits."""
    assert (Length(um).text(), Length(um).text(up=False)) == (up, down)


@pytest.mark.parametrize("reader", [length_unit, weight_unit])
@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("stone", "unknown_unit"),
        ("inch", "unknown_unit"),
        ("", "missing_field"),
        ("  ", "missing_field"),
        (None, "missing_field"),
        (3, "wrong_type"),
        (["in"], "wrong_type"),
    ],
)
def test_an_unknown_unit_names_the_known_ones(reader: object, unit: object, code: str) -> None:
    """Units are a closed list, and the message gives it."""
    assert callable(reader)
    with pytest.raises(InputError, match="one of") as error:
        reader(unit, "unit")
    assert code_of(error) == (code, "unit")


def test_units_are_read_in_any_case() -> None:
    """``CM``, ``Cm`` and `` cm `` are one."""
    assert {length_unit(unit) for unit in ("CM", "Cm", " cm ")} == {"cm"}
    assert {weight_unit(unit) for unit in ("LB", "Lb", " lb\t")} == {"lb"}


def test_measures_compare_only_with_their_like() -> None:
    """A length is no weight: mixing them is an error, not a number."""
    assert Length.of(1, "ft") == Length.of(12, "in")
    assert Length.of(1, "in") < Length.of(3, "cm")
    assert Length(1) != Weight(1)  # type: ignore[comparison-overlap]  # that is the point
    with pytest.raises(TypeError):
        assert Length(1) < Weight(1)  # type: ignore[operator]  # as above


@pytest.mark.parametrize(
    ("currency", "read"), [(None, "USD"), ("", "USD"), (" ", "USD"), ("usd", "USD"), (" Eur ", "EUR")]
)
def test_a_currency_is_usd_when_absent_and_compares_in_any_case(currency: str | None, read: str) -> None:
    """A currency is USD when absent and compares in any case (contract 4)."""
    assert Money.of("4999.990", currency) == Money(Decimal("4999.99"), read)


def test_money_is_exact_and_never_negative() -> None:
    """An amount keeps every digit; below zero it is refused."""
    assert Money.of("0.1").amount + Money.of("0.2").amount == Decimal("0.3")
    assert Money.of("-0").amount == 0
    with pytest.raises(InputError, match="negative") as error:
        Money.of("-0.01", field="declared_value")
    assert code_of(error) == ("out_of_range", "declared_value")
