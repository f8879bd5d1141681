"""When a clinic works: its week, less holidays and closed periods, in Swedish local time.

An interval of the week becomes a span of instants on each day, so both clock changes come out right: a night shift
is an hour shorter in March and an hour longer in October. A span is open at its beginning and closed at its end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from services.admin.domain.calendar import STOCKHOLM, today
from shared.contracts.clinic_settings import ClinicSettings, ClosedPeriod, Holiday

MIDNIGHT = 24 * 60
_LOOK_AHEAD = 3 * 366
"""Days; a clinic that does not open for three years does not open."""
_CLOCKS_CHANGE = time(1)
"""In UTC, on a day when they do (directive 2000/84/EC)."""

Span: TypeAlias = tuple[datetime, datetime]
HolidaysOn: TypeAlias = Callable[[date], frozenset[Holiday]]


@dataclass(frozen=True, slots=True)
class Day:
    """One day as the clinic works: its spans, in UTC, and why there are fewer than the week says."""

    on: date
    spans: tuple[Span, ...]
    holidays: frozenset[Holiday] = frozenset()
    closed: ClosedPeriod | None = None


class WorkingTime:
    """The calendar of one clinic. Instants are aware; answers are in UTC."""

    def __init__(self, settings: ClinicSettings, holidays_on: HolidaysOn) -> None:
        self._week: dict[int, list[tuple[int, int]]] = {}
        for part in settings.opening_hours:
            self._week.setdefault(part.weekday, []).append((minutes_of(part.opens), minutes_of(part.closes)))
        self._closes_at = {rule.day: minutes_of(rule.closes or "00:00") for rule in settings.holidays}
        self._closed_periods = settings.closed_periods
        self._holidays_on = holidays_on

    def day(self, on: date) -> Day:
        """How the clinic works on a day."""
        closed = next((p for p in self._closed_periods if p.first_on <= on <= p.last_on), None)
        ruled = self._holidays_on(on) & self._closes_at.keys()
        latest = 0 if closed else min((self._closes_at[day] for day in ruled), default=MIDNIGHT)
        wanted = sorted((a, min(b, latest)) for a, b in self._week.get(on.isoweekday(), ()))
        spans = ((_instant(on, a), _instant(on, b)) for a, b in wanted if a < b)
        return Day(on, tuple((a, b) for a, b in spans if a < b), ruled, closed)

    def is_open(self, at: datetime) -> bool:
        """Whether the clinic works at this instant."""
        return any(begin <= at < end for begin, end in self.day(today(at)).spans)

    def next_opening(self, at: datetime) -> datetime | None:
        """This instant if the clinic works now, else when it next begins to; None if it never does."""
        for begin, _ in self._spans_after(at):
            return max(begin, at.astimezone(UTC))
        return None

    def add_working_time(self, at: datetime, duration: timedelta) -> datetime | None:
        """When so much of the clinic's working time has passed; None if it never has. Nothing added is `at` itself."""
        if duration <= timedelta(0):
            return at.astimezone(UTC)
        for begin, end in self._spans_after(at):
            begin = max(begin, at)
            if duration <= end - begin:
                return (begin + duration).astimezone(UTC)
            duration -= end - begin
        return None

    def _spans_after(self, at: datetime) -> Iterator[Span]:
        """The spans that end after an instant. Ends when none has come for so long that none will."""
        day, empty = today(at), 0
        while empty < _LOOK_AHEAD and self._week:
            spans = [span for span in self.day(day).spans if span[1] > at]
            yield from spans
            empty = 0 if spans else empty + 1
            day += timedelta(days=1)


def minutes_of(clock: str) -> int:
    """HH:MM as minutes after midnight."""
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def _instant(day: date, minutes: int) -> datetime:
    """When a clock in Sweden first shows this. What the clocks skip in March is the moment when they skip it."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    instant = wall.replace(tzinfo=STOCKHOLM).astimezone(UTC)
    if instant.astimezone(STOCKHOLM).replace(tzinfo=None) != wall:
        return datetime.combine(day, _CLOCKS_CHANGE, UTC)
    return instant
