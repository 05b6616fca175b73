"""What would help: each remedy alone, at the place itself first."""

from __future__ import annotations

import pytest

from lockership import Address, Location, Parcel, route_parcel
from lockership.words import Kind, RemedyCode

CENTER = Address(company="UPS Customer Center", street1="1 Elm St", city="Reno", state="NV")
BOX = Parcel.of("10x8x4 in", "5 lb")


@pytest.mark.parametrize(
    "location",
    [
        Location.of(status="closed"),
        Location.of(status="full"),
        Location.of(status="not_accepting"),
        Location.of(max_sides=("9", "9", "9")),
        Location.of(max_sides=("9", "9", "9"), status="full"),
    ],
    ids=["closed", "full", "not accepting", "too small", "full and too small"],
)
def test_another_point_of_the_same_kind_helps_when_only_this_one_refuses(location: Location) -> None:
    """The same channel when only ``location_*`` refuses (contract 1), be it the last of the table."""
    remedies = route_parcel(CENTER, "ups", BOX, location=location).remedies
    assert [(remedy.code, remedy.channel) for remedy in remedies] == [
        (RemedyCode.ASK_HOME_ADDRESS, None),
        (RemedyCode.CHOOSE_OTHER_POINT, Kind.UPS_CUSTOMER_CENTER),
    ]


def test_what_this_point_alone_finds_too_heavy_another_one_may_take() -> None:
    """Too heavy for one point is no state of it: the first channel of the table is proposed, and a split."""
    remedies = route_parcel(CENTER, "ups", BOX, location=Location.of(max_weight="4")).remedies
    assert [(remedy.code, remedy.channel) for remedy in remedies] == [
        (RemedyCode.ASK_HOME_ADDRESS, None),
        (RemedyCode.CHOOSE_OTHER_POINT, Kind.UPS_ACCESS_POINT),
        (RemedyCode.SPLIT_PARCEL, None),
    ]


@pytest.mark.parametrize(("weight", "split"), [("88 lb", True), ("88.0001 lb", False)])
def test_a_parcel_is_split_when_its_half_is_light_enough(weight: str, *, split: bool) -> None:
    """Half the weight must not be ``review`` (contract 1): at most 44 lb each at an Access Point."""
    point = Address(company="UPS Access Point - CVS 8421", street1="1250 W Sunset Blvd")
    remedies = route_parcel(point, "ups", Parcel.of("10x8x4 in", weight)).remedies
    assert (RemedyCode.SPLIT_PARCEL in {remedy.code for remedy in remedies}) is split
