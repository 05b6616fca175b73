"""How the carrier must be asked: the joint between the networks and the label APIs.

A network says in one of seven words how its places are asked for; a label API translates the word,
or says that it has none.  N networks and M label APIs cost N + M files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from lockership.address import Address
from lockership.errors import NothingToShip
from lockership.parcel import Parcel
from lockership.recognition import extract, recognise
from lockership.rules import Asked
from lockership.words import Kind

if TYPE_CHECKING:
    from lockership.decision import Decision

__all__ = ["Asked", "Buyer", "Handoff", "PickupPoint", "handoff"]


@attrs.frozen
class Buyer:
    """The person who gets the parcel, and how the carrier reaches them; each ``""`` when unknown."""

    name: str = ""
    phone: str = ""
    email: str = ""


@attrs.frozen
class PickupPoint:
    """The place that the buyer chose.

    Attributes:
        name: Its own name, as the address gives it, or the channel's.
        host: The shop or building that hosts it, or ``""``.
        id: The network's id of it, or ``""``.
    """

    name: str
    host: str = ""
    id: str = ""


@attrs.frozen
class Handoff:
    """What a carrier must be asked for, in words that no carrier owns.

    Attributes:
        asked: The word: an ordinary delivery to a ``home``; ``postal`` delivery to a PO Box or
            military address; ``general_delivery`` at a Post Office; ``hold_at_location``;
            ``alternate_delivery`` to an access point; a ``parcel_locker``; or only
            ``through_amazon``.
        carrier: Who carries it.
        service: The service that the order names, or None.
        kind: What the address is.
        address: The address that the parcel goes to, as it was written.
        buyer: Who gets it.
        point: The pick-up point, or None.
        home: The buyer's own address beside the point, or None.
        missing: What must be filled in before a label can be bought.
    """

    asked: Asked
    carrier: str
    service: str | None
    kind: str
    address: Address = attrs.field(repr=False)
    buyer: Buyer = attrs.field(repr=False)
    parcel: Parcel
    point: PickupPoint | None = None
    home: Address | None = attrs.field(default=None, repr=False)
    missing: tuple[str, ...] = ()


def handoff(decision: Decision) -> Handoff:
    """Say how the carrier must be asked for what was decided.

    Raises:
        NothingToShip: The decision is ``review``: a person must act first.

    >>> from lockership import Address, Parcel, route_parcel
    >>> point = Address(
    ...     name="Zhang Wei",
    ...     company="UPS Access Point - CVS 8421",
    ...     street1="1250 W Sunset Blvd",
    ...     city="Los Angeles",
    ...     state="CA",
    ...     zip="90026",
    ... )
    >>> asked = handoff(route_parcel(point, "ups", Parcel.of("14x10x6 in", "8.2 lb")))
    >>> asked.asked.value, asked.missing
    ('alternate_delivery', ('access_point_id',))
    >>> handoff(route_parcel(point, "ups", Parcel.of("14x10x6 in", "45 lb")))
    Traceback (most recent call last):
    lockership.errors.NothingToShip: the decision is review: a person must act before anything is shipped
    """
    address = decision.address
    if address is None:
        raise NothingToShip("the decision is review: a person must act before anything is shipped")
    to_home = decision.deliver_to == "home"
    kind = recognise(address).kind if to_home else decision.kind
    found = None if to_home else extract(decision.ship_to, decision.recognition)
    channel = decision.channel if decision.deliver_to == "ship_to" else None
    asked = Asked.HOME if channel is None else channel.asked
    if kind in (Kind.MILITARY, Kind.USPS_PO_BOX):
        asked = Asked.POSTAL
    elif kind == Kind.USPS_GENERAL_DELIVERY:
        asked = Asked.GENERAL_DELIVERY
    point = None
    if channel is not None and asked not in (Asked.POSTAL, Asked.GENERAL_DELIVERY) and found is not None:
        location = decision.location
        point_id = (location.id.strip() if location is not None else "") or found.point_id
        point = PickupPoint(found.point_name or channel.name, found.host, point_id)
    buyer = Buyer(
        name=(found.buyer if found is not None else "") or address.name or decision.ship_to.name,
        phone=address.phone or decision.ship_to.phone,
        email=address.email or decision.ship_to.email,
    )
    return Handoff(
        asked=asked,
        carrier=decision.carrier,
        service=decision.service,
        kind=kind,
        address=address,
        buyer=buyer,
        parcel=decision.parcel,
        point=point,
        home=decision.home,
        missing=decision.missing,
    )
