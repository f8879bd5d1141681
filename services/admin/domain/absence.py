"""A planned absence: from which day to which, and who stands in."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.ids import StaffId


@dataclass(frozen=True, slots=True)
class Absence:
    """Whole days in Sweden, both included. Without a last day it lasts until somebody ends it."""

    first_on: date
    last_on: date | None = None
    substitute: StaffId | None = None

    def covers(self, day: date) -> bool:
        """Whether the person is away that day."""
        return self.first_on <= day and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether it has ended before that day."""
        return self.last_on is not None and self.last_on < day
