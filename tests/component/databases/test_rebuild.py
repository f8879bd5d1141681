"""`rebuild`: a service's projections are what the compacted topics alone say, and what is its own stays."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.choose import Infrastructure
from deploy.local.provision import provision_region
from shared.contracts.events.admin import CatalogueHeartbeatSent, HeartbeatSent
from shared.contracts.message import Message
from shared.contracts.topics import CATALOGUE_EVENTS, DIRECTORY_EVENTS
from shared.messaging.rebuild import rebuild
from shared.testing.records import a_record
from tests.component.databases.reader import (
    READERS,
    Reader,
    a_case_type,
    a_clinic,
    a_key,
    a_portal,
    an_account,
    an_adaptation,
    settings_of,
)

RUN = uuid4().hex[:6].upper()
"""Stands in every id: the topics are the real ones, and others have spoken there too."""
ANNA, BO, HERE, THERE = (f"SE2321000016-{RUN}{name}" for name in ("ANNA", "BO", "HERE", "THERE"))
PROJECTIONS = {
    "intake": (
        "portals",
        "clinics",
        "clinic_pages",
        "staff",
        "adaptations",
        "case_types",
        "forms",
        "signing_keys",
    ),
    "routing": ("clinics", "staff", "members", "signing_keys"),
    "notify": ("staff", "signing_keys"),
}
OWN = {
    "intake": "SELECT 1",
    "routing": f"UPDATE members SET load = 7, turn = 99 WHERE staff_id = '{ANNA}'",
    "notify": f"UPDATE staff SET refused_address = email WHERE id = '{ANNA}'",
}
"""What a service notes beside its projections: it must outlive them."""
DAMAGE = {
    "intake": ("UPDATE staff SET permissions = '{}'", "DELETE FROM forms", "UPDATE portals SET version = 99"),
    "routing": ("UPDATE staff SET roles = '{}', version = 99", "DELETE FROM clinics"),
    "notify": ("UPDATE staff SET email = 'x', version = 99 WHERE refused_address = ''",),
}


def states() -> list[Message]:
    """What admin has said of a few entities, version by version."""
    return [
        a_clinic(1, HERE),
        a_clinic(2, HERE),
        an_account(1, ANNA, (HERE,)),
        an_account(2, ANNA, (THERE,)),
        an_account(3, ANNA, (HERE, THERE)),
        an_account(1, BO, ()),
        *(a_case_type(version, f"type-{RUN}") for version in (1, 2, 3)),
        *(an_adaptation(version, HERE) for version in (1, 2)),
        a_portal(1, f"portal-{RUN}"),
        a_key(1, f"key-{RUN}"),
    ]


async def publish(infrastructure: Infrastructure, messages: Sequence[Message]) -> None:
    """What admin says, and a heartbeat in each partition."""
    producer = AIOKafkaProducer(acks="all", **infrastructure.kafka.for_aiokafka())
    await producer.start()
    now = datetime.now(UTC)
    try:
        for record in map(a_record, messages):
            await producer.send(record.topic, record.value, record.key, headers=record.headers)
        for topic, beat in ((DIRECTORY_EVENTS, HeartbeatSent), (CATALOGUE_EVENTS, CatalogueHeartbeatSent)):
            for partition in range(topic.partitions):
                record = a_record(beat(version=1, at=now, beat=f"beat-{partition}"))
                await producer.send(topic.name, record.value, record.key, partition, headers=record.headers)
        await producer.flush()
    finally:
        await producer.stop()


async def rows_of(reader: Reader) -> dict[str, list[str]]:
    """Every row of the projections that is about us."""
    found = {}
    for table in PROJECTIONS[reader.service]:
        rows = await reader.database.fetch(f"SELECT t::text FROM {table} t ORDER BY 1")
        found[table] = [row[0] for row in rows if RUN in row[0]]
    return found


@pytest.mark.parametrize("service", READERS)
async def test_what_is_built_again_is_what_was(
    infrastructure: Infrastructure, reader: Reader, service: str
) -> None:
    await asyncio.to_thread(provision_region, infrastructure.kafka, ("karlstad",), infrastructure.passwords)
    await publish(infrastructure, states())
    await reader.take(*map(a_record, states()))
    await reader.database.fetch(OWN[service])
    before = await rows_of(reader)
    assert all(before.values())
    for damage in DAMAGE[service]:
        await reader.database.fetch(damage)
    assert await rows_of(reader) != before
    settings = settings_of(infrastructure, service, reader.database.url)
    build = import_module(f"services.{service}.app").build
    await rebuild(build(settings), settings, import_module(f"services.{service}.adapters.rebuilding").FORGET)
    assert await rows_of(reader) == before
