"""Reads by people: the policy is asked before anything is shown."""

from typing import Any
from uuid import UUID

from services.routing.adapters.reading import Reading
from services.routing.application.move_case import subject_of, view_of
from services.routing.application.policy import Act, Subject, must
from services.routing.domain import faults
from services.routing.domain.directory import Person
from shared.contracts.events.admin import Role
from shared.errors import Forbidden, NotFound
from shared.messaging.heard import Freshness
from shared.security.tokens import Actor


class Viewing:
    """Looks things up for somebody.

    Raises NotFound for what is none of theirs, Unavailable while the directory is stale.
    """

    def __init__(self, reading: Reading, freshness: Freshness | None) -> None:
        self.reading = reading
        self._freshness = freshness

    async def reader(self, actor: Actor) -> Person | None:
        """Who asks, with the rights of this moment; None for portals and strangers."""
        if self._freshness is not None:
            self._freshness.must_be_fresh()
        return await self.reading.person(actor.id) if actor.kind == "staff" else None

    async def people(self, staff_ids: list[str]) -> dict[str, Person]:
        """These people as they are now. Raises Unavailable while the directory is stale."""
        if self._freshness is not None:
            self._freshness.must_be_fresh()
        return {person.id: person for person in await self.reading.people(staff_ids)}

    async def clinic(self, actor: Actor, clinic_id: str, act: Act) -> None:
        """Whether the reader may do this at a clinic."""
        person = await self.reader(actor)
        clinic = await self.reading.clinic(clinic_id)
        subject = Subject(clinic_id, clinic is not None and clinic.claim_allowed)
        must(person, act, subject, faults.NO_SUCH_CLINIC)

    async def case(self, actor: Actor, case_id: UUID, act: Act) -> dict[str, Any]:
        """The case, if the reader may do this with it."""
        person = await self.reader(actor)
        case = await self.reading.case(case_id)
        if case is None:
            raise NotFound(faults.NO_SUCH_CASE)
        clinic = await self.reading.clinic(case.clinic_id)
        must(person, act, subject_of(case, clinic))
        return view_of(case)

    async def own_clinics(self, actor: Actor) -> list[str]:
        """Where the reader is caregiver."""
        person = await self.reader(actor)
        if person is None:
            return []
        if person.locked is not None:
            raise Forbidden(faults.ACCOUNT_LOCKED)
        return sorted(person.clinics_with(Role.CAREGIVER))
