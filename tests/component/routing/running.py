"""Routing in processes of its own, with real topics, a signing key and HTTP."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from aiokafka import AIOKafkaProducer
from joserfc.jwk import OKPKey

from deploy.local.choose import Infrastructure
from deploy.local.ports import free_port
from shared.contracts.envelope import read_envelope
from shared.contracts.events.admin import HeartbeatSent, SigningKeyPublished
from shared.contracts.message import Message
from shared.messaging.consumer import Consumer
from shared.security.tokens import Actor, issue
from shared.testing.eventually import PATIENCE, eventually
from shared.testing.infrastructure import a_topic
from shared.testing.records import a_record


class Running:
    """Instances of routing, and everybody around it."""

    def __init__(self, infrastructure: Infrastructure, database_url: str, log: Path) -> None:
        self.infrastructure, self.database_url, self.log = infrastructure, database_url, log
        self.cases = a_topic(infrastructure, partitions=3, writers=("intake",), readers=("routing",))
        self.directory = a_topic(infrastructure, partitions=3, writers=("admin",), readers=("routing",))
        self.out = a_topic(infrastructure, partitions=3, writers=("routing",))
        self.key = OKPKey.generate_key("Ed25519", {"kid": uuid4().hex[:8]}, private=True)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.ports: list[int] = []

    def start(self, role: str = "all", **settings: str) -> int:
        """Start an instance; gives its port."""
        port = free_port()
        environment = {
            **os.environ,
            "VARDVAXEL_ENVIRONMENT": "development",
            "VARDVAXEL_DATABASE_URL": self.database_url,
            "VARDVAXEL_HTTP_PORT": str(port),
            "VARDVAXEL_TEST_CASES": self.cases,
            "VARDVAXEL_TEST_DIRECTORY": self.directory,
            "VARDVAXEL_TEST_OUT": self.out,
            **self.infrastructure.login("routing").environment(),
            **{f"VARDVAXEL_{name.upper()}": value for name, value in settings.items()},
        }
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.component.routing.routing_app", role],
                env=environment,
                stdout=output,
                stderr=output,
            )
        self.processes.append(process)
        self.ports.append(port)
        return port

    def stop(self) -> None:
        """End every instance."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    async def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """What neighbours say."""
        producer = AIOKafkaProducer(acks="all", **self.infrastructure.kafka.for_aiokafka())
        await producer.start()
        try:
            for record in map(a_record, messages):
                await producer.send(topic, record.value, record.key, headers=record.headers)
            await producer.flush()
        finally:
            await producer.stop()

    async def publish_directory(self, *messages: Message) -> None:
        """What admin says, with a heartbeat in each partition and our key."""
        at = datetime.now(UTC)
        key = SigningKeyPublished(
            version=1, at=at, key_id=str(self.key.kid), public_jwk=self.key.as_dict(private=False)
        )
        await self.publish(self.directory, [key, *messages])
        producer = AIOKafkaProducer(acks="all", **self.infrastructure.kafka.for_aiokafka())
        await producer.start()
        try:
            for partition in range(3):
                record = a_record(HeartbeatSent(version=1, at=at, beat=f"beat-{partition}"))
                await producer.send(
                    self.directory, record.value, record.key, partition=partition, headers=record.headers
                )
            await producer.flush()
        finally:
            await producer.stop()

    def client(self, staff_id: str, number: int = 0) -> httpx.AsyncClient:
        """A client that is signed in."""
        token = issue(Actor("staff", staff_id), self.key, datetime.now(UTC), audience=("routing",))
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.ports[number]}",
            headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"},
            timeout=PATIENCE,
        )

    async def until_ready(self) -> None:
        """Wait until all instances say so."""

        async def ready() -> bool:
            async with httpx.AsyncClient() as client:
                try:
                    answers = [await client.get(f"http://127.0.0.1:{port}/readyz") for port in self.ports]
                except httpx.HTTPError:
                    return False
                return all(answer.status_code == 200 for answer in answers)

        await eventually(ready, "routing is ready")

    async def published(self, count: int) -> list[dict[str, Any]]:
        """The first so many events that routing published, with their types, in the order of each case.

        The relay may publish one twice after a kill: the first copy of each id counts.
        """
        import orjson

        found: dict[str, dict[str, Any]] = {}
        login = self.infrastructure.kafka.for_aiokafka()
        async with Consumer(self.out, auto_offset_reset="earliest", **login) as consumer:
            async with asyncio.timeout(PATIENCE):
                while len(found) < count:
                    for records in (await consumer.getmany(timeout_ms=100)).values():
                        for record in records:
                            envelope = read_envelope(record.headers)
                            body = orjson.loads(record.value or b"")
                            found.setdefault(envelope.id, {"type": envelope.type, **body})
        return list(found.values())
