"""Claims: one statement says which messages of a batch were not handled before."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from shared.database.pool import Connection
from shared.database.statements import columns_as_arrays

OLDEST = timedelta(days=14)
"""Messages with an older `ce_time` are refused: their inbox mark might be gone."""
NEWEST = timedelta(minutes=10)
"""How far ahead of ours another's clock may be."""

_CLAIM = """
INSERT INTO inbox (day, message_id, source, body_hash)
SELECT * FROM unnest($1::date[], $2::uuid[], $3::text[], $4::bytea[])
ON CONFLICT DO NOTHING
RETURNING message_id::text, source,
    (SELECT line FROM parked WHERE state <> 'dead' ORDER BY line, id LIMIT 1) IS NOT NULL
"""
_HASHES = """
SELECT i.message_id::text, i.source, i.body_hash FROM inbox i
JOIN unnest($1::date[], $2::uuid[], $3::text[]) AS asked(day, message_id, source)
  USING (day, message_id, source)
"""


class Mark(NamedTuple):
    """What a message is known by: the day of its `ce_time`, its id as a UUID's text, its topic, a hash of its body."""

    day: date
    message_id: str
    source: str
    body_hash: bytes


def in_window(time: datetime, now: datetime) -> bool:
    """Whether a message of this `ce_time` can still be told from a repeat."""
    return now - OLDEST <= time <= now + NEWEST


async def claim(connection: Connection, marks: Sequence[Mark]) -> tuple[set[tuple[str, str]], bool]:
    """Mark the messages as handled; gives (id, source) of those that were not marked before.

    Also gives whether any line has something parked or waiting: mostly none has, and then nobody needs to look.
    """
    fetched = await connection.fetch(_CLAIM, *columns_as_arrays(marks))
    return {(row[0], row[1]) for row in fetched}, any(row[2] for row in fetched[:1])


async def body_hashes(connection: Connection, marks: Sequence[Mark]) -> dict[tuple[str, str], bytes]:
    """The hash under which each of these messages was handled the first time."""
    rows = [(mark.day, mark.message_id, mark.source) for mark in marks]
    fetched = await connection.fetch(_HASHES, *columns_as_arrays(rows))
    return {(row[0], row[1]): row[2] for row in fetched}
