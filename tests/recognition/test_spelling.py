from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership.address import Address
from lockership.recognition import recognise
from lockership.recognition.fold import read
from lockership.recognition.spelling import repaired

from .strategies import address

NAMES = {
    "Amazon Locker": "amazon.locker",
    "Amazon Hub Counter": "amazon.counter",
    "UPS Access Point": "ups.access_point",
    "UPS Customer Center": "ups.customer_center",
    "FedEx Office": "fedex.office",
    "General Delivery": "usps.general_delivery",
}


@given(st.sampled_from(sorted(NAMES)), st.data())
def test_one_letter_swapped_or_missing_is_understood(name: str, data: st.DataObject) -> None:
    """In a word of five letters or more, behind its first letter, one slip leaves the kind as it is."""
    word = data.draw(st.sampled_from([word for word in name.split() if len(word) >= 5]))
    at = name.index(word) + data.draw(st.integers(1, len(word) - 2))
    swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    missing = name[:at] + name[at + 1 :]
    doubled = name[:at] + name[at] + name[at:]
    for slip in (swapped, missing, doubled):
        assert recognise(Address(company=slip, street1="9 Elm St")).kind == NAMES[name], slip


@pytest.mark.parametrize(
    "line",
    [
        "Locke Family",
        "9 Paint Rd",
        "Rocker Bar",
        "Officer Jones",
        "Amazon Imports",
        "General Mills",
        "Point Blank",
    ],
)
def test_real_words_are_left_alone(line: str) -> None:
    """A word that only looks like a slip makes no pick-up point."""
    assert recognise(Address(company=line, street1="9 Elm St")).kind == "street"


def test_nothing_to_mend_is_told() -> None:
    """A text without slips needs no second reading."""
    assert repaired(read(address(street1="9 Elm St"))) is None
