"""What intake does by the clock."""

from datetime import timedelta

import uuid_utils

from services.intake.application.commands import CloseAnswered
from shared.clock import Clock
from shared.contracts.envelope import Envelope
from shared.database.pool import Database
from shared.messaging.arrival import Arrival
from shared.messaging.runner import BatchRunner

AT_ONCE = 200
_DUE = """
SELECT id FROM cases WHERE state = 'answered' AND answered_at < $1 ORDER BY answered_at, id LIMIT $2
"""
_FORGET = """
DELETE FROM grants WHERE id IN (
    SELECT g.id FROM grants g JOIN clinics c ON c.id = g.clinic_id
    WHERE g.revoked_at < $1 OR g.until < $2 ORDER BY g.id LIMIT $3 FOR NO KEY UPDATE OF c SKIP LOCKED)
RETURNING id
"""
"""Under the lock of whoever gives: what is given anew at this moment is not forgotten."""


class EndedGrants:
    """Forgets what clinics once gave to citizens, long after it ended. Who gave it to whom stays in the access log."""

    def __init__(self, database: Database, clock: Clock, kept: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._kept = kept

    async def forget(self) -> int:
        """Gives how many there were."""
        before, forgotten = self._clock() - self._kept, 0
        while some := len(await self._database.fetch(_FORGET, before, before.date(), AT_ONCE)):
            forgotten += some
        return forgotten


class ClosingTimer:
    """Closes cases that were answered long enough ago, some at a time, oldest first."""

    def __init__(self, database: Database, runner: BatchRunner, clock: Clock, close_after: timedelta) -> None:
        self._database = database
        self._runner = runner
        self._clock = clock
        self._close_after = close_after

    async def tick(self) -> int:
        """Close what is due; gives how many. Two processes at once find each other's work done."""
        closed = 0
        while True:
            now = self._clock()
            due = [row[0] for row in await self._database.fetch(_DUE, now - self._close_after, AT_ONCE)]
            if not due:
                return closed
            id_ = str(uuid_utils.uuid7())
            command = CloseAnswered(actor="timer", case_ids=tuple(due))
            envelope = Envelope(id_, command.TYPE, "timer", now, correlation_id=id_)
            arrival = Arrival(envelope, id_, command)
            await self._runner.perform([arrival])
            if isinstance(arrival.answer, Exception):
                raise arrival.answer
            closed += len(due)
