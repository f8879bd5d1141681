"""The consumer: waits for records, and tells the broker of nothing that is not done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from deploy.local.choose import Infrastructure
from shared.messaging.broker import Subscription, new_broker
from shared.messaging.consumer import WaitingConsumer
from shared.settings import ServiceSettings
from shared.testing.eventually import PATIENCE, eventually
from shared.testing.infrastructure import a_topic


@pytest.fixture
def topic(infrastructure: Infrastructure) -> str:
    return a_topic(infrastructure, partitions=2)


@asynccontextmanager
async def consuming(infrastructure: Infrastructure, topic: str, pace: float = 0.0) -> AsyncIterator[Any]:
    consumer = WaitingConsumer(
        pace=pace,
        group_id=f"group-{topic}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        **infrastructure.kafka.for_aiokafka(),
    )
    consumer.subscribe([topic])
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def publish(infrastructure: Infrastructure, topic: str, partition: int, count: int = 1) -> None:
    async with AIOKafkaProducer(**infrastructure.kafka.for_aiokafka()) as producer:
        for _ in range(count):
            await producer.send_and_wait(topic, b"value", partition=partition)


async def told(consumer: Any, topic: str, partition: int = 0) -> int:
    return await consumer.committed(TopicPartition(topic, partition)) or 0


async def _is_told(consumer: Any, topic: str, offset: int, partition: int = 0) -> bool:
    assert await told(consumer, topic, partition) == offset
    return True


async def test_records_that_come_later_are_waited_for(infrastructure: Infrastructure, topic: str) -> None:
    async with consuming(infrastructure, topic) as consumer:
        waiting = asyncio.create_task(consumer.getmany(timeout_ms=1))
        await eventually(consumer.assignment, "the group is joined")
        assert not waiting.done()
        await publish(infrastructure, topic, 0)
        [[record]] = (await waiting).values()
        assert record.value == b"value"


async def test_what_is_done_is_told_without_the_work_waiting_for_it(
    infrastructure: Infrastructure, topic: str
) -> None:
    await publish(infrastructure, topic, 0, 3)
    async with consuming(infrastructure, topic) as consumer:
        await consumer.getmany()
        assert await told(consumer, topic) == 0
        await consumer.commit()
        await eventually(partial(_is_told, consumer, topic, 3), "the offset is told")


async def test_what_is_done_is_told_before_the_consumer_stops(
    infrastructure: Infrastructure, topic: str
) -> None:
    await publish(infrastructure, topic, 0, 3)
    async with consuming(infrastructure, topic) as consumer:
        await consumer.getmany()
        await consumer.commit()
    async with consuming(infrastructure, topic) as again:
        assert await told(again, topic) == 3


async def test_a_batch_that_was_given_back_is_not_told_with_the_next_one(
    infrastructure: Infrastructure, topic: str
) -> None:
    await publish(infrastructure, topic, 0)
    async with consuming(infrastructure, topic) as consumer:
        await consumer.getmany()
        consumer.seek(TopicPartition(topic, 0), 0)
        consumer.pause(TopicPartition(topic, 0))
        await publish(infrastructure, topic, 1)
        await consumer.getmany()
        await consumer.commit()
        await eventually(partial(_is_told, consumer, topic, 1, partition=1), "the other partition is told")
        assert await told(consumer, topic, 0) == 0


async def test_a_batch_comes_at_its_pace_and_a_record_alone_at_once(
    infrastructure: Infrastructure, topic: str
) -> None:
    async with consuming(infrastructure, topic, pace=3_600.0) as consumer:
        for _ in range(2):
            await publish(infrastructure, topic, 0)
            async with asyncio.timeout(PATIENCE):
                assert sum(map(len, (await consumer.getmany()).values())) == 1
        consumer.seek(TopicPartition(topic, 0), 0)
        async with asyncio.timeout(PATIENCE):
            assert sum(map(len, (await consumer.getmany()).values())) == 2
        await publish(infrastructure, topic, 0)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await consumer.getmany()


async def test_a_partition_is_told_before_it_is_given_away(
    infrastructure: Infrastructure, topic: str
) -> None:
    await publish(infrastructure, topic, 0, 2)
    await publish(infrastructure, topic, 1, 2)
    async with consuming(infrastructure, topic) as first:
        await first.getmany()
        await first.commit()
        taken = asyncio.create_task(first.getmany())
        async with consuming(infrastructure, topic) as second:
            await eventually(lambda: len(second.assignment()) == 1, "the partitions are shared")
            assert await told(second, topic, 0) + await told(second, topic, 1) >= 2
        taken.cancel()
        await asyncio.gather(taken, return_exceptions=True)


async def test_every_subscription_is_such_a_consumer(
    infrastructure: Infrastructure, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in infrastructure.kafka.environment().items():
        monkeypatch.setenv(name, value)
    settings = ServiceSettings(database_url="postgresql://unused")
    broker = new_broker(settings, "test")
    taken: asyncio.Queue[Any] = asyncio.Queue()
    subscription = Subscription(broker, settings, taken.put, group=f"g-{topic}", instance="0", topics=[topic])
    await subscription.start()
    try:
        assert isinstance(subscription.consumer, WaitingConsumer)
        await publish(infrastructure, topic, 0)
        await asyncio.wait_for(taken.get(), timeout=PATIENCE)
        await eventually(partial(_is_told, subscription.consumer, topic, 1), "the offset is told")
    finally:
        await subscription.stop()
        await broker.stop()
