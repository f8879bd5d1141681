"""The outbox: messages and their envelopes, written in the transaction of the change, always as its last statement."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache

from shared.contracts.catalogue import owner_of
from shared.contracts.envelope import HEADER_NAMES, Envelope, derived_text, opaque_id
from shared.contracts.message import Command, Message
from shared.contracts.topics import MAX_MESSAGE_BYTES
from shared.database.pool import Connection
from shared.database.statements import columns_as_arrays
from shared.outbox.packing import MOST_BYTES, MOST_MESSAGES, pack, pack_headers

_INSERT = """
INSERT INTO outbox (topic, count, messages) SELECT * FROM unnest($1::text[], $2::int[], $3::bytea[])
"""
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
"""W3C Trace Context. Anything else that a sender calls its trace is not passed on."""
_LARGEST = MAX_MESSAGE_BYTES - 8_192
"""What is left for a value beside its headers."""

OutboxMessage = tuple[str, bytes, bytes, bytes]
"""Topic, key, headers as `pack_headers` makes them, and value."""


class TooLarge(Exception):
    """The message would be refused by the broker."""


class NotOurs(Exception):
    """A service publishes its own events and nobody else's."""


class Outbox:
    """What one transaction publishes. `service` is who publishes."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.messages: list[OutboxMessage] = []
        self._source = f"/vardvaxel/{service}"
        self._cause: Envelope | None = None
        self._causes = ""

    def add(self, messages: Iterable[Message], *, cause: Envelope, handler: str, now: datetime) -> None:
        """Put messages in the outbox, caused by the message with this envelope.

        Ids are deterministic: the same cause, handler, position and key give the same id in every repeat. The key is
        among them because the cause's id is its sender's choice, and two senders may choose the same.
        Raises TooLarge and NotOurs.
        """
        if cause is not self._cause:
            self._cause, self._causes = cause, _headers_of(cause)
        time = now.isoformat()
        for position, message in enumerate(messages):
            _must_be_ours(type(message), self.service)
            key = message.key()
            id_ = derived_text(self.service, handler, cause.id, str(position), key)
            headers = (
                f"application/json\n1.0\n{id_}\n{message.TYPE}\n{self._source}\n{time}\n{key}\n{self._causes}"
            )
            value = message.__pydantic_serializer__.to_json(message)
            if len(value) > _LARGEST:
                raise TooLarge(f"{message.TYPE} has {len(value)} bytes, and {_LARGEST} fit")
            self.messages.append((message.topic(), key.encode(), headers.encode(), value))

    def add_raw(self, topic: str, key: bytes, headers: dict[str, str], value: bytes) -> None:
        """Put ready bytes in the outbox, with headers of their own beside no envelope."""
        named = [f"{name}={text}" for name, text in headers.items()]
        self.messages.append((topic, key, pack_headers([""] * len(HEADER_NAMES) + named), value))

    async def write(self, connection: Connection) -> None:
        """Write all messages in one statement. Must be the last one before the commit, so that the order of ids
        is the order in which transactions of one case hold its row."""
        if self.messages:
            await connection.execute(_INSERT, *columns_as_arrays([*self._rows()]))

    def _rows(self) -> Iterator[tuple[str, int, bytes]]:
        """A row for each topic, or several where one would be too long."""
        by_topic: dict[str, list[bytes]] = {}
        for topic, *message in self.messages:
            by_topic.setdefault(topic, []).append(pack(*message))
        for topic, packed in by_topic.items():
            first, size = 0, 0
            for number, one in enumerate(packed):
                if number - first == MOST_MESSAGES or (number > first and size + len(one) > MOST_BYTES):
                    yield topic, number - first, b"".join(packed[first:number])
                    first, size = number, 0
                size += len(one)
            yield topic, len(packed) - first, b"".join(packed[first:])


def _headers_of(cause: Envelope) -> str:
    """Correlation, causation and trace of what this message causes."""
    causation = opaque_id(cause.id)
    correlation = opaque_id(cause.correlation_id) if cause.correlation_id else causation
    if cause.traceparent and _TRACEPARENT.fullmatch(cause.traceparent):
        return f"{correlation}\n{causation}\n{cause.traceparent}"
    return f"{correlation}\n{causation}"


@cache
def _must_be_ours(message: type[Message], service: str) -> None:
    """Commands are sent to whoever receives them; of events only our own."""
    if not issubclass(message, Command) and owner_of(message) != service:
        raise NotOurs(f"{message.TYPE} does not belong to {service}")
