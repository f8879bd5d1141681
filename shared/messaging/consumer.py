"""Our Kafka consumers: they end in order; those of services wait for records and tell behind the work how far it is."""

import asyncio
import contextlib
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

TELL_SECONDS = 0.1
"""What is done is told to the broker at most this much later. Whoever dies before is given it again, and the inbox
knows it."""
_LOOK_MS = 1_000


class Consumer(AIOKafkaConsumer):  # type: ignore[misc]
    """aiokafka's, which also ends in order while its broker is away. Nobody takes aiokafka's own: a test sees to it."""

    async def stop(self) -> None:
        """Leave the group and let go of every connection. Raises what goes wrong meanwhile.

        aiokafka 0.14 cancels a fetch that waits before it tries again, and lets that out as if its caller were
        cancelled, before it has closed its connections; and when its caller is cancelled, it may keep that back.
        """
        task = asyncio.current_task()
        asked = task.cancelling() if task else 0
        with contextlib.suppress(asyncio.CancelledError):
            try:
                await super().stop()
            finally:
                await self._let_go()
        if task and task.cancelling() > asked:
            raise asyncio.CancelledError

    async def _let_go(self) -> None:
        fetches = tuple(self._fetcher._pending_tasks) if self._fetcher else ()
        for fetch in fetches:
            fetch.cancel()
        await asyncio.gather(*fetches, return_exceptions=True)
        await self._client.close()


class WaitingConsumer(Consumer):
    """`pace` is the shortest time from one batch to the next, in seconds: under load batches grow instead. Nobody waits
    after a record that came alone: that is no load.

    Whoever calls `getmany` takes one batch after the other, and calls `commit` when the last one is done.
    """

    def __init__(self, *topics: str, pace: float, **options: Any) -> None:
        super().__init__(*topics, **options)
        self._pace = pace
        self._next_at = 0.0
        self._handed: dict[TopicPartition, int] = {}
        self._done: dict[TopicPartition, int] = {}
        self._telling: asyncio.Task[None] | None = None

    def subscribe(
        self,
        topics: Any = (),
        pattern: str | None = None,
        listener: ConsumerRebalanceListener | None = None,
    ) -> None:
        """As usual; before a partition is given away, the broker is told how far it is."""
        super().subscribe(topics, pattern, listener=listener or _TellBeforehand(self))

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = _LOOK_MS, max_records: int | None = None
    ) -> dict[TopicPartition, list[Any]]:
        """The next batch, as soon as there is one; never nothing. `timeout_ms` is not looked at."""
        if (pause := self._next_at - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(pause)
        found: dict[TopicPartition, list[Any]] = {}
        while not found:
            found = await super().getmany(*partitions, timeout_ms=_LOOK_MS, max_records=max_records)
        several = sum(map(len, found.values())) > 1
        self._next_at = asyncio.get_running_loop().time() + self._pace if several else 0.0
        self._handed = {place: records[-1].offset + 1 for place, records in found.items()}
        return found

    async def commit(self, offsets: dict[TopicPartition, int] | None = None) -> None:
        """The batch handed out last is done. The broker hears of it soon; nobody waits for that."""
        self._done.update(self._handed if offsets is None else offsets)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_soon())

    async def tell(self) -> None:
        """Tell the broker what is done, of the partitions that are ours. What fails is told next time."""
        ours = self.assignment()
        done = {place: offset for place, offset in self._done.items() if place in ours}
        self._done = {}
        if done:
            try:
                await super().commit(done)
            except KafkaError:
                self._done = done | self._done

    async def stop(self) -> None:
        """Tell what is done, and leave."""
        if self._telling is not None:
            self._telling.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self.tell()
        await super().stop()

    async def _tell_soon(self) -> None:
        while self._done:
            await asyncio.sleep(TELL_SECONDS)
            await self.tell()


class _TellBeforehand(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, consumer: WaitingConsumer) -> None:
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: Any) -> None:
        await self._consumer.tell()
        self._consumer._done.clear()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        pass
