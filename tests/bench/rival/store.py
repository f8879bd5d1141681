"""How a hop keeps a batch: inbox, cases and outbox in one transaction, in the way that measured fastest."""

from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson
import uuid_utils

_CLAIM = "INSERT INTO inbox (id) SELECT * FROM unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING id::text"
_CASES = """
INSERT INTO cases (id, clinic_id, case_type, body)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING
"""
_OUTBOX = """
INSERT INTO outbox (topic, key, event_id, value)
SELECT $1, * FROM unnest($2::bytea[], $3::uuid[], $4::bytea[])
"""


class Store:
    """One connection. Publishes to one topic."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", topic: str) -> None:
        self._connection = connection
        self._topic = topic

    async def keep(self, records: Sequence[Any]) -> None:
        """Store what is new of these records, and what follows from it."""
        by_id = {message_id(record.headers): record for record in records}
        async with self._connection.transaction():
            claimed = await self._connection.fetch(_CLAIM, list(by_id))
            if not claimed:
                return
            rows = [_rows(by_id[row[0]]) for row in claimed]
            case_ids, clinics, types, bodies, *events = map(list, zip(*rows, strict=True))
            await self._connection.execute(_CASES, case_ids, clinics, types, bodies)
            await self._connection.execute(_OUTBOX, self._topic, *events)


def _rows(record: Any) -> tuple[Any, ...]:
    """The case's row, and then the outbox's."""
    body = orjson.loads(record.value)
    case_id, clinic_id, case_type = body["case_id"], body["clinic_id"], body["case_type"]
    event = orjson.dumps({"case_id": case_id, "clinic_id": clinic_id, "case_type": case_type, "version": 1})
    return case_id, clinic_id, case_type, record.value.decode(), record.key, str(uuid_utils.uuid7()), event


def message_id(headers: Sequence[tuple[str, bytes]]) -> str:
    """The id that the inbox knows the message by."""
    for name, value in headers:
        if name == "ce_id":
            return value.decode()
    raise LookupError("no ce_id")
