"""A consumer ends in order whatever its broker does, and lets go of what it held."""

import asyncio
import logging

import pytest

from deploy.local.choose import Infrastructure
from shared.messaging.consumer import Consumer
from shared.testing.eventually import eventually
from shared.testing.infrastructure import a_topic


async def put_off(infrastructure: Infrastructure) -> Consumer:
    """One that waits for an hour before it fetches again: the broker did not answer in time."""
    login = infrastructure.kafka.for_aiokafka()
    topic = a_topic(infrastructure)
    patience = {"request_timeout_ms": 500, "fetch_max_wait_ms": 60_000, "retry_backoff_ms": 3_600_000}
    consumer = Consumer(topic, **patience, **login)
    await consumer.start()
    return consumer


async def test_one_whose_fetch_timed_out_stops_without_a_word_and_without_connections(
    infrastructure: Infrastructure, caplog: pytest.LogCaptureFixture
) -> None:
    consumer = await put_off(infrastructure)
    await eventually(lambda: "Failed fetch" in caplog.text, "the fetch has timed out")
    fetches = tuple(consumer._fetcher._pending_tasks)
    await consumer.stop()
    assert {fetch.cancelled() for fetch in fetches} == {True}
    assert [it for it in consumer._client._conns.values() if it.connected()] == []
    assert caplog.records[-1].levelno < logging.CRITICAL


async def test_a_caller_who_is_cancelled_meanwhile_is_told_so(infrastructure: Infrastructure) -> None:
    consumer = await put_off(infrastructure)
    stopping = asyncio.create_task(consumer.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert [it for it in consumer._client._conns.values() if it.connected()] == []


async def test_what_goes_wrong_while_it_stops_is_told(
    infrastructure: Infrastructure, monkeypatch: pytest.MonkeyPatch
) -> None:
    consumer = await put_off(infrastructure)

    async def fail() -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(consumer._coordinator, "close", fail)
    with pytest.raises(ValueError, match="a fault of ours"):
        await consumer.stop()
    assert [it for it in consumer._client._conns.values() if it.connected()] == []
