"""The measuring client, a process of its own: publishes cases like a portal and waits for what becomes of them.

Reads one job per line of JSON on standard input, writes one line of results. All times are seconds of the machine's
monotonic clock, which every process reads alike.
"""

import asyncio
import gc
import random
import sys
import time
import zlib
from collections.abc import Mapping
from typing import Any

import orjson
import uvloop
from aiokafka import AIOKafkaProducer, TopicPartition

from shared.contracts.topics import CASE_PARTITIONS
from shared.messaging.consumer import Consumer
from tests.bench.figures import quantile
from tests.bench.load import Case, cases

SILENCE = 20.0
"""Seconds without any arrival after which the rest counts as lost."""


class Side:
    """One pipeline as the client sees it: a topic to publish to and a topic to hear."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self._topic: str = spec["commands"]
        self._heard: str = spec["events"]
        self._type = spec["type"].encode()
        self._producer = AIOKafkaProducer(
            enable_idempotence=True, acks="all", max_batch_size=262_144, **spec["writer"]
        )
        self._consumer = Consumer(enable_auto_commit=False, fetch_max_wait_ms=500, **spec["reader"])
        self.arrivals: dict[bytes, float] = {}

    async def start(self) -> None:
        """Connect, and stand at the end of what is there."""
        await self._producer.start()
        await self._consumer.start()
        self._consumer.assign([TopicPartition(self._heard, number) for number in range(CASE_PARTITIONS)])

    async def to_the_end(self) -> None:
        """Forget what was heard; what comes now counts."""
        await self._consumer.seek_to_end()
        await asyncio.gather(*(self._consumer.position(place) for place in self._consumer.assignment()))
        self.arrivals.clear()

    async def publish(self, some: list[Case]) -> None:
        """All of them, as fast as the broker takes them, and with as little of the shared processors as can be."""
        batches = [self._producer.create_batch() for _ in range(CASE_PARTITIONS)]
        sent = []
        for case in some:
            number = zlib.crc32(case.key) % CASE_PARTITIONS
            told = {"key": case.key, "value": case.value, "timestamp": None, "headers": case.headers}
            if batches[number].append(**told) is None:
                sent.append(await self._producer.send_batch(batches[number], self._topic, partition=number))
                batches[number] = self._producer.create_batch()
                batches[number].append(**told)
        for number, batch in enumerate(batches):
            if batch.record_count():
                sent.append(await self._producer.send_batch(batch, self._topic, partition=number))
        await asyncio.gather(*sent)

    async def publish_on_time(self, some: list[Case], at: list[float]) -> None:
        """Each at its moment, however long the others take."""
        sent = []
        for case, moment in zip(some, at, strict=True):
            if (pause := moment - time.monotonic()) > 0:
                await asyncio.sleep(pause)
            sent.append(await self._send(case))
        await asyncio.gather(*sent)

    async def hear(self, count: int) -> bool:
        """Until so many different cases have arrived, or it has been silent for too long."""
        silent_since = time.monotonic()
        while len(self.arrivals) < count:
            places = await self._consumer.getmany(timeout_ms=500)
            now = time.monotonic()
            for records in places.values():
                silent_since = now
                for record in records:
                    if not self._type or ("ce_type", self._type) in record.headers:
                        self.arrivals.setdefault(record.key, now)
            if now - silent_since > SILENCE:
                return False
        return True

    async def _send(self, case: Case) -> "asyncio.Future[Any]":
        sent: asyncio.Future[Any] = await self._producer.send(
            self._topic, case.value, case.key, headers=case.headers
        )
        return sent


class Client:
    """Does the jobs."""

    def __init__(self) -> None:
        self._sides: dict[str, Side] = {}

    async def connect(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Meet the pipelines."""
        for name, spec in job["sides"].items():
            self._sides[name] = Side(spec)
            await self._sides[name].start()
        return {}

    async def publish(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Fill a pipeline that stands still."""
        side = self._sides[job["side"]]
        await side.to_the_end()
        await side.publish([*cases(job["cases"], job["clinics"], job["seed"])])
        return {}

    async def burst(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Everything at once, from the first publish to the last arrival."""
        side = self._sides[job["side"]]
        some = [*cases(job["cases"], job["clinics"], job["seed"])]
        await side.to_the_end()
        gc.collect()
        started = time.monotonic()
        _, complete = await asyncio.gather(side.publish(some), side.hear(len(some)))
        return _heard(side, complete) | {"started": started}

    async def drain(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Wait for everything that was published."""
        side = self._sides[job["side"]]
        return _heard(side, await side.hear(job["cases"]))

    async def rate(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Open loop: cases at random moments (Poisson), decided beforehand; latency counts from these moments."""
        side = self._sides[job["side"]]
        count = int(job["rate"] * job["seconds"])
        some = [*cases(count, job["clinics"], job["seed"])]
        dice = random.Random(job["seed"])
        await side.to_the_end()
        moments, moment = [], time.monotonic() + 0.1
        for _ in some:
            moments.append(moment)
            moment += dice.expovariate(job["rate"])
        gc.collect()
        _, complete = await asyncio.gather(side.publish_on_time(some, moments), side.hear(count))
        due = {case.key: moment for case, moment in zip(some, moments, strict=True)}
        waits = sorted(at - due[key] for key, at in side.arrivals.items() if key in due)
        found = {
            name: quantile(waits, share) for name, share in (("p50", 0.5), ("p99", 0.99), ("p999", 0.999))
        }
        return {"complete": complete, "heard": len(waits), **found}

    async def count(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Hear a number of records of any kind; gives how many per second their producer made, by its own clock."""
        async with Consumer(enable_auto_commit=False, **job["reader"]) as consumer:
            return await _count(consumer, job)


def _heard(side: Side, complete: bool) -> dict[str, Any]:
    return {
        "complete": complete,
        "heard": len(side.arrivals),
        "last": max(side.arrivals.values(), default=0.0),
    }


async def _count(consumer: Consumer, job: Mapping[str, Any]) -> dict[str, Any]:
    consumer.assign([TopicPartition(job["topic"], number) for number in range(job["partitions"])])
    await consumer.seek_to_end()
    await asyncio.gather(*(consumer.position(place) for place in consumer.assignment()))
    answer({"listening": True})
    times: list[int] = []
    silent_since = time.monotonic()
    while len(times) < job["rows"] and time.monotonic() - silent_since < SILENCE:
        for records in (await consumer.getmany(timeout_ms=500)).values():
            silent_since = time.monotonic()
            times += [record.timestamp for record in records]
    lasted = max(max(times, default=0) - min(times, default=0), 1)
    return {"heard": len(times), "per_s": len(times) * 1000 / lasted}


def answer(result: Mapping[str, Any]) -> None:
    """One line."""
    sys.stdout.buffer.write(orjson.dumps(result) + b"\n")
    sys.stdout.buffer.flush()


async def main() -> None:
    """Until standard input ends."""
    client = Client()
    loop = asyncio.get_running_loop()
    gc.set_threshold(100_000, 50, 100)
    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline):
        job = orjson.loads(line)
        answer(await getattr(client, job["do"])(job))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
