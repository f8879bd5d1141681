"""Days as people mean them: they begin and end at midnight in Sweden, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def today(now: datetime) -> date:
    """The day that it is in Sweden."""
    return now.astimezone(STOCKHOLM).date()


def end_of(day: date) -> datetime:
    """The midnight that ends this day in Sweden, as an instant."""
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM).astimezone(UTC)
