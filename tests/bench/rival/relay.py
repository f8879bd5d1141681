"""The rival's relay: outbox to broker, in the order of ids, deleting exactly what the broker has."""

import asyncio
import zlib
from collections import defaultdict
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer

BATCH = 1_000
POLL_SECONDS = 0.2
LOCK = 1

_READ = "SELECT id, topic, key, event_id, value FROM outbox ORDER BY id LIMIT $1"
_DELETE = "DELETE FROM outbox WHERE id = ANY($1::bigint[])"


class Relay:
    """One per hop. `wake` after each commit."""

    def __init__(self, producer: AIOKafkaProducer, database_url: str) -> None:
        self._producer = producer
        self._url = database_url
        self._woken = asyncio.Event()
        self._partitions: dict[str, int] = {}

    def wake(self) -> None:
        """Something was committed to the outbox."""
        self._woken.set()

    async def run(self) -> None:
        """For ever; raises what goes wrong, and the process ends: whoever starts it again loses nothing."""
        connection = await asyncpg.connect(self._url, server_settings={"synchronous_commit": "off"})
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        while True:
            rows = await connection.fetch(_READ, BATCH)
            if rows:
                await connection.execute(_DELETE, await self._send(rows))
                continue
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                continue
            self._woken.clear()

    async def _send(self, rows: list[Any]) -> list[int]:
        places: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for row in rows:
            places[row[1], zlib.crc32(row[2]) % await self._count(row[1])].append(row)
        sent: list[int] = []
        pending = []
        for (topic, partition), group in places.items():
            batch = self._producer.create_batch()
            for id_, _, key, event_id, value in group:
                headers = [("ce_id", str(event_id).encode())]
                if batch.append(key=key, value=value, timestamp=None, headers=headers) is None:
                    break
                sent.append(id_)
            pending.append(await self._producer.send_batch(batch, topic, partition=partition))
        await asyncio.gather(*pending)
        return sent

    async def _count(self, topic: str) -> int:
        if topic not in self._partitions:
            self._partitions[topic] = len(await self._producer.partitions_for(topic))
        return self._partitions[topic]
