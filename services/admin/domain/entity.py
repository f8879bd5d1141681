"""What clinics, accounts, portals and case types have in common: a version, and who changed it last."""

from datetime import UTC, datetime

from shared.aggregate import Aggregate
from shared.contracts.message import Event
from shared.errors import Conflict
from shared.faults import Fault

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Entity(Aggregate):
    """Something that is published whole with each change. Version 0 is not yet published."""

    version: int
    changed_by: str
    changed_at: datetime

    def expect_version(self, seen: int) -> None:
        """Raises Conflict, saying who changed it and when, if the actor saw another version."""
        if seen != self.version:
            raise Conflict(self.changed_since("If-Match"))

    def changed_since(self, field: str) -> Fault:
        """What to tell somebody who saw another version than this one."""
        who, when = self.changed_by, self.changed_at.isoformat(timespec="seconds")
        return Fault(
            field,
            "version_conflict",
            f"Uppgifterna ändrades av {who} {when}. Läs dem igen; nu gäller version {self.version}.",
            f"This was changed by {who} at {when}. Read it again; version {self.version} is current.",
        )

    def published(self) -> Event:
        """The whole current state, as the neighbours read it."""
        raise NotImplementedError

    def publish(self, by: str, at: datetime) -> None:
        """A change was made: a new version, which everybody is told."""
        self.version += 1
        self.changed_by = by
        self.changed_at = at
        self.record(self.published())
