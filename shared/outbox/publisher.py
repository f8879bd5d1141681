"""Sends outbox rows to the broker in batches, and says for each row what became of it."""

import asyncio
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    BrokerResponseError,
    InvalidTopicError,
    KafkaConnectionError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from shared.crash_points import reached
from shared.outbox.rows import kafka_headers

CLOSING_SECONDS = 1.0
OWN_FAULT = (
    InvalidTopicError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
"""What the broker says when it is the row that is wrong: trying again can't help."""

log = structlog.get_logger()


@dataclass(slots=True)
class Result:
    """Ids that the broker has; ids that it refuses, with the reason; and the error that broke the producer."""

    sent: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    broken: KafkaError | None = None


class Publisher:
    """An idempotent producer with `acks=all`. `new_producer` makes one that is not yet started."""

    def __init__(self, new_producer: Callable[[], AIOKafkaProducer]) -> None:
        self._new_producer = new_producer
        self._producer: AIOKafkaProducer | None = None
        self._partitions: dict[str, int] = {}

    async def start(self) -> None:
        """Connect. Raises KafkaError when the broker is away."""
        self._producer = self._new_producer()
        try:
            await self._producer.start()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Let go of the connection within moments; never raises. What nobody acknowledged is still in the outbox."""
        if self._producer is None:
            return
        producer, self._producer = self._producer, None
        stopping = asyncio.create_task(producer.stop())
        _, late = await asyncio.wait([stopping], timeout=CLOSING_SECONDS)
        if late:
            # aiokafka waits until all is sent: for ever, while the broker is away.
            producer._message_accumulator.fail_all(KafkaConnectionError("closed"))
            await asyncio.wait(late, timeout=CLOSING_SECONDS)
            stopping.cancel()
        await asyncio.wait([stopping])
        await producer.client.close()
        if not late and (fault := stopping.exception()):
            log.warning("the producer failed to stop", error=type(fault).__name__, detail=str(fault)[:200])

    async def send(self, rows: Sequence[Any]) -> Result:
        """Send rows (id, topic, key, headers, value) and wait for the broker's word on each.

        A refused batch is sent again row by row, so that the guilty row does not take its neighbours along.
        """
        result = Result()
        by_place: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for row in rows:
            try:
                by_place[row[1], await self._partition(row[1], row[2])].append(row)
            except OWN_FAULT as error:
                result.refused[row[0]] = type(error).__name__
        failed = await self._send_places(by_place, result)
        reached("relay_sent")
        for place, fault in failed:
            if isinstance(fault, OWN_FAULT):
                await self._send_singly(place, by_place[place], result)
            else:
                result.broken = fault
        return result

    async def _send_places(
        self, by_place: dict[tuple[str, int], list[Any]], result: Result
    ) -> list[tuple[tuple[str, int], KafkaError]]:
        """Send one batch to each partition; what does not fit is read again. The failures come back, by place."""
        pending: list[tuple[tuple[str, int], list[int], asyncio.Future[Any]]] = []
        failed: list[tuple[tuple[str, int], KafkaError]] = []
        for place, rows in by_place.items():
            batch, ids = self._first_batch(rows)
            if not ids:
                failed.append((place, MessageSizeTooLargeError()))
                continue
            pending.append((place, ids, await self._live.send_batch(batch, place[0], partition=place[1])))
        for place, ids, future in pending:
            try:
                await future
                result.sent.extend(ids)
            except KafkaError as fault:
                failed.append((place, fault))
        return failed

    async def _send_singly(self, place: tuple[str, int], rows: list[Any], result: Result) -> None:
        """After a refusal: a new producer, and each row that is not yet sent on its own; a key stops at its fault."""
        await self.close()
        await self.start()
        done = set(result.sent)
        stopped: set[bytes] = set()
        for row in rows:
            if row[0] in done or row[2] in stopped:
                continue
            try:
                await self._live.send_and_wait(
                    place[0], row[4], row[2], place[1], headers=kafka_headers(row[3])
                )
                result.sent.append(row[0])
            except OWN_FAULT as error:
                result.refused[row[0]] = type(error).__name__
                stopped.add(row[2])

    def _first_batch(self, rows: list[Any]) -> tuple[Any, list[int]]:
        """As many of the rows as one batch holds, and their ids."""
        batch, ids = self._live.create_batch(), []
        for id_, _, key, headers, value in rows:
            if batch.append(key=key, value=value, timestamp=None, headers=kafka_headers(headers)) is None:
                break
            ids.append(id_)
        return batch, ids

    async def _partition(self, topic: str, key: bytes) -> int:
        """CRC32 of the key, as librdkafka's `consistent` partitioner has it: the same in every producer of ours."""
        count = self._partitions.get(topic)
        if count is None:
            count = self._partitions[topic] = len(await self._live.partitions_for(topic))
        return zlib.crc32(key) % count

    @property
    def _live(self) -> AIOKafkaProducer:
        if self._producer is None:
            raise BrokerResponseError("the producer is not started")
        return self._producer
