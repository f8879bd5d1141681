"""When all is quiet: nothing is on its way any more, in any database, topic or mailbox, so that numbers must add up."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
from confluent_kafka import ConsumerGroupTopicPartitions, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from shared.contracts.topics import COMPACTED, SERVICES
from tests.chaos.arena import Arena
from tests.chaos.journals import now

_PAUSE_SECONDS = 0.5
_KAFKA_SECONDS = 10
_EVERYWHERE = {
    "rows in the outbox": "SELECT count(*) FROM outbox WHERE topic <> ALL($1::text[])",
    "held rows": "SELECT count(*) FROM outbox_held WHERE topic <> ALL($1::text[])",
    "waiting or parked messages": "SELECT count(*) FROM parked WHERE state <> 'dead' AND topic <> ALL($1::text[])",
}
"""The compacted topics are left out: heartbeats never end."""
_OWN = {
    "routing": {
        "rounds wanted": "SELECT count(*) FROM round_wanted w JOIN clinics USING (clinic_id)",
        "releases wanted": "SELECT count(*) FROM release_wanted",
    },
    "notify": {
        "mails to be sent": "SELECT count(*) FROM notifications WHERE state IN ('waiting', 'retry', 'sending')",
    },
}


class NeverQuiet(Exception):
    """Something is still on its way after all the time that it got; the message says what."""


async def wait_until_quiet(arena: Arena, within: float) -> float:
    """Wait until nothing moves, twice in a row; gives the seconds that it took. Raises NeverQuiet."""
    began = now()
    quiet_before = False
    while True:
        busy = await what_moves(arena)
        if not busy and quiet_before:
            return now() - began
        quiet_before = not busy
        if now() - began > within:
            raise NeverQuiet(f"never within {within:.0f} s: " + "; ".join(busy or ["quiet twice in a row"]))
        await asyncio.sleep(_PAUSE_SECONDS)


async def what_moves(arena: Arena) -> list[str]:
    """Everything that is on its way now, in words."""
    try:
        return [
            *[it for service in SERVICES for it in await _in_database(arena, service)],
            *await asyncio.to_thread(_on_topics, arena),
        ]
    except (OSError, asyncpg.PostgresError, KafkaException) as error:
        return [f"{type(error).__name__} while looking"]


async def _in_database(arena: Arena, service: str) -> list[str]:
    connection: Any = await asyncpg.connect(arena.infrastructure.databases.url(service))
    try:
        counts = [
            (what, await connection.fetchval(statement, list(COMPACTED)))
            for what, statement in _EVERYWHERE.items()
        ]
        counts += [
            (what, await connection.fetchval(statement)) for what, statement in _OWN.get(service, {}).items()
        ]
    finally:
        await connection.close()
    return [f"{service}: {count} {what}" for what, count in counts if count]


def _on_topics(arena: Arena) -> list[str]:
    """What groups, and our own reader, have not yet read."""
    admin = AdminClient(arena.infrastructure.kafka.for_confluent() | {"log_level": 0})
    places = [place for place in arena.listener.positions if place[0] not in COMPACTED]
    ends = _ends(admin, places)
    behind = {"our own reader": _lag(ends, lambda place: arena.listener.positions[place])}
    listed = admin.list_consumer_groups(request_timeout=_KAFKA_SECONDS).result(_KAFKA_SECONDS).valid
    for group in (it.group_id for it in listed):
        asked = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group]
        read = {
            (it.topic, it.partition): it.offset
            for it in asked.result(_KAFKA_SECONDS).topic_partitions
            if it.topic not in COMPACTED
        }
        topics = {topic for topic, _ in read}
        of_group = {place: end for place, end in ends.items() if place[0] in topics}
        behind[group] = _lag(of_group, lambda place, read=read: max(0, read.get(place, 0)))  # type: ignore[misc]
    return [f"{who}: {count} records to read" for who, count in behind.items() if count]


def _ends(admin: AdminClient, places: list[tuple[str, int]]) -> dict[tuple[str, int], int]:
    latest: Any = OffsetSpec
    asked = admin.list_offsets({TopicPartition(*place): latest.latest() for place in places})
    return {(it.topic, it.partition): future.result(_KAFKA_SECONDS).offset for it, future in asked.items()}


def _lag(ends: dict[tuple[str, int], int], position_of: Callable[[tuple[str, int]], int]) -> int:
    return sum(max(0, end - position_of(place)) for place, end in ends.items())
