"""Measures what waits: outbox rows, and messages that are parked, waiting or dead."""

from shared.database.pool import Database
from shared.observability.metrics import OUTBOX_AGE, OUTBOX_DEPTH, PARKED

_OUTBOX = """
SELECT count(*), coalesce(extract(epoch FROM now() - min(written_at)), 0)
FROM (SELECT written_at FROM outbox LIMIT 10001) o
"""
_PARKED = "SELECT state, count(*) FROM parked GROUP BY state"


async def measure_depth(database: Database) -> None:
    """Called by schedule. Above 10,000 rows the outbox is not counted further."""
    [(rows, age)] = await database.fetch(_OUTBOX)
    OUTBOX_DEPTH.set(rows)
    OUTBOX_AGE.set(float(age))
    for state in ("parked", "waiting", "dead"):
        PARKED.labels(state).set(0)
    for state, count in await database.fetch(_PARKED):
        PARKED.labels(state).set(count)
