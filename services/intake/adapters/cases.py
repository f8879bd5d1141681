"""Cases in PostgreSQL: locked where they are acted on, unlocked where they are only shown."""

from typing import Any
from uuid import UUID

from services.intake.adapters.tables import cases
from services.intake.domain.case import Case
from shared.database.pool import Connection
from shared.database.rows import Rows
from shared.database.statements import columns_as_arrays, update_many

COLUMNS = tuple(column.name for column in cases.columns)

_RECEIVE = """
INSERT INTO cases (id, portal_id, clinic_id, case_type, case_type_version, citizen_kind, citizen_value, citizen_name,
                   content_hash, received_at, state, version, said_version, holder, former_holder, epoch,
                   routing_version, started_epoch, answered_by, closed_by)
SELECT new.*, 'open', 1, 1, '', '', 0, 0, 0, '', ''
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::bytea[],
            $10::timestamptz[]) AS new
"""
"""What has just come differs in ten columns only, which spares the driver fourteen arrays."""

_HELD = update_many(cases, ("id", "holder", "former_holder", "epoch", "held_since", "routing_version"))
"""What routing tells of a case, nearly always all that changes in it."""


class CaseRows(Rows[UUID, Case]):
    """Cases to act on. A new one costs one look-up by primary key and one line of an INSERT."""

    table = cases
    columns = COLUMNS

    def from_row(self, row: Any) -> Case:
        return Case(*row)

    def to_row(self, entity: Case) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.portal_id,
            entity.clinic_id,
            entity.case_type,
            entity.case_type_version,
            entity.citizen_kind,
            entity.citizen_value,
            entity.citizen_name,
            entity.content_hash,
            entity.received_at,
            entity.state,
            entity.version,
            entity.said_version,
            entity.reply_by,
            entity.holder,
            entity.former_holder,
            entity.epoch,
            entity.held_since,
            entity.routing_version,
            entity.started_epoch,
            entity.answered_by,
            entity.answered_at,
            entity.closed_by,
            entity.closed_at,
        )

    async def write(self, connection: Connection) -> None:
        """As all rows, except that what has just come, or only changed hands, is written with less."""
        received = [case for case in self._new.values() if case.has_just_come]
        if received:
            rows = [self.to_row(case)[:10] for case in received]
            await connection.execute(_RECEIVE, *columns_as_arrays(rows))
            for case in received:
                del self._new[case.id]
                case.changed = False
        held = [
            case for case in self if case.holder_changed and not case.changed and case.id not in self._new
        ]
        if held:
            moved = [
                (it.id, it.holder, it.former_holder, it.epoch, it.held_since, it.routing_version)
                for it in held
            ]
            await connection.execute(_HELD, *columns_as_arrays(moved))
        await super().write(connection)

    def peek(self, key: UUID) -> Case | None:
        """The case if it is loaded, without touching it: for finding out what else must be loaded."""
        return self._loaded.get(key)


class ShownCases(CaseRows):
    """Cases to look at: no lock, nothing written."""

    table = cases
    columns = COLUMNS
    lock = ""
