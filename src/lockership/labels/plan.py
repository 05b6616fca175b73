"""Which label API to ask: those that can express a hand-off, and why the others cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from lockership.errors import OUT_OF_RANGE, InputError, Problem
from lockership.handoff import Handoff, handoff
from lockership.labels import APIS
from lockership.labels.carrier_post import CARRIERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lockership.decision import Decision
    from lockership.labels.apis import LabelApi

__all__ = ["KNOWN", "Plan", "Unable", "plan"]

_MODULES = APIS | CARRIERS

KNOWN = tuple(_MODULES)
"""The names of all label APIs, the carriers' own among them."""


@attrs.frozen
class Unable:
    """A label API that has no words for a hand-off.

    Attributes:
        api: Its name.
        reason: Why, in one sentence.
        source: Where that can be read, or None.
    """

    api: str
    reason: str
    source: str | None


@attrs.frozen
class Plan:
    """Whom to ask for a label, in order.

    Attributes:
        handoff: How the carrier must be asked.
        able: The APIs that can express it, in the order in which they were given.
        unable: The others, each with its reason.
    """

    handoff: Handoff
    able: tuple[str, ...]
    unable: tuple[Unable, ...]


def plan(
    decision: Decision,
    apis: Iterable[str | LabelApi],
    *,
    options: Mapping[str, Mapping[str, object]] | None = None,
) -> Plan:
    """Say which of the user's label APIs can express this hand-off.

    Nothing is asked, and facts that are still missing are no reason: they can be filled in.

    Args:
        decision: What was decided.
        apis: The APIs that the user has, best first: themselves, as :func:`~lockership.ship.ship` has
            them, or by their names: ``easypost``, ``shippo``, ``ups``, ``fedex``, ``usps``, ``amazon``.
        options: What an API that is only named is used with, as
            ``{"easypost": {"hold": UnverifiedHold()}}``.

    Raises:
        NothingToShip: The decision is ``review``: a person must act first.
        InputError: There is no such API.

    >>> from lockership import Address, Parcel, route_parcel
    >>> point = Address(
    ...     name="Zhang Wei",
    ...     company="UPS Access Point - CVS 8421",
    ...     street1="1250 W Sunset Blvd",
    ...     city="Los Angeles",
    ...     state="CA",
    ...     zip="90026",
    ... )
    >>> whom = plan(route_parcel(point, "ups", Parcel.of("14x10x6 in", "8.2 lb")), ["shippo", "ups"])
    >>> whom.able, [(no.api, no.reason) for no in whom.unable]
    (('ups',), [('shippo', 'no field names a UPS Access Point; a label to its address is an ordinary ...')])
    """
    given = list(dict.fromkeys(apis))
    if unknown := [name for name in given if isinstance(name, str) and name not in KNOWN]:
        message = f"{', '.join(map(repr, unknown))} is not one of {', '.join(KNOWN)}"
        raise InputError([Problem(OUT_OF_RANGE, message, "apis")])
    asked = handoff(decision)
    able: list[str] = []
    unable: list[Unable] = []
    for api in given:
        if isinstance(api, str):
            name, more = api, (options or {}).get(api, {})
            no: tuple[str, str | None] | None = _MODULES[api].inexpressible(asked, **more)
        else:
            name, no = api.name, api.inexpressible(asked)
        if no is None:
            able.append(name)
        else:
            unable.append(Unable(name, no[0], no[1]))
    return Plan(asked, tuple(able), tuple(unable))
