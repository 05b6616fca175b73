from __future__ import annotations

from typing import Any

import pytest

from lockership import InputError, Length, Location, Weight
from lockership.location import LocationStatus, read_status


def test_everything_may_be_absent() -> None:
    """A location of which nothing is known is lawful, and limits nothing."""
    assert Location.of() == Location("", None, None, None)
    assert not Location.of().closed


def test_a_location_is_read_exactly() -> None:
    """Sides and weight are exact in each unit, the state in any case."""
    place = Location.of(
        "YBZA",
        max_sides=("40.64", 30, "20"),
        unit=" CM ",
        max_weight="20",
        weight_unit="KG",
        status=" Full ",
    )
    assert place.max_sides == (Length.of("16", "in"), Length.of(30, "cm"), Length.of(20, "cm"))
    assert place.max_weight == Weight.of("20000", "g")
    assert (place.status, place.unit, place.weight_unit) == (LocationStatus.FULL, "cm", "kg")
    assert place.closed


@pytest.mark.parametrize(
    ("status", "closed"),
    [("open", False), ("closed", True), ("full", True), ("not_accepting", True), ("", False)],
)
def test_only_an_open_point_takes_parcels(status: str, closed: bool) -> None:  # noqa: FBT001 - parametrized
    """Closed, full and not accepting take none; open and unknown do."""
    assert Location.of(status=status).closed is closed


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"max_sides": ("0", "1", "1")}, [("out_of_range", "max_length")]),
        ({"max_sides": ("1", "100000.1", "1")}, [("out_of_range", "max_width")]),
        ({"max_sides": ("1", "1", None)}, [("missing_field", "max_height")]),
        ({"max_sides": ("1", "x", "1")}, [("not_a_number", "max_width")]),
        ({"max_weight": "-1"}, [("out_of_range", "max_weight")]),
        ({"max_weight": True}, [("not_a_number", "max_weight")]),
        ({"max_weight": "1", "weight_unit": "stone"}, [("unknown_unit", "max_weight")]),
        ({"status": "gone"}, [("out_of_range", "status")]),
        ({"status": 3}, [("wrong_type", "status")]),
        (
            {"max_sides": ("0", "1", "1"), "max_weight": "x", "status": "gone"},
            [("out_of_range", "max_length"), ("not_a_number", "max_weight"), ("out_of_range", "status")],
        ),
    ],
)
def test_all_that_is_wrong_is_told_at_once(given: dict[str, Any], told: list[tuple[str, str]]) -> None:
    """Each bad limit and state is named by its field."""
    with pytest.raises(InputError) as error:
        Location.of(**given)
    assert [(problem.code, problem.field) for problem in error.value.problems] == told


def test_a_state_is_read_in_any_case_and_may_be_unknown() -> None:
    """None and blanks are unknown, anything else must be one of the four words."""
    assert read_status(None, "status") == read_status(" ", "status") == (None, [])
    assert read_status("CLOSED", "status") == (LocationStatus.CLOSED, [])
    _, problems = read_status("shut", "location.status")
    assert "open, closed, full, not_accepting" in problems[0].message
