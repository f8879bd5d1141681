"""A clinic's word that one citizen may write to it, or write cases of a type that others may not."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.intake.domain.neighbours import STOCKHOLM

EVERY_TYPE = ""
"""In place of a case type: the citizen is approved by the clinic."""


@dataclass(slots=True)
class Grant:
    """One for each citizen and case type at a clinic, which is given, changed, taken back and given again."""

    id: UUID
    clinic_id: str
    case_type: str
    citizen_kind: str
    citizen_value: str
    until: date | None
    """The last day, in Sweden; None: until further notice."""
    granted_by: str
    granted_at: datetime
    revoked_by: str = ""
    revoked_at: datetime | None = None
    changed: bool = False

    def holds(self, now: datetime) -> bool:
        """Whether it counts at this instant."""
        return self.revoked_at is None and not is_past(self.until, now)

    def give(self, until: date | None, by: str, at: datetime) -> None:
        """Until another day, or again. What is so already changes nothing."""
        if self.revoked_at is not None or self.until != until:
            self.until, self.granted_by, self.granted_at = until, by, at
            self.revoked_by, self.revoked_at = "", None
            self.changed = True

    def revoke(self, by: str, at: datetime) -> None:
        """It no longer counts. The first who takes it back is noted."""
        if self.revoked_at is None:
            self.revoked_by, self.revoked_at = by, at
            self.changed = True


def is_past(until: date | None, now: datetime) -> bool:
    """Whether that day is over in Sweden."""
    return until is not None and now.astimezone(STOCKHOLM).date() > until
