"""Several parcels of one order: each routed by itself, and the order judged as a whole."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import attrs

from lockership.decision import Decision
from lockership.routing import case_of, route_parcel
from lockership.verdict import judge
from lockership.words import Kind, Route

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from lockership.address import Address, Signals
    from lockership.location import Location
    from lockership.parcel import Parcel
    from lockership.policy import Policy

__all__ = ["OrderDecision", "Together", "TogetherCode", "route_order"]


class TogetherCode(StrEnum):
    """How all parcels of an order could still go to one place."""

    SEND_ALL_HOME = "send_all_home"
    CHOOSE_OTHER_POINT = "choose_other_point"
    ASK_HOME_ADDRESS = "ask_home_address"


@attrs.frozen
class Together:
    """One way to keep the parcels of an order together.

    Attributes:
        code: What to do.
        channel: The channel where every parcel would pass, with ``choose_other_point`` only.
    """

    code: TogetherCode
    channel: str | None = None


@attrs.frozen
class OrderDecision:
    """What becomes of an order with several parcels.

    Attributes:
        decisions: One for each parcel, in order.
        together: Whether all parcels go to the same place.
        ways: When they do not: how they still could, best first; empty when nothing keeps them
            together, so that the order is split.
    """

    decisions: tuple[Decision, ...]
    together: bool
    ways: tuple[Together, ...]

    @property
    def route(self) -> Route | None:
        """The route that all parcels share, or None for a split order."""
        routes = {decision.route for decision in self.decisions}
        return routes.pop() if len(routes) == 1 else None

    def places(self, route: Route) -> tuple[int, ...]:
        """Give the parcels, from 1, that take this route."""
        return tuple(n for n, decision in enumerate(self.decisions, 1) if decision.route is route)

    def to_dict(self, order_id: object = None) -> dict[str, Any]:
        """Give the order's judgement beside the decision JSON of each parcel."""
        return {
            "order_id": order_id,
            "together": self.together,
            "pickup": list(self.places(Route.PICKUP)),
            "home": list(self.places(Route.HOME)),
            "review": list(self.places(Route.REVIEW)),
            "ways": [
                {"code": way.code.value} | ({} if way.channel is None else {"channel": str(way.channel)})
                for way in self.ways
            ],
            "parcels": [decision.to_dict(order_id, n) for n, decision in enumerate(self.decisions, 1)],
        }


def route_order(
    address: Address,
    carrier: str,
    parcels: Sequence[Parcel],
    *,
    home: Address | None = None,
    service: str | None = None,
    signals: Signals | None = None,
    location: Location | None = None,
    policy: Policy | None = None,
    on: date | None = None,
) -> OrderDecision:
    """Route each parcel of an order, and say whether and how they can stay together.

    Each parcel gets the very decision that :func:`~lockership.route_parcel` gives it alone: one that
    is over a limit never sends its sisters somewhere else in silence.  When their places differ,
    :attr:`OrderDecision.ways` says what would keep them together: the home address that is known,
    another channel of the same network where every parcel passes, or a home address to ask for.

    Args:
        address: The ship-to address of all parcels; this and all others as for ``route_parcel``.
        carrier: Who carries them.
        parcels: The parcels, at least one.
        home: The buyer's home address, when it is known.
        service: The carrier's service, when it is chosen.
        signals: What the sales channel says in structure.
        location: What is known of the very point.
        policy: The house policy.
        on: Decide by the rules of that day.

    Raises:
        ValueError: There is no parcel.

    >>> from lockership import Address, Parcel, route_order
    >>> point = Address(company="UPS Access Point - CVS 8421", street1="1250 W Sunset Blvd")
    >>> order = route_order(point, "ups", [Parcel.of("14x10x6 in", "8 lb"), Parcel.of("14x10x6 in", "50 lb")])
    >>> order.together, order.places(Route.REVIEW)
    (False, (2,))
    >>> [(way.code.value, way.channel) for way in order.ways]
    [('choose_other_point', <Kind.UPS_CUSTOMER_CENTER: 'ups.customer_center'>), ('ask_home_address', None)]
    """
    if not parcels:
        raise ValueError("an order needs at least one parcel")
    decisions = tuple(
        route_parcel(
            address,
            carrier,
            parcel,
            home=home,
            service=service,
            signals=signals,
            location=location,
            policy=policy,
            on=on,
        )
        for parcel in parcels
    )
    together = len({decision.route for decision in decisions}) == 1  # one address, so one place a route
    ways = () if together else _ways(decisions, signals, on)
    return OrderDecision(decisions, together, ways)


def _ways(decisions: tuple[Decision, ...], signals: Signals | None, on: date | None) -> tuple[Together, ...]:
    first = decisions[0]
    if first.channel is None:
        return ()  # one address, no point: only the parcels themselves differ
    cases = [case_of(decision, signals, on) for decision in decisions]
    found: list[Together] = []
    home = cases[0].home
    if home is not None and all(case.carrier_takes(home) for case in cases):
        found.append(Together(TogetherCode.SEND_ALL_HOME))
    for channel in first.policy.network_of[first.kind].channels:
        other = [case._replace(kind=channel.kind, location=None) for case in cases]
        if channel.kind != first.kind and all(judge(case)[0] is Route.PICKUP for case in other):
            found.append(Together(TogetherCode.CHOOSE_OTHER_POINT, channel.kind))
            break
    if home is None and all(case.carrier_takes(Kind.STREET) for case in cases):
        found.append(Together(TogetherCode.ASK_HOME_ADDRESS))
    return tuple(found)
