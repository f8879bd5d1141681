"""Sends messages of the outbox to the broker in batches, and says what became of those that it would not have."""

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
from shared.outbox.packing import Outgoing, kafka_headers

CLOSING_SECONDS = 1.0
OWN_FAULT = (
    InvalidTopicError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)
"""What the broker says when it is the message that is wrong: trying again can't help."""
BEHIND = "behind a held message"
"""Why a message is held that is not at fault itself."""


Place = tuple[str, int]
"""A topic and a partition."""

log = structlog.get_logger()


@dataclass(slots=True)
class Result:
    """What became of messages that the broker does not have: all others it has."""

    held: dict[Outgoing, str] = field(default_factory=dict)
    """Refused by their own fault, or behind one that is, with the reason."""
    unsent: set[int] = field(default_factory=set)
    """Rows with messages to send again."""
    broken: KafkaError | None = None
    """The error that broke the producer."""


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

    async def send(self, messages: Sequence[Outgoing]) -> Result:
        """Send messages and wait for the broker's word on all of them.

        A refused batch is sent again one by one, so that the guilty message does not take its neighbours along.
        """
        result = Result()
        waiting: dict[Place, list[Outgoing]] = defaultdict(list)
        for message in messages:
            try:
                waiting[message.topic, await self._partition(message.topic, message.key)].append(message)
            except OWN_FAULT as error:
                result.held[message] = type(error).__name__
        failed: list[tuple[Place, list[Outgoing], KafkaError]] = []
        while waiting:
            waiting = await self._send_batches(waiting, failed)
        reached("relay_sent")
        for place, unsent, fault in failed:
            if isinstance(fault, OWN_FAULT):
                await self._send_singly(place, unsent, result)
            else:
                result.broken = fault
                result.unsent.update(message.row for message in unsent)
        return result

    async def _send_batches(
        self, waiting: dict[Place, list[Outgoing]], failed: list[tuple[Place, list[Outgoing], KafkaError]]
    ) -> dict[Place, list[Outgoing]]:
        """Send one batch to each partition; gives what did not fit. What fails is added to `failed`."""
        pending: list[tuple[Place, list[Outgoing], int, asyncio.Future[Any]]] = []
        left: dict[Place, list[Outgoing]] = {}
        for place, messages in waiting.items():
            batch, count = self._first_batch(messages)
            if not count:
                failed.append((place, messages, MessageSizeTooLargeError()))
                continue
            sent = await self._live.send_batch(batch, place[0], partition=place[1])
            pending.append((place, messages, count, sent))
        for place, messages, count, sent in pending:
            try:
                await sent
            except KafkaError as fault:
                failed.append((place, messages, fault))
            else:
                if count < len(messages):
                    left[place] = messages[count:]
        return left

    async def _send_singly(self, place: Place, messages: list[Outgoing], result: Result) -> None:
        """After a refusal: a new producer, and each message on its own; a key stops at its fault."""
        await self.close()
        await self.start()
        stopped: set[bytes] = set()
        for message in messages:
            if message.key in stopped:
                result.held[message] = BEHIND
                continue
            try:
                await self._live.send_and_wait(
                    place[0], message.value, message.key, place[1], headers=kafka_headers(message.headers)
                )
            except OWN_FAULT as error:
                result.held[message] = type(error).__name__
                stopped.add(message.key)

    def _first_batch(self, messages: list[Outgoing]) -> tuple[Any, int]:
        """As many of the messages as one batch holds, and their number."""
        batch = self._live.create_batch()
        for number, message in enumerate(messages):
            headers = kafka_headers(message.headers)
            if batch.append(key=message.key, value=message.value, timestamp=None, headers=headers) is None:
                return batch, number
        return batch, len(messages)

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
