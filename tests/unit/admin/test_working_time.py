"""A clinic's working time: breaks, holidays, closed periods, both clock changes; and what holds for every clinic."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.admin.adapters.holidays import holidays_on
from services.admin.domain.calendar import STOCKHOLM
from services.admin.domain.working_time import WorkingTime, minutes_of
from shared.contracts.clinic_settings import (
    EVES,
    ClinicSettings,
    ClosedPeriod,
    Holiday,
    HolidayRule,
    OpenInterval,
)

WEEKDAYS, EVERY_DAY = range(1, 6), range(1, 8)
OFFICE = (("08:00", "12:00"), ("13:00", "17:00"))
NEVER_CLOSED = (("00:00", "24:00"),)
HOUR = timedelta(hours=1)


def a_week(days: Any = WEEKDAYS, hours: Any = OFFICE) -> tuple[OpenInterval, ...]:
    return tuple(OpenInterval(weekday=day, opens=a, closes=b) for day in days for a, b in hours)


def working(days: Any = WEEKDAYS, hours: Any = OFFICE, **settings: Any) -> WorkingTime:
    return WorkingTime(ClinicSettings(opening_hours=a_week(days, hours), **settings), holidays_on)


def at(text: str, fold: int = 0) -> datetime:
    """A local time in Sweden, such as 2026-03-02 08:00."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold)


@pytest.mark.parametrize(
    ("local", "is_open"),
    (
        ("2026-03-02 07:59", False),
        ("2026-03-02 08:00", True),
        ("2026-03-02 11:59", True),
        ("2026-03-02 12:00", False),
        ("2026-03-02 13:00", True),
        ("2026-03-02 17:00", False),
        ("2026-03-01 10:00", False),
        ("2028-02-29 10:00", True),
    ),
)
def test_a_clinic_is_open_in_its_hours_and_closed_over_lunch(local: str, is_open: bool) -> None:
    assert working().is_open(at(local)) is is_open


@pytest.mark.parametrize(
    ("local", "opens"),
    (
        ("2026-03-02 09:30", "2026-03-02 09:30"),
        ("2026-03-02 12:00", "2026-03-02 13:00"),
        ("2026-03-06 17:00", "2026-03-09 08:00"),
        ("2028-02-28 18:00", "2028-02-29 08:00"),
        ("2026-04-02 17:30", "2026-04-07 08:00"),
        ("2026-12-23 17:00", "2026-12-28 08:00"),
    ),
    ids=("now", "after lunch", "after the weekend", "29 February", "after Easter", "after Christmas"),
)
def test_it_opens_next(local: str, opens: str) -> None:
    assert working().next_opening(at(local)) == at(opens)


@pytest.mark.parametrize(
    ("local", "hours", "done"),
    (
        ("2026-03-02 11:00", 2, "2026-03-02 14:00"),
        ("2026-03-02 16:00", 1, "2026-03-02 17:00"),
        ("2026-03-02 16:00", 8, "2026-03-03 16:00"),
        ("2026-03-07 10:00", 1, "2026-03-09 09:00"),
        ("2026-05-13 16:00", 2, "2026-05-15 09:00"),
        ("2028-02-28 13:00", 12, "2028-02-29 17:00"),
        ("2026-03-02 11:00", 0, "2026-03-02 11:00"),
    ),
    ids=(
        "over lunch",
        "to the end",
        "a day",
        "from a Saturday",
        "over Ascension Day",
        "over 29 February",
        "none",
    ),
)
def test_working_time_passes_only_while_it_is_open(local: str, hours: int, done: str) -> None:
    assert working().add_working_time(at(local), hours * HOUR) == at(done)


@pytest.mark.parametrize(
    ("day", "length"),
    (("2026-03-29", 23), ("2026-10-25", 25), ("2026-03-28", 24)),
    ids=("spring", "autumn", "usual"),
)
def test_a_day_is_as_long_as_the_clocks_make_it(day: str, length: int) -> None:
    calendar = working(EVERY_DAY, NEVER_CLOSED, holidays=())

    assert calendar.add_working_time(at(f"{day} 00:00"), length * HOUR) == at(f"{day} 00:00") + timedelta(
        days=1
    )
    assert sum((b - a for a, b in calendar.day(date.fromisoformat(day)).spans), timedelta()) == length * HOUR


def test_an_hour_that_the_clocks_skip_is_not_worked() -> None:
    day = date(2026, 3, 29)

    assert working(EVERY_DAY, (("02:10", "02:50"),), holidays=()).day(day).spans == ()
    assert working(EVERY_DAY, (("02:30", "04:00"),), holidays=()).day(day).spans == (
        (at("2026-03-29 03:00").astimezone(UTC), at("2026-03-29 04:00").astimezone(UTC)),
    )


def test_an_hour_that_comes_twice_is_worked_twice() -> None:
    night = working(EVERY_DAY, (("02:00", "03:00"),), holidays=())

    assert night.is_open(at("2026-10-25 02:30"))
    assert night.is_open(at("2026-10-25 02:30", fold=1))
    assert night.add_working_time(at("2026-10-25 02:00"), 2 * HOUR) == at("2026-10-25 03:00")


def test_on_an_eve_a_clinic_closes_early_if_it_says_so() -> None:
    calendar = working(holidays=(HolidayRule(day=Holiday.WALPURGIS_NIGHT, closes="11:00"),))

    assert calendar.is_open(at("2026-04-30 10:59"))
    assert not calendar.is_open(at("2026-04-30 11:00"))
    assert not calendar.is_open(at("2026-04-30 14:00"))
    assert calendar.is_open(at("2026-05-01 10:00")), "a holiday that it does not name is a day like others"
    assert calendar.day(date(2026, 4, 30)).holidays == {Holiday.WALPURGIS_NIGHT}


def test_in_a_closed_period_it_is_closed_on_both_days_and_between() -> None:
    period = ClosedPeriod(first_on=date(2026, 7, 6), last_on=date(2026, 7, 17))
    calendar = working(closed_periods=(period,))

    assert calendar.next_opening(at("2026-07-03 17:00")) == at("2026-07-20 08:00")
    assert calendar.day(date(2026, 7, 17)).closed == period


def test_a_clinic_that_has_no_hours_never_opens() -> None:
    for calendar in (working(()), working((1,), (("08:00", "08:00"),))):
        assert calendar.next_opening(at("2026-03-02 08:00")) is None
        assert calendar.add_working_time(at("2026-03-02 08:00"), HOUR) is None


def test_every_holiday_is_found_each_year() -> None:
    for year in range(2026, 2046):
        days = {date(year, 1, 1) + timedelta(days=n) for n in range(366)}
        assert {holiday for day in days if day.year == year for holiday in holidays_on(day)} == set(Holiday)


@pytest.mark.parametrize(
    ("day", "holidays"),
    (
        (date(2026, 6, 19), {Holiday.MIDSUMMER_EVE}),
        (date(2026, 6, 20), {Holiday.MIDSUMMER_DAY}),
        (date(2026, 10, 31), {Holiday.ALL_SAINTS_DAY}),
        (date(2026, 10, 30), {Holiday.ALL_SAINTS_EVE}),
        (date(2008, 5, 1), {Holiday.LABOUR_DAY, Holiday.ASCENSION_DAY}),
        (date(2026, 3, 2), set()),
    ),
)
def test_a_day_is_these_holidays(day: date, holidays: set[Holiday]) -> None:
    assert holidays_on(day) == holidays


def test_a_clinic_that_says_nothing_is_closed_as_the_law_has_it_and_on_three_eves() -> None:
    closed = {rule.day for rule in ClinicSettings().holidays}

    assert set(Holiday) - EVES <= closed
    assert closed & EVES == {Holiday.MIDSUMMER_EVE, Holiday.CHRISTMAS_EVE, Holiday.NEW_YEARS_EVE}


# What holds for every clinic, at every instant.

MINUTES = st.integers(0, 24 * 60)


@st.composite
def some_settings(draw: st.DrawFn) -> ClinicSettings:
    """A clinic that works at least once a week, in whatever hours, around both clock changes and Christmas."""
    week = []
    for weekday in draw(st.sets(st.integers(1, 7), min_size=1)):
        cuts = sorted(draw(st.sets(MINUTES, min_size=2, max_size=6)))
        for opens, closes in zip(cuts[::2], cuts[1::2], strict=False):
            week.append(OpenInterval(weekday=weekday, opens=clock(opens), closes=clock(closes)))
    rules = draw(st.sets(st.sampled_from(Holiday), max_size=5))
    first = draw(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    last = first + timedelta(days=draw(st.integers(0, 40)))
    return ClinicSettings(
        opening_hours=tuple(week),
        holidays=tuple(HolidayRule(day=day, closes=draw(st.sampled_from(("", "12:00")))) for day in rules),
        closed_periods=(ClosedPeriod(first_on=first, last_on=last),),
    )


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
DURATIONS = st.integers(0, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))


def after(calendar: WorkingTime, instant: datetime, duration: timedelta) -> datetime:
    found = calendar.add_working_time(instant, duration)
    assert found is not None
    return found


@given(some_settings(), INSTANTS, DURATIONS, DURATIONS)
def test_working_time_adds_up(
    settings: ClinicSettings, instant: datetime, a: timedelta, b: timedelta
) -> None:
    calendar = WorkingTime(settings, holidays_on)

    assert after(calendar, after(calendar, instant, a), b) == after(calendar, instant, a + b)


@given(some_settings(), INSTANTS, INSTANTS, DURATIONS, DURATIONS)
def test_who_begins_later_or_needs_more_is_not_done_earlier(
    settings: ClinicSettings, one: datetime, other: datetime, a: timedelta, b: timedelta
) -> None:
    calendar = WorkingTime(settings, holidays_on)

    assert after(calendar, min(one, other), a) <= after(calendar, max(one, other), a)
    assert after(calendar, one, min(a, b)) <= after(calendar, one, max(a, b))


@given(some_settings(), INSTANTS)
def test_it_opens_at_the_first_instant_at_which_it_is_open(
    settings: ClinicSettings, instant: datetime
) -> None:
    calendar = WorkingTime(settings, holidays_on)
    opens = calendar.next_opening(instant)

    assert opens is not None
    assert opens >= instant
    assert calendar.is_open(opens)
    assert calendar.is_open(instant) is (opens == instant)
    before = opens - timedelta(minutes=1)
    assert before < instant or not calendar.is_open(before)


@given(some_settings(), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_spans_of_a_day_neither_meet_backwards_nor_overlap(settings: ClinicSettings, day: date) -> None:
    ends = [instant for span in WorkingTime(settings, holidays_on).day(day).spans for instant in span]

    assert ends == sorted(ends)
    assert all(a.astimezone(STOCKHOLM).date() == day for a in ends[::2])


def test_a_clock_is_so_many_minutes() -> None:
    assert [minutes_of(text) for text in ("00:00", "08:30", "24:00")] == [0, 510, 1440]
