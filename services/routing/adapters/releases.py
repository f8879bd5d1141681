"""Returns what locked, absent or no longer permitted people hold and have not begun."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
import uuid_utils

from services.routing.adapters.work import RoutingWork
from services.routing.application.release_cases import release_cases
from shared.clock import Clock
from shared.contracts.envelope import Envelope
from shared.database.pool import Connection, Database
from shared.outbox.rows import Outbox

MOST = 500
"""Cases that one transaction returns at most."""

_TAKE = "SELECT id, staff_id, clinic_ids FROM release_wanted ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
# A round that began before the account changed may be giving this person a case: wait until it is committed.
# Rounds that begin later see the account as it is now.
_BARRIER = "SELECT FROM clinics WHERE clinic_id = ANY($1::text[]) ORDER BY clinic_id FOR NO KEY UPDATE"
_HELD = """
SELECT h.case_id FROM held h JOIN cases c USING (case_id)
WHERE h.holder = $1 AND h.clinic_id = ANY($2::text[]) AND c.status = 'assigned'
ORDER BY h.since, h.case_id LIMIT $3
"""
_DONE = "DELETE FROM release_wanted WHERE id = $1"

log = structlog.get_logger()


class Releases:
    """Looks at what people hold whose account has changed. `published` is called after a commit with events."""

    def __init__(self, database: Database, clock: Clock, published: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._published = published

    async def run(self) -> int:
        """Return all that must be returned; gives the number of cases. Raises Transient."""
        total = 0
        while (returned := await self._one()) is not None:
            total += returned
        return total

    async def _one(self) -> int | None:
        """One transaction; None if nothing is wanted."""
        async with self._database.transaction() as connection:
            wants = await connection.fetch(_TAKE)
            if not wants:
                return None
            [(want, staff_id, clinic_ids)] = wants
            await connection.fetch(_BARRIER, clinic_ids)
            found = [row[0] for row in await connection.fetch(_HELD, staff_id, clinic_ids, MOST)]
            returned = await self._release(connection, staff_id, found)
            if returned < MOST:
                await connection.execute(_DONE, want)
        if returned:
            self._published()
            log.info("released", count=returned)
        return returned

    async def _release(self, connection: Connection, staff_id: str, case_ids: list[UUID]) -> int:
        now = self._clock()
        work = RoutingWork()
        for case_id in case_ids:
            work.cases.want(case_id)
        work.people_read.want(staff_id)
        await work.cases.load(connection)
        await work.people_read.load(connection)
        person = work.people_read.get(staff_id)
        cases = [case for case_id in case_ids if (case := work.cases.get(case_id)) is not None]
        if person is None or not cases:
            return 0
        release_cases(person, cases, work.wanted, now)
        events: list[Any] = work.take_events()
        await work.write(connection)
        outbox = Outbox("routing")
        cause = Envelope(str(uuid_utils.uuid7()), "release", "/vardvaxel/routing", now)
        outbox.add(events, cause=cause, handler="release_cases", now=now)
        await outbox.write(connection)
        return len(events)
