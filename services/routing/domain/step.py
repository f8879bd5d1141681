"""One version of a case's responsibility, as the history keeps it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Choice(NamedTuple):
    """Which choice of which round. Only a round gives cases without a person behind it."""

    round_id: UUID
    position: int


class Step(NamedTuple):
    """Who, why, when. `by` is empty for a round and for the system; the last two say which choice it was."""

    version: int
    at: datetime
    act: str
    holder: str | None
    former_holder: str | None
    epoch: int
    by: str
    reason: str
    round_id: UUID | None = None
    position: int | None = None

    def chosen(self, choice: Choice) -> "Step":
        """The same, as a round's choice."""
        return Step(*self[:8], *choice)
