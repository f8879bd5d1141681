"""The one clock: every other place is handed the time."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives an aware instant in UTC."""


def utc_now() -> datetime:
    """The system's time, in UTC."""
    return datetime.now(UTC)
