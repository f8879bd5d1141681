"""The operator's commands that every service has: `redrive`, `rewind`, `release-held`, `parked`."""

import asyncio
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.structs import OffsetAndMetadata

from shared.database.pool import connect
from shared.messaging.broker import kafka_login
from shared.outbox.held import release_held
from shared.settings import ServiceSettings

_REDRIVE = """
UPDATE parked SET state = 'parked', attempts = 0, try_at = now()
WHERE state = 'dead' AND ($1::bigint IS NULL OR id = $1)
"""
_LIST = """
SELECT id, line, state, topic, partition, "offset", handler, reason, attempts, try_at FROM parked
ORDER BY state = 'dead', id DESC LIMIT 200
"""
_COUNT = "SELECT count(*) FROM parked"


async def redrive(settings: ServiceSettings, parked_id: int | None) -> int:
    """Send dead messages (one, or all) to the handler that gave up on them; the schedule tries them, in order.

    Gives their number.
    """
    connection = await connect(settings.database_url.get_secret_value())
    try:
        status: str = await connection.execute(_REDRIVE, parked_id)
        return int(status.rsplit(" ", 1)[1])
    finally:
        await connection.close()


async def list_parked(settings: ServiceSettings) -> list[str]:
    """What is waiting, parked or dead: a line each, without content. The newest first, and the dead last."""
    connection = await connect(settings.database_url.get_secret_value())
    try:
        lines = [
            "  ".join(f"{name}={value}" for name, value in row.items())
            for row in await connection.fetch(_LIST)
        ]
        more = await connection.fetchval(_COUNT) - len(lines)
        return [*lines, *([f"and {more} more"] if more > 0 else [])]
    finally:
        await connection.close()


async def release(settings: ServiceSettings) -> int:
    """Put held outbox rows back in line. Gives their number."""
    connection = await connect(settings.database_url.get_secret_value())
    try:
        return await release_held(connection)
    finally:
        await connection.close()


async def rewind(settings: ServiceSettings, group: str, topics: list[str], to: datetime) -> dict[str, int]:
    """Set a group's offsets to the first records at or after an instant: after a restore, before the restore point.

    The group must be stopped. The inbox absorbs what is read again. Gives the new offset per partition.
    """
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_servers.split(","),
        group_id=group,
        enable_auto_commit=False,
        **kafka_login(settings),
    )
    await consumer.start()
    try:
        places = [
            TopicPartition(topic, number) for topic in topics for number in await _numbers(consumer, topic)
        ]
        consumer.assign(places)
        found = await consumer.offsets_for_times(dict.fromkeys(places, int(to.timestamp() * 1000)))
        ends = await consumer.end_offsets(places)
        offsets = {place: found[place].offset if found[place] else ends[place] for place in places}
        await consumer.commit({place: OffsetAndMetadata(offset, "") for place, offset in offsets.items()})
        return {f"{place.topic}/{place.partition}": offset for place, offset in offsets.items()}
    finally:
        await consumer.stop()


async def _numbers(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    for _ in range(50):
        numbers = consumer.partitions_for_topic(topic)
        if numbers:
            return set(numbers)
        await consumer.topics()
        await asyncio.sleep(0.1)
    raise LookupError(f"the broker does not know the topic {topic}")
