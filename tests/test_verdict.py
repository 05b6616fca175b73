"""What would help: each remedy alone, at the place itself first."""

from __future__ import annotations

import pytest

from lockership import Address, Location, Parcel, Policy, route_parcel
from lockership.rules import Asked, Channel, Network
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


@pytest.mark.parametrize(
    ("carrier", "sides", "weight", "helps"),
    [
        ("usps", "10x8x4 in", "71 lb", "ups"),
        ("ups", "109x4x4 in", "5 lb", "fedex"),
        ("fedex", "119.5x1x1 in", "5 lb", "usps"),
        ("ups", "119.5x1x1 in", "5 lb", "usps"),
        ("fedex", "10x8x4 in", "151 lb", None),
    ],
)
@pytest.mark.parametrize(
    "address",
    [
        Address(street1="12 Elm St", city="Reno", state="NV", zip="89501"),
        Address(street1="12 Elm St PMB 34", city="Reno", state="NV", zip="89501"),
    ],
    ids=["street", "private mailbox"],
)
def test_a_home_gets_the_first_carrier_that_takes_the_parcel(
    address: Address, carrier: str, sides: str, weight: str, helps: str | None
) -> None:
    """The first of ups, fedex, usps that would take what this carrier can't (contract 1)."""
    remedies = route_parcel(address, carrier, Parcel.of(sides, weight)).remedies
    assert next((remedy.carrier for remedy in remedies if remedy.carrier), None) == helps


@pytest.mark.parametrize(("sides", "helps"), [("10x8x4 in", "ups"), ("109x4x4 in", "fedex")])
def test_an_own_place_gets_the_first_of_its_carriers_that_takes_the_parcel(sides: str, helps: str) -> None:
    """A network of one's own may name several carriers: the first is its own, the next may do as well."""
    desk = Channel(
        "lobby.desk", "Desk", "Desk", "Desk", ("ups", "fedex"), Asked.HOME, spellings=("Lobby Desk",)
    )
    house = Policy(networks=(Network("lobby", "Lobby", (desk,)),))
    there = Address(company="Lobby Desk", street1="1 Elm St", city="Reno", state="NV")
    remedies = route_parcel(there, "usps", Parcel.of(sides, "5 lb"), policy=house).remedies
    assert (remedies[0].code, remedies[0].carrier) == (RemedyCode.USE_CARRIER, helps)
