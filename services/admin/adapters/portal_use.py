"""When each portal last proved who it is: noted now and then, with no version, and published to nobody."""

from datetime import datetime, timedelta

from shared.database.pool import Database

NOTED_EACH = timedelta(minutes=1)
_NOTE = """
INSERT INTO portal_use (portal_id, used_at) VALUES ($1, $2)
ON CONFLICT (portal_id) DO UPDATE SET used_at = greatest(portal_use.used_at, excluded.used_at)
"""
_LAST = "SELECT portal_id, used_at FROM portal_use WHERE $1::text = '' OR portal_id = $1"


class PortalUse:
    """Notes and tells the last use."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[str, datetime] = {}

    async def note(self, portal_id: str, at: datetime) -> None:
        """It was used now. A portal of ours: whoever is unknown never comes this far."""
        before = self._noted.get(portal_id)
        if before is None or at - before >= NOTED_EACH:
            await self._database.fetch(_NOTE, portal_id, at)
            self._noted[portal_id] = at

    async def last(self, portal_id: str = "") -> dict[str, datetime]:
        """The last use of all portals, or of this one."""
        return {row[0]: row[1] for row in await self._database.fetch(_LAST, portal_id)}
