"""Invariants: statements that find what must never be. Run by schedule as an alarm, and by the operator's command."""

from collections.abc import Mapping

import structlog

from shared.database.pool import Database
from shared.observability.metrics import INVARIANTS_BROKEN

_LOCK = 0x0B0B_0002
_PATIENCE = "SET LOCAL statement_timeout = '60s'"

log = structlog.get_logger()


async def broken_invariants(database: Database, invariants: Mapping[str, str]) -> list[str]:
    """The rules that something in the database breaks. Raises Transient when the database is away or too slow."""
    broken = []
    for rule, statement in invariants.items():
        async with database.transaction() as connection:
            await connection.execute(_PATIENCE)
            if await connection.fetchval(f"SELECT EXISTS ({statement})"):
                broken.append(rule)
    return broken


async def watch_invariants(database: Database, invariants: Mapping[str, str]) -> None:
    """Called by schedule; one process of a service does it, the others find the lock taken."""
    async with database.transaction() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
            return
        broken = await broken_invariants(database, invariants)
    INVARIANTS_BROKEN.set(len(broken))
    for rule in broken:
        log.error("invariant broken", reason=rule)
