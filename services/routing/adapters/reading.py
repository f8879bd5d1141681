"""What people look at: pages by key, never by number, and nothing counted that is not counted already."""

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.routing.adapters.directory import person_from
from services.routing.application.distribute import Candidate
from services.routing.application.explain import Round
from services.routing.domain import faults
from services.routing.domain.case import Case, Status
from services.routing.domain.directory import Clinic, Person
from shared.clock import utc_now
from shared.database.pool import Database
from shared.errors import Refused

_PEOPLE = "SELECT staff_id, version, name, locked, present, roles, ends FROM staff WHERE staff_id = ANY($1)"
_CLINIC = """
SELECT clinic_id, version, name, active, distribution, claim_allowed FROM clinics WHERE clinic_id = $1
"""
_CASE = """
SELECT case_id, clinic_id, case_type, received_at, status, holder, last_holder, epoch, version, changed_at,
       changed_by, returned
FROM cases WHERE case_id = $1
"""
_QUEUE = """
SELECT case_id, case_type, queued_at, version, epoch FROM queue
WHERE clinic_id = $1 AND (queued_at, case_id) > ($2, $3)
ORDER BY queued_at, case_id LIMIT $4
"""
_MINE = """
SELECT c.case_id, c.clinic_id, c.case_type, c.received_at, c.status, h.since, c.version, c.epoch
FROM held h JOIN cases c USING (case_id)
WHERE h.holder = $1 AND (h.since, h.case_id) > ($2, $3) AND h.clinic_id = ANY($4::text[])
ORDER BY h.since, h.case_id LIMIT $5
"""
# Cases whose holder can't work on them now: the receivers see them, whatever state they are in.
_STRANDED = """
SELECT c.case_id, c.case_type, c.received_at, c.status, c.holder, h.since, c.version, c.epoch,
       CASE WHEN m.locked THEN 'locked' WHEN NOT m.caregiver OR m.ends_at <= now() THEN 'not_permitted'
            ELSE 'absent' END AS why
FROM members m
JOIN held h ON h.holder = m.staff_id AND h.clinic_id = m.clinic_id
JOIN cases c USING (case_id)
WHERE m.clinic_id = $1 AND (m.locked OR NOT m.present OR NOT m.caregiver OR m.ends_at <= now()) AND m.load > 0
  AND (h.since, h.case_id) > ($2, $3)
ORDER BY h.since, h.case_id LIMIT $4
"""
_CAREGIVERS = """
SELECT staff_id, name, locked, present, load FROM members
WHERE clinic_id = $1 AND caregiver AND (ends_at IS NULL OR ends_at > now()) ORDER BY name, staff_id LIMIT 1000
"""
_HISTORY = """
SELECT version, at, act, holder, former_holder, epoch, by, reason FROM history WHERE case_id = $1 ORDER BY version
"""
_ROUNDS = """
SELECT h.version, h.position, r.round_id, r.at, r.distribution, s.people, r.loads, r.turns, r.choices
FROM history h JOIN rounds r USING (round_id) JOIN rosters s USING (roster_id)
WHERE h.case_id = $1 ORDER BY h.version
"""
_STATUS = {status.value: status for status in Status}
_BEGINNING = (datetime.fromisoformat("0001-01-02T00:00:00+00:00"), UUID(int=0))


class Reading:
    """Queries for people. Who may ask is decided elsewhere, before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def person(self, staff_id: str) -> Person | None:
        """Who asks, with the rights of this moment."""
        found = await self.people([staff_id])
        return found[0] if found else None

    async def people(self, staff_ids: list[str]) -> list[Person]:
        """These people, as far as they are known."""
        rows = await self._database.fetch(_PEOPLE, staff_ids)
        now = utc_now()
        return [person_from(row).keep_to(now) for row in rows]

    async def clinic(self, clinic_id: str) -> Clinic | None:
        """A clinic."""
        rows = await self._database.fetch(_CLINIC, clinic_id)
        return Clinic(*rows[0]) if rows else None

    async def case(self, case_id: UUID) -> Case | None:
        """A case."""
        for row in await self._database.fetch(_CASE, case_id):
            id_, clinic_id, case_type, received_at, status, *rest = row
            return Case(id_, clinic_id, case_type, received_at, _STATUS[status], *rest)
        return None

    async def queue(self, clinic_id: str, after: str, size: int) -> dict[str, Any]:
        """A page of what waits at a clinic, the oldest first."""
        return _page(
            await self._database.fetch(_QUEUE, clinic_id, *_place(after), size + 1), size, "queued_at"
        )

    async def mine(self, staff_id: str, clinic_ids: list[str], after: str, size: int) -> dict[str, Any]:
        """A page of what somebody holds at these clinics, the longest held first."""
        rows = await self._database.fetch(_MINE, staff_id, *_place(after), clinic_ids, size + 1)
        return _page(rows, size, "since")

    async def stranded(self, clinic_id: str, after: str, size: int) -> dict[str, Any]:
        """A page of the clinic's cases whose holder is locked, absent or no longer permitted."""
        return _page(
            await self._database.fetch(_STRANDED, clinic_id, *_place(after), size + 1), size, "since"
        )

    async def caregivers(self, clinic_id: str) -> list[dict[str, Any]]:
        """Everybody who is caregiver at a clinic, locked ones too, with what they hold."""
        return [_plain(row) for row in await self._database.fetch(_CAREGIVERS, clinic_id)]

    async def history(self, case_id: UUID) -> list[dict[str, Any]]:
        """Each version of the responsibility: who, when, why."""
        return [_plain(row) for row in await self._database.fetch(_HISTORY, case_id)]

    async def rounds(self, case_id: UUID) -> list[tuple[int, int, Round]]:
        """The rounds that assigned this case: its version afterwards, its position in the round, and the round."""
        found = []
        for row in await self._database.fetch(_ROUNDS, case_id):
            version, position, round_id, at, distribution, people, loads, turns, choices = row
            candidates = [Candidate(*person) for person in zip(*people, loads, turns, strict=True)]
            found.append((version, position, Round(str(round_id), at, distribution, candidates, choices)))
        return found


def _page(rows: list[Any], size: int, by: str) -> dict[str, Any]:
    """The rows of a page, and where the next begins, or null."""
    shown = rows[:size]
    last = shown[-1] if len(rows) > size else None
    return {
        "cases": [_plain(row) for row in shown],
        "next": _mark(last[by], last["case_id"]) if last else None,
    }


def _plain(row: Any) -> dict[str, Any]:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _mark(at: datetime, case_id: UUID) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([at.isoformat(), str(case_id)])).decode()


def _place(after: str) -> tuple[datetime, UUID]:
    if not after:
        return _BEGINNING
    try:
        at, case_id = orjson.loads(base64.urlsafe_b64decode(after))
        place = datetime.fromisoformat(at)
        if place.tzinfo is None:
            raise ValueError(at)
        return place, UUID(case_id)
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise Refused(faults.BAD_CURSOR) from None
