"""Cases, and with them the queue, who holds what, the history and the load of each caregiver.

The four others follow from how a case was loaded and how it is now: no use case has to think of them.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any
from uuid import UUID

from services.routing.adapters import tables
from services.routing.adapters.sharing import Draft, explaining, turn_of
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


def _loading(first: int) -> str:
    """The UPDATE of loads, as arrays from parameter `first` on: clinic, person, change, turn.

    People are locked in one order everywhere, because two transactions may change the load of the same ones.
    """
    arrays = f"${first}::text[], ${first + 1}::text[], ${first + 2}::int[], ${first + 3}::bigint[]"
    return f"""
    UPDATE members m SET load = m.load + l.change, turn = greatest(m.turn, l.turn)
    FROM (
        SELECT p.clinic_id, p.staff_id, n.change, n.turn
        FROM unnest({arrays}) AS n(clinic_id, staff_id, change, turn)
        JOIN members p ON p.clinic_id = n.clinic_id AND p.staff_id = n.staff_id
        ORDER BY 1, 2 FOR NO KEY UPDATE OF p
    ) l
    WHERE m.clinic_id = l.clinic_id AND m.staff_id = l.staff_id
    """  # noqa: S608 - the numbers are ours


_LOADS = _loading(1)
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
_GIVE = f"""
WITH new AS (
    SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::uuid[], $8::smallint[])
    AS n(case_id, clinic_id, case_type, received_at, holder, round_id, position)
), kept AS (
    INSERT INTO cases (case_id, clinic_id, case_type, received_at, status, holder, last_holder, epoch, version,
                       changed_at, changed_by, returned)
    SELECT case_id, clinic_id, case_type, received_at, 'assigned', holder, holder, 1, 2, $1, '', false FROM new
), taken AS (
    INSERT INTO held (holder, since, case_id, clinic_id) SELECT holder, $1, case_id, clinic_id FROM new
), loaded AS (
    {_loading(9)}
), explained AS (
    {explaining(at=1, first=13)}
)
INSERT INTO history (case_id, version, at, act, clinic_id, holder, epoch, by, reason, round_id, position)
SELECT case_id, 1, $1, 'queued', clinic_id, NULL, 0, '', 'received', NULL, NULL FROM new UNION ALL
SELECT case_id, 2, $1, 'assigned', clinic_id, holder, 1, '', 'round', round_id, position FROM new
"""  # noqa: S608 - all parts are ours
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
    _draft: Draft | None = None

    def give(self, draft: Draft) -> None:
        """The round of this batch gave these new cases away."""
        self._draft = draft
        self.touched += draft.given

    async def write(self, connection: Connection) -> None:
        """Write the cases and all that follows from their change, one statement per table.

        All new cases of a batch have the same instant: that of the batch.
        """
        waiting = [case for case in self._new.values() if case.version == 1]
        if waiting:
            rows = [(case.id, case.clinic_id, case.case_type, case.received_at) for case in waiting]
            await connection.execute(_ARRIVE, *columns_as_arrays(rows), waiting[0].changed_at)
        loads: Loads = {}
        given = self._draft.given if self._draft is not None else []
        for case in given:
            _count(loads, case, case.holder, 1)
        if len(waiting) + len(given) < len(self._loaded):
            for case in (*waiting, *given):
                del self._new[case.id]
                case.changed = False
            await super().write(connection)
            await write_consequences(connection, [case for case in self if case.changed], loads)
        changes = [(*who, *change) for who, change in loads.items()]
        if self._draft is not None:
            await self._draft.write_rosters(connection)
            arrays = (columns_as_arrays(rows) for rows in ([*map(_row, given)], changes, self._draft.rounds))
            await connection.execute(_GIVE, self._draft.now, *chain.from_iterable(arrays))
        elif changes:
            await connection.execute(_LOADS, *columns_as_arrays(changes))
        if fallen := {clinic_id for clinic_id, _, change, _ in changes if change < 0}:
            self.gives_room = True
            await connection.execute(_WANT_WHERE_QUEUED, list(fallen))


def _row(case: Case) -> tuple[Any, ...]:
    """What is not the same for all cases that are given at once."""
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
            _count(loads, case, holder, -1)
        if case.holder is not None and moved:
            kept.append((case.holder, case.changed_at, case.id, case.clinic_id))
            _count(loads, case, case.holder, 1)
    for statement, rows in (
        (_DEQUEUE, dequeued),
        (_ENQUEUE, enqueued),
        (_LET_GO, let_go),
        (_HOLD, kept),
        (_HISTORY, history),
    ):
        if rows:
            await connection.execute(statement, *columns_as_arrays(rows))


def _count(loads: "Loads", case: Case, staff_id: str | None, change: int) -> None:
    """Somebody has the case now, or no longer. The choices of one round follow one another as turns."""
    who = (case.clinic_id, staff_id or "")
    before = loads.get(who, (0, 0))
    turn = turn_of(case.changed_at) + (case.steps[-1].position or 0) if change > 0 else 0
    loads[who] = (before[0] + change, max(before[1], turn))


Loads = dict[tuple[str, str], tuple[int, int]]
"""By how much the load of a person at a clinic changes, and the turn that they had (microseconds since 1970, or 0)."""
