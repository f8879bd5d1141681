"""Messages that the broker refuses by their own fault, and the later ones of their keys, which wait behind them."""

from collections.abc import Iterable, Mapping

from shared.database.pool import Connection
from shared.database.statements import columns_as_arrays
from shared.outbox.packing import Outgoing

_KEYS = "SELECT DISTINCT topic, key FROM outbox_held"
_HOLD = """
INSERT INTO outbox_held (id, position, topic, key, headers, value, reason, written_at)
SELECT h.id, position, h.topic, key, headers, value, reason, o.written_at
FROM unnest($1::bigint[], $2::int[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[])
    AS h(id, position, topic, key, headers, value, reason) JOIN outbox o USING (id)
"""
# Each message as `packing.pack` has it, and those of one row in one row again.
_RELEASE = """
WITH taken AS (DELETE FROM outbox_held RETURNING *), back AS (
    INSERT INTO outbox (id, topic, count, messages, written_at) OVERRIDING SYSTEM VALUE
    SELECT id, topic, count(*), string_agg(int4send(length(key)) || int4send(length(headers)) ||
        int4send(length(value)) || key || headers || value, '' ORDER BY position), min(written_at)
    FROM taken GROUP BY id, topic ORDER BY id
)
SELECT count(*) FROM taken
"""


class HeldKeys:
    """The keys with held messages, as the leading relay knows them."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, bytes]] = set()

    async def load(self, connection: Connection) -> None:
        """Read them again, which also notices that an operator released some."""
        rows = await connection.fetch(_KEYS)
        self._keys = {(row[0], row[1]) for row in rows}

    async def part(
        self, connection: Connection, messages: list[Outgoing]
    ) -> tuple[list[Outgoing], list[Outgoing]]:
        """Messages that must wait behind a held one, and those that may be sent."""
        if not self._keys:
            return [], messages
        await self.load(connection)
        waiting = [message for message in messages if (message.topic, message.key) in self._keys]
        return waiting, [message for message in messages if (message.topic, message.key) not in self._keys]

    async def hold(self, connection: Connection, held: Mapping[Outgoing, str], rows: Iterable[int]) -> int:
        """Keep these messages, with their reasons, of rows that are about to be deleted. Gives their number."""
        leaving = set(rows)
        kept = [(*message, reason) for message, reason in held.items() if message.row in leaving]
        if kept:
            await connection.execute(_HOLD, *columns_as_arrays(kept))
            self._keys |= {(message[2], message[3]) for message in kept}
        return len(kept)


async def release_held(connection: Connection) -> int:
    """Put every held message back in line, in order: an operator's act after mending the cause. Gives their number."""
    released: int = await connection.fetchval(_RELEASE)
    return released
