"""The operator's commands that every service has: `redrive`, `rewind`, `release-held`, `parked`."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    KafkaConnectionError,
)
from aiokafka.structs import OffsetAndMetadata

from shared.database.pool import connect
from shared.errors import Unavailable
from shared.messaging.broker import SESSION_TIMEOUT_MS, kafka_login
from shared.messaging.consumer import Consumer
from shared.outbox.held import release_held
from shared.settings import ServiceSettings


class CannotRewind(Exception):
    """A group whose offsets would be overwritten at once, or a group or topic that is not there."""


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

    The group must have read these topics, for a misspelt name would be set back in vain. The rest as `set_back`.
    """
    async with _admin(settings) as admin:
        await _partitions(admin, topics)
        try:
            known = await admin.list_consumer_group_offsets(group)
        except GroupAuthorizationFailedError:
            raise CannotRewind(f"{group} is no group of this service") from None
    if never := sorted(set(topics) - {place.topic for place in known}):
        raise CannotRewind(f"{group} has never read {', '.join(never)}: is that the group's name?")
    return await set_back(settings, group, topics, to)


async def set_back(settings: ServiceSettings, group: str, topics: list[str], to: datetime) -> dict[str, int]:
    """The same for a group that may be new.

    It must be stopped; its last members are waited for. The inbox absorbs what is read again. Gives the new offset per
    partition. Raises CannotRewind.
    """
    async with _admin(settings) as admin:
        places = await _partitions(admin, topics)
        await _until_nobody_is_in(admin, group)
    async with Consumer(group_id=group, enable_auto_commit=False, **_broker(settings)) as consumer:
        consumer.assign(places)
        found = await consumer.offsets_for_times(dict.fromkeys(places, int(to.timestamp() * 1000)))
        ends = await consumer.end_offsets(places)
        offsets = {place: found[place].offset if found[place] else ends[place] for place in places}
        await consumer.commit({place: OffsetAndMetadata(offset, "") for place, offset in offsets.items()})
        return {f"{place.topic}/{place.partition}": offset for place, offset in offsets.items()}


@asynccontextmanager
async def _admin(settings: ServiceSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**_broker(settings))
    try:
        await admin.start()
    except KafkaConnectionError as error:
        raise Unavailable(f"broker: {type(error).__name__}: {settings.kafka_servers}") from error
    try:
        yield admin
    finally:
        await admin.close()


def _broker(settings: ServiceSettings) -> dict[str, Any]:
    return {"bootstrap_servers": settings.kafka_servers.split(","), **kafka_login(settings)}


async def _partitions(admin: AIOKafkaAdminClient, topics: list[str]) -> list[TopicPartition]:
    described = await admin.describe_topics(topics)
    places = [
        TopicPartition(topic["topic"], partition["partition"])
        for topic in described
        for partition in topic["partitions"]
    ]
    if missing := sorted(set(topics) - {place.topic for place in places}):
        raise CannotRewind(
            f"the broker does not know {', '.join(missing)}, or does not show it to this service"
        )
    return places


async def _until_nobody_is_in(admin: AIOKafkaAdminClient, group: str) -> None:
    """A stopped instance counts as a member until its session ends: it might only be restarting."""
    deadline = time.monotonic() + SESSION_TIMEOUT_MS / 1000 + 5
    while True:
        members = await _members_of(admin, group)
        if members == 0:
            return
        if time.monotonic() > deadline:
            raise CannotRewind(
                f"{group} has {members} running members: stop every instance of the service first"
            )
        await asyncio.sleep(0.5)


async def _members_of(admin: AIOKafkaAdminClient, group: str) -> int | str:
    """How many are in the group; a broker that has just started may not know yet."""
    try:
        [described] = await admin.describe_consumer_groups([group])
    except GroupCoordinatorNotAvailableError:
        return "perhaps some"
    return len(described.to_object()["groups"][0]["members"])
