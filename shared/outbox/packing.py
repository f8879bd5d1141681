"""Many messages in the bytes of one outbox row: three lengths, then a key, headers and a value, for each.

A length is a big-endian integer of four bytes, PostgreSQL's `int4send`, so that statements can pack as well.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shared.contracts.envelope import HEADER_NAMES

MOST_MESSAGES = 250
MOST_BYTES = 500_000
"""A row holds no more than this, unless one message alone is larger: so a relay's memory is bounded."""
_LENGTHS = struct.Struct(">III")


class Outgoing(NamedTuple):
    """One message of a row, on its way to the broker."""

    row: int
    position: int
    topic: str
    key: bytes
    headers: bytes
    value: bytes


def pack(key: bytes, headers: bytes, value: bytes) -> bytes:
    """One message as bytes; those of several are simply joined."""
    return _LENGTHS.pack(len(key), len(headers), len(value)) + key + headers + value


def unpack(row: int, topic: str, messages: bytes) -> Iterator[Outgoing]:
    """The messages of a row, in their order."""
    lengths, start, position = _LENGTHS.unpack_from, 0, 0
    while start < len(messages):
        key_length, headers_length, value_length = lengths(messages, start)
        key = start + _LENGTHS.size
        headers = key + key_length
        value = headers + headers_length
        start = value + value_length
        yield Outgoing(
            row, position, topic, messages[key:headers], messages[headers:value], messages[value:start]
        )
        position += 1


def pack_headers(values: Sequence[str]) -> bytes:
    """The values of HEADER_NAMES, empty where there is none, then `name=value` for headers of other names."""
    return "\n".join(values).encode()


def kafka_headers(packed: bytes) -> list[tuple[str, bytes]]:
    """The Kafka headers of a message."""
    values = packed.split(b"\n")
    headers = [(name, value) for name, value in zip(HEADER_NAMES, values, strict=False) if value]
    for further in values[len(HEADER_NAMES) :]:
        name, _, value = further.partition(b"=")
        headers.append((name.decode(), value))
    return headers
