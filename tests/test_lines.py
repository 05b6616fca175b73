"""Lines of order JSON answered one by one, and the lines that decisions are written as."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership.cli.words import routed
from lockership.errors import InputError
from lockership.files import BadRecord, json_line, read_records
from lockership.files.lines import decision_line, route_line
from lockership.inbound import JsonNumber, read_order
from lockership.testing import decisions, orders

if TYPE_CHECKING:
    from lockership import Decision

IDS = st.sampled_from(("A-1001", "中文", 'a "b" \\ c', "\ud800", "", 7, JsonNumber("1.10"), JsonNumber("7")))


@given(decisions(), IDS, st.none() | st.integers(1, 3))
def test_a_decision_is_written_as_its_dictionary(
    decision: Decision, order_id: Any, parcel: int | None
) -> None:
    """The quick line is, byte for byte, the line of ``to_dict()``, whatever the order's id."""
    plain = json_line(decision.to_dict(order_id, parcel)).encode()
    assert decision_line(decision, order_id, parcel) == plain
    assert decision_line(decision, order_id, parcel) == plain  # what is kept reads the same again


@given(decisions())
def test_kept_words_are_the_decisions_own(decision: Decision) -> None:
    """Words kept from another decision are those that this one would be explained by."""
    told = decision.to_dict()["explanation"]
    assert told == {"en": decision.explain("en"), "zh": decision.explain("zh")}


def answers_of_a_file(text: bytes) -> list[bytes]:
    """Answer the lines of a file the way the command does."""
    answers: list[bytes] = []
    for number, order in read_records(io.BytesIO(text), "jsonl", read_order):
        if isinstance(order, BadRecord):
            answers.append(json_line(order.to_dict()).encode())
            continue
        for place, answer in routed(order, number):
            told = (
                answer.to_dict() if isinstance(answer, BadRecord) else answer.to_dict(order.order_id, place)
            )
            answers.append(json_line(told).encode())
    return answers


@given(orders(), st.sampled_from(("parcel", "parcels", "carrier", "bad parcel", "no JSON")))
def test_a_line_is_answered_as_a_file_of_one_line(order: dict[str, Any], change: str) -> None:
    """One line gets the very answers that ``lockership route`` writes for it, bad parcels' too."""
    if change == "parcels":
        order["parcels"] = [order["parcel"], order["parcel"] | {"weight": 0}]
        del order["parcel"]
    elif change == "carrier":
        order["carrier"] = 5
    elif change == "bad parcel":
        order["parcel"]["length"] = "wide"
    line = json.dumps(order).encode()[: -3 if change == "no JSON" else None]
    assert route_line(line) == answers_of_a_file(line)


def test_an_error_names_the_place_of_the_order() -> None:
    """A line that cannot be read is told by the number that the caller gives it."""
    (answer,) = route_line(b"[]", 17)
    assert json.loads(answer)["error"]["record"] == 17


def test_nothing_is_raised_for_a_bad_order() -> None:
    """What is wrong with an order is its answer, while the door itself raises it."""
    with pytest.raises(InputError):
        read_order(b"{}")
    assert json.loads(route_line(b"{}")[0])["error"]["code"] == "missing_field"
