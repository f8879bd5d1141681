"""Answers to HTTP commands by `Idempotency-Key`: the same key gives the same answer, whatever happened to the first.

Source: IETF draft "The Idempotency-Key HTTP Header Field".
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from shared.database.pool import Connection
from shared.database.statements import columns_as_arrays
from shared.errors import Conflict, Forbidden, NotFound, NotYetKnown, Refused
from shared.faults import Fault
from shared.messaging.arrival import Arrival
from shared.messaging.faults import KEY_REUSED

_LOOK_UP = """
SELECT actor, idempotency_key, body_hash, status, answer FROM answered
JOIN unnest($1::text[], $2::text[]) AS asked(actor, idempotency_key) USING (actor, idempotency_key)
"""
_WRITE = """
INSERT INTO answered (actor, idempotency_key, body_hash, status, answer)
SELECT actor, idempotency_key, body_hash, status, answer::jsonb
FROM unnest($1::text[], $2::text[], $3::bytea[], $4::smallint[], $5::text[])
AS new(actor, idempotency_key, body_hash, status, answer)
"""
_OK = 200
_KINDS: dict[int, type[Refused]] = {kind.status: kind for kind in (Refused, Forbidden, NotFound, Conflict)}


async def look_up(connection: Connection, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Give repeats the answer of the first time; gives the arrivals that are not repeats.

    Two of one key in the same batch: the second is told to come again, and then finds the answer of the first.
    """
    keyed = [arrival for arrival in arrivals if arrival.idempotency_key]
    if not keyed:
        return list(arrivals)
    asked = [(_actor(arrival), arrival.idempotency_key) for arrival in keyed]
    known = {(r[0], r[1]): r for r in await connection.fetch(_LOOK_UP, *columns_as_arrays(asked))}
    fresh: list[Arrival] = []
    seen: set[tuple[str, str]] = set()
    for arrival in arrivals:
        key = (_actor(arrival), arrival.idempotency_key)
        found = known.get(key)
        if not arrival.idempotency_key:
            fresh.append(arrival)
        elif found is not None:
            arrival.answer = _again(found) if found["body_hash"] == _hash(arrival) else Refused(KEY_REUSED)
        elif key in seen:
            arrival.answer = NotYetKnown()
        else:
            seen.add(key)
            fresh.append(arrival)
    return fresh


async def write(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Keep the answers of this batch."""
    rows = [
        (_actor(arrival), arrival.idempotency_key, _hash(arrival), *_kept(arrival.answer))
        for arrival in arrivals
        if arrival.idempotency_key and not isinstance(arrival.answer, NotYetKnown)
    ]
    if rows:
        await connection.execute(_WRITE, *columns_as_arrays(rows, json=(4,)))


def _kept(answer: Any) -> tuple[int, Any]:
    if isinstance(answer, Refused):
        return answer.status, [[f.field, f.code, f.sv, f.en] for f in answer.faults]
    return _OK, answer if answer is not None else {}


def _again(row: Any) -> Any:
    if row["status"] == _OK:
        return row["answer"]
    return _KINDS[row["status"]](*(Fault(*fault) for fault in row["answer"]))


def _actor(arrival: Arrival) -> str:
    return str(arrival.actor)


def _hash(arrival: Arrival) -> bytes:
    try:
        body = arrival.body.model_dump_json() if arrival.body is not None else ""
    except ValueError:  # a lone surrogate, or nested beyond reason: refused by whoever looks at it, each time
        body = ""
    return blake2b(f"{arrival.envelope.type}\n{body}".encode(), digest_size=16).digest()
