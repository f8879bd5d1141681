"""What became of an account, and of clinics that lost their administrators, as people look it up."""

from typing import Any

from shared.database.pool import Database

_HISTORY = """
SELECT version, changed_by, changed_at, state FROM history
WHERE kind = 'Account' AND id = $1 AND ($2::bigint IS NULL OR version < $2) ORDER BY version DESC LIMIT $3
"""
_ALERTS = """
SELECT a.id, a.clinic_id, a.staff_id, a.reason, a.at, c.administrators = 0 AND c.active AS open
FROM alerts a JOIN clinics c ON c.id = a.clinic_id
WHERE ($1::text[] IS NULL OR a.clinic_id = ANY($1)) AND ($2::bigint IS NULL OR a.id < $2)
  AND (NOT $3 OR (c.administrators = 0 AND c.active))
ORDER BY a.id DESC LIMIT $4
"""


class AccountHistory:
    """Reads, newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, staff_id: str, before: int | None, limit: int) -> list[dict[str, Any]]:
        """What the account was in each of its versions: who made it so, when, the lock and the permissions."""
        rows = await self._database.fetch(_HISTORY, staff_id, before, limit)
        return [
            {
                "version": row["version"],
                "changed_by": row["changed_by"],
                "changed_at": row["changed_at"],
                "locked": row["state"]["locked"],
                "present": row["state"]["present"],
                "permissions": row["state"]["permissions"],
            }
            for row in rows
        ]

    async def alerts(
        self, clinics: list[str] | None, before: int | None, limit: int, *, still_open: bool
    ) -> list[dict[str, Any]]:
        """Clinics that an automatic lock left without an administrator; of these clinics, or of all."""
        return [dict(row) for row in await self._database.fetch(_ALERTS, clinics, before, still_open, limit)]
