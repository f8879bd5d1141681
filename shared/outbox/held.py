"""Rows that the broker refuses by their own fault, and the later rows of their keys, which must wait behind them."""

from typing import Any

from shared.database.pool import Connection

_KEYS = "SELECT DISTINCT topic, key FROM outbox_held"
_HOLD = """
WITH taken AS (DELETE FROM outbox WHERE id = ANY($1::bigint[]) RETURNING *)
INSERT INTO outbox_held (id, topic, key, headers, value, written_at, reason)
SELECT t.id, t.topic, t.key, t.headers, t.value, t.written_at, r.reason
FROM taken t JOIN unnest($1::bigint[], $2::text[]) AS r(id, reason) USING (id)
"""
_RELEASE = """
WITH taken AS (DELETE FROM outbox_held RETURNING *)
INSERT INTO outbox (id, topic, key, headers, value, written_at) OVERRIDING SYSTEM VALUE
SELECT id, topic, key, headers, value, written_at FROM taken ORDER BY id
"""


class HeldKeys:
    """The keys with held rows, as the leading relay knows them."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, bytes]] = set()

    async def load(self, connection: Connection) -> None:
        """Read them again, which also notices that an operator released some."""
        rows = await connection.fetch(_KEYS)
        self._keys = {(row[0], row[1]) for row in rows}

    async def part(self, connection: Connection, rows: list[Any]) -> tuple[list[int], list[Any]]:
        """Ids that must wait behind a held row, and the rows that may be sent."""
        if not self._keys:
            return [], rows
        await self.load(connection)
        waiting = [row[0] for row in rows if (row[1], row[2]) in self._keys]
        return waiting, [row for row in rows if (row[1], row[2]) not in self._keys]

    async def hold(
        self, connection: Connection, behind: list[int], refused: dict[int, str], sent: list[Any]
    ) -> None:
        """Move refused rows aside, and with them every later row of their keys."""
        reasons = dict.fromkeys(behind, "behind a held row") | refused
        guilty = {(row[1], row[2]): row[0] for row in reversed(sent) if row[0] in refused}
        for id_, topic, key, *_ in sent:
            first = guilty.get((topic, key))
            if first is not None and id_ > first:
                reasons.setdefault(id_, "behind a held row")
        await connection.execute(_HOLD, list(reasons), list(reasons.values()))
        self._keys |= set(guilty)


async def release_held(connection: Connection) -> int:
    """Put every held row back in line, in order: an operator's act after mending the cause. Gives their number."""
    status: str = await connection.execute(_RELEASE)
    return int(status.rsplit(" ", 1)[1])
