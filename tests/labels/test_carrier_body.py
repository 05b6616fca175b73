"""How a caller's own fields join a carrier's request, and how numbers and refusals are written."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership.labels.carrier_body import at, join_deep, number
from lockership.labels.carrier_reply import alerts, code_of, listed, price_of, words_of

plain = st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2)
bodies = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)
objects = st.dictionaries(st.sampled_from("abc"), bodies, max_size=3)


def paths_of(body: object, path: str = "") -> dict[str, object]:
    """Return every plain value that stands under a name, by its path."""
    if isinstance(body, dict):
        return {p: v for key, value in body.items() for p, v in paths_of(value, f"{path}{key}.").items()}
    if isinstance(body, list):
        found: dict[str, object] = {}
        for place, value in enumerate(body):
            found |= paths_of(value, f"{path}{place}.")
        return found
    return {path.removesuffix("."): body}


@given(objects, objects)
def test_what_is_decided_stays(request_: dict[str, Any], also: dict[str, Any]) -> None:
    """Whatever is joined, every value that the request had stands where it stood."""
    before = copy.deepcopy(request_)
    join_deep(request_, also, {})
    after = paths_of(request_)
    assert all(after[path] == value for path, value in paths_of(before).items())


@given(objects, objects)
def test_what_is_given_is_there_or_told(request_: dict[str, Any], also: dict[str, Any]) -> None:
    """Every further field is in the request afterwards, or there is a problem."""
    kept = copy.deepcopy(also)
    problems = join_deep(request_, also, {})
    assert also == kept
    if not problems:
        for path, value in paths_of(also).items():
            parent = path.rpartition(".")[0]
            there = at(request_, path)
            siblings = at(request_, parent) if parent else None
            assert there == value or (isinstance(siblings, list) and value in siblings)


@given(objects)
def test_a_refused_path_never_gets_in(also: dict[str, Any]) -> None:
    """A path that may not be given is told at whatever depth it comes."""
    request_: dict[str, Any] = {}
    problems = join_deep(request_, also, {"a.b": "no"})
    assert at(request_, "a.b") is None
    assert any(one.field == "also.a.b" for one in problems) == (
        isinstance(also.get("a"), dict) and also["a"].get("b") is not None
    )


@pytest.mark.parametrize(("steps", "digits", "text"), [(82, 1, "8.2"), (700_000, 4, "70"), (1, 4, "0.0001")])
def test_numbers_are_written_as_they_are(steps: int, digits: int, text: str) -> None:
    """A JSON number reads on the wire just as it was measured."""
    assert json.dumps(number(steps, digits)) == text


@given(st.integers(1, 10**9), st.sampled_from([1, 2, 4]))
def test_a_number_is_read_back_as_the_same_steps(steps: int, digits: int) -> None:
    """No step is lost between the measure and the wire."""
    whole, _, part = f"{number(steps, digits):.{digits}f}".partition(".")
    assert int(whole + part) == steps


@given(bodies)
def test_no_refusal_breaks_the_reader(body: object) -> None:
    """Whatever stands in a refusal, a code or none and some words come out."""
    for wrapped in (body, {"errors": body}, {"response": body}, {"error": body}):
        assert code_of(wrapped) is None or isinstance(code_of(wrapped), str)
        assert all(isinstance(word, str) for word in words_of(wrapped))
    assert alerts(listed(body)) == alerts(listed(body))


@pytest.mark.parametrize(
    ("amount", "currency"), [("7.9", ""), (None, "USD"), ("free", "USD"), (-1, "USD"), (True, "USD")]
)
def test_a_price_that_is_none_is_not_made_up(amount: object, currency: object) -> None:
    """Without an amount or its currency there is no price."""
    assert price_of(amount, currency) is None
