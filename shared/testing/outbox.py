"""What stands in an outbox, message by message."""

from typing import NamedTuple

from shared.database.pool import Database
from shared.outbox.packing import kafka_headers, unpack


class Waiting(NamedTuple):
    """One message that waits for the relay."""

    topic: str
    key: str
    headers: dict[str, str]
    value: bytes

    @property
    def type(self) -> str:
        """The type, or empty for what has no envelope."""
        return self.headers.get("ce_type", "")


async def waiting_messages(database: Database, topic: str | None = None) -> list[Waiting]:
    """All messages of the outbox in their order, or those to one topic."""
    rows = await database.fetch("SELECT id, topic, messages FROM outbox ORDER BY id")
    return [
        Waiting(
            message.topic,
            message.key.decode(),
            {name: value.decode() for name, value in kafka_headers(message.headers)},
            message.value,
        )
        for row in rows
        for message in unpack(*row)
        if topic in (None, message.topic)
    ]
