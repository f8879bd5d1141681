"""A whole process: it consumes, publishes, drains on SIGTERM, and a kill at any point neither loses nor doubles."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from faststream import AckPolicy

from deploy.local.choose import Infrastructure
from deploy.local.ports import free_port
from shared.crash_points import POINTS
from shared.database.pool import Database
from shared.messaging.broker import GRACEFUL_SECONDS, Subscription, new_broker
from shared.messaging.consumer import Consumer
from shared.process import DRAIN_SECONDS
from shared.settings import ServiceSettings
from shared.testing.eventually import PATIENCE, eventually
from shared.testing.infrastructure import a_topic
from shared.testing.records import a_record
from tests.component.machinery.toy import Noted, received


class Toy:
    """Instances of the toy in processes of their own."""

    def __init__(self, infrastructure: Infrastructure, database: Database, log: Path) -> None:
        self.infrastructure, self.database, self.log = infrastructure, database, log
        self.topic_in = a_topic(infrastructure, partitions=3, writers=("admin",), readers=("intake",))
        self.topic_out = a_topic(infrastructure, partitions=3, writers=("intake",))
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, crash_at: str = "") -> tuple[subprocess.Popen[bytes], int]:
        port = free_port()
        environment = {
            "VARDVAXEL_ENVIRONMENT": "development",
            "VARDVAXEL_DATABASE_URL": self.database.url,
            "VARDVAXEL_HTTP_PORT": str(port),
            "VARDVAXEL_TOY_IN": self.topic_in,
            "VARDVAXEL_TOY_OUT": self.topic_out,
            "VARDVAXEL_CRASH_AT": crash_at,
            **self.infrastructure.login("intake").environment(),
        }
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.component.machinery.toy_app", "all"],
                env=environment,
                stdout=output,
                stderr=output,
            )
        self.running.append(process)
        return process, port

    async def publish(self, records: list[Any]) -> None:
        producer = AIOKafkaProducer(acks="all", **self.infrastructure.kafka.for_aiokafka())
        await producer.start()
        try:
            futures = [await producer.send(self.topic_in, r.value, r.key, headers=r.headers) for r in records]
            await asyncio.gather(*futures)
        finally:
            await producer.stop()

    async def counted(self) -> tuple[int, int]:
        [row] = await self.database.fetch("SELECT count(*), coalesce(max(times), 0) FROM things")
        return row[0], row[1]

    async def published(self, count: int) -> list[Noted]:
        found: dict[bytes, Noted] = {}
        login = self.infrastructure.kafka.for_aiokafka()
        async with Consumer(self.topic_out, auto_offset_reset="earliest", **login) as consumer:
            async with asyncio.timeout(PATIENCE):
                while len(found) < count:
                    record = await consumer.getone()
                    found[dict(record.headers)["ce_id"]] = Noted.model_validate_json(record.value)
        return list(found.values())


@pytest.fixture
def toy(infrastructure: Infrastructure, database: Database, tmp_path: Path) -> Iterator[Toy]:
    toy = Toy(infrastructure, database, tmp_path / "toy.log")
    yield toy
    for process in toy.running:
        process.kill()
        process.wait()
    print(toy.log.read_text()[-6000:])


async def test_it_consumes_publishes_and_drains_within_ten_seconds(toy: Toy) -> None:
    process, port = toy.start()
    await toy.publish([a_record(received()) for _ in range(300)])
    await eventually(lambda: _ready(port), "the toy is ready")
    await eventually(lambda: _is(toy.counted, (300, 1)), "all are counted")
    async with httpx.AsyncClient() as client:
        metrics = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    assert 'vardvaxel_messages_total{outcome="done"} 300.0' in metrics
    await toy.publish([a_record(received()) for _ in range(200)])
    process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, PATIENCE) == 0
    assert GRACEFUL_SECONDS + DRAIN_SECONDS < 10, "SIGTERM drains within the ten seconds that are promised"
    counted, _ = await toy.counted()
    assert len(await toy.published(counted)) == counted, "nothing stays in the outbox"


@pytest.mark.parametrize("point", [p for p in POINTS if not p.startswith(("smtp", "round"))])
async def test_a_kill_at_any_point_neither_loses_nor_doubles(toy: Toy, point: str) -> None:
    process, _ = toy.start(crash_at=point)
    await toy.publish([a_record(received()) for _ in range(50)])
    assert await asyncio.to_thread(process.wait, PATIENCE) == -signal.SIGKILL
    toy.start()
    await eventually(lambda: _is(toy.counted, (50, 1)), "all are counted once")
    assert {fact.times for fact in await toy.published(50)} == {1}


async def test_two_instances_take_numbers_of_their_own_and_share_the_work(toy: Toy) -> None:
    ports = [toy.start()[1], toy.start()[1]]
    for port in ports:
        await eventually(partial(_ready, port), "an instance is ready")
    case_ids = [uuid4() for _ in range(40)]
    await toy.publish([a_record(received(case_id)) for case_id in case_ids for _ in range(3)])
    await eventually(lambda: _is(toy.counted, (40, 3)), "all are counted")
    by_case: dict[Any, list[int]] = {}
    for fact in await toy.published(120):
        by_case.setdefault(fact.thing_id, []).append(fact.times)
    assert all(times == [1, 2, 3] for times in by_case.values()), "the order per case is kept"


def test_every_subscription_has_settings_that_lose_nothing(infrastructure: Infrastructure) -> None:
    settings = ServiceSettings(database_url="postgresql://x", kafka_servers="127.0.0.1:1")
    broker = new_broker(settings, "test")

    async def take(_: Any) -> None: ...

    subscription = Subscription(broker, settings, take, group="g", instance="g-0", topics=["t"])
    subscriber = subscription.subscriber
    assert subscriber.ack_policy is AckPolicy.NACK_ON_ERROR
    arguments = subscriber._connection_args
    assert arguments["enable_auto_commit"] is False
    assert arguments["auto_offset_reset"] == "earliest"
    assert arguments["group_instance_id"] == "g-0"
    assert broker.config.broker_config.allow_auto_create_topics is False


async def _ready(port: int) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200
        except httpx.TransportError:
            return False


async def _is(look: Callable[[], Any], wanted: object) -> bool:
    seen = await look()
    assert seen == wanted
    return True
