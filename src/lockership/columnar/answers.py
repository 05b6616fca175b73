"""Decisions as columns: the decision JSON laid out for tables, with nothing of it lost.

Different answers are few and orders are many, so a column is a short list of answers and, for each
order, the number of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lockership.columnar.arrow import pa

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockership.columnar.fields import Codes

__all__ = ["COLUMNS", "Answer", "answer_columns", "decision_schema"]

Answer = dict[str, Any]
"""A decision JSON or error line without its ``order_id``."""

_WORD = pa.dictionary(pa.int32(), pa.string())
_TEXT = pa.string()
_REFUSAL = pa.struct(
    [(name, _TEXT) for name in ("code", "trait", "by", "measured", "limit", "source")],
)
_REMEDY = pa.struct([(name, _TEXT) for name in ("code", "carrier", "channel")])
_PROBLEM = pa.struct([(name, _TEXT) for name in ("code", "message", "field")])

COLUMNS: tuple[tuple[str, Any], ...] = (
    ("parcel", pa.int32()),
    ("route", _WORD),
    ("kind", _WORD),
    ("network", _WORD),
    ("confidence", _WORD),
    ("deliver_to", _WORD),
    ("refusals", pa.list_(_REFUSAL)),
    ("remedies", pa.list_(_REMEDY)),
    ("missing", pa.list_(_TEXT)),
    ("notes", pa.list_(_TEXT)),
    ("hold_days", pa.int32()),
    ("hold_basis", _WORD),
    ("hold_on_expiry", _WORD),
    ("hold_source", _WORD),
    ("explanation_en", _WORD),
    ("explanation_zh", _WORD),
    ("error_code", _WORD),
    ("error_message", _TEXT),
    ("error_field", _TEXT),
    ("error_problems", pa.list_(_PROBLEM)),
)
"""The columns of a decision after its ``order_id``, by the names of the decision JSON; ``_`` joins the
names of a block and its field.  Columns of few different words are dictionary-encoded."""

_BLOCKS = ("hold", "explanation", "error")
_LISTS = ("refusals", "remedies", "missing", "notes")


def decision_schema(order_id: Any, *, dictionaries: bool = True) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Give the schema of decisions about orders whose ids have this type.

    Args:
        order_id: The Arrow type of the ids; whole numbers stay such, anything else becomes text.
        dictionaries: False for engines that know plain text only, as Spark.
    """
    whole = pa.types.is_integer(order_id)
    fields = [
        (name, kind.value_type if not dictionaries and pa.types.is_dictionary(kind) else kind)
        for name, kind in COLUMNS
    ]
    return pa.schema([("order_id", order_id if whole else _TEXT), *fields])


def answer_columns(answers: list[Answer], chosen: Codes | None = None) -> list[Any]:
    """Lay answers out as :data:`COLUMNS`: those that are chosen, by their number, or all."""
    flat = [_flat(answer) for answer in answers]
    places = pa.array(np.arange(len(answers)) if chosen is None else chosen, pa.int32())
    return [_column(name, kind, flat, places) for name, kind in COLUMNS]


def _column(name: str, kind: Any, flat: list[Answer], places: Any) -> Any:  # noqa: ANN401
    values = [row.get(name) for row in flat]
    if not pa.types.is_dictionary(kind):
        return pa.array(values, kind).take(places)
    words = {word: place for place, word in enumerate(dict.fromkeys(v for v in values if v is not None))}
    number = pa.array([None if value is None else words[value] for value in values], pa.int32())
    return pa.DictionaryArray.from_arrays(number.take(places), pa.array(list(words), _TEXT))


def _flat(answer: Mapping[str, Any]) -> Answer:
    row = {name: value for name, value in answer.items() if name not in _BLOCKS}
    for block in _BLOCKS:
        inner: Mapping[str, Any] = answer.get(block) or {}
        for name, value in inner.items():
            row[f"{block}_{name}"] = value
    return row


class Answers:
    """Which answer each row of a batch has: most share one, a few have several."""

    def __init__(self, rows: int) -> None:
        self.different: list[Answer] = []
        self._numbers: dict[int, int] = {}
        self._chosen = np.full(rows, -1, dtype=np.int64)
        self._several: dict[int, list[int]] = {}

    def _number(self, answer: Answer) -> int:
        number = self._numbers.get(id(answer))  # the same answer is the same object
        if number is None:
            number = self._numbers[id(answer)] = len(self.different)
            self.different.append(answer)
        return number

    def fill(self, rows: Codes, answer: Answer) -> None:
        """Give these rows one answer."""
        self._chosen[rows] = self._number(answer)

    def put(self, row: int, answer: Answer) -> None:
        """Give one row its answer."""
        self._chosen[row] = self._number(answer)

    def add(self, row: int, answers: list[Answer]) -> None:
        """Give one row its answers, one a parcel."""
        numbers = [self._number(answer) for answer in answers]
        self._chosen[row] = numbers[0]
        if len(numbers) > 1:
            self._several[row] = numbers

    def laid_out(self) -> tuple[Codes | None, Codes]:
        """Give the number of the answer for each line, and which row it is of; None: line by line."""
        if not self._several:
            return None, self._chosen
        times = np.ones(len(self._chosen), dtype=np.int64)
        for row, numbers in self._several.items():
            times[row] = len(numbers)
        rows = np.repeat(np.arange(len(self._chosen)), times)
        chosen = self._chosen[rows]
        starts = np.cumsum(times) - times
        for row, numbers in self._several.items():
            chosen[starts[row] : starts[row] + len(numbers)] = numbers
        return rows, chosen
