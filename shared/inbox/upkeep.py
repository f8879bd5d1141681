"""Day partitions of the inbox: made a week ahead, dropped after topics and dead letters have expired."""

from shared.clock import Clock
from shared.database.pool import Database

KEEP_DAYS = 31
"""Longer than any topic and any dead letter is kept, and than the window in which messages are accepted."""
AHEAD_DAYS = 7
_UPKEEP = "SELECT inbox_upkeep($1, $2, $3)"
_FORGET_ANSWERS = "DELETE FROM answered WHERE answered_at < now() - interval '3 days'"


async def keep_inbox(database: Database, clock: Clock) -> None:
    """Called by schedule, at start and each hour."""
    await database.fetch(_UPKEEP, clock().date(), KEEP_DAYS, AHEAD_DAYS)
    await database.fetch(_FORGET_ANSWERS)
