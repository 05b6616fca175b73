"""What the requests to all carriers share: who may be asked, numbers, references, the caller's own fields."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from lockership.carriers import service_key
from lockership.errors import MISSING_FIELD, OUT_OF_RANGE, WRONG_TYPE, Problem
from lockership.labels.answers import mapping
from lockership.labels.lines import plain
from lockership.labels.tender import POSTAL_KINDS, ceil_to, facts_problems
from lockership.recognition import recognise
from lockership.rules import Asked
from lockership.units import LENGTH_UNITS, WEIGHT_UNITS
from lockership.words import ADDRESS_KINDS, network_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lockership.address import Address
    from lockership.handoff import Handoff

__all__ = [
    "account_problems",
    "at",
    "cannot",
    "first_that_fits",
    "home_of",
    "inches",
    "join_deep",
    "needs",
    "number",
    "point_problems",
    "pounds",
    "service_code",
]

_AT_A_POINT = (Asked.HOLD_AT_LOCATION, Asked.ALTERNATE_DELIVERY, Asked.PARCEL_LOCKER, Asked.THROUGH_AMAZON)


def cannot(
    handoff: Handoff, carrier: str, reasons: Mapping[Asked, str], source: str | None
) -> tuple[str, str | None] | None:
    """Say why a carrier's own API cannot be asked for this hand-off, and where that stands, or None.

    Args:
        handoff: How the carrier must be asked.
        carrier: Whose API it is.
        reasons: The words of hand-offs that it has no words for, and why.
        source: Where its words are described.
    """
    if handoff.kind in POSTAL_KINDS and carrier != "usps":
        return "only USPS reaches PO Boxes, General Delivery and military addresses", source
    if handoff.carrier != carrier:
        return f"the parcel goes by {handoff.carrier}; this API sells labels of {carrier} only", None
    if handoff.asked in reasons:
        return reasons[handoff.asked], source
    if handoff.asked in _AT_A_POINT and network_of(handoff.kind) != carrier:
        return f"this API knows no places but those of {carrier} itself", source
    return None


def home_of(handoff: Handoff) -> Address | None:
    """Give the buyer's own address beside a pick-up point, where it is one that every carrier serves."""
    home = handoff.home
    return home if home is not None and recognise(home).kind in ADDRESS_KINDS else None


def point_problems(handoff: Handoff, fact: str) -> list[Problem]:
    """Name every fact that the network needs and the hand-off lacks; ``fact`` is the point's id."""
    problems = facts_problems(handoff)
    if fact not in handoff.missing and (handoff.point is None or not plain(handoff.point.id)):
        problems.append(Problem(MISSING_FIELD, f"a label for {handoff.kind} needs it", fact))
    return problems


def first_that_fits(names: Iterable[str], most: int) -> str:
    """Choose the first name of a place that is not too long; the first of all where none fits.

    >>> first_that_fits(("", "UPS Access Point - CVS 8421", "CVS 8421"), 12)
    'CVS 8421'
    """
    written = [text for name in names if (text := plain(name))]
    return next((name for name in written if len(name) <= most), written[0] if written else "")


def needs(problems: list[Problem], given: object, why: str, field: str) -> None:
    """Add a problem where something that is needed is not there."""
    if not given:
        problems.append(Problem(MISSING_FIELD, why, field))


def account_problems(values: Mapping[str, str], shape: Mapping[str, tuple[int, int]]) -> list[Problem]:
    """Say which of an account's fields have the wrong length or hold more than letters and digits."""
    problems: list[Problem] = []
    for field, (least, most) in shape.items():
        value = values[field]
        if not (least <= len(value) <= most and value.isascii() and value.isalnum()):
            length = f"{most}" if least == most else f"{least} to {most}"
            problems.append(Problem(OUT_OF_RANGE, f"{length} letters and digits are accepted", field))
    return problems


def service_code(handoff: Handoff, default: str, codes: Mapping[str, str], problems: list[Problem]) -> str:
    """Give the carrier's code of the service that the order names, else of the account's own choice.

    A carrier's own code is taken as it is.
    """
    named = handoff.service or default
    if named in codes.values():
        return named
    code = codes.get(service_key(named, handoff.carrier), "")
    if not code:
        message = f"{handoff.carrier} has no such service here; known are {', '.join(sorted(codes))}"
        problems.append(Problem(OUT_OF_RANGE, message, "service"))
    return code


def number(units: int, digits: int) -> int | float:
    """Make a JSON number of so many decimals that is written exactly so.

    >>> number(82, 1), number(1005, 2), number(140, 1)
    (8.2, 10.05, 14)
    """
    whole, part = divmod(units, 10**digits)
    return whole if not part else float(Decimal(units).scaleb(-digits))


def inches(handoff: Handoff, digits: int = 0) -> tuple[int, int, int]:
    """Give the sides in inches, longest first, rounded up at so many decimals, as whole steps of these."""
    a, b, c = (ceil_to(side, LENGTH_UNITS["in"], digits) for side in handoff.parcel.sides)
    return a, b, c


def pounds(handoff: Handoff, digits: int) -> int:
    """Give the weight in pounds, rounded up at so many decimals, as whole steps of these."""
    return ceil_to(handoff.parcel.weight.ng, WEIGHT_UNITS["lb"], digits)


def at(body: object, path: str) -> object:
    """Give what stands at a path, as ``Shipment.Package.0.Description``; None where nothing does."""
    for key in path.split("."):
        if isinstance(body, list):
            listed = cast("list[object]", body)
            body = listed[int(key)] if key.isdigit() and int(key) < len(listed) else None
        else:
            body = mapping(body).get(key)
    return body


def join_deep(
    request: dict[str, Any], also: Mapping[str, Any] | None, refused: Mapping[str, str]
) -> list[Problem]:
    """Add the caller's own fields to a request, and say which may not be there.

    Fields are nested as in the request, the parts of a list in its order.  A field is added only where
    the request has none, so that nobody overrides by accident what the decision asks for; a list of
    plain values is joined.

    Args:
        request: The request; it is changed.
        also: The caller's fields.
        refused: Paths, as ``Shipment.ShipTo.LocationID``, that may never be given, and why.
    """
    if also is None:
        return []
    try:
        fields = mapping(json.loads(json.dumps(dict(also), allow_nan=False)))
    except (TypeError, ValueError) as error:
        message = f"expected what JSON can carry: text, numbers, lists, mappings ({type(error).__name__})"
        return [Problem(WRONG_TYPE, message, "also")]
    return list(_joined(request, fields, "", refused))


def _joined(
    target: dict[str, Any] | list[Any], fields: object, path: str, refused: Mapping[str, str]
) -> Iterator[Problem]:
    for key, value in _parts(fields):
        here = f"{path}{key}"
        if here in refused:
            yield Problem(OUT_OF_RANGE, refused[here], f"also.{here}")
        elif isinstance(target, list):
            if key < len(target) and _alike(target[key], value):
                yield from _joined(target[key], value, f"{here}.", refused)
            elif not isinstance(value, dict | list) and value not in target:
                target.append(value)
            else:
                yield Problem(OUT_OF_RANGE, "the request has no such part", f"also.{here}")
        elif key not in target:
            wrong = [
                p for p in refused if p.startswith(f"{here}.") and at(value, p[len(here) + 1 :]) is not None
            ]
            if wrong:
                yield from (Problem(OUT_OF_RANGE, refused[p], f"also.{p}") for p in wrong)
            else:
                target[key] = value
        elif _alike(target[key], value):
            yield from _joined(target[key], value, f"{here}.", refused)
        else:
            yield Problem(OUT_OF_RANGE, "is set by the decision", f"also.{here}")


def _alike(one: object, other: object) -> bool:
    """Whether both are mappings or both are lists, so that one can join the other."""
    return any(isinstance(one, kind) and isinstance(other, kind) for kind in (dict, list))


def _parts(fields: object) -> list[tuple[Any, object]]:
    """Give the parts of a mapping by their names, or of a list by their places."""
    if isinstance(fields, list):
        return list(enumerate(cast("list[object]", fields)))
    return list(mapping(fields).items())
