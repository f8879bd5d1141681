"""Cases, and with them the queue, who holds what, the history and the load of each caregiver.

The four others follow from how a case was loaded and how it is now: no use case has to think of them.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.routing.adapters import tables
from services.routing.adapters.sharing import turn_of
from services.routing.domain.case import Case, Status
from shared.database.pool import Connection
from shared.database.rows import Rows
from shared.database.statements import columns_as_arrays, insert_many

_ENQUEUE = insert_many(
    tables.queue, ("clinic_id", "queued_at", "case_id", "case_type", "version", "epoch", "avoid")
)
_DEQUEUE = """
DELETE FROM queue q USING unnest($1::text[], $2::timestamptz[], $3::uuid[]) AS gone(clinic_id, queued_at, case_id)
WHERE q.clinic_id = gone.clinic_id AND q.queued_at = gone.queued_at AND q.case_id = gone.case_id
"""
_HOLD = insert_many(tables.held, ("holder", "since", "case_id", "clinic_id"))
_LET_GO = """
DELETE FROM held h USING unnest($1::text[], $2::timestamptz[], $3::uuid[]) AS gone(holder, since, case_id)
WHERE h.holder = gone.holder AND h.since = gone.since AND h.case_id = gone.case_id
"""
_HISTORY = insert_many(
    tables.history,
    (
        "case_id",
        "clinic_id",
        "version",
        "at",
        "act",
        "holder",
        "former_holder",
        "epoch",
        "by",
        "reason",
        "round_id",
        "position",
    ),
)
# Locked in one order everywhere, because two transactions may change the load of the same people.
_LOADS = """
UPDATE members m SET load = m.load + l.change, turn = greatest(m.turn, l.turn)
FROM (
    SELECT clinic_id, staff_id, n.change, n.turn
    FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[]) AS n(clinic_id, staff_id, change, turn)
    JOIN members USING (clinic_id, staff_id)
    ORDER BY clinic_id, staff_id FOR NO KEY UPDATE OF members
) l
WHERE m.clinic_id = l.clinic_id AND m.staff_id = l.staff_id
"""
# A caregiver has room again: worth a round where rounds are held and somebody waits.
_WANT_WHERE_QUEUED = """
INSERT INTO round_wanted (clinic_id)
SELECT c.clinic_id FROM clinics c
WHERE c.clinic_id = ANY($1::text[]) AND c.distribution <> 'manual'
  AND EXISTS (SELECT FROM queue q WHERE q.clinic_id = c.clinic_id)
"""
# Nearly all new cases do nothing but arrive and wait: one statement for three tables, from the few values that differ.
_ARRIVE = """
WITH new AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])
    AS n(case_id, clinic_id, case_type, received_at)
), kept AS (
    INSERT INTO cases (case_id, clinic_id, case_type, received_at, status, epoch, version, changed_at, changed_by,
                       returned)
    SELECT case_id, clinic_id, case_type, received_at, 'queued', 0, 1, $5, '', false FROM new
), waits AS (
    INSERT INTO queue (clinic_id, queued_at, case_id, case_type, version, epoch)
    SELECT clinic_id, received_at, case_id, case_type, 1, 0 FROM new
)
INSERT INTO history (case_id, version, at, act, clinic_id, epoch, by, reason)
SELECT case_id, 1, $5, 'queued', clinic_id, 0, '', 'received' FROM new
"""
# Most others are given to somebody by the round of the batch that brought them, and never see the queue.
_GIVE = """
WITH new AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::uuid[], $7::smallint[])
    AS n(case_id, clinic_id, case_type, received_at, holder, round_id, position)
), kept AS (
    INSERT INTO cases (case_id, clinic_id, case_type, received_at, status, holder, last_holder, epoch, version,
                       changed_at, changed_by, returned)
    SELECT case_id, clinic_id, case_type, received_at, 'assigned', holder, holder, 1, 2, $8, '', false FROM new
), taken AS (
    INSERT INTO held (holder, since, case_id, clinic_id) SELECT holder, $8, case_id, clinic_id FROM new
)
INSERT INTO history (case_id, version, at, act, clinic_id, holder, epoch, by, reason, round_id, position)
SELECT case_id, 1, $8, 'queued', clinic_id, NULL, 0, '', 'received', NULL, NULL FROM new UNION ALL
SELECT case_id, 2, $8, 'assigned', clinic_id, holder, 1, '', 'round', round_id, position FROM new
"""
_STATUS = {status.value: status for status in Status}

Load = tuple[int, int]
"""By how much somebody's load changes, and the turn that they had (microseconds since 1970, or 0)."""


class Cases(Rows[UUID, Case]):
    """The cases of a batch."""

    table = tables.cases
    columns = (
        "case_id",
        "clinic_id",
        "case_type",
        "received_at",
        "status",
        "holder",
        "last_holder",
        "epoch",
        "version",
        "changed_at",
        "changed_by",
        "returned",
    )

    def from_row(self, row: Any) -> Case:
        case_id, clinic_id, case_type, received_at, status, *rest = row
        return Case(case_id, clinic_id, case_type, received_at, _STATUS[status], *rest)

    def to_row(self, entity: Case) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.clinic_id,
            entity.case_type,
            entity.received_at,
            entity.status,
            entity.holder,
            entity.last_holder,
            entity.epoch,
            entity.version,
            entity.changed_at,
            entity.changed_by,
            entity.returned,
        )

    gives_room = False
    """Whether somebody has room again, so that a round may be wanted."""

    async def write(self, connection: Connection) -> None:
        """Write the cases and all that follows from their change, one statement per table.

        All new cases of a batch have the same instant: that of the batch.
        """
        new = [*self._new.values()]
        waiting = [case for case in new if case.version == 1]
        if waiting:
            rows = [(case.id, case.clinic_id, case.case_type, case.received_at) for case in waiting]
            await connection.execute(_ARRIVE, *columns_as_arrays(rows), waiting[0].changed_at)
        given = [case for case in new if case.was_given_at_once]
        if given:
            await connection.execute(_GIVE, *columns_as_arrays([*map(_given, given)]), given[0].changed_at)
        loads: Loads = {}
        for case in given:
            _count(loads, case.clinic_id, case.holder or "", 1, _turn(case))
        if len(waiting) + len(given) < len(self._loaded):
            for case in (*waiting, *given):
                del self._new[case.id]
                case.changed = False
            await super().write(connection)
            await write_consequences(connection, [case for case in self if case.changed], loads)
        await write_loads(connection, loads)
        self.gives_room = any(change < 0 for change, _ in loads.values())


def _given(case: Case) -> tuple[Any, ...]:
    place = case.steps[-1][-2:]
    return case.id, case.clinic_id, case.case_type, case.received_at, case.holder, *place


async def write_consequences(connection: Connection, changed: Iterable[Case], loads: "Loads") -> None:
    """Queue, held and history, as the changed cases have them now. What follows for loads is added to those."""
    enqueued, dequeued, kept, let_go, history = [], [], [], [], []
    for case in changed:
        history += [(case.id, case.clinic_id, *step) for step in case.steps]
        status, holder, version, since = case.as_loaded or (None, None, 0, case.changed_at)
        moved = version != case.version
        if status is Status.QUEUED and moved:
            dequeued.append((case.clinic_id, case.received_at, case.id))
        if case.status is Status.QUEUED and moved:
            avoid = case.last_holder if case.returned else None
            enqueued.append(
                (case.clinic_id, case.received_at, case.id, case.case_type, case.version, case.epoch, avoid)
            )
        if holder is not None and moved:
            let_go.append((holder, since, case.id))
            _count(loads, case.clinic_id, holder, -1, 0)
        if case.holder is not None and moved:
            kept.append((case.holder, case.changed_at, case.id, case.clinic_id))
            _count(loads, case.clinic_id, case.holder, 1, _turn(case))
    for statement, rows in (
        (_DEQUEUE, dequeued),
        (_ENQUEUE, enqueued),
        (_LET_GO, let_go),
        (_HOLD, kept),
        (_HISTORY, history),
    ):
        if rows:
            await connection.execute(statement, *columns_as_arrays(rows))


async def write_loads(connection: Connection, loads: "Loads") -> None:
    """Change the load of (clinic, person)s; where it falls and somebody waits, a round is wanted."""
    rows = [(clinic_id, staff_id, *change) for (clinic_id, staff_id), change in loads.items()]
    if not rows:
        return
    await connection.execute(_LOADS, *columns_as_arrays(rows))
    if fallen := {row[0] for row in rows if row[2] < 0}:
        await connection.execute(_WANT_WHERE_QUEUED, list(fallen))


def _turn(case: Case) -> int:
    """When its holder was given it: the choices of one round follow one another."""
    return turn_of(case.changed_at) + (case.steps[-1].position or 0)


def _count(loads: "Loads", clinic_id: str, staff_id: str, change: int, turn: int) -> None:
    before = loads.get((clinic_id, staff_id), (0, 0))
    loads[clinic_id, staff_id] = (before[0] + change, max(before[1], turn))


Loads = dict[tuple[str, str], tuple[int, int]]
"""By how much the load of a person at a clinic changes, and the turn that they had (microseconds since 1970, or 0)."""
