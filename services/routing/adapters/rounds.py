"""Distribution rounds: the only thing that assigns by itself.

A round takes the clinics that want one, each under the lock of its clinic's row, so that replicas share the clinics and
never one clinic; shares out what waits; writes all of it; and takes away exactly the wants that it read. Whoever
wants a round meanwhile adds a want of their own, and is seen by the next.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from services.routing.adapters.sharing import CREW, TAKE, Draft, Sharing, explaining, turn_of
from services.routing.domain.case import Case, Status
from shared.clock import Clock
from shared.contracts.events.admin import Distribution
from shared.crash_points import reached
from shared.database.pool import Connection, Database
from shared.database.statements import columns_as_arrays
from shared.errors import Transient
from shared.outbox.rows import Outbox

# What was committed before a want was read is seen by every later statement of the round.
_WANTS = """
SELECT id, clinic_id FROM round_wanted w WHERE EXISTS (SELECT FROM clinics c WHERE c.clinic_id = w.clinic_id)
ORDER BY id LIMIT $1
"""
# One row for each clinic where somebody waits: the head of its queue, and everybody who is caregiver there.
_LOOK = f"""
SELECT c.clinic_id, w.*, m.*
FROM unnest($1::text[]) AS c(clinic_id)
CROSS JOIN LATERAL (
    SELECT array_agg(case_id), array_agg(queued_at), array_agg(case_type), array_agg(version), array_agg(epoch),
           array_agg(avoid)
    FROM (SELECT * FROM queue q WHERE q.clinic_id = c.clinic_id ORDER BY queued_at, case_id LIMIT $2) q
) AS w(case_ids)
CROSS JOIN LATERAL ({CREW}) AS m(staff_ids)
WHERE w.case_ids IS NOT NULL AND m.staff_ids IS NOT NULL
"""  # noqa: S608 - both parts are ours
# The version decides: a case that somebody assigned, withdrew or answered meanwhile is left alone, and everything
# else follows from the cases that were won. A queue is mostly empty, and to the planner it still is when it is not: so
# its rows are looked up one by one, whatever the planner thinks (joined, it once read the whole queue for each case:
# 765 µs per case in place of 16). People are locked in one order everywhere.
_ASSIGN = f"""
WITH new AS (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::uuid[], $5::smallint[])
    AS n(case_id, seen, holder, round_id, position)
), won AS (
    UPDATE cases c SET status = 'assigned', holder = new.holder, last_holder = new.holder, epoch = c.epoch + 1,
        version = c.version + 1, changed_at = $6, changed_by = '', returned = false
    FROM new WHERE c.case_id = new.case_id AND c.version = new.seen AND c.status = 'queued'
    RETURNING c.case_id, c.clinic_id, c.received_at, c.version, c.holder, c.epoch, new.round_id, new.position
), gone AS (
    DELETE FROM queue WHERE ctid = ANY (ARRAY(
        SELECT q.ctid FROM won CROSS JOIN LATERAL (
            SELECT ctid FROM queue
            WHERE clinic_id = won.clinic_id AND queued_at = won.received_at AND case_id = won.case_id OFFSET 0
        ) q
    ))
), kept AS (
    INSERT INTO held (holder, since, case_id, clinic_id) SELECT holder, $6, case_id, clinic_id FROM won
), told AS (
    INSERT INTO history (case_id, version, at, act, clinic_id, holder, epoch, by, reason, round_id, position)
    SELECT case_id, version, $6, 'assigned', clinic_id, holder, epoch, '', 'round', round_id, position FROM won
), counted AS (
    SELECT clinic_id, holder, count(*)::int AS change, max(position) + $7::bigint AS turn FROM won GROUP BY 1, 2
), loaded AS (
    UPDATE members m SET load = m.load + l.change, turn = greatest(m.turn, l.turn)
    FROM (
        SELECT p.clinic_id, p.staff_id, n.change, n.turn
        FROM counted n JOIN members p ON p.clinic_id = n.clinic_id AND p.staff_id = n.holder
        ORDER BY 1, 2 FOR NO KEY UPDATE OF p
    ) l
    WHERE m.clinic_id = l.clinic_id AND m.staff_id = l.staff_id
), explained AS (
    {explaining(at=6, first=8)}
)
SELECT case_id FROM won
"""  # noqa: S608 - all parts are ours
_DONE = "DELETE FROM round_wanted WHERE id = ANY($1::bigint[])"
_BACKLOG = """
INSERT INTO round_wanted (clinic_id)
SELECT c.clinic_id FROM clinics c
WHERE c.distribution <> 'manual' AND EXISTS (SELECT FROM queue q WHERE q.clinic_id = c.clinic_id)
  AND NOT EXISTS (SELECT FROM round_wanted w WHERE w.clinic_id = c.clinic_id)
"""
_MOST_WANTS = 5_000
LEFT_OUT_FOR = timedelta(minutes=1)

log = structlog.get_logger()


class Rounds:
    """Holds rounds. `published` is called after a commit that put something into the outbox."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        published: Callable[[], None],
        sharing: Sharing,
        *,
        clinics: int = 256,
    ) -> None:
        self._database = database
        self._clock = clock
        self._published = published
        self._sharing = sharing
        self._clinics = clinics
        self._now_at: list[str] = []
        self._left_out: dict[str, datetime] = {}

    async def run(self) -> int:
        """Hold rounds until no clinic wants one; gives the number of cases that were assigned.

        Raises Transient. A clinic whose round fails otherwise is left out for a while, so that it holds up nobody.
        """
        total, most = 0, self._clinics
        while True:
            self._now_at = []
            try:
                more, assigned = await self._one(most)
            except Transient:
                raise
            except Exception as error:
                if most == 1 and not self._now_at:
                    raise
                if most == 1:
                    self._left_out[self._now_at[0]] = self._clock() + LEFT_OUT_FOR
                log.error("round failed", exc_info=error, count=len(self._now_at))
                most = 1
                continue
            total += assigned
            if not more:
                return total

    async def want_backlog(self) -> None:
        """Want a round wherever somebody waits: a net under all the wants that the acts themselves leave."""
        await self._database.fetch(_BACKLOG)

    async def _one(self, most: int) -> tuple[bool, int]:
        """One transaction, for at most so many clinics: whether there may be more to do, and cases assigned."""
        draft = self._sharing.draft(self._clock())
        async with self._database.transaction() as connection:
            wants = await connection.fetch(_WANTS, _MOST_WANTS)
            asked = {clinic_id for _, clinic_id in wants}
            if self._left_out:
                asked -= {clinic_id for clinic_id, until in self._left_out.items() if until > draft.now}
            clinics = await connection.fetch(TAKE, list(asked), most) if asked else []
            if not clinics:
                return False, 0
            self._now_at = [clinic_id for clinic_id, _ in clinics]
            assigned, unfinished = await self._share_out(connection, clinics, draft)
            finished = set(self._now_at) - unfinished
            await connection.execute(_DONE, [want for want, clinic_id in wants if clinic_id in finished])
            outbox = self._outbox(draft)
            await outbox.write(connection)
            reached("round_before_commit")
        reached("round_after_commit")
        if assigned:
            self._published()
            draft.committed()
            log.info("round", assigned=assigned, count=len(clinics))
        return len(clinics) < len(asked) or bool(unfinished) or len(wants) == _MOST_WANTS, assigned

    async def _share_out(
        self, connection: Connection, clinics: list[Any], draft: Draft
    ) -> tuple[int, set[str]]:
        """Decide and write for all clinics; gives the number of assigned cases, and clinics with more to share out."""
        sharing = {clinic_id: how for clinic_id, how in clinics if how != Distribution.MANUAL}
        unfinished = set()
        for clinic_id, *found in (
            await connection.fetch(_LOOK, list(sharing), self._sharing.cases) if sharing else ()
        ):
            waiting, crew = list(zip(*found[:6], strict=True)), found[6:]
            got = self._decide(clinic_id, sharing[clinic_id], waiting, crew, draft)
            if got and len(waiting) == self._sharing.cases:
                unfinished.add(clinic_id)
        if draft.given:
            await self._write(connection, draft)
        return len(draft.given), unfinished

    def _decide(
        self, clinic_id: str, how: str, waiting: Sequence[tuple[Any, ...]], crew: Sequence[Any], draft: Draft
    ) -> bool:
        """Choose for one clinic, and assign; True if a case found somebody."""
        cases = [
            Case(id_, clinic_id, type_, at, Status.QUEUED, None, avoid, epoch, version, draft.now, "", False)
            for id_, at, type_, version, epoch, avoid in waiting
        ]
        return draft.share_out(clinic_id, how, crew, cases)

    async def _write(self, connection: Connection, draft: Draft) -> None:
        """Write the decisions; afterwards the draft holds only the cases that were still waiting."""
        rows = [(case.id, case.version - 1, case.holder, *case.steps[-1][-2:]) for case in draft.given]
        # Cases are locked in the order of their ids everywhere; the update takes them as they come.
        rows.sort(key=_first)
        cases, rounds = columns_as_arrays(rows), columns_as_arrays(draft.rounds)
        await draft.write_rosters(connection)
        won = await connection.fetch(_ASSIGN, *cases, draft.now, turn_of(draft.now), *rounds)
        if len(won) < len(rows):
            ids = {row[0] for row in won}
            draft.given = [case for case in draft.given if case.id in ids]

    def _outbox(self, draft: Draft) -> Outbox:
        """One event per assigned case, all caused by this round."""
        outbox = Outbox("routing")
        if draft.given:
            events = [event for case in draft.given for event in case.events]
            outbox.add(events, cause=draft.cause(), handler="round", now=draft.now)
        return outbox


def _first(row: tuple[Any, ...]) -> Any:
    return row[0]
