"""Counts the portals' secrets that must be renewed, so that no portal falls silent unseen."""

from prometheus_client import Gauge

from services.admin.domain.portal import WARNED_BEFORE, SecretState
from shared.clock import Clock
from shared.database.pool import Database

_ENDING = """
SELECT count(*) FILTER (WHERE secret_expires_at > $1), count(*) FILTER (WHERE secret_expires_at <= $1)
FROM portals WHERE active AND secret_expires_at <= $2
"""

ENDING = Gauge(
    "vardvaxel_portal_secrets_ending", "Secrets of active portals that end within 30 days, or have", ["state"]
)


class EndingSecrets:
    """Called by schedule."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def measure(self) -> None:
        """How many are expiring, and how many have expired."""
        now = self._clock()
        [(expiring, expired)] = await self._database.fetch(_ENDING, now, now + WARNED_BEFORE)
        ENDING.labels(SecretState.EXPIRING).set(expiring)
        ENDING.labels(SecretState.EXPIRED).set(expired)
