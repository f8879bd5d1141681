"""The broker with settings that lose nothing, and subscriptions that hand over raw records in batches.

FastStream's defaults acknowledge before the work is done, create topics, and drop a whole batch for one bad header.
None of that is wanted here, and a test asserts what is set for every subscription.
"""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.helpers import create_ssl_context
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage
from faststream.security import BaseSecurity, SASLScram512

from shared.messaging.consumer import WaitingConsumer
from shared.observability.metrics import LAG_SECONDS
from shared.outbox.publisher import Publisher
from shared.settings import ServiceSettings

SESSION_TIMEOUT_MS = 10_000
GRACEFUL_SECONDS = 6.0

Take = Callable[[Sequence[Any]], Awaitable[Any]]


def new_broker(settings: ServiceSettings, client_id: str) -> KafkaBroker:
    """A broker that is not yet connected."""
    return KafkaBroker(
        settings.kafka_servers.split(","),
        client_id=client_id,
        security=_security(settings),
        allow_auto_create_topics=False,
        consumer_only=True,
        apply_types=False,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        graceful_timeout=GRACEFUL_SECONDS,
        logger=None,
    )


class Subscription:
    """One consumer in one group. `topics`, or a `pattern` that also finds topics that come later."""

    def __init__(
        self,
        broker: KafkaBroker,
        settings: ServiceSettings,
        take: Take,
        *,
        group: str,
        instance: str,
        topics: Sequence[str] = (),
        pattern: str | None = None,
    ) -> None:
        self.group = group
        self._broker = broker
        self._pace = settings.batch_wait_ms / 1000
        self.subscriber = broker.subscriber(
            *topics,
            pattern=pattern,
            batch=True,
            group_id=group,
            group_instance_id=instance,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.NACK_ON_ERROR,
            parser=self._parse,
            decoder=_raw_records,
            batch_timeout_ms=settings.batch_wait_ms,
            max_records=settings.batch_records,
            session_timeout_ms=SESSION_TIMEOUT_MS,
            max_poll_interval_ms=300_000,
            fetch_max_wait_ms=100,
            no_reply=True,
        )
        self._take = take
        self.subscriber(self._on_records)

    async def start(self) -> None:
        """Join the group and begin. Raises KafkaError when the broker is away."""
        await self._broker.connect()
        config = self._broker.config.broker_config
        options = config.builder.keywords  # type: ignore[attr-defined]
        config.builder = partial(WaitingConsumer, **options | {"pace": self._pace})
        await self.subscriber.start()

    async def stop(self) -> None:
        """Finish the batch at hand and leave."""
        await self.subscriber.stop()

    @property
    def consumer(self) -> Any:
        """The running aiokafka consumer, or None."""
        return self.subscriber.consumer

    async def positions(self) -> dict[Any, int]:
        """The next offset of each partition that is ours, where it is known already."""
        found = {}
        for place in self.consumer.assignment() if self.consumer is not None else ():
            with contextlib.suppress(TimeoutError, KafkaError):
                async with asyncio.timeout(0.05):
                    found[place] = await self.consumer.position(place)
        return found

    async def lag(self) -> dict[Any, int]:
        """Records behind the end, by topic and partition, as far as the consumer knows."""
        positions = await self.positions()
        ends = {place: self.consumer.highwater(place) for place in positions}
        return {place: max(0, end - positions[place]) for place, end in ends.items() if end is not None}

    async def _on_records(self, records: Sequence[Any]) -> None:
        newest = records[-1]
        LAG_SECONDS.labels(newest.topic).set(max(0.0, time.time() - newest.timestamp / 1000))
        await self._take(records)

    async def _parse(self, records: tuple[Any, ...]) -> KafkaAckableMessage:
        """All records of the batch, untouched: headers may hold any bytes, and bodies are validated one by one."""
        first = records[0]
        return KafkaAckableMessage(
            body=b"",
            headers={},
            message_id=f"{first.topic}/{first.partition}/{first.offset}",
            correlation_id="",
            raw_message=records,
            consumer=self.subscriber.consumer,
        )


async def _raw_records(message: Any) -> Sequence[Any]:
    records: Sequence[Any] = message.raw_message
    return records


def new_publisher(settings: ServiceSettings, client_id: str) -> Publisher:
    """The relay's own producer: idempotent, acknowledged by all replicas in sync, shared with nobody."""
    return Publisher(
        lambda: AIOKafkaProducer(
            bootstrap_servers=settings.kafka_servers.split(","),
            client_id=client_id,
            enable_idempotence=True,
            acks="all",
            max_batch_size=1_000_000,
            max_request_size=4_000_000,
            request_timeout_ms=10_000,
            linger_ms=0,
            **kafka_login(settings),
        )
    )


def _security(settings: ServiceSettings) -> BaseSecurity | None:
    context = _tls(settings)
    if not settings.kafka_user:
        return BaseSecurity(ssl_context=context, use_ssl=True) if context else None
    return SASLScram512(
        settings.kafka_user,
        settings.kafka_password.get_secret_value(),
        ssl_context=context,
        use_ssl=context is not None,
    )


def kafka_login(settings: ServiceSettings) -> dict[str, Any]:
    """How aiokafka clients of ours sign in."""
    context = _tls(settings)
    if not settings.kafka_user:
        return {"security_protocol": "SSL", "ssl_context": context} if context else {}
    return {
        "security_protocol": "SASL_SSL" if context else "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": settings.kafka_user,
        "sasl_plain_password": settings.kafka_password.get_secret_value(),
        "ssl_context": context,
    }


def _tls(settings: ServiceSettings) -> ssl.SSLContext | None:
    return create_ssl_context() if settings.kafka_tls else None
