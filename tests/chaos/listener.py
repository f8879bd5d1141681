"""Reads every topic from its beginning, as no service does, and writes down every record that it meets."""

import threading
from collections.abc import Callable
from typing import Any, cast

import orjson
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient

from deploy.local.kafka_login import KafkaLogin
from shared.contracts.envelope import Envelope, EnvelopeFault, read_envelope
from tests.chaos.entries import Published
from tests.chaos.journals import Journal, now
from tests.chaos.planted import leaked

_LONG = ("public_jwk", "question_form", "answer_form", "name", "title", "signature", "citizen_ref")
"""Fields that the checker has no use for."""
_ATTEMPTS = 500
Heard = Callable[[Published], None]


class Listener:
    """A thread that reads. `heard` is called there with each record, after it has been written down."""

    def __init__(self, login: KafkaLogin, journal: Journal[Published], heard: Heard) -> None:
        self.login = login
        self.positions: dict[tuple[str, int], int] = {}
        """The next offset of each partition."""
        self._journal = journal
        self._heard = heard
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, name="listener", daemon=True)

    def start(self) -> None:
        """Begin with all topics that are there now."""
        admin = AdminClient(self.login.for_confluent() | {"log_level": 0})
        topics = admin.list_topics(timeout=30).topics
        self.positions = {
            (name, number): 0
            for name, topic in topics.items()
            if not name.startswith("__")
            for number in topic.partitions
        }
        self._thread.start()

    def stop(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join(10)

    def _read(self) -> None:
        settings: dict[str, Any] = {
            **self.login.for_confluent(),
            "group.id": "listener-of-the-chaos",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 100,
            "reconnect.backoff.max.ms": 500,
            "log_level": 0,
        }
        consumer = Consumer(settings)
        consumer.assign([TopicPartition(*place, OFFSET_BEGINNING) for place in self.positions])
        try:
            while not self._stop.is_set():
                for message in self._some(consumer):
                    if message.error() is None:
                        self._note(message)
        finally:
            consumer.close()

    def _some(self, consumer: Consumer) -> list[Message]:
        try:
            return consumer.consume(500, timeout=0.1)
        except KafkaException:  # the broker is away: the library comes back by itself
            return []

    def _note(self, message: Message) -> None:
        published = read(message)
        self._journal.note(published)
        self.positions[published.topic, published.partition] = published.offset + 1
        self._heard(published)


def read(message: Message) -> Published:
    """One record as the journal keeps it."""
    topic, partition, offset = str(message.topic()), int(message.partition() or 0), int(message.offset() or 0)
    headers = cast("list[tuple[str, bytes]]", message.headers() or [])
    value, key = message.value() or b"", message.key() or b""
    envelope = _envelope(headers, f"{topic}/{partition}/{offset}")
    of_portal = topic.endswith(".commands") and not topic.startswith("admin.")
    body: dict[str, Any] = {}
    if topic.endswith(".dead-letters"):
        body = {name: data.decode(errors="replace") for name, data in headers if name != "dead_headers"}
    elif not of_portal and value:
        body = {name: value for name, value in orjson.loads(value).items() if name not in _LONG}
        if "reasons" in body:
            body["reasons"] = [f"{reason['field']} {reason['code']}".strip() for reason in body["reasons"]]
    everything = b"\n".join((bytes(key), bytes(value), *(data for _, data in headers)))
    return Published(
        topic,
        partition,
        offset,
        now(),
        envelope.id,
        envelope.type,
        bytes(key).decode(errors="replace"),
        body,
        not of_portal and leaked(everything),
    )


def _envelope(headers: list[tuple[str, bytes]], place: str) -> Envelope:
    """The record's own, or its place for want of one, as inboxes know it."""
    try:
        return read_envelope(headers)
    except EnvelopeFault:
        return Envelope(place, "", "", None)  # type: ignore[arg-type]
