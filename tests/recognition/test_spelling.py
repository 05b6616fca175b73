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


def test_a_box_beside_a_street_stays_one_where_another_word_is_mended() -> None:
    """Mending reads the boxes with their streets, as the first reading does."""
    for slip in ("Pickup at side door", "Parcle Dept", "Stattion"):
        seen = recognise(Address(company=slip, street1="100 Main St Box 12"))
        assert (seen.kind, seen.confidence) == ("street", "certain")
        seen = recognise(Address(company=slip, street1="100 Main St", street2="PO Box 12"))
        assert (seen.kind, seen.confidence) == ("usps.po_box", "possible")


def test_a_word_is_not_taken_apart_into_a_network() -> None:
    """The end of ``Pickups`` is not UPS."""
    seen = recognise(Address(company="Group Supply (Pickups and Trailers)", street1="9 Elm St U12345678"))
    assert seen.confidence == "possible"


def test_nothing_to_mend_is_told() -> None:
    """A text without slips needs no second reading."""
    assert repaired(read(address(street1="9 Elm St"))) is None
