"""One pick-up point as its network describes it: its id, its largest parcel, its state."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

import attrs

from lockership.errors import OUT_OF_RANGE, WRONG_TYPE, InputError, Problem, type_name
from lockership.parcel import MAX_SIDE, MAX_WEIGHT
from lockership.units import Length, Weight

__all__ = ["Location", "LocationStatus"]


class LocationStatus(StrEnum):
    """Whether the point takes parcels now."""

    OPEN = "open"
    CLOSED = "closed"
    FULL = "full"
    NOT_ACCEPTING = "not_accepting"


@attrs.frozen
class Location:
    """What is known of the one point that the buyer chose; everything may be absent.

    Attributes:
        id: The network's id of the point: ``UPSAccessPointID``, FedEx ``locationId``, USPS
            ``facilityId``.
        max_sides: The sides of the largest parcel, in any order; a parcel of just this size fits.
        max_weight: The heaviest parcel; a parcel of just this weight is taken.
        status: closed, full or not_accepting refuse; open or None do not.
        unit, weight_unit: The units in which the point's own limits are shown.

    >>> Location.of("U88498244", max_sides=("16", "14", "12"), unit="in").max_sides[0].text()
    '16 in'
    >>> Location.of(status="gone")
    Traceback (most recent call last):
    lockership.errors.InputError: status: 'gone' is not one of open, closed, full, not_accepting
    """

    id: str = ""
    max_sides: tuple[Length, Length, Length] | None = None
    max_weight: Weight | None = None
    status: LocationStatus | None = None
    unit: str = "in"
    weight_unit: str = "lb"

    @property
    def closed(self) -> bool:
        """Whether the point takes no parcel at all, whatever its size."""
        return self.status is not None and self.status is not LocationStatus.OPEN

    @classmethod
    def of(
        cls,
        id: str | None = None,  # noqa: A002 - the trade's own word, and that of the order JSON
        *,
        max_sides: tuple[object, object, object] | None = None,
        max_weight: object = None,
        status: str | None = None,
        unit: str = "in",
        weight_unit: str = "lb",
    ) -> Self:
        """Read a location from plain text and numbers; all problems at once."""
        problems: list[Problem] = []
        sides: tuple[Length, Length, Length] | None = None
        if max_sides is not None:
            read: list[Length] = []
            for name, amount in zip(("max_length", "max_width", "max_height"), max_sides, strict=True):
                try:
                    side = Length.of(amount, unit, name)  # type: ignore[arg-type]  # any value is checked there
                    if not 0 < side.um <= MAX_SIDE.um:
                        message = f"a side must be above zero and at most {MAX_SIDE.text()}"
                        raise InputError([Problem(OUT_OF_RANGE, message, name)])
                    read.append(side)
                except InputError as error:
                    problems += error.problems
            if len(read) == 3:
                sides = (read[0], read[1], read[2])
        weight = None
        if max_weight is not None:
            try:
                weight = Weight.of(max_weight, weight_unit, "max_weight")  # type: ignore[arg-type]  # as above
                if not 0 < weight.ng <= MAX_WEIGHT.ng:
                    message = f"a weight must be above zero and at most {MAX_WEIGHT.text()}"
                    raise InputError([Problem(OUT_OF_RANGE, message, "max_weight")])
            except InputError as error:
                problems += error.problems
        state, wrong = read_status(status, "status")
        problems += wrong
        if problems:
            raise InputError(problems)
        return cls(id or "", sides, weight, state, unit.strip().lower(), weight_unit.strip().lower())


def read_status(status: object, field: str) -> tuple[LocationStatus | None, list[Problem]]:
    """Read a point's state in any case; None and blanks are unknown."""
    if status is None:
        return None, []
    accepted = ", ".join(LocationStatus)
    if not isinstance(status, str):
        return None, [
            Problem(WRONG_TYPE, f"expected text, one of {accepted}, found {type_name(status)}", field)
        ]
    text = status.strip().lower()
    if not text:
        return None, []
    try:
        return LocationStatus(text), []
    except ValueError:
        return None, [Problem(OUT_OF_RANGE, f"{text[:40]!r} is not one of {accepted}", field)]
