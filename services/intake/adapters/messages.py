"""Messages in PostgreSQL: loaded per case, added, and marked as read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.intake.domain.message import CaseMessage, Kind
from shared.database.pool import Connection
from shared.database.statements import columns_as_arrays

_SELECT = """
SELECT case_id, id, kind, body, sent_at, said_by, read_at FROM messages
WHERE case_id = ANY($1::uuid[]) ORDER BY case_id, sent_at, id
"""
_INSERT = """
INSERT INTO messages (case_id, id, kind, body, sent_at, said_by)
SELECT case_id, id, kind, body::jsonb, sent_at, said_by
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
AS new(case_id, id, kind, body, sent_at, said_by)
"""
_OPEN = """
INSERT INTO messages (case_id, id, kind, body, sent_at, said_by)
SELECT case_id, case_id, 'question_form', body::jsonb, $3, '' FROM unnest($1::uuid[], $2::text[]) AS new(case_id, body)
"""
_READ = """
UPDATE messages m SET read_at = new.read_at
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS new(case_id, id, read_at)
WHERE m.case_id = new.case_id AND m.id = new.id
"""


class MessageRows:
    """The messages of a batch's cases. The lock on the case is the lock on its messages."""

    def __init__(self) -> None:
        self._wanted: set[UUID] = set()
        self._known: dict[UUID, list[CaseMessage]] = {}
        self._new: list[tuple[Any, ...]] = []
        self._opened: dict[datetime, list[tuple[UUID, str]]] = {}

    def want(self, case_id: UUID) -> None:
        """Say that the batch needs what was said in this case."""
        if case_id not in self._known:
            self._wanted.add(case_id)

    async def load(self, connection: Connection) -> None:
        """Read all of it in one query."""
        if not self._wanted:
            return
        wanted, self._wanted = self._wanted, set()
        for case_id in wanted:
            self._known[case_id] = []
        for row in await connection.fetch(_SELECT, list(wanted)):
            self._known[row[0]].append(CaseMessage(row[0], row[1], Kind(row[2]), *row[3:]))

    def open(self, case_id: UUID, form: str, at: datetime) -> None:
        """The citizen's form, as JSON text: it goes to the database as it is."""
        self._opened.setdefault(at, []).append((case_id, f'{{"form":{form}}}'))

    def add(self, message: CaseMessage) -> None:
        """A new message."""
        self._known.setdefault(message.case_id, []).append(message)
        body = orjson.dumps(message.body).decode()
        self._new.append(
            (message.case_id, message.id, message.kind.value, body, message.sent_at, message.said_by)
        )

    def find(self, case_id: UUID, message_id: UUID) -> CaseMessage | None:
        """One message of a case that was wanted."""
        return next((message for message in self._known.get(case_id, ()) if message.id == message_id), None)

    def of(self, case_id: UUID) -> list[CaseMessage]:
        """All messages of a case that was wanted, oldest first."""
        return self._known.get(case_id, [])

    async def write(self, connection: Connection) -> None:
        """Add what is new and mark what was read, each in one statement. All of one batch opens at one instant."""
        for at, opened in self._opened.items():
            await connection.execute(_OPEN, *columns_as_arrays(opened), at)
        if self._new:
            await connection.execute(_INSERT, *columns_as_arrays(self._new))
        if read := [(it.case_id, it.id, it.read_at) for it in self._changed()]:
            await connection.execute(_READ, *columns_as_arrays(read))

    def _changed(self) -> Iterable[CaseMessage]:
        return (message for known in self._known.values() for message in known if message.changed)
