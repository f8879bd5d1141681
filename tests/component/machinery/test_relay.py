"""The relay: everything written is published, in order per key, once it can be; and what the broker refuses is held."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.local.choose import Infrastructure
from shared.clock import utc_now
from shared.contracts.envelope import Envelope, read_envelope
from shared.database.pool import Database
from shared.messaging.broker import new_publisher
from shared.messaging.consumer import Consumer
from shared.outbox.held import release_held
from shared.outbox.publisher import Publisher
from shared.outbox.relay import Relay
from shared.outbox.rows import Outbox
from shared.settings import ServiceSettings
from shared.testing.eventually import PATIENCE, eventually
from shared.testing.infrastructure import a_topic
from shared.testing.outbox import waiting_messages
from tests.component.machinery.toy import Noted

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def settings(infrastructure: Infrastructure, monkeypatch: pytest.MonkeyPatch) -> ServiceSettings:
    for name, value in infrastructure.login("intake").environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VARDVAXEL_DATABASE_URL", "postgresql://unused")
    return ServiceSettings()


@pytest.fixture
def new_started_publisher(settings: ServiceSettings) -> Callable[[], Any]:
    async def start() -> Publisher:
        publisher = new_publisher(settings, "test-relay")
        await publisher.start()
        return publisher

    return start


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[Relay]:
    task = asyncio.create_task(relay.run())
    yield relay
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def write(database: Database, topic: str, thing_id: UUID, times: int, padding: int = 0) -> None:
    await write_together(database, topic, [(thing_id, times, padding)])


async def write_together(database: Database, topic: str, things: list[tuple[UUID, int, int]]) -> None:
    outbox = Outbox("intake")
    for thing_id, times, _ in things:
        cause = Envelope(str(uuid4()), "x", "y", utc_now(), traceparent=TRACE)
        outbox.add([Noted(thing_id=thing_id, times=times)], cause=cause, handler="test", now=utc_now())
    outbox.messages = [
        (topic, key, headers, value + b" " * padding)
        for (_, key, headers, value), (_, _, padding) in zip(outbox.messages, things, strict=True)
    ]
    async with database.transaction() as connection:
        await outbox.write(connection)


async def read(infrastructure: Infrastructure, topic: str, count: int) -> list[Any]:
    login = infrastructure.kafka.for_aiokafka()
    async with Consumer(topic, auto_offset_reset="earliest", **login) as consumer, asyncio.timeout(PATIENCE):
        return [await consumer.getone() for _ in range(count)]


async def outbox_is_empty(database: Database) -> bool:
    return not await database.fetch("SELECT FROM outbox")


async def test_what_is_written_is_published_in_order_and_with_its_envelope(
    infrastructure: Infrastructure, database: Database, new_started_publisher: Any
) -> None:
    topic = a_topic(infrastructure, partitions=3, writers=("intake",))
    thing = uuid4()
    async with running(Relay(database.url, new_started_publisher, name="toy")) as relay:
        for times in range(1, 1201):
            await write(database, topic, thing if times % 2 else uuid4(), times)
        relay.wake()
        await eventually(lambda: outbox_is_empty(database), "the outbox is empty")
    records = [r for r in await read(infrastructure, topic, 1200) if r.key == str(thing).encode()]
    numbers = [Noted.model_validate_json(record.value).times for record in records]
    assert numbers == sorted(numbers)
    assert len(numbers) == 600
    envelope = read_envelope(records[0].headers)
    assert (envelope.type, envelope.source, envelope.traceparent) == (
        Noted.TYPE,
        "/vardvaxel/intake",
        TRACE,
    )


async def test_a_row_that_the_broker_refuses_is_held_with_the_later_rows_of_its_key(
    infrastructure: Infrastructure, database: Database, new_started_publisher: Any
) -> None:
    topic = a_topic(infrastructure, writers=("intake",))
    guilty, innocent = uuid4(), uuid4()
    await write(database, topic, innocent, 1)
    await write(database, topic, guilty, 1, padding=1_200_000)
    await write(database, topic, innocent, 2)
    await write(database, topic, guilty, 2)
    async with running(Relay(database.url, new_started_publisher, name="toy")):
        await eventually(lambda: outbox_is_empty(database), "the outbox is empty")
        await write(database, topic, guilty, 3)
        await eventually(lambda: outbox_is_empty(database), "the outbox is empty again")
    records = await read(infrastructure, topic, 2)
    assert [record.key for record in records] == [str(innocent).encode()] * 2
    held = await database.fetch("SELECT key, reason FROM outbox_held ORDER BY id")
    assert [row["key"] for row in held] == [str(guilty).encode()] * 3
    assert "TooLarge" in held[0]["reason"]
    assert held[1]["reason"] == held[2]["reason"] == "behind a held message"


async def test_of_one_row_only_the_guilty_message_and_its_followers_are_held_and_come_back_in_order(
    infrastructure: Infrastructure, database: Database, new_started_publisher: Any
) -> None:
    topic = a_topic(infrastructure, writers=("intake",))
    guilty, innocent = uuid4(), uuid4()
    things = [(innocent, 1, 0), (guilty, 1, 1_200_000), (innocent, 2, 0), (guilty, 2, 0), (innocent, 3, 0)]
    await write_together(database, topic, things)
    async with running(Relay(database.url, new_started_publisher, name="toy")):
        await eventually(lambda: outbox_is_empty(database), "the outbox is empty")
    records = await read(infrastructure, topic, 3)
    assert [Noted.model_validate_json(record.value).times for record in records] == [1, 2, 3]
    assert {record.key for record in records} == {str(innocent).encode()}
    async with database.transaction() as connection:
        assert await release_held(connection) == 2
    back = await waiting_messages(database, topic)
    assert [Noted.model_validate_json(message.value).times for message in back] == [1, 2]
    assert {message.key for message in back} == {str(guilty)}
    assert back[0].headers["traceparent"] == TRACE
    assert not await database.fetch("SELECT FROM outbox_held")


async def test_the_messages_of_one_transaction_keep_their_order_over_several_rows(
    infrastructure: Infrastructure, database: Database, new_started_publisher: Any
) -> None:
    topic = a_topic(infrastructure, writers=("intake",))
    thing = uuid4()
    await write_together(database, topic, [(thing, times, 2_000) for times in range(1, 1_001)])
    assert len(await database.fetch("SELECT FROM outbox")) > 2
    async with running(Relay(database.url, new_started_publisher, name="toy")):
        await eventually(lambda: outbox_is_empty(database), "the outbox is empty")
    records = await read(infrastructure, topic, 1_000)
    assert [Noted.model_validate_json(record.value).times for record in records] == [*range(1, 1_001)]


async def test_only_one_of_two_relays_leads_and_the_other_passes_wake_ups_on(
    infrastructure: Infrastructure, database: Database, new_started_publisher: Any
) -> None:
    topic = a_topic(infrastructure, writers=("intake",))
    first, second = (Relay(database.url, new_started_publisher, name="toy") for _ in range(2))
    async with running(first):
        await eventually(lambda: first.leads, "the first relay leads")
        async with running(second):
            await write(database, topic, uuid4(), 1)
            second.wake()
            await eventually(lambda: outbox_is_empty(database), "the outbox is empty")
            assert not second.leads
        # The first lets go of its lock when it stops.
    async with running(second):
        await eventually(lambda: second.leads, "the second relay leads")


async def test_a_relay_whose_broker_goes_away_publishes_when_it_is_back(
    infrastructure: Infrastructure, database: Database, new_started_publisher: Any
) -> None:
    topic = a_topic(infrastructure, writers=("intake",))
    async with running(Relay(database.url, new_started_publisher, name="toy")) as relay:
        await eventually(lambda: relay.leads, "the relay leads")
        await database.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'toy-relay'"
        )
        await write(database, topic, uuid4(), 1)
        await eventually(lambda: outbox_is_empty(database), "the outbox is empty")
