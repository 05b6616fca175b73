"""Until when a parcel can be collected: whole days, in the time of the point."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockership import Address, Parcel, route_parcel
from lockership.decision import Hold
from lockership.errors import MissingDependency
from lockership.holds import closed_days, collect_by

CALENDAR = Hold(7, "calendar", "returned_to_sender", None)
BUSINESS = Hold(5, "business", "returned_to_carrier_station", None)

moments = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - Hypothesis adds the time zone itself
    datetime(2035, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Shanghai")]),
)


@given(moments)
def test_a_calendar_hold_counts_every_day(moment: datetime) -> None:
    """The day of the deposit does not count, the last day counts whole."""
    assert collect_by(CALENDAR, moment) == moment.date() + timedelta(days=7)


@given(moments)
def test_a_business_hold_ends_on_an_open_day(moment: datetime) -> None:
    """It counts Monday to Friday without closed days: just five of them lie behind the deposit."""
    last = collect_by(BUSINESS, moment)
    days = [moment.date() + timedelta(days=n) for n in range(1, (last - moment.date()).days + 1)]
    open_days = [day for day in days if day.weekday() < 5 and day not in closed_days(day.year)]
    assert len(open_days) == BUSINESS.days
    assert open_days[-1] == last


@pytest.mark.parametrize(
    ("deposited", "last"),
    [
        (date(2026, 11, 16), date(2026, 11, 23)),  # Monday: five days and one weekend
        (date(2026, 11, 20), date(2026, 11, 30)),  # Friday: Thanksgiving on the 26th is closed
        (date(2026, 11, 21), date(2026, 11, 30)),  # Saturday: counting begins on Monday
        (date(2026, 12, 21), date(2026, 12, 29)),  # Christmas Day is a Friday
        (date(2026, 12, 28), date(2027, 1, 5)),  # New Year's Day, across the year
        (date(2026, 10, 9), date(2026, 10, 16)),  # Columbus Day is a federal holiday, carriers deliver
    ],
)
def test_business_days_by_the_calendar(deposited: date, last: date) -> None:
    """Weekends and the holidays that every carrier keeps are passed over, other holidays are not."""
    moment = datetime(deposited.year, deposited.month, deposited.day, 10, tzinfo=ZoneInfo("America/Chicago"))
    assert collect_by(BUSINESS, moment) == last


def test_the_day_is_that_of_the_point() -> None:
    """02:30 UTC is still yesterday in New York; by name and by tzinfo alike."""
    moment = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    assert collect_by(CALENDAR, moment) == date(2026, 12, 1)
    assert collect_by(CALENDAR, moment, "America/New_York") == date(2026, 11, 30)
    assert collect_by(CALENDAR, moment, timezone(-timedelta(hours=5))) == date(2026, 11, 30)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    """Whose midnight it is must be said; a time zone that nobody knows is refused."""
    with pytest.raises(ValueError, match="deposited_at needs a time zone: whose 2026-11-24 02:30 is it"):
        collect_by(CALENDAR, datetime(2026, 11, 24, 2, 30))  # noqa: DTZ001 - that is the point
    with pytest.raises(ZoneInfoNotFoundError):
        collect_by(CALENDAR, datetime(2026, 11, 24, tzinfo=UTC), "America/Gotham")


def test_six_days_a_year_are_closed() -> None:
    """Each year has the six holidays that all carriers keep, on their own day."""
    assert sorted(closed_days(2026)) == [
        date(2026, 1, 1),
        date(2026, 5, 25),
        date(2026, 7, 4),
        date(2026, 9, 7),
        date(2026, 11, 26),
        date(2026, 12, 25),
    ]


def test_business_days_say_which_package_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package the command that installs it is named; calendar days need none."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    closed_days.cache_clear()
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    assert collect_by(CALENDAR, moment) == date(2026, 12, 1)
    with pytest.raises(
        MissingDependency,
        match=r"^business days need the package holidays: pip install 'lockership\[holidays\]'$",
    ):
        collect_by(BUSINESS, moment)


def test_a_decision_knows_its_own_last_day() -> None:
    """A pick-up answers with its hold, anything else with None."""
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    point = Address(company="UPS Access Point - CVS 8421", street1="1250 W Sunset Blvd", zip="90026")
    parcel = Parcel.of("14x10x6 in", "8.2 lb")
    assert route_parcel(point, "ups", parcel).collect_by(moment) == date(2026, 12, 1)
    assert route_parcel(Address(street1="933 Sanborn Ave"), "ups", parcel).collect_by(moment) is None
