"""Notify in processes of its own, with real topics and a mail sink that may misbehave."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
from aiokafka import AIOKafkaProducer
from joserfc.jwk import OKPKey

from deploy.local.choose import Infrastructure
from deploy.local.ports import free_port
from services.notify.invariants import INVARIANTS
from shared.contracts.catalogue import BY_TYPE
from shared.contracts.envelope import read_envelope
from shared.contracts.events.admin import HeartbeatSent, SigningKeyPublished
from shared.contracts.message import Message
from shared.database.pool import Database
from shared.messaging.consumer import Consumer
from shared.security.tokens import Actor, issue
from shared.testing.eventually import PATIENCE, eventually
from shared.testing.infrastructure import a_topic
from shared.testing.mailbox import Mailbox
from shared.testing.records import a_record


class Running:
    """Instances of notify, and everybody around it."""

    def __init__(
        self, infrastructure: Infrastructure, database: Database, mailbox: Mailbox, log: Path
    ) -> None:
        self.infrastructure, self.database, self.mailbox, self.log = infrastructure, database, mailbox, log
        self.facts = a_topic(infrastructure, partitions=3, writers=("routing",), readers=("notify",))
        self.directory = a_topic(infrastructure, partitions=3, writers=("admin",), readers=("notify",))
        self.out = a_topic(infrastructure, partitions=3, writers=("notify",))
        self.key = OKPKey.generate_key("Ed25519", {"kid": uuid4().hex[:8]}, private=True)
        self.processes: list[subprocess.Popen[bytes]] = []
        self.ports: list[int] = []

    def start(self, **settings: object) -> subprocess.Popen[bytes]:
        """Start an instance that gathers and waits for short whiles."""
        self.ports.append(free_port())
        short = {
            "gather_seconds": 0.1,
            "delivery_poll_seconds": 0.05,
            "retry_first_seconds": 0.2,
            "lease_seconds": 1,
            "smtp_port": self.mailbox.port,
            "staff_url": "https://staff.example.org/",
        }
        environment = {
            **os.environ,
            "VARDVAXEL_ENVIRONMENT": "development",
            "VARDVAXEL_DATABASE_URL": self.database.url,
            "VARDVAXEL_HTTP_PORT": str(self.ports[-1]),
            "VARDVAXEL_TEST_FACTS": self.facts,
            "VARDVAXEL_TEST_DIRECTORY": self.directory,
            "VARDVAXEL_TEST_OUT": self.out,
            **self.infrastructure.login("notify").environment(),
            **{f"VARDVAXEL_{name.upper()}": str(value) for name, value in (short | settings).items()},
        }
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.component.notify.notify_app", "all"],
                env=environment,
                stdout=output,
                stderr=output,
            )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        """End every instance."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(12)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    async def tell(self, *facts: Message) -> None:
        """What routing says."""
        await self._publish(self.facts, facts)

    async def publish_directory(self, *messages: Message) -> None:
        """What admin says, with our key and a heartbeat in each partition."""
        at = datetime.now(UTC)
        key = SigningKeyPublished(
            version=1, at=at, key_id=str(self.key.kid), public_jwk=self.key.as_dict(private=False)
        )
        await self._publish(self.directory, [key, *messages])
        for partition in range(3):
            beat = HeartbeatSent(version=1, at=at, beat=f"beat-{partition}")
            await self._publish(self.directory, [beat], partition)

    async def _publish(self, topic: str, messages: Sequence[Message], partition: int | None = None) -> None:
        producer = AIOKafkaProducer(acks="all", **self.infrastructure.kafka.for_aiokafka())
        await producer.start()
        try:
            for record in map(a_record, messages):
                await producer.send(
                    topic, record.value, record.key, partition=partition, headers=record.headers
                )
            await producer.flush()
        finally:
            await producer.stop()

    async def published(self, count: int) -> list[Message]:
        """The first so many events that notify published."""
        found: dict[str, Message] = {}
        login = self.infrastructure.kafka.for_aiokafka()
        async with Consumer(self.out, auto_offset_reset="earliest", **login) as consumer:
            async with asyncio.timeout(PATIENCE):
                while len(found) < count:
                    for records in (await consumer.getmany(timeout_ms=100)).values():
                        for record in records:
                            envelope = read_envelope(record.headers)
                            found[envelope.id] = BY_TYPE[envelope.type].model_validate_json(record.value)
        return list(found.values())

    async def states(self) -> dict[str, int]:
        """How many notifications are in each state."""
        rows = await self.database.fetch("SELECT state, count(*) FROM notifications GROUP BY state")
        return {row[0]: row[1] for row in rows}

    async def until_states(self, **wanted: int) -> None:
        """Wait until the notifications are in these states."""

        async def so() -> bool:
            seen = await self.states()
            assert seen == wanted
            return True

        await eventually(so, f"notifications are {wanted}")

    async def until_mails(self, count: int) -> None:
        """Wait until the sink has so many mails."""

        def so() -> bool:
            assert len(self.mailbox.mails) >= count
            return True

        await eventually(so, f"the sink has {count} mails")

    async def must_hold(self) -> None:
        """Every invariant holds."""
        for name, statement in INVARIANTS.items():
            assert not await self.database.fetch(statement), name

    def client(self, staff_id: str, number: int = 0) -> httpx.AsyncClient:
        """A client that is signed in."""
        token = issue(Actor("staff", staff_id), self.key, datetime.now(UTC), audience=("notify",))
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.ports[number]}", headers={"Authorization": f"Bearer {token}"}
        )
