"""Distribution rounds: the only thing that assigns by itself.

A round takes the clinics that want one, each under the lock of its clinic's row, so that replicas share the clinics and
never one clinic; shares out what waits; writes all of it; and takes away exactly the wants that it read. Whoever
wants a round meanwhile adds a want of their own, and is seen by the next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson
import structlog
import uuid_utils

from services.routing.adapters.cases import turn_of
from services.routing.application.distribute import NOBODY, Candidate, distribute
from services.routing.domain.case import Case, Status
from shared.clock import Clock
from shared.contracts.envelope import Envelope
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
_TAKE = """
SELECT clinic_id, distribution FROM clinics WHERE clinic_id = ANY($1::text[])
ORDER BY clinic_id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
"""
# One row for each clinic where somebody waits: the head of its queue, and everybody who is caregiver there.
_LOOK = """
SELECT c.clinic_id, w.*, m.*
FROM unnest($1::text[]) AS c(clinic_id)
CROSS JOIN LATERAL (
    SELECT array_agg(case_id), array_agg(queued_at), array_agg(case_type), array_agg(version), array_agg(epoch),
           array_agg(avoid)
    FROM (SELECT * FROM queue q WHERE q.clinic_id = c.clinic_id ORDER BY queued_at, case_id LIMIT $2) q
) AS w(case_ids)
CROSS JOIN LATERAL (
    SELECT array_agg(staff_id), array_agg(locked), array_agg(present), array_agg(load), array_agg(turn)
    FROM (
        SELECT * FROM members m
        WHERE m.clinic_id = c.clinic_id AND caregiver AND (ends_at IS NULL OR ends_at > now()) ORDER BY staff_id
    ) m
) AS m(staff_ids)
WHERE w.case_ids IS NOT NULL AND m.staff_ids IS NOT NULL
"""
# The version decides: a case that somebody assigned, withdrew or answered meanwhile is left alone, and everything
# else follows from the cases that were won. A queue is mostly empty, and to the planner it still is when it is not: so
# its rows are looked up one by one, whatever the planner thinks (joined, it once read the whole queue for each case:
# 765 µs per case in place of 16). People are locked in one order everywhere. Arrays of arrays must be
# rectangular, so those of a round travel as text.
_ASSIGN = """
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
    INSERT INTO rounds (round_id, clinic_id, at, distribution, roster_id, loads, turns, choices)
    SELECT round_id, clinic_id, $6, distribution, roster_id, loads::int[], turns::bigint[], choices::smallint[]
    FROM unnest($8::uuid[], $9::text[], $10::text[], $11::bytea[], $12::text[], $13::text[], $14::text[])
        AS n(round_id, clinic_id, distribution, roster_id, loads, turns, choices)
)
SELECT case_id FROM won
"""
_ROSTERS = """
INSERT INTO rosters (roster_id, clinic_id, people)
SELECT roster_id, clinic_id, people::jsonb
FROM unnest($1::bytea[], $2::text[], $3::text[]) AS n(roster_id, clinic_id, people)
ON CONFLICT DO NOTHING
"""
_DONE = "DELETE FROM round_wanted WHERE id = ANY($1::bigint[])"
_BACKLOG = """
INSERT INTO round_wanted (clinic_id)
SELECT c.clinic_id FROM clinics c
WHERE c.distribution <> 'manual' AND EXISTS (SELECT FROM queue q WHERE q.clinic_id = c.clinic_id)
  AND NOT EXISTS (SELECT FROM round_wanted w WHERE w.clinic_id = c.clinic_id)
"""
_MOST_WANTS = 5_000
_KNOWN_ROSTERS = 50_000
LEFT_OUT_FOR = timedelta(minutes=1)

log = structlog.get_logger()


@dataclass(slots=True)
class _Draft:
    """What one round wants to write: a row per case, a row per clinic."""

    now: datetime
    cases: list[Case] = field(default_factory=list)
    places: list[tuple[UUID, int]] = field(default_factory=list)
    rounds: list[tuple[Any, ...]] = field(default_factory=list)
    rosters: dict[bytes, tuple[str, str]] = field(default_factory=dict)


class Rounds:
    """Holds rounds. `published` is called after a commit that put something into the outbox."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        published: Callable[[], None],
        *,
        clinics: int = 256,
        cases: int = 500,
        capacity: int = 0,
    ) -> None:
        self._database = database
        self._clock = clock
        self._published = published
        self._clinics = clinics
        self._cases = cases
        self._capacity = capacity
        self._known: set[bytes] = set()
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
        draft = _Draft(self._clock())
        async with self._database.transaction() as connection:
            wants = await connection.fetch(_WANTS, _MOST_WANTS)
            asked = {clinic_id for _, clinic_id in wants}
            if self._left_out:
                asked -= {clinic_id for clinic_id, until in self._left_out.items() if until > draft.now}
            clinics = await connection.fetch(_TAKE, list(asked), most) if asked else []
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
            self._remember(draft)
            log.info("round", decided=len(draft.places), assigned=assigned, count=len(clinics))
        return len(clinics) < len(asked) or bool(unfinished) or len(wants) == _MOST_WANTS, assigned

    async def _share_out(
        self, connection: Connection, clinics: list[Any], draft: _Draft
    ) -> tuple[int, set[str]]:
        """Decide and write for all clinics; gives the number of assigned cases, and clinics with more to share out."""
        sharing = {clinic_id: how for clinic_id, how in clinics if how != Distribution.MANUAL}
        unfinished = set()
        for clinic_id, *found in await connection.fetch(_LOOK, list(sharing), self._cases) if sharing else ():
            waiting, crew = list(zip(*found[:6], strict=True)), found[6:]
            got = self._decide(clinic_id, sharing[clinic_id], waiting, crew, draft)
            if got and len(waiting) == self._cases:
                unfinished.add(clinic_id)
        if draft.cases:
            await self._write(connection, draft)
        return len(draft.cases), unfinished

    def _decide(
        self, clinic_id: str, how: str, waiting: Sequence[tuple[Any, ...]], crew: Sequence[Any], draft: _Draft
    ) -> int:
        """Choose for one clinic, and assign; gives the number of cases that found somebody."""
        ids, locked, present, loads, turns = crew
        candidates = list(map(Candidate, ids, locked, present, loads, turns))
        now, first_turn = draft.now, turn_of(draft.now)
        avoid = [row[5] for row in waiting]
        decision = distribute(how, candidates, avoid, first_turn=first_turn, most_open=self._capacity)
        if not decision.given:
            return 0
        round_id = UUID(bytes=uuid_utils.uuid7().bytes)
        queued = Status.QUEUED
        for position, (row, place) in enumerate(zip(waiting, decision.choices, strict=True)):
            if place != NOBODY:
                id_, queued_at, type_, version, epoch, former = row
                case = Case(
                    id_, clinic_id, type_, queued_at, queued, None, former, epoch, version, now, "", False
                )
                case.assign(ids[place], by="", at=now, reason="round")
                draft.cases.append(case)
                draft.places.append((round_id, position))
        people = orjson.dumps([ids, locked, present]).decode()
        roster_id = blake2b(f"{clinic_id}{people}".encode(), digest_size=16).digest()
        if roster_id not in self._known:
            draft.rosters[roster_id] = (clinic_id, people)
        arrays = [_array(values) for values in (loads, turns, decision.choices)]
        draft.rounds.append((round_id, clinic_id, how, roster_id, *arrays))
        return sum(decision.given.values())

    async def _write(self, connection: Connection, draft: _Draft) -> None:
        """Write the decisions; afterwards the draft holds only the cases that were still waiting."""
        rows = [
            (case.id, case.version - 1, case.holder, *place)
            for case, place in zip(draft.cases, draft.places, strict=True)
        ]
        # Cases are locked in the order of their ids everywhere; the update takes them as they come.
        rows.sort(key=_first)
        cases, rounds = columns_as_arrays(rows), columns_as_arrays(draft.rounds)
        if draft.rosters:
            rosters = [(id_, *who) for id_, who in draft.rosters.items()]
            await connection.execute(_ROSTERS, *columns_as_arrays(sorted(rosters)))
        won = await connection.fetch(_ASSIGN, *cases, draft.now, turn_of(draft.now), *rounds)
        if len(won) < len(rows):
            ids = {row[0] for row in won}
            draft.cases = [case for case in draft.cases if case.id in ids]

    def _outbox(self, draft: _Draft) -> Outbox:
        """One event per assigned case, all caused by this round."""
        outbox = Outbox("routing")
        if draft.cases:
            cause = Envelope(str(draft.rounds[0][0]), "round", "/vardvaxel/routing", draft.now)
            events = [event for case in draft.cases for event in case.events]
            outbox.add(events, cause=cause, handler="round", now=draft.now)
        return outbox

    def _remember(self, draft: _Draft) -> None:
        if len(self._known) > _KNOWN_ROSTERS:
            self._known.clear()
        self._known.update(draft.rosters)


def _array(values: list[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"


def _first(row: tuple[Any, ...]) -> Any:
    return row[0]
