"""A portal's Kafka client: librdkafka, as portals in any language use it, kept alive through whatever happens."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from deploy.local.kafka_login import KafkaLogin

_GIVE_UP_MS = 60_000
_POLL_SECONDS = 0.02
Delivered = Callable[[str], None]
"""Called with topic/partition/offset, or with nothing when the broker never acknowledged."""


@dataclass(frozen=True, slots=True)
class Record:
    """What goes on the wire, to be sent verbatim again at any time."""

    topic: str
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


class Producing:
    """Publishes with acks=all. Must run (`run`) for deliveries to be told."""

    def __init__(self, login: KafkaLogin) -> None:
        self._login = login
        self._producer = self._new()
        self._former: list[Producer] = []

    def publish(self, record: Record, delivered: Delivered) -> None:
        """Send a record; `delivered` is told later."""

        def on_delivery(error: KafkaError | None, message: Message) -> None:
            place = "" if error else f"{message.topic()}/{message.partition()}/{message.offset()}"
            delivered(place)

        headers: Any = list(record.headers)
        try:
            self._producer.produce(
                record.topic, record.value, record.key, headers=headers, on_delivery=on_delivery
            )
        except (KafkaException, BufferError):
            delivered("")
            self._renew()

    async def run(self) -> None:
        """Serve deliveries until cancelled."""
        while True:
            for producer in (self._producer, *self._former):
                producer.poll(0)
            await asyncio.sleep(_POLL_SECONDS)

    async def flush(self) -> None:
        """Wait until the broker has answered for everything, or never will."""
        for producer in (self._producer, *self._former):
            await asyncio.to_thread(producer.flush, _GIVE_UP_MS / 1000 + 5)

    def _renew(self) -> None:
        """An idempotent producer that had a fatal error is of no more use."""
        self._former.append(self._producer)
        self._producer = self._new()

    def _new(self) -> Producer:
        return Producer(
            {
                **self._login.for_confluent(),
                "acks": "all",
                "enable.idempotence": True,
                "linger.ms": 2,
                "message.timeout.ms": _GIVE_UP_MS,
                "reconnect.backoff.max.ms": 500,
                "log_level": 0,
            }
        )
