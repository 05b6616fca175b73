"""Exact lengths, weights and money.

Lengths are whole micrometres and weights whole nanograms, rounded *up* to the next unit, so that a
parcel is never treated as smaller than measured.  Inches, feet, pounds and ounces are whole numbers
of them (1 in = 25 400 µm, 1 lb = 453 592 370 000 ng), so hundredths of an inch and ten-thousandths of a
pound carry no rounding at all; finer ones are off by less than a micrometre or a nanogram.
Binary floats are refused: 17.9 is not the float 17.9.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from functools import lru_cache
from typing import Self, TypeAlias

import attrs

from lockership.errors import (
    MISSING_FIELD,
    NOT_A_NUMBER,
    OUT_OF_RANGE,
    UNKNOWN_UNIT,
    WRONG_TYPE,
    InputError,
    Problem,
    type_name,
)

__all__ = [
    "LENGTH_UNITS",
    "WEIGHT_UNITS",
    "Amount",
    "Length",
    "Money",
    "Weight",
    "length_unit",
    "read_amount",
    "six_digits",
    "weight_unit",
]

Amount: TypeAlias = str | int | Decimal
"""A number as people and files give it: text, whole number or Decimal, never a float."""

LENGTH_UNITS = {"in": 25_400, "cm": 10_000, "mm": 1_000, "ft": 304_800, "m": 1_000_000}
"""Micrometres in one unit."""

WEIGHT_UNITS = {
    "lb": 453_592_370_000,
    "oz": 28_349_523_125,
    "g": 1_000_000_000,
    "kg": 1_000_000_000_000,
}
"""Nanograms in one unit."""

_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?", re.ASCII)
_MAX_DIGITS = 40
_MAX_EXPONENT = 30
_WITH_UNIT = re.compile(r"[+-]?[0-9.]+\s*[^\W\d_]{1,12}\.?")
_GROUPED = re.compile(r"[+-]?[0-9][0-9.,_'\s]*")


def read_amount(value: object, field: str | None = None) -> tuple[int, int]:
    """Read a number exactly, as (whole number, power of ten).

    Raises:
        InputError: ``missing_field`` for None or blanks, else ``not_a_number``: NaN, infinities,
            booleans, floats, lists, words, digits that are not ASCII, more than 40 digits, an
            exponent beyond ±30.  The message says what to do about the common ones.

    >>> read_amount("8.20"), read_amount(Decimal("1E+3"))
    ((820, -2), (1, 3))
    >>> read_amount("１２")  # full-width digits: refused, not guessed at
    Traceback (most recent call last):
    lockership.errors.InputError: '１２' is not a plain number, as 8.2: digits must be 0 to 9
    >>> read_amount("2 公斤")
    Traceback (most recent call last):
    lockership.errors.InputError: '2 公斤' is not a plain number, as 8.2: the unit has a field of its own
    """
    if value is None:
        raise InputError([Problem(MISSING_FIELD, "a number is needed", field)])
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        if isinstance(value, int) and value.bit_length() > 140:  # before str(): it refuses huge integers
            message = f"a number may have at most {_MAX_DIGITS} digits"
            raise InputError([Problem(NOT_A_NUMBER, message, field)])
        value = str(value)
    if isinstance(value, float):
        message = f"{value} is a binary float, which is not exact: pass text or Decimal"
        raise InputError([Problem(NOT_A_NUMBER, message, field)])
    if not isinstance(value, str):
        message = f"expected a plain number, as 8.2, found {type_name(value)}"
        raise InputError([Problem(NOT_A_NUMBER, message, field)])
    text = value.strip()
    if not text:
        raise InputError([Problem(MISSING_FIELD, "a number is needed", field)])
    match = _NUMBER.fullmatch(text) if len(text) < 3 * _MAX_DIGITS else None
    if match is None:
        raise InputError([Problem(NOT_A_NUMBER, _not_plain(text), field)])
    sign, whole, part, power = match[1], match[2], match[3] or "", int(match[4] or 0)
    digits = whole + part
    if not digits or len(digits) > _MAX_DIGITS or abs(power) > _MAX_EXPONENT:
        raise InputError([Problem(NOT_A_NUMBER, _not_plain(text), field)])
    number = int(digits)
    return -number if sign == "-" else number, power - len(part)


def _not_plain(text: str) -> str:
    """Say why a text is no number that is read here, and what to do about it."""
    if not text.isascii() and any(char.isdigit() and not char.isascii() for char in text):
        why = ": digits must be 0 to 9"
    elif _WITH_UNIT.fullmatch(text[: 3 * _MAX_DIGITS]):
        why = ": the unit has a field of its own"
    elif sum(char.isdigit() for char in text) > _MAX_DIGITS:
        why = f": at most {_MAX_DIGITS} digits are read"
    elif (match := _NUMBER.fullmatch(text)) is not None and match[4] and (match[2] or match[3]):
        why = f": an exponent must be within ±{_MAX_EXPONENT}"
    elif _GROUPED.fullmatch(text):
        why = ": no separators between thousands, and a point before decimals"
    else:
        why = ""
    return f"{_shown(text)} is not a plain number, as 8.2{why}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 44 else text[:40] + "…")


def _scaled(value: object, factor: int, field: str | None) -> int:
    """Multiply exactly and round up to the next whole unit."""
    number, power = read_amount(value, field)
    if power >= 0:
        return number * int(10**power) * factor
    return -(-number * factor // int(10**-power))


_UP = Context(prec=6, rounding=ROUND_CEILING)
_DOWN = Context(prec=6, rounding=ROUND_FLOOR)


@lru_cache(maxsize=4096)  # limits are printed again and again, and so are the sizes of usual boxes
def six_digits(units: int, per: int, *, up: bool) -> str:
    """Print ``units / per`` with at most six significant digits, rounded the way asked for."""
    context = _UP if up else _DOWN
    return format(context.divide(Decimal(units), Decimal(per)).normalize(context), "f")


def _unit_key(unit: object, known: dict[str, int], field: str | None) -> str:
    if isinstance(unit, str) and (key := unit.strip().lower()) in known:
        return key
    accepted = ", ".join(known)
    if unit is None or (isinstance(unit, str) and not unit.strip()):
        raise InputError([Problem(MISSING_FIELD, f"a unit is needed, one of {accepted}", field)])
    if not isinstance(unit, str):
        message = f"expected text, one of {accepted}, found {type_name(unit)}"
        raise InputError([Problem(WRONG_TYPE, message, field)])
    raise InputError([Problem(UNKNOWN_UNIT, f"unit {_shown(unit)} is not one of {accepted}", field)])


def length_unit(unit: object, field: str | None = None) -> str:
    """Read a unit of length, any case; raise InputError naming the accepted ones."""
    return _unit_key(unit, LENGTH_UNITS, field)


def weight_unit(unit: object, field: str | None = None) -> str:
    """Read a unit of weight, any case; raise InputError naming the accepted ones."""
    return _unit_key(unit, WEIGHT_UNITS, field)


@attrs.frozen(order=True)
class Length:
    """A length in whole micrometres; zero and differences are allowed, a parcel's sides are not.

    >>> Length.of("18", "in").um, Length.of("45.72", "cm") == Length.of(18, "in")
    (457200, True)
    >>> Length.of(17.9, "in")
    Traceback (most recent call last):
    lockership.errors.InputError: 17.9 is a binary float, which is not exact: pass text or Decimal
    """

    um: int

    @classmethod
    def of(cls, amount: Amount, unit: str, field: str | None = None) -> Self:
        """Read a length; ``unit`` is one of in, cm, mm, ft, m in any case."""
        return cls(_scaled(amount, LENGTH_UNITS[length_unit(unit, field)], field))

    def text(self, unit: str = "in", *, up: bool = True) -> str:
        """Print in a unit with at most six significant digits, rounded up or down."""
        return f"{six_digits(self.um, LENGTH_UNITS[unit], up=up)} {unit}"


@attrs.frozen(order=True)
class Weight:
    """A weight in whole nanograms.

    >>> Weight.of("1", "lb") == Weight.of(16, "oz"), Weight.of("20", "kg").text("lb")
    (True, '44.0925 lb')
    >>> Weight.of("8.2", "stone")
    Traceback (most recent call last):
    lockership.errors.InputError: unit 'stone' is not one of lb, oz, g, kg
    """

    ng: int

    @classmethod
    def of(cls, amount: Amount, unit: str, field: str | None = None) -> Self:
        """Read a weight; ``unit`` is one of lb, oz, g, kg in any case."""
        return cls(_scaled(amount, WEIGHT_UNITS[weight_unit(unit, field)], field))

    def text(self, unit: str = "lb", *, up: bool = True) -> str:
        """Print in a unit with at most six significant digits, rounded up or down."""
        return f"{six_digits(self.ng, WEIGHT_UNITS[unit], up=up)} {unit}"


@attrs.frozen
class Money:
    """An exact amount in one currency; amounts in different currencies are never compared.

    >>> Money.of("42", "usd")
    Money(amount=Decimal('42'), currency='USD')
    >>> Money.of("-1")
    Traceback (most recent call last):
    lockership.errors.InputError: a value cannot be negative
    """

    amount: Decimal
    currency: str = "USD"

    @classmethod
    def of(cls, amount: Amount, currency: str | None = None, field: str | None = None) -> Self:
        """Read an amount; a currency is USD when absent or blank and compares in any case."""
        number, power = read_amount(amount, field)
        if number < 0:
            raise InputError([Problem(OUT_OF_RANGE, "a value cannot be negative", field)])
        return cls(Decimal((0, _digits(number), power)), (currency or "").strip().upper() or "USD")


def _digits(number: int) -> tuple[int, ...]:
    return tuple(map(int, str(number)))
