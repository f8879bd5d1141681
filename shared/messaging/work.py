"""The unit of work of one batch: the rows of each table in the order in which they are loaded and locked."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

from shared.contracts.envelope import Envelope
from shared.contracts.message import Message
from shared.database.pool import Connection


class Work:
    """A dataclass whose fields are rows, in the order of loading, locking and writing.

    Use cases change what they are given; whoever has no object to record on uses `record` of the work's journal.
    """

    def __post_init__(self) -> None:
        self.stages: tuple[str, ...] = tuple(field.name for field in fields(self))  # type: ignore[arg-type]
        self._touchable = [rows for name in self.stages if hasattr(rows := getattr(self, name), "touched")]
        self.loadable = tuple(name for name in self.stages if hasattr(getattr(self, name), "load"))

    def take_events(self) -> list[Message]:
        """What the decision just made recorded, object by object in the order of their rows."""
        events: list[Message] = []
        for entity in self._touched():
            if entity.events:
                events.extend(entity.events)
                entity.events.clear()
        return events

    def forget_events(self) -> list[Message]:
        """A refused decision leaves nothing behind but what stands in journals, which comes back."""
        kept: list[Message] = []
        for entity in self._touched():
            if isinstance(entity, Journal):
                kept.extend(entity.events)
            entity.events.clear()
        return kept

    def conclude(self, now: datetime) -> Envelope | None:
        """Decide what follows from all decisions together, before they are written; mostly nothing.

        Gives the cause of what was recorded, or None if nothing was.
        """
        return None

    def committed(self) -> None:
        """Called when what was written is committed."""

    async def write(self, connection: Connection) -> None:
        """Write everything, one statement per table."""
        for name in self.stages:
            await getattr(self, name).write(connection)

    def _touched(self) -> Iterator[Any]:
        for rows in self._touchable:
            if rows.touched:
                for entity in rows.touched:
                    if hasattr(entity, "events"):
                        yield entity
                rows.touched.clear()


class Journal:
    """Messages that belong to no object of ours, such as the record of an access. A field of a Work.

    What is recorded here is published even if the decision then is a refusal.
    """

    def __init__(self) -> None:
        self.events: list[Message] = []
        self.touched: list[Any] = []

    def record(self, message: Message) -> None:
        """Publish this with the change."""
        if not self.events:
            self.touched.append(self)
        self.events.append(message)

    async def write(self, connection: Connection) -> None:
        """Nothing: the outbox has it."""
