"""JSON with its numbers kept as text: exact to read, and echoed as they came."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lockership.errors import NOT_JSON, InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["JsonNumber", "id_text", "parse_json"]


class JsonNumber:
    """A JSON number by its text, so that it is read exactly and echoed as it came."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"JsonNumber({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, JsonNumber) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def finite(self) -> bool:
        """Whether it is a number at all: NaN and Infinity are no JSON, and cannot be echoed."""
        return self.text[-1:].isdigit()


def _reader(number: Callable[[str], JsonNumber]) -> json.JSONDecoder:
    return json.JSONDecoder(parse_float=number, parse_int=number, parse_constant=number)


_decoder = _reader(JsonNumber)
# Sizes, weights and prices repeat.  Only numbers of texts as short as an order's are kept in mind, so
# that no flood of digits stays in memory.
_usual_decoder = _reader(lru_cache(maxsize=4096)(JsonNumber))
_SHORT = 4096
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def parse_json(text: str | bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Parse JSON with numbers kept as text.

    Raises:
        InputError: ``not_json``: no JSON, bytes that are neither UTF-8 nor marked as UTF-16, or nested
            too deeply to be an order.

    >>> parse_json('{"weight": 8.20}')
    {'weight': JsonNumber('8.20')}
    >>> parse_json('{"weight": 8.')
    Traceback (most recent call last):
    lockership.errors.InputError: not JSON: Expecting ',' delimiter at character 13
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-16" if text.startswith(_UTF_16) else "utf-8")
        return _usual(text) or _decoder.decode(text.removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        raise _not_json(f"bytes that are not {error.encoding.upper()} at byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise _not_json(f"{error.msg.removesuffix(' at')} at character {error.pos + 1}") from None
    except RecursionError:
        raise _not_json("nested too deeply") from None


def _usual(text: str) -> dict[str, Any] | None:
    """Parse a short text that is one object and nothing more; None for every other."""
    if len(text) > _SHORT or not text.startswith("{"):
        return None
    value, end = _usual_decoder.raw_decode(text)
    return None if text[end:].strip(" \t\r\n") else value


def _not_json(why: str) -> InputError:
    return InputError([Problem(NOT_JSON, f"not JSON: {why}")])


def id_text(order_id: object) -> str | None:
    """Give an order id, as it is echoed, as text.

    >>> id_text(JsonNumber("1.10")), id_text(7)
    ('1.10', '7')
    """
    if order_id is None:
        return None
    return order_id.text if isinstance(order_id, JsonNumber) else str(order_id)
