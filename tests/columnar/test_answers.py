"""Decisions as columns: one schema, of which nothing is lost."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from lockership import Address, Parcel, route_parcel
from lockership.columnar import decision_schema, route_table
from lockership.columnar.answers import Answers, answer_columns

from .both_ways import nested, order_book

DECISION = route_parcel(
    Address(company="UPS Access Point", street1="1 Elm St"),
    "ups",
    Parcel.of("40x4x4 in", "45 lb", traits=["hazmat"]),
).to_dict()


def _types(kind: Any) -> list[Any]:
    """Give a type and all types within it."""
    inner = [kind.field(place).type for place in range(kind.num_fields)]
    if pa.types.is_dictionary(kind):
        inner = [kind.index_type, kind.value_type]
    return [kind, *(one for part in inner for one in _types(part))]


def test_the_columns_are_the_decision_json() -> None:
    """Every key of the decision JSON and of its blocks is a column, and so is every part of an error."""
    names = set(decision_schema(pa.string()).names)
    blocks = {"hold": ("days", "basis", "on_expiry", "source"), "explanation": ("en", "zh")}
    flat = {f"{block}_{part}" for block, parts in blocks.items() for part in parts}
    assert set(DECISION) - set(blocks) | flat <= names
    assert names - set(DECISION) - flat == {"parcel"} | {
        f"error_{part}" for part in ("code", "message", "field", "problems")
    } | (names & {"error_record"})
    schema = decision_schema(pa.string())
    for name in ("refusals", "remedies"):
        inner = {field.name for field in schema.field(name).type.value_type}
        assert {key for one in DECISION[name] for key in one} <= inner


@pytest.mark.parametrize(
    ("kind", "echoed"),
    [
        (pa.string(), pa.string()),
        (pa.large_string(), pa.string()),
        (pa.float64(), pa.string()),
        (pa.null(), pa.string()),
        (pa.dictionary(pa.int8(), pa.string()), pa.string()),
        (pa.int64(), pa.int64()),
        (pa.uint8(), pa.uint8()),
    ],
    ids=str,
)
def test_ids_are_whole_numbers_or_text(kind: Any, echoed: Any) -> None:
    """An order id keeps the type of a column of whole numbers; of any other it is text."""
    assert decision_schema(kind).field("order_id").type == echoed


def test_engines_without_dictionaries_get_plain_text() -> None:
    """On request no column is dictionary-encoded, and nothing else changes."""
    encoded, plain = decision_schema(pa.int64()), decision_schema(pa.int64(), dictionaries=False)
    assert any(pa.types.is_dictionary(one) for field in encoded for one in _types(field.type))
    assert not any(pa.types.is_dictionary(one) for field in plain for one in _types(field.type))
    assert encoded.names == plain.names
    decided = route_table(nested(order_book(2, 200)))
    read = decided.cast(decision_schema(pa.string(), dictionaries=False))
    assert read.to_pylist() == decided.to_pylist()


def test_the_same_answer_is_kept_once() -> None:
    """Rows that share an answer share its number; a row with several takes as many lines, in its place."""
    one, other, third = ({"route": route} for route in ("home", "pickup", "review"))
    answers = Answers(4)
    answers.fill(pa.array([0, 3]).to_numpy(), one)
    answers.add(1, [other, one, third])
    answers.put(2, other)
    rows, chosen = answers.laid_out()
    assert rows is not None
    assert rows.tolist() == [0, 1, 1, 1, 2, 3]
    assert [answers.different[number] for number in chosen.tolist()] == [one, other, one, third, other, one]
    assert len(answers.different) == 3
    route = answer_columns(answers.different, chosen)[1]
    assert route.to_pylist() == ["home", "pickup", "home", "review", "pickup", "home"]
    assert len(route.dictionary) == 3


def test_rows_of_one_line_each_need_no_list_of_rows() -> None:
    """Where no row has several answers, the lines are the rows."""
    answers = Answers(2)
    answers.fill(pa.array([0, 1]).to_numpy(), {"route": "home"})
    assert answers.laid_out()[0] is None
