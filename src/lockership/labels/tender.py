"""What must hold before any label API is asked, and how a caller's own fields join the request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lockership.errors import MISSING_FIELD, OUT_OF_RANGE, TOO_LONG, WRONG_TYPE, Problem
from lockership.labels.answers import mapping
from lockership.labels.lines import plain
from lockership.words import Kind, Trait

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lockership.handoff import Handoff
    from lockership.labels.lines import Lines

__all__ = [
    "POSTAL_KINDS",
    "ceil_to",
    "facts_problems",
    "hazmat_problems",
    "join",
    "recipient",
    "reference_problems",
    "sender_problems",
]

POSTAL_KINDS = (Kind.USPS_PO_BOX, Kind.USPS_GENERAL_DELIVERY, Kind.MILITARY)
"""Places that only USPS reaches."""


_POWERS = (1, 10, 100, 1_000, 10_000)


def ceil_to(amount: int, per: int, digits: int) -> int:
    """Round ``amount / per`` up to so many decimals: the carrier never measures more.

    >>> ceil_to(28_349_523_125 * 16, 28_349_523_125, 1)  # one pound is 160 tenths of an ounce
    160
    >>> ceil_to(28_349_523_125 * 16 + 1, 28_349_523_125, 1)  # a nanogram more is a tenth more
    161
    """
    return -(-amount * _POWERS[digits] // per)


def recipient(handoff: Handoff) -> str:
    """Give the buyer's name; the field as it was written where it says more than buyer and place."""
    written = plain(handoff.address.name)
    if handoff.point is None or not written:
        return written or plain(handoff.buyer.name)
    place = handoff.point
    said_elsewhere = (handoff.buyer.name, place.name, place.host, place.id, handoff.address.company)
    known = plain(" ".join(said_elsewhere)).casefold().split()
    return plain(handoff.buyer.name) if set(written.casefold().split()) <= set(known) else written


def facts_problems(handoff: Handoff) -> list[Problem]:
    """Name every fact that the network needs and the order lacks."""
    return [
        Problem(MISSING_FIELD, f"a label for {handoff.kind} needs it", field) for field in handoff.missing
    ]


def reference_problems(reference: object, most: int) -> list[Problem]:
    """Say what stands against a reference: it is how a lost answer is found again, so it must be there."""
    if not isinstance(reference, str):
        return [Problem(WRONG_TYPE, f"expected text, found {type(reference).__name__}", "reference")]
    if not reference.strip():
        return [Problem(MISSING_FIELD, "the caller's own key of the parcel is needed", "reference")]
    if len(reference) > most:
        return [Problem(TOO_LONG, f"{len(reference)} characters, at most {most} are accepted", "reference")]
    return []


def sender_problems(sender: Lines, needed: Iterable[str], why: str) -> list[Problem]:
    """Name each of the sender's fields that is blank and needed."""
    return [Problem(MISSING_FIELD, why, f"sender.{field}") for field in needed if not getattr(sender, field)]


def hazmat_problems(
    handoff: Handoff, also: Mapping[str, Any], block: str, keys: Iterable[str]
) -> list[Problem]:
    """Ask for the class of hazardous contents: this library cannot know it and never guesses it."""
    if Trait.HAZMAT not in handoff.parcel.traits:
        return []
    given = mapping(also.get(block))
    if any(key in given for key in keys):
        return []
    named = " or ".join(f"also.{block}.{key}" for key in keys)
    return [
        Problem(MISSING_FIELD, f"hazardous contents must be declared with their class, as {named}", named)
    ]


def join(
    request: dict[str, Any], also: Mapping[str, Any] | None, refused: Mapping[str, str]
) -> list[Problem]:
    """Add the caller's own fields to a request, and say which may not be there.

    A field is added only where the request has none of that name, so that nobody overrides by
    accident what the decision asks for.

    Args:
        request: The request; it is changed.
        also: The caller's fields, nested as in the request.
        refused: Fields, as ``options.hold_for_pickup``, that may never be given, and why.
    """
    if also is None:
        return []
    try:
        fields = mapping(json.loads(json.dumps(dict(also), allow_nan=False)))
    except (TypeError, ValueError) as error:
        message = f"expected what JSON can carry: text, numbers, lists, mappings ({type(error).__name__})"
        return [Problem(WRONG_TYPE, message, "also")]
    problems: list[Problem] = []
    for key, value in fields.items():
        inner = mapping(value)
        nested = bool(inner) and isinstance(request.get(key, {}), dict)
        target, given = (request.setdefault(key, {}), inner) if nested else (request, {key: value})
        for name, wanted in given.items():
            path = f"{key}.{name}" if nested else name
            if path in refused or key in refused:
                message = refused.get(path) or refused[key]
                problems.append(Problem(OUT_OF_RANGE, message, f"also.{path}"))
            elif name in target:
                problems.append(Problem(OUT_OF_RANGE, "is set by the decision", f"also.{path}"))
            else:
                target[name] = wanted
    return problems
