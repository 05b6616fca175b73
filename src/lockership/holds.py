"""Until when a parcel can be collected.

The day of the deposit does not count; the last day counts whole.  A calendar hold counts every day.
A business hold counts Monday to Friday without the holidays on which the carrier's counters are
closed.  What the carrier says of the very parcel (UPS ``pickupByDate``) is always better than this.

Which holidays a carrier keeps is *unverified*: taken are those of the United States that UPS and
FedEx are widely said to keep, on their own day and on no other.  USPS counts calendar days.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lockership.errors import MissingDependency

if TYPE_CHECKING:
    from lockership.decision import Hold

__all__ = ["KEPT_BY_ALL", "closed_days", "collect_by"]

KEPT_BY_ALL = (
    "New Year's Day",
    "Memorial Day",
    "Independence Day",
    "Labor Day",
    "Thanksgiving Day",
    "Christmas Day",
)
"""Holidays on which no US carrier delivers or opens its counters, by the names of ``holidays``."""

_SATURDAY = 5


def collect_by(hold: Hold, deposited_at: datetime, tz: tzinfo | str | None = None) -> date:
    """Give the last day on which the buyer can collect.

    Args:
        hold: How long the point keeps the parcel.
        deposited_at: When it was put there; a moment with its time zone.
        tz: The time zone of the point, as ``"America/Los_Angeles"``; that of the moment by default.

    Raises:
        ValueError: The moment has no time zone.
        ZoneInfoNotFoundError: There is no time zone of that name.
        MissingDependency: A business hold needs the package ``holidays``.

    >>> from datetime import UTC
    >>> from lockership.decision import Hold
    >>> seven = Hold(7, "calendar", "returned_to_sender", None)
    >>> collect_by(
    ...     seven, datetime(2026, 11, 24, 2, 30, tzinfo=UTC), "America/New_York"
    ... )  # still the 23rd there
    datetime.date(2026, 11, 30)
    >>> collect_by(seven, datetime(2026, 11, 24, 2, 30))
    Traceback (most recent call last):
    ValueError: deposited_at needs a time zone: whose 2026-11-24 02:30 is it?
    """
    if deposited_at.tzinfo is None:
        raise ValueError(f"deposited_at needs a time zone: whose {deposited_at:%Y-%m-%d %H:%M} is it?")
    place = ZoneInfo(tz) if isinstance(tz, str) else tz
    day = deposited_at.astimezone(place).date() if place is not None else deposited_at.date()
    if hold.basis == "calendar":
        return day + timedelta(days=hold.days)
    left = hold.days
    while left > 0:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and day not in closed_days(day.year):
            left -= 1
    return day


@lru_cache(maxsize=32)
def closed_days(year: int) -> frozenset[date]:
    """Give the days of a year on which the counters of UPS and FedEx are closed.

    Raises:
        MissingDependency: The package ``holidays`` is not installed.
    """
    try:
        from holidays import country_holidays  # noqa: PLC0415 - an extra, needed for business days only
    except ImportError as error:
        raise MissingDependency(
            "business days need the package holidays: pip install 'lockership[holidays]'"
        ) from error
    found = country_holidays("US", years=year, observed=False, language="en_US")
    return frozenset(day for day in found if not set(KEPT_BY_ALL).isdisjoint(found.get_list(day)))
