"""Admin as a process of its own, its operator's commands, and what it publishes."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer, TopicPartition

from deploy.local.choose import Infrastructure
from deploy.local.ports import free_port
from shared.contracts.topics import Topic
from shared.messaging.consumer import Consumer
from shared.testing.eventually import PATIENCE, eventually

ROOT = Path(__file__).parents[3]
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
DEMO = str(ROOT / "services/admin/seed/demo.json")
NATIONAL = "SE2321000016-P001"


@dataclass
class Admin:
    """One installation: a database, and perhaps a process on it."""

    infrastructure: Infrastructure
    database: str
    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "VARDVAXEL_ENVIRONMENT": "development",
            "VARDVAXEL_DATABASE_URL": self.infrastructure.databases.url("admin", self.database),
            "VARDVAXEL_HTTP_PORT": str(self.port),
            "VARDVAXEL_KEY_ENCRYPTION_KEY": KEY,
            **self.infrastructure.login("admin").environment(),
        }

    def operate(self, *arguments: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        """Run one of the operator's commands."""
        program = [sys.executable, "-m", "services.admin", *arguments]
        environment = {**self.environment(), **changed}
        return subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)

    def launch(self) -> None:
        with self.log.open("ab") as output:
            program = [sys.executable, "-m", "services.admin", "all"]
            self.process = subprocess.Popen(
                program, cwd=ROOT, env=self.environment(), stdout=output, stderr=output
            )

    async def start(self) -> None:
        await asyncio.to_thread(self.launch)
        await eventually(self._ready, "admin is ready")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(PATIENCE)

    async def call(self, method: str, path: str, token: str = "", **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= options.pop("headers", {})
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}") as client:
            return await client.request(method, path, headers=headers, **options)

    async def signed_in(self, hsa_id: str = NATIONAL) -> str:
        answer = await self.call("POST", "/development/sign-in", json={"hsa_id": hsa_id})
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    async def _ready(self) -> bool:
        try:
            return (await self.call("GET", "/readyz")).status_code == 200
        except httpx.HTTPError:
            return False


class Listener:
    """What comes by some topics from now on."""

    def __init__(self, infrastructure: Infrastructure, *topics: Topic) -> None:
        self._consumer = Consumer(**infrastructure.kafka.for_aiokafka())
        self._topics = topics
        self.heard: list[Any] = []

    async def __aenter__(self) -> "Listener":
        await self._consumer.start()
        self._consumer.assign([TopicPartition(t.name, n) for t in self._topics for n in range(t.partitions)])
        await self._consumer.seek_to_end()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()

    async def until(self, enough: Any, what: str, within: float = PATIENCE) -> list[Any]:
        """Listen until what was heard is enough."""
        try:
            async with asyncio.timeout(within):
                while not enough(self.heard):
                    self.heard.append(await self._consumer.getone())
        except TimeoutError:
            raise AssertionError(f"never happened: {what}; heard {[r.key for r in self.heard]}") from None
        return self.heard


async def publish(
    infrastructure: Infrastructure, topic: str, records: list[tuple[bytes, bytes, Any]]
) -> None:
    """Publish (key, value, headers) as the super user."""
    producer = AIOKafkaProducer(**infrastructure.kafka.for_aiokafka())
    await producer.start()
    try:
        for key, value, headers in records:
            await producer.send_and_wait(topic, value, key, headers=headers)
    finally:
        await producer.stop()
