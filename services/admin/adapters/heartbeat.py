"""Heartbeats: once a second to each partition of directory and catalogue, however many processes there are.

Whoever moves the one row of `heartbeat` writes them. Compaction keeps one per partition. While the last ones still
wait for the relay no more are written, so that a broker that is away finds no heap of them.
"""

import zlib
from datetime import timedelta
from functools import cache
from itertools import count

import uuid_utils

from shared.clock import Clock
from shared.contracts.envelope import Envelope
from shared.contracts.events.admin import CatalogueHeartbeatSent, HeartbeatSent
from shared.contracts.message import Message
from shared.contracts.topics import CATALOGUE_EVENTS, DIRECTORY_EVENTS
from shared.database.pool import Database
from shared.outbox.rows import Outbox

EVERY = timedelta(seconds=1)

_TURN = """
UPDATE heartbeat SET sent_at = $1
WHERE sent_at <= $2
  AND NOT EXISTS (SELECT FROM outbox o WHERE o.id = heartbeat.outbox_id)
  AND NOT EXISTS (SELECT FROM outbox_held h WHERE h.id = heartbeat.outbox_id)
RETURNING id
"""
_NOTE = "UPDATE heartbeat SET outbox_id = (SELECT max(id) FROM outbox)"


class Heartbeats:
    """Writes them into the outbox."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def beat(self) -> bool:
        """Write one per partition, unless somebody did within the second. True if they were written."""
        now = self._clock()
        async with self._database.transaction() as connection:
            # A little early is on time: schedules of several processes drift.
            if await connection.fetchval(_TURN, now, now - EVERY * 0.9) is None:
                return False
            version = int(now.timestamp() * 1000)
            beats: list[Message] = [
                *(
                    HeartbeatSent(version=version, at=now, beat=key)
                    for key in keys(DIRECTORY_EVENTS.partitions)
                ),
                *(
                    CatalogueHeartbeatSent(version=version, at=now, beat=key)
                    for key in keys(CATALOGUE_EVENTS.partitions)
                ),
            ]
            outbox = Outbox("admin")
            cause = Envelope(str(uuid_utils.uuid7()), "admin.heartbeat", "schedule", now)
            outbox.add(beats, cause=cause, handler="heartbeats", now=now)
            await outbox.write(connection)
            await connection.execute(_NOTE)
            return True


@cache
def keys(partitions: int) -> tuple[str, ...]:
    """A key for each partition, in their order, by the partitioner that all our producers use."""
    found: dict[int, str] = {}
    for number in count():
        key = f"heartbeat-{number}"
        found.setdefault(zlib.crc32(key.encode()) % partitions, key)
        if len(found) == partitions:
            break
    return tuple(found[partition] for partition in range(partitions))
