"""The warehouse's own property tests, with lockership's strategies."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import given, infer
from hypothesis import strategies as st

from lockership import Address, Parcel
from lockership.testing import addresses

sys.path.insert(0, str(Path(__file__).parent))
from wms import lane

carriers = st.sampled_from(["usps", "ups", "fedex", "amazon", "OnTrac"])


@given(address=addresses(), carrier=carriers, parcel=infer)
def test_every_parcel_has_exactly_one_lane(address: Address, carrier: str, parcel: Parcel) -> None:
    """Whatever the buyer wrote, the parcel goes to one of three lanes."""
    assert lane(address, carrier, parcel) in {"locker", "home", "desk"}


@given(address=addresses(kind="street"), carrier=carriers, parcel=infer)
def test_a_street_never_goes_to_the_locker_lane(address: Address, carrier: str, parcel: Parcel) -> None:
    """A buyer's street address is never replaced by a pick-up point."""
    assert lane(address, carrier, parcel) != "locker"
