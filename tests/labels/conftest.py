"""What the tests of all label APIs share: one hand-off for each word, a sender, a local server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pytest

from lockership.address import Address
from lockership.handoff import Buyer, Handoff, PickupPoint
from lockership.parcel import Parcel
from lockership.rules import Asked
from lockership.testing.servers import LocalServer, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PARCEL = Parcel.of("6 x 14 x 10.05 in", "8.2 lb")
SENDER = Address(
    name="Dock 4",
    company="Overseas Warehouse LA",
    street1="1990 E Grand Ave",
    city="El Segundo",
    state="CA",
    zip="90245",
    phone="3105550100",
    email="dock4@example.com",
)
BUYER = Buyer("Zhang Wei", "3235550142", "zhang.wei@example.com")


def _to(street1: str, **fields: str) -> Address:
    return Address(name="Zhang Wei", street1=street1, city="Los Angeles", state="CA", **fields)


HANDOFFS: dict[str, Handoff] = {
    "home": Handoff(
        Asked.HOME,
        "ups",
        None,
        "street",
        _to("417 Montgomery St", street2="Apt 5", zip="90026"),
        BUYER,
        PARCEL,
    ),
    "postal": Handoff(
        Asked.POSTAL, "usps", None, "usps.po_box", _to("PO Box 123", zip="90026"), BUYER, PARCEL
    ),
    "military": Handoff(
        Asked.POSTAL,
        "usps",
        None,
        "military",
        Address(name="Wei Zhang", street1="PSC 1234 Box 5678", city="APO", state="AE", zip="09012"),
        BUYER,
        PARCEL,
    ),
    "general_delivery": Handoff(
        Asked.GENERAL_DELIVERY,
        "usps",
        None,
        "usps.general_delivery",
        _to("General Delivery", zip="90026"),
        BUYER,
        PARCEL,
    ),
    "hold_at_location": Handoff(
        Asked.HOLD_AT_LOCATION,
        "fedex",
        None,
        "fedex.office",
        _to("1250 W Sunset Blvd", company="FedEx Office Print & Ship Center", zip="90026"),
        BUYER,
        PARCEL,
        PickupPoint("FedEx Office Print & Ship Center", "", "YBZA"),
    ),
    "alternate_delivery": Handoff(
        Asked.ALTERNATE_DELIVERY,
        "ups",
        None,
        "ups.access_point",
        _to("1250 W Sunset Blvd", company="UPS Access Point - CVS 8421", zip="90026"),
        BUYER,
        PARCEL,
        PickupPoint("UPS Access Point", "CVS 8421", "U88498244"),
    ),
    "parcel_locker": Handoff(
        Asked.PARCEL_LOCKER,
        "usps",
        None,
        "usps.smart_locker",
        _to("1055 N Vignes St", company="USPS Smart Locker", zip="90012"),
        BUYER,
        PARCEL,
        PickupPoint("USPS Smart Locker", "", "1434185"),
    ),
    "through_amazon": Handoff(
        Asked.THROUGH_AMAZON,
        "amazon",
        None,
        "amazon.locker",
        _to("2012 E 7th St", company="Amazon Hub Locker - Oregano", zip="90021"),
        BUYER,
        PARCEL,
        PickupPoint("Amazon Hub Locker - Oregano"),
    ),
}


@pytest.fixture(scope="session")
def handoffs() -> dict[str, Handoff]:
    """Return one complete hand-off for each word, and one for a military address."""
    return HANDOFFS


@pytest.fixture(scope="session")
def hfp() -> Handoff:
    """Return a hold at a Post Office."""
    return attrs.evolve(
        HANDOFFS["hold_at_location"],
        carrier="usps",
        kind="usps.hold_for_pickup",
        address=_to("7101 S Central Ave", company="USPS Hold For Pickup", zip="90001"),
        point=PickupPoint("USPS Hold For Pickup", "", "1369300"),
    )


@pytest.fixture(scope="session")
def sender() -> Address:
    """Return a warehouse, complete for every carrier."""
    return SENDER


@pytest.fixture
def server() -> Iterator[Callable[[Callable[[Request], Reply]], LocalServer]]:
    """Return a starter of local servers that are stopped when the test is over."""
    running: list[LocalServer] = []

    def start(answer: Callable[[Request], Reply]) -> LocalServer:
        running.append(LocalServer(answer).__enter__())
        return running[-1]

    yield start
    for one in running:
        one.__exit__(None, None, None)
