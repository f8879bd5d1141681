"""Measures what waits: messages in the outbox, and messages that are parked, waiting or dead."""

from shared.database.pool import Database
from shared.observability.metrics import OUTBOX_AGE, OUTBOX_DEPTH, PARKED

_OUTBOX = """
SELECT coalesce(sum(count), 0), coalesce(extract(epoch FROM now() - min(written_at)), 0)
FROM (SELECT count, written_at FROM outbox LIMIT 10001) o
"""
_PARKED = "SELECT state, count(*) FROM parked GROUP BY state"


async def measure_depth(database: Database) -> None:
    """Called by schedule. Above 10,000 rows the outbox is not counted further."""
    [(messages, age)] = await database.fetch(_OUTBOX)
    OUTBOX_DEPTH.set(float(messages))
    OUTBOX_AGE.set(float(age))
    for state in ("parked", "waiting", "dead"):
        PARKED.labels(state).set(0)
    for state, count in await database.fetch(_PARKED):
        PARKED.labels(state).set(count)
