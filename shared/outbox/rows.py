"""Outbox rows: a message and its envelope, written in the transaction of the change, always as its last statement."""

import re
from collections.abc import Iterable
from datetime import datetime

from shared.contracts.catalogue import owner_of
from shared.contracts.envelope import HEADER_NAMES, Envelope, derived_id, opaque_id
from shared.contracts.message import Command, Message
from shared.contracts.topics import MAX_MESSAGE_BYTES
from shared.database.pool import Connection
from shared.database.statements import columns_as_arrays

_INSERT = """
INSERT INTO outbox (topic, key, headers, value)
SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[])
"""
_SEPARATOR = "\n"
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
"""W3C Trace Context. Anything else that a sender calls its trace is not passed on."""
_ROOM_FOR_HEADERS = 8_192

OutboxRow = tuple[str, bytes, bytes, bytes]


class TooLarge(Exception):
    """The message would be refused by the broker."""


class NotOurs(Exception):
    """A service publishes its own events and nobody else's."""


class Outbox:
    """What one transaction publishes. `service` is who publishes."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.rows: list[OutboxRow] = []
        self._source = f"/vardvaxel/{service}"

    def add(self, messages: Iterable[Message], *, cause: Envelope, handler: str, now: datetime) -> None:
        """Put messages in the outbox, caused by the message with this envelope.

        Ids are deterministic: the same cause, handler, position and key give the same id in every repeat. The key is
        among them because the cause's id is its sender's choice, and two senders may choose the same.
        Raises TooLarge and NotOurs.
        """
        time = now.isoformat()
        causation = opaque_id(cause.id)
        correlation = opaque_id(cause.correlation_id) if cause.correlation_id else causation
        trace = cause.traceparent if _TRACEPARENT.fullmatch(cause.traceparent) else ""
        for position, message in enumerate(messages):
            if not isinstance(message, Command) and owner_of(type(message)) != self.service:
                raise NotOurs(f"{message.TYPE} does not belong to {self.service}")
            key = message.key()
            id_ = str(derived_id(self.service, handler, cause.id, position, key))
            headers = _SEPARATOR.join(
                (
                    "application/json",
                    "1.0",
                    id_,
                    message.TYPE,
                    self._source,
                    time,
                    key,
                    correlation,
                    causation,
                    trace,
                )
            )
            value = message.__pydantic_serializer__.to_json(message)
            if len(value) > MAX_MESSAGE_BYTES - _ROOM_FOR_HEADERS:
                raise TooLarge(
                    f"{message.TYPE} has {len(value)} bytes, and {MAX_MESSAGE_BYTES - _ROOM_FOR_HEADERS} fit"
                )
            self.rows.append((message.topic(), key.encode(), headers.encode(), value))

    def add_raw(self, topic: str, key: bytes, headers: dict[str, str], value: bytes) -> None:
        """Put ready bytes in the outbox, with headers of their own beside no envelope."""
        named = [f"{name}={text}" for name, text in headers.items()]
        self.rows.append((topic, key, _SEPARATOR.join([*[""] * len(HEADER_NAMES), *named]).encode(), value))

    async def write(self, connection: Connection) -> None:
        """Write all rows in one statement. Must be the last one before the commit, so that the order of ids
        is the order in which transactions of one case hold its row."""
        if self.rows:
            await connection.execute(_INSERT, *columns_as_arrays(self.rows))


def kafka_headers(stored: bytes) -> list[tuple[str, bytes]]:
    """The Kafka headers of a stored row."""
    values = stored.split(b"\n")
    headers = [(name, value) for name, value in zip(HEADER_NAMES, values, strict=False) if value]
    for further in values[len(HEADER_NAMES) :]:
        name, _, value = further.partition(b"=")
        headers.append((name.decode(), value))
    return headers
