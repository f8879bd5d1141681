"""One hop of the rival: `python -m tests.bench.rival HOP READY_FILE`, its addresses in the environment."""

import asyncio
import gc
import os
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.kafka_login import KafkaLogin
from tests.bench.rival.relay import Relay
from tests.bench.rival.schema import GROUP, PRINCIPAL, TOPICS
from tests.bench.rival.store import Store

BATCH = 1_000


async def run(hop: int, is_ready: Callable[[], None]) -> None:
    """Take, keep, relay, for ever."""
    login = KafkaLogin(os.environ["BENCH_KAFKA"], PRINCIPAL, os.environ["BENCH_PASSWORD"]).for_aiokafka()
    source, target = TOPICS[hop - 1], TOPICS[hop]
    producer = AIOKafkaProducer(enable_idempotence=True, acks="all", max_batch_size=1_000_000, **login)
    consumer = AIOKafkaConsumer(
        source.name, group_id=f"{GROUP}{hop}", enable_auto_commit=False, auto_offset_reset="earliest", **login
    )
    await producer.start()
    await consumer.start()
    url = os.environ["BENCH_DATABASE"]
    store = Store(await asyncpg.connect(url), target.name)
    relay = Relay(producer, url)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(relay.run())
        tasks.create_task(take(consumer, store, relay))
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        is_ready()


async def take(consumer: AIOKafkaConsumer, store: Store, relay: Relay) -> None:
    """Batches, each committed in the database before its offsets are in the broker."""
    while True:
        places = await consumer.getmany(timeout_ms=1_000, max_records=BATCH)
        if places:
            await store.keep([*chain.from_iterable(places.values())])
            relay.wake()
            await consumer.commit()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(int(sys.argv[1]), Path(sys.argv[2]).touch))
