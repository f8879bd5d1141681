"""How fresh the directory is: when each partition was last heard, and whether it was once read to the end."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.clock import Clock
from shared.contracts.envelope import EnvelopeFault, read_envelope
from shared.database.pool import Database
from shared.errors import Unavailable
from shared.messaging.broker import Subscription
from shared.messaging.runner import BatchRunner
from shared.observability.metrics import DENIED_ENTITIES, DIRECTORY_AGE

_HEARD = """
INSERT INTO heard (topic, partition, heard_at, read_to_end)
SELECT * FROM unnest($1::text[], $2::int[], $3::timestamptz[], $4::bool[])
ON CONFLICT (topic, partition) DO UPDATE
SET heard_at = greatest(heard.heard_at, excluded.heard_at), read_to_end = heard.read_to_end OR excluded.read_to_end
"""
_STATE = "SELECT topic, count(*) FILTER (WHERE read_to_end), min(heard_at) FROM heard GROUP BY topic"


_DENIED = "SELECT count(*) FROM unreadable_states"


class Freshness:
    """Watches the topics that our projections come from. `partitions` says how many each has."""

    def __init__(
        self, database: Database, clock: Clock, partitions: dict[str, int], stale_after: timedelta
    ) -> None:
        self._database = database
        self._clock = clock
        self._partitions = partitions
        self._stale_after = stale_after
        self._oldest: datetime | None = None
        self._complete = False

    async def look(self) -> None:
        """Read the state from the database; called by schedule, so that every process of the service knows it."""
        rows = {row[0]: row for row in await self._database.fetch(_STATE)}
        self._complete = all(
            topic in rows and rows[topic][1] >= count for topic, count in self._partitions.items()
        )
        self._oldest = min((row[2] for row in rows.values()), default=None)
        DIRECTORY_AGE.set(self.age().total_seconds())
        DENIED_ENTITIES.set((await self._database.fetch(_DENIED))[0][0])

    def age(self) -> timedelta:
        """Time since the partition that was heard longest ago was heard."""
        return timedelta.max if self._oldest is None else self._clock() - self._oldest

    @property
    def topics(self) -> frozenset[str]:
        """The topics that our projections come from."""
        return frozenset(self._partitions)

    @property
    def complete(self) -> bool:
        """Directory and catalogue have once been read to their ends."""
        return self._complete

    def must_be_fresh(self) -> None:
        """Raises Unavailable while permissions may be too old to be trusted."""
        if not self._complete or self.age() > self._stale_after:
            raise Unavailable("the directory was not heard for too long")

    async def wait_until_complete(self) -> None:
        """Until then no command is consumed."""
        while not self._complete:
            await asyncio.sleep(0.05)
            await self.look()


class HeardTopics:
    """Takes the records of a projection's topics, and writes down what was heard."""

    def __init__(self, runner: BatchRunner, database: Database) -> None:
        self._runner = runner
        self._database = database
        self.subscription: Subscription | None = None

    async def take(self, records: Sequence[Any]) -> None:
        """Handle the records, then note how far each partition is read and how old its newest record is."""
        await self._runner.take(records)
        newest: dict[tuple[str, int], Any] = {(record.topic, record.partition): record for record in records}
        rows = [(*place, _time(record), self._at_end(record)) for place, record in newest.items()]
        times = [row for row in rows if row[2] is not None]
        if times:
            await self._database.fetch(_HEARD, *[list(column) for column in zip(*times, strict=True)])

    def _at_end(self, record: Any) -> bool:
        consumer = self.subscription.consumer if self.subscription is not None else None
        if consumer is None:
            return False
        ends = {place: consumer.highwater(place) for place in consumer.assignment()}
        end = next((end for place, end in ends.items() if place == (record.topic, record.partition)), None)
        return end is not None and record.offset + 1 >= end


def _time(record: Any) -> datetime | None:
    try:
        return read_envelope(record.headers).time
    except EnvelopeFault:
        return None
