"""Kafka as foreign programs use it: any bytes to any partition, and an ear on any topic."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from deploy.local.errors import LocalStackError
from deploy.local.kafka_login import KafkaLogin
from deploy.local.region import until
from deploy.local.stack import Stack
from shared.clock import utc_now
from shared.contracts.topics import portal_commands, portal_outcomes, portal_principal

SUBMIT, REPLY, WITHDRAW = "intake.submit-case.v1", "intake.reply-to-case.v1", "intake.withdraw-case.v1"
ACCEPTED, REFUSED = "intake.command-accepted.v1", "intake.command-refused.v1"
ANY_PARTITION = -1
Headers = dict[str, bytes | None]
Offsets = dict[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Heard:
    """One record of one topic."""

    topic: str
    partition: int
    offset: int
    key: bytes
    headers: dict[str, bytes]
    value: bytes

    @property
    def type(self) -> str:
        """Its `ce_type`."""
        return self.headers.get("ce_type", b"").decode()

    @property
    def body(self) -> dict[str, Any]:
        """Its value."""
        found: dict[str, Any] = json.loads(self.value)
        return found


class Ear:
    """Everything on these topics from now on, or from their beginning, as it comes."""

    def __init__(self, login: KafkaLogin, group: str, *topics: str, from_start: bool = False) -> None:
        self.heard: list[Heard] = []
        self._login = login
        self._topics = topics
        self._consumer = Consumer({**login.for_confluent(), "group.id": group, "enable.auto.commit": False})
        self._next = offsets(login, *topics, earliest=from_start)
        self._consumer.assign([TopicPartition(*place, offset) for place, offset in self._next.items()])

    def until(self, wanted: Callable[[Heard], bool], what: str) -> Heard:
        """The first record that is wanted. Raises LocalStackError that names what never came."""
        looked = 0

        def look() -> Heard | None:
            nonlocal looked
            self.listen(0.05 if looked else 0)
            fresh, looked = self.heard[looked:], len(self.heard)
            return next((record for record in fresh if wanted(record)), None)

        found: Heard = until(look, what)
        return found

    def to_the_end(self) -> list[Heard]:
        """All that is there by now."""
        ends = offsets(self._login, *self._topics)
        until(lambda: self._is_past(ends), "everything is heard")
        return self.heard

    def listen(self, seconds: float) -> None:
        """Take what comes within so many seconds."""
        for record in self._consumer.consume(1000, seconds):
            if record.error() is None:
                found: Any = record
                headers = {name: value or b"" for name, value in found.headers() or []}
                place = found.topic(), found.partition(), found.offset()
                self.heard.append(Heard(*place, found.key() or b"", headers, found.value() or b""))
                self._next[place[:2]] = place[2] + 1

    def close(self) -> None:
        """Stop listening."""
        self._consumer.close()

    def _is_past(self, ends: Offsets) -> bool:
        self.listen(0.02)
        return all(self._next[place] >= end for place, end in ends.items())


def offsets(login: KafkaLogin, *topics: str, earliest: bool = False) -> Offsets:
    """Where each partition of these topics ends, or begins."""
    admin = AdminClient({**login.for_confluent(), "log_level": 0})
    known = [admin.list_topics(topic, 15).topics[topic] for topic in topics]
    for topic in known:
        if topic.error is not None:
            raise LocalStackError(str(topic.error))
    places = [TopicPartition(str(topic.topic), number) for topic in known for number in topic.partitions]
    spec: Any = OffsetSpec
    asked = admin.list_offsets(dict.fromkeys(places, spec.earliest() if earliest else spec.latest()))
    return {(place.topic, place.partition): future.result(15).offset for place, future in asked.items()}


class Wire:
    """A portal's clients with nothing in between."""

    def __init__(self, stack: Stack, portal_id: str) -> None:
        principal = portal_principal(portal_id)
        self.login = stack.infrastructure.login(principal)
        self.commands = portal_commands(portal_id).name
        self.ear = Ear(self.login, f"{principal}.{uuid4()}", portal_outcomes(portal_id).name)
        self.producer = self.new_producer()
        self._by_command: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._looked = 0

    def new_producer(self, **settings: Any) -> Producer:
        """A producer with settings of its own. It lets through what is larger than the broker takes."""
        common = {"acks": "all", "enable.idempotence": True, "linger.ms": 0, "message.max.bytes": 20_000_000}
        return Producer({**self.login.for_confluent(), **common, **settings})

    def send(
        self,
        value: bytes | Mapping[str, Any] | None,
        headers: Headers | None = None,
        *,
        key: str | None = "",
        partition: int = ANY_PARTITION,
        producer: Producer | None = None,
        topic: str = "",
    ) -> str:
        """Publish these bytes, or a body as JSON; gives `topic/partition/offset`. Without a word: the case id as key.

        Raises LocalStackError with Kafka's own reason.
        """
        if isinstance(value, Mapping):
            key = str(value.get("case_id", "")) if key == "" else key
            value = json.dumps(value).encode()
        told: list[tuple[KafkaError | None, Any]] = []
        producer = producer or self.producer
        try:
            producer.produce(
                topic or self.commands,
                value,
                None if key is None else key.encode(),
                partition=partition,
                headers=list((envelope() if headers is None else headers).items()),
                on_delivery=lambda error, record: told.append((error, record)),
            )
        except KafkaException as refused:
            raise LocalStackError(str(refused)) from refused
        producer.flush(15)
        [(error, record)] = told
        if error is not None:
            raise LocalStackError(f"{error.name()}")
        return f"{record.topic()}/{record.partition()}/{record.offset()}"

    def told(self, command_id: str) -> dict[str, Any]:
        """The outcome of one command, with its type."""
        if not self._outcomes(0)[command_id]:
            until(lambda: self._outcomes(0.05)[command_id], f"{command_id} is told of")
        return self._by_command[command_id][-1]

    def times_told(self, command_id: str) -> int:
        """How often an outcome of this command was told by now."""
        self.ear.to_the_end()
        return len(self._outcomes(0)[command_id])

    def _outcomes(self, seconds: float) -> dict[str, list[dict[str, Any]]]:
        """All outcomes by command, in their order, after listening for so long."""
        if seconds:
            self.ear.listen(seconds)
        for record in self.ear.heard[self._looked :]:
            body = record.body
            self._by_command[body.get("command_id", "")].append({"type": record.type, **body})
        self._looked = len(self.ear.heard)
        return self._by_command

    def do(
        self,
        type_: str,
        body: Mapping[str, Any],
        headers: Headers | None = None,
        *,
        partition: int = ANY_PARTITION,
    ) -> dict[str, Any]:
        """Publish a command, with headers in place of the usual ones, and hear what became of it."""
        stated = envelope(type_) | (headers or {})
        self.send(body, stated, partition=partition)
        return self.told(id_of(stated))

    def close(self) -> None:
        """Leave."""
        self.ear.close()


def envelope(type_: str = SUBMIT) -> Headers:
    """The headers of a command."""
    return {
        "content-type": b"application/json",
        "ce_specversion": b"1.0",
        "ce_id": str(uuid4()).encode(),
        "ce_type": type_.encode(),
        "ce_source": b"https://portal.example/cases",
        "ce_time": utc_now().isoformat().encode(),
    }


def id_of(headers: Headers) -> str:
    """The command's id."""
    return (headers["ce_id"] or b"").decode()


def codes(told: Mapping[str, Any]) -> list[str]:
    """Why a command was refused, as codes."""
    assert told["type"] == REFUSED, told
    assert all(reason["sv"] and reason["en"] for reason in told["reasons"])
    return [reason["code"] for reason in told["reasons"]]
