"""Liveness: records to read and no movement for two minutes is death; everything else is life."""

import time
from typing import Any, cast

import pytest
from aiokafka import TopicPartition

from shared.messaging.broker import Subscription
from shared.messaging.progress import Progress

PLACE = TopicPartition("intake.case.events", 3)


class FakeSubscription:
    """A consumer that stands where the test puts it."""

    def __init__(self, position: int, end: int) -> None:
        self.position, self.end, self.ours = position, end, True

    async def positions(self) -> dict[Any, int]:
        return {PLACE: self.position} if self.ours else {}

    async def lag(self) -> dict[Any, int]:
        return {PLACE: self.end - self.position} if self.ours else {}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


async def watched(
    consumer: FakeSubscription, clock: list[float], seconds: float, watch: Progress
) -> list[str]:
    await watch.look([cast("Subscription", consumer)])
    clock[0] += seconds
    await watch.look([cast("Subscription", consumer)])
    return watch.stuck()


async def test_a_consumer_that_has_records_and_does_not_move_is_stuck(clock: list[float]) -> None:
    assert await watched(FakeSubscription(5, 9), clock, 121, Progress()) == ["intake.case.events/3"]


async def test_a_consumer_that_has_nothing_to_read_is_alive(clock: list[float]) -> None:
    assert await watched(FakeSubscription(9, 9), clock, 1000, Progress()) == []


async def test_a_consumer_that_moves_is_alive_however_far_behind(clock: list[float]) -> None:
    watch, consumer = Progress(), FakeSubscription(5, 90_000)
    for _ in range(5):
        assert await watched(consumer, clock, 119, watch) == []
        consumer.position += 1


async def test_a_partition_that_another_instance_has_taken_over_is_forgotten(clock: list[float]) -> None:
    watch, consumer = Progress(), FakeSubscription(5, 9)
    await watched(consumer, clock, 1, watch)
    consumer.ours = False
    assert await watched(consumer, clock, 500, watch) == []
