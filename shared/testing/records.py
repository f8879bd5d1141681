"""Records as a consumer hands them over, for tests that need no broker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

from shared.contracts.envelope import Envelope
from shared.contracts.message import Message


@dataclass
class FakeRecord:
    """One record. Offsets grow over the whole run, as if all topics had one partition."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    partition: int = 0
    offset: int = field(default_factory=count().__next__)
    timestamp: int = field(default_factory=lambda: int(datetime.now(UTC).timestamp() * 1000))


def a_record(
    body: Message,
    *,
    id_: str = "",
    headers: Mapping[str, bytes | None] | None = None,
    topic: str = "",
) -> FakeRecord:
    """A record with this body, on its own topic or another; headers given here replace what the envelope says."""
    envelope = Envelope(id_ or str(uuid4()), body.TYPE, "/test", datetime.now(UTC), body.key())
    stated: dict[str, bytes | None] = {**dict(envelope.headers()), **(headers or {})}
    value = body.model_dump_json().encode()
    return FakeRecord(topic or body.topic(), body.key().encode(), value, list(stated.items()))
