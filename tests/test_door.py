"""Whatever stands at the door: an order, or an ``InputError`` that names no person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import InputError, Parcel, route_parcel
from lockership.carriers import carrier_key
from lockership.inbound import Order, read_address_order, read_order
from lockership.testing import orders

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn

    from lockership.errors import Problem

CODES = {
    "missing_field",
    "wrong_type",
    "not_a_number",
    "out_of_range",
    "unknown_unit",
    "unknown_trait",
    "empty_address",
    "too_long",
    "not_json",
}
PERSON = "Qzx-Person"
"""Stands in every address field, and in no other."""

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(("", " ", "1e31", "NaN", "-1", "１２", "0", "9" * 41, "1" * 1001, "in", "lb", "usps")),
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """List the paths of all that stands in a JSON value."""
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += places(inner, (*path, number))
    return found


@st.composite
def damaged_orders(draw: DrawFn) -> Any:
    """Lawful orders of which one to three parts were replaced by anything, or left out."""
    order: Any = draw(orders())
    for address in ("ship_to", "home"):
        for field, text in (order[address] or {}).items():
            order[address][field] = text and f"{PERSON} {text}"
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(order)))
        if not path:
            continue
        parent = order
        for step in path[:-1]:
            parent = parent[step]
        if draw(st.booleans()):
            parent[path[-1]] = draw(anything)
        else:
            del parent[path[-1]]
    if draw(st.booleans()):
        several = draw(st.lists(st.just(order.get("parcel")) | anything, max_size=3))
        order["parcels"] = several
    return draw(st.sampled_from((order, order, order, [order], None)))


def problems_of(read: Callable[[Any], Order], record: object) -> tuple[Problem, ...]:
    """Read a record; give what is wrong with it, of the whole and of its parcels."""
    try:
        order = read(record)
    except InputError as error:
        return error.problems
    return tuple(
        problem for item in order.parcels if isinstance(item, InputError) for problem in item.problems
    )


@pytest.mark.parametrize("read", [read_order, read_address_order])
@given(record=damaged_orders())
def test_anything_is_an_order_or_an_input_error(read: Callable[[Any], Order], record: object) -> None:
    """Errors have their codes, name their field, and never the buyer (contract 4)."""
    for given_as in (record, json.dumps(record), json.dumps(record).encode()):
        for problem in problems_of(read, given_as):
            assert problem.code in CODES
            assert PERSON not in problem.message
            assert PERSON not in (problem.field or "")
            assert (problem.field is None) is (problem.code == "not_json")


@given(st.text() | st.binary())
def test_any_bytes_are_an_order_or_an_input_error(record: str | bytes) -> None:
    """A line that is not a JSON object is ``not_json``, without a field (contract 4)."""
    with pytest.raises(InputError) as caught:
        read_order(record)
    assert (caught.value.code, caught.value.field) == ("not_json", None)


@given(damaged_orders())
def test_a_record_reads_the_same_from_text_and_from_what_was_parsed(record: object) -> None:
    """Numbers may be JSON numbers or strings (contract 4): text and bytes give the same problems."""
    text = json.dumps(record)
    assert problems_of(read_order, text) == problems_of(read_order, text.encode())


@given(orders())
def test_every_generated_order_is_lawful(order: dict[str, Any]) -> None:
    """What the public strategy gives, the door takes, and routing decides."""
    read = read_order(json.dumps(order))
    parcel = read.parcels[0]
    assert isinstance(parcel, Parcel)
    decision = route_parcel(read.ship_to, read.carrier, parcel, home=read.home, signals=read.signals)
    assert decision.carrier == carrier_key(order["carrier"])


@given(orders())
def test_extra_keys_and_a_byte_order_mark_change_nothing(order: dict[str, Any]) -> None:
    """Extra keys are ignored, a byte-order mark is dropped (contract 4)."""
    more = order | {"note": [1, {"a": None}], "parcel": order["parcel"] | {"colour": "red"}}
    assert read_order("\ufeff" + json.dumps(more)) == read_order(json.dumps(order))


@given(orders(), st.lists(st.sampled_from(("home", "signals", "location", "service"))))
def test_optional_blocks_may_be_null_or_absent(order: dict[str, Any], absent: list[str]) -> None:
    """Absent optional blocks are fine (contract 4)."""
    emptied = order | dict.fromkeys(absent)
    left_out = {key: value for key, value in order.items() if key not in absent}
    assert read_order(json.dumps(emptied)) == read_order(json.dumps(left_out))
