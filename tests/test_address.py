from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Address, InputError, Signals

LINES = ("company", "street1", "street2", "street3")


@pytest.mark.parametrize("line", LINES)
def test_one_line_is_enough(line: str) -> None:
    """Any one of company and the three street lines makes an address; an absent field is empty."""
    address = Address(**{line: "x"})
    assert getattr(address, line) == "x"
    assert {value for name, value in attrs.asdict(address).items() if name != line} == {""}


@given(st.text(min_size=1, max_size=1_000).filter(str.strip))
def test_an_address_is_kept_as_it_was_written(text: str) -> None:
    """Nothing is normalised: recognition needs the words of the buyer."""
    address = Address(name=text, street1=text, zip=None)
    assert (address.name, address.street1, address.zip) == (text, text, "")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, [("empty_address", None)]),
        ({"name": "Zhang Wei", "city": "Austin"}, [("empty_address", None)]),
        ({"street1": " ", "company": "\t\u3000"}, [("empty_address", None)]),
        ({"street1": 12}, [("wrong_type", "street1")]),
        ({"street1": "1 Elm St", "zip": 3060}, [("wrong_type", "zip")]),
        ({"street1": "x" * 1_001}, [("too_long", "street1")]),
        ({"street1": "x" * 1_001, "city": ["A"]}, [("too_long", "street1"), ("wrong_type", "city")]),
        ({"street1": "1 Elm St", "email": "x" * 1_001}, [("too_long", "email")]),
    ],
)
def test_what_is_no_address_is_told_at_once(
    fields: dict[str, Any], told: list[tuple[str, str | None]]
) -> None:
    """Each bad field is named; the words of the buyer are not."""
    with pytest.raises(InputError) as error:
        Address(**fields)
    assert [(problem.code, problem.field) for problem in error.value.problems] == told
    assert "Zhang" not in str(error.value)


@pytest.mark.parametrize(
    ("signals", "says"),
    [
        (Signals(), False),
        (Signals(amazon_is_access_point_order=True), True),
        (Signals(amazon_is_access_point_order=False), False),
        (Signals(amazon_address_type="PICKUP_POINT"), True),
        (Signals(amazon_address_type=" pickup_point "), True),
        (Signals(amazon_address_type="Residential"), False),
        (Signals(amazon_has_access_point=True), False),
        (Signals(amazon_is_access_point_order=False, amazon_address_type="PICKUP_POINT"), True),
        (Signals(amazon_fulfilled=True), False),
    ],
)
def test_only_a_true_flag_says_that_the_buyer_chose_a_point(signals: Signals, says: bool) -> None:  # noqa: FBT001
    """A false or absent flag says nothing (contract 1)."""
    assert signals.access_point is says
