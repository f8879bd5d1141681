"""Messages that can't be handled now: in line behind a fault, waiting for what they speak about, or dead.

They keep their original bytes and their order. A dead one is also published on the service's dead-letter topic.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from shared.contracts.topics import dead_letters
from shared.database.pool import Connection
from shared.database.statements import columns_as_arrays
from shared.messaging.arrival import Arrival, read_record
from shared.outbox.rows import Outbox

WAIT_FOR = timedelta(minutes=10)
"""How long a message waits for a case that is not yet known."""
FIRST_RETRY = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)
ATTEMPTS = 8
"""A parked message that failed as often is dead, and its case goes on without it."""

_OF_LINES = """
SELECT id, line, state, topic, partition, "offset", key, headers, value, handler, attempts, parked_at, give_up_at
FROM parked WHERE line = ANY($1::text[]) AND state <> 'dead' ORDER BY id FOR UPDATE
"""
_INSERT = """
INSERT INTO parked (line, state, topic, partition, "offset", key, headers, value, handler, reason, attempts,
                    release, try_at, give_up_at)
SELECT line, state, topic, partition, position, key, headers::jsonb, value, handler, reason, attempts,
       release, try_at, give_up_at
FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::bytea[], $7::text[], $8::bytea[],
            $9::text[], $10::text[], $11::int[], $12::text[], $13::timestamptz[], $14::timestamptz[])
AS new(line, state, topic, partition, position, key, headers, value, handler, reason, attempts,
       release, try_at, give_up_at)
"""
_HEADERS = (6,)
_FAILED = "UPDATE parked SET attempts = $2, try_at = $3, reason = $4, release = $5, state = $6 WHERE id = $1"
_LEAVE = "DELETE FROM parked WHERE id = ANY($1::bigint[])"


@dataclass(slots=True)
class StoredRecord:
    """A record as it came, out of the database."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Parking:
    """What one transaction parks, buries and lets go."""

    def __init__(
        self, service: str, release: str, outbox: Outbox, seal: Callable[[bytes], bytes] | None
    ) -> None:
        self._topic = dead_letters(service).name
        self._release = release
        self._outbox = outbox
        self._seal = seal
        self._rows: list[tuple[Any, ...]] = []
        self._gone: list[int] = []

    async def lines(
        self, connection: Connection, arrivals: Sequence[Arrival]
    ) -> tuple[set[str], dict[str, list[Arrival]]]:
        """Lines that are blocked by a parked message, and what waits in the lines that are not."""
        asked = {arrival.line for arrival in arrivals if arrival.parked_id is None}
        if not asked:
            return set(), {}
        found = await connection.fetch(_OF_LINES, list(asked))
        blocked = {row["line"] for row in found if row["state"] == "parked"}
        waiting: dict[str, list[Arrival]] = {}
        for row in found:
            if row["line"] not in blocked:
                waiting.setdefault(row["line"], []).append(from_row(row))
        return blocked, waiting

    def park(self, arrival: Arrival, reason: str, *, handler: str, attempts: int) -> None:
        """Put a message in line; everything later of the same line waits behind it."""
        if arrival.parked_id is None:
            self._add(arrival, "parked", reason, handler, attempts, None)

    def wait(self, arrival: Arrival, reason: str, handler: str, now: datetime) -> None:
        """Let a message wait for what it speaks about, without holding others up."""
        if arrival.parked_id is None:
            self._add(arrival, "waiting", reason, handler, 0, now + WAIT_FOR)

    def bury(self, arrival: Arrival, reason: str, *, handler: str = "", attempts: int = 1) -> None:
        """Give a message up: it stays in the database for `redrive` and goes to the dead-letter topic."""
        if arrival.parked_id is None:
            self._add(arrival, "dead", reason, handler, attempts, None)
        self.publish_dead(arrival, reason, handler, attempts)

    def publish_dead(self, arrival: Arrival, reason: str, handler: str, attempts: int) -> None:
        """Publish the message as it came; sealed, where the service holds what citizens write."""
        record = arrival.record
        if record is None:
            return
        original = orjson.dumps(_as_text(record.headers))
        value = record.value or b""
        if self._seal is not None:
            original, value = self._seal(original), self._seal(value)
        headers = {
            "dead_reason": reason.replace("\n", " ")[:200],
            "dead_topic": record.topic,
            "dead_partition": str(record.partition),
            "dead_offset": str(record.offset),
            "dead_handler": handler,
            "dead_attempts": str(attempts),
            "dead_headers": _text(original),
        }
        self._outbox.add_raw(self._topic, b"" if self._seal else record.key or b"", headers, value)

    def leave(self, arrival: Arrival) -> None:
        """The message was handled after all."""
        if arrival.parked_id is not None:
            self._gone.append(arrival.parked_id)

    async def write(self, connection: Connection, now: datetime) -> None:
        """Write all of it."""
        if self._rows:
            rows = [(*row[:-1], now + FIRST_RETRY, row[-1]) for row in self._rows]
            await connection.execute(_INSERT, *columns_as_arrays(rows, json=_HEADERS))
            self._rows.clear()
        if self._gone:
            await connection.execute(_LEAVE, self._gone)

    async def failed_again(self, connection: Connection, row: Any, error: Exception, now: datetime) -> bool:
        """One more attempt failed. True if that was the last one and the message is dead now."""
        attempts = row["attempts"] + 1
        dead: bool = attempts >= ATTEMPTS
        pause = min(FIRST_RETRY * 2**attempts, LONGEST_PAUSE)
        state = "dead" if dead else "parked"
        reason = reason_of(error)
        await connection.execute(_FAILED, row["id"], attempts, now + pause, reason, self._release, state)
        if dead:
            self.publish_dead(from_row(row), reason, row["handler"], attempts)
        return dead

    def _add(
        self,
        arrival: Arrival,
        state: str,
        reason: str,
        handler: str,
        attempts: int,
        give_up_at: datetime | None,
    ) -> None:
        record = arrival.record
        if record is None:
            raise TypeError("only records can be parked: whoever asks by HTTP is answered at once")
        place = (
            record.topic,
            record.partition,
            record.offset,
            record.key,
            _as_text(record.headers),
            record.value,
        )
        self._rows.append(
            (arrival.line, state, *place, handler, reason[:500], attempts, self._release, give_up_at)
        )


def from_row(row: Any) -> Arrival:
    """The message that a row keeps. Its age is not looked at again, and it is not claimed again."""
    headers = [(name, None if value is None else base64.b64decode(value)) for name, value in row["headers"]]
    timestamp = int(row["parked_at"].timestamp() * 1000)
    record = StoredRecord(
        row["topic"], row["partition"], row["offset"], timestamp, row["key"], row["value"], headers
    )
    arrival = read_record(record, None)
    arrival.mark = None
    arrival.parked_id = row["id"]
    return arrival


def reason_of(error: Exception) -> str:
    """What went wrong, without what anybody wrote: the kind of error and where it was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else ""
    return f"{type(error).__name__}{where}"


def _as_text(headers: Sequence[tuple[str, bytes | None]]) -> list[tuple[str, str | None]]:
    """Headers as jsonb can hold them: values of any bytes, or null; no NUL in a name."""
    return [(name.replace("\x00", ""), None if value is None else _text(value)) for name, value in headers]


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
