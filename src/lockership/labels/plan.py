"""Which label API to ask: those that can express a hand-off, and why the others cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from lockership.address import Address
from lockership.errors import OUT_OF_RANGE, Inexpressible, InputError, Problem
from lockership.handoff import Handoff, handoff
from lockership.labels import APIS
from lockership.labels.carrier_post import CARRIERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lockership.decision import Decision

__all__ = ["KNOWN", "Plan", "Unable", "plan"]

KNOWN = (*APIS, *CARRIERS)
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
    decision: Decision, apis: Iterable[str], *, options: Mapping[str, Mapping[str, object]] | None = None
) -> Plan:
    """Say which of the user's label APIs can express this hand-off.

    Nothing is asked, and facts that are still missing are no reason: they can be filled in.

    Args:
        decision: What was decided.
        apis: The names of the APIs that the user has, best first: ``easypost``, ``shippo``, ``ups``,
            ``fedex``, ``usps``, ``amazon``.
        options: Further arguments of an API's ``request()``, as
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
    named = list(dict.fromkeys(apis))
    if unknown := [name for name in named if name not in KNOWN]:
        message = f"{', '.join(map(repr, unknown))} is not one of {', '.join(KNOWN)}"
        raise InputError([Problem(OUT_OF_RANGE, message, "apis")])
    asked = handoff(decision)
    able: list[str] = []
    unable: list[Unable] = []
    for name in named:
        no = _why_not(name, asked, (options or {}).get(name, {}))
        if no is None:
            able.append(name)
        else:
            unable.append(Unable(name, no[0], no[1]))
    return Plan(asked, tuple(able), tuple(unable))


_NOBODY = Address(company="-", street1="-")


def _why_not(api: str, asked: Handoff, options: Mapping[str, object]) -> tuple[str, str | None] | None:
    """Ask the API's own module; the two label APIs tell it only when a request is written."""
    if api in CARRIERS:
        no: tuple[str, str | None] | None = CARRIERS[api].inexpressible(asked)
        return no
    try:
        APIS[api].request(asked, _NOBODY, reference="plan", **options)
    except Inexpressible as error:
        return error.reason, error.source
    except InputError:  # facts are missing, such as this sender's: that is not about words
        return None
    return None
