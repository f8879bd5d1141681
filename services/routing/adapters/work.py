"""Routing's unit of work, in the order in which rows are locked: clinics, cases, people."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.routing.adapters.cases import Cases
from services.routing.adapters.directory import Clinics, ClinicsRead, People, PeopleRead
from shared.database.pool import Connection
from shared.messaging.work import Work
from shared.security.keys import LearnedKeys


class RoundsWanted:
    """Clinics that want a distribution round, and people whose cases must be looked at."""

    _ROUNDS = "INSERT INTO round_wanted (clinic_id) SELECT * FROM unnest($1::text[])"
    _RELEASES = "INSERT INTO release_wanted (staff_id, clinic_ids) VALUES ($1, $2)"

    def __init__(self) -> None:
        self.clinics: set[str] = set()
        self.releases: list[tuple[str, list[str]]] = []

    def want_round(self, clinic_id: str) -> None:
        """This clinic wants a round."""
        self.clinics.add(clinic_id)

    def want_rounds(self, clinic_ids: Iterable[str]) -> None:
        """Each of these clinics wants a round."""
        self.clinics.update(clinic_ids)

    def want_release(self, staff_id: str, clinic_ids: Iterable[str]) -> None:
        """What this person holds at these clinics must be looked at: they may not be able to begin it any more."""
        self.releases.append((staff_id, sorted(clinic_ids)))

    async def write(self, connection: Connection) -> None:
        """One row for each: rows are only added and taken, so nobody waits for anybody."""
        if self.clinics:
            await connection.execute(self._ROUNDS, list(self.clinics))
        for staff_id, clinic_ids in self.releases:
            await connection.execute(self._RELEASES, staff_id, clinic_ids)


@dataclass
class RoutingWork(Work):
    """Everything that one batch loads, changes and writes."""

    clinics: Clinics = field(default_factory=Clinics)
    cases: Cases = field(default_factory=Cases)
    clinics_read: ClinicsRead = field(default_factory=ClinicsRead)
    people: People = field(default_factory=People)
    people_read: PeopleRead = field(default_factory=PeopleRead)
    wanted: RoundsWanted = field(default_factory=RoundsWanted)
    keys: LearnedKeys = field(default_factory=LearnedKeys)
