"""Routing's unit of work, in the order in which rows are locked: clinics, cases, people."""

from dataclasses import dataclass, field
from datetime import datetime

from services.routing.adapters.cases import Cases
from services.routing.adapters.directory import Clinics, ClinicsRead, People, PeopleRead
from services.routing.adapters.sharing import Draft
from services.routing.adapters.wanted import RoundsWanted
from shared.contracts.envelope import Envelope
from shared.crash_points import reached
from shared.database.pool import Connection
from shared.messaging.work import Work
from shared.security.keys import LearnedKeys


@dataclass
class RoutingWork(Work):
    """Everything that one batch loads, changes and writes."""

    clinics: Clinics = field(default_factory=Clinics)
    wanted: RoundsWanted = field(default_factory=RoundsWanted)
    cases: Cases = field(default_factory=Cases)
    clinics_read: ClinicsRead = field(default_factory=ClinicsRead)
    people: People = field(default_factory=People)
    people_read: PeopleRead = field(default_factory=PeopleRead)
    keys: LearnedKeys = field(default_factory=LearnedKeys)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.draft: Draft | None = None

    def conclude(self, now: datetime) -> Envelope | None:
        """Share out what has arrived, where that can be done at once."""
        self.draft = self.wanted.share_out(now)
        if self.draft is None:
            return None
        self.cases.give(self.draft)
        return self.draft.cause()

    async def write(self, connection: Connection) -> None:
        """As always; where a round was held, this is its write too."""
        await super().write(connection)
        if self.draft is not None:
            reached("round_before_commit")

    def committed(self) -> None:
        """Rounds are held, and people looked at, where something is left to do."""
        if self.draft is not None:
            reached("round_after_commit")
            self.draft.committed()
        self.wanted.committed(gives_room=self.cases.gives_room)
