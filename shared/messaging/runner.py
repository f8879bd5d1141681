"""Runs batches: one transaction each, again where that may help, one by one when a message is at fault."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import stamina
import structlog

from shared.clock import Clock
from shared.contracts.catalogue import BY_TYPE
from shared.crash_points import reached
from shared.database.pool import Connection, Database, as_transient
from shared.errors import Transient
from shared.messaging.arrival import COMMANDS, Arrival, Record, read_record
from shared.messaging.batch import Batch, Parts, Tally
from shared.messaging.faults import GIVEN_UP
from shared.messaging.parking import Parking, from_row, reason_of
from shared.messaging.work import Work
from shared.observability.metrics import BATCH_SECONDS, MESSAGES
from shared.observability.tracing import batch_span
from shared.outbox.rows import Outbox

PATIENCE = timedelta(seconds=45)
"""How long a batch of records is tried again before the broker is asked to deliver it anew."""
HTTP_PATIENCE = timedelta(seconds=2)

_DUE = """
SELECT line FROM (
    SELECT DISTINCT ON (line) line, id, try_at FROM parked WHERE state <> 'dead' ORDER BY line, id
) first
WHERE try_at <= $1 ORDER BY id LIMIT 100
"""
_LINE = "SELECT * FROM parked WHERE line = $1 AND state <> 'dead' ORDER BY id FOR UPDATE"
_NEW_RELEASE = "UPDATE parked SET try_at = now() WHERE state = 'parked' AND release <> $1"
_LATER = "UPDATE parked SET try_at = $2 WHERE id = $1"
_LEAVE = "DELETE FROM parked WHERE id = $1"
_DEAD = "UPDATE parked SET state = 'dead' WHERE id = $1"

log = structlog.get_logger()


class BatchRunner:
    """Takes records and HTTP commands through the same path. `after_commit` is called when something was published."""

    def __init__(
        self, parts: Parts, database: Database, clock: Clock, after_commit: Callable[[], None]
    ) -> None:
        self.parts = parts
        self._database = database
        self._clock = clock
        self._after_commit = after_commit
        used = {message.TYPE.encode() for message in parts.handlers.by_message}
        self._unused = frozenset(type_.encode() for type_ in BY_TYPE) - used
        """Known types that this service has no use for: left aside before anything is read or claimed."""

    async def take(self, records: Sequence[Record]) -> Tally:
        """Handle records; on return each of them is done, refused, parked or dead, and that is committed.

        Raises Transient when database or rows stay out of reach: then nothing is acknowledged.
        """
        reached("consumed")
        now = self._clock()
        wanted = [record for record in records if not self._is_unused(record)]
        tally = (
            await self._patiently([read_record(record, now) for record in wanted], PATIENCE)
            if wanted
            else Tally()
        )
        if unused := len(records) - len(wanted):
            MESSAGES.labels("ignored").inc(unused)
            tally.taken += unused
            tally.ignored += unused
        reached("before_offset_commit")
        return tally

    def _is_unused(self, record: Record) -> bool:
        """A known fact that we have no use for. On a topic of commands it is somebody's mistake, and is told."""
        return _type_of(record) in self._unused and not record.topic.endswith(COMMANDS)

    async def perform(self, arrivals: Sequence[Arrival]) -> None:
        """Handle commands that came by HTTP; each `answer` then holds what to tell, or the exception to raise.

        Raises Transient when the database stays out of reach.
        """
        await self._patiently(arrivals, HTTP_PATIENCE)

    async def retry_parked(self) -> int:
        """Try again what is due; gives the number of messages that left the line. Called by schedule."""
        now = self._clock()
        left = 0
        for row in await self._database.fetch(_DUE, now):
            try:
                left += await self._retry_line(row["line"])
            except Transient:
                continue
        return left

    async def welcome_release(self) -> None:
        """At start: what an older release could not handle is due at once."""
        await self._database.fetch(_NEW_RELEASE, self.parts.release)

    async def _patiently(self, arrivals: Sequence[Arrival], patience: timedelta) -> Tally:
        try:
            return await self._once(arrivals)
        except Transient:
            # Only now the retrying begins: it costs a lone message more than a statement does.
            pass
        async for attempt in stamina.retry_context(
            on=Transient, attempts=None, timeout=patience, wait_initial=0.02, wait_max=2.0
        ):
            with attempt:
                return await self._once(arrivals)
        raise AssertionError("unreachable: stamina returns or raises")

    async def _once(self, arrivals: Sequence[Arrival]) -> Tally:
        started = time.perf_counter()
        with batch_span(self.parts.service, arrivals):
            try:
                tally = await self._together(arrivals)
            except Transient:
                raise
            except Exception as error:
                log.warning(
                    "batch taken apart",
                    service=self.parts.service,
                    reason=reason_of(error),
                    taken=len(arrivals),
                )
                tally = await self._one_by_one(arrivals)
        if tally.events:
            self._after_commit()
        _account(tally, time.perf_counter() - started, self.parts.service)
        return tally

    async def _together(self, arrivals: Sequence[Arrival]) -> Tally:
        async with self._database.transaction() as connection:
            batch = Batch(self.parts, connection, self._clock())
            tally = await batch.run(arrivals)
            reached("before_commit")
        reached("after_commit")
        batch.work.committed()
        return tally

    async def _one_by_one(self, arrivals: Sequence[Arrival]) -> Tally:
        """Each message behind a savepoint of its own: the guilty are parked, their neighbours go through."""
        total = Tally()
        works: list[Work] = []
        async with self._database.transaction() as connection:
            for arrival in arrivals:
                arrival.answer = None
                tally = await self._behind_savepoint(connection, arrival, works)
                for name in Tally.__slots__:
                    setattr(total, name, getattr(total, name) + getattr(tally, name))
        for work in works:
            work.committed()
        return total

    async def _behind_savepoint(self, connection: Connection, arrival: Arrival, works: list[Work]) -> Tally:
        try:
            return await self._alone(connection, arrival, self._clock(), works)
        except Transient:
            raise
        except Exception as error:
            if as_transient(error) is not None:
                raise
            log.error(
                "message parked",
                handler=self._handler_name(arrival),
                reason=reason_of(error),
                topic=arrival.topic,
            )
            if arrival.record is None:
                arrival.answer = error
                return Tally(taken=1, dead=0, ignored=1)
            return await self._park(connection, arrival, error)

    async def _alone(
        self, connection: Connection, arrival: Arrival, now: datetime, works: list[Work]
    ) -> Tally:
        async with connection.transaction():
            batch = Batch(self.parts, connection, now, alone=True)
            tally = await batch.run([arrival])
        works.append(batch.work)
        return tally

    async def _park(self, connection: Connection, arrival: Arrival, error: Exception) -> Tally:
        batch = Batch(self.parts, connection, self._clock())
        fresh = await batch._claim([arrival])
        if fresh:
            await batch.deny(arrival)
            batch.parking.park(arrival, reason_of(error), handler=self._handler_name(arrival), attempts=1)
            await batch.parking.write(connection, batch.now)
            await batch.outbox.write(connection)
        return Tally(taken=1, parked=len(fresh), duplicate=1 - len(fresh))

    async def _retry_line(self, line: str) -> int:
        """The messages of one line in their order, until one fails again."""
        left, total = 0, Tally()
        works: list[Work] = []
        async with self._database.transaction() as connection:
            for row in await connection.fetch(_LINE, line):
                if row["state"] == "parked" and row["try_at"] > self._clock() and row["attempts"]:
                    break
                if not await self._retry(connection, row, total, works):
                    break
                left += 1
        for work in works:
            work.committed()
        if left:
            self._after_commit()
        _count(total)
        return left

    async def _retry(self, connection: Connection, row: Any, total: Tally, works: list[Work]) -> bool:
        """True if the message is handled or dead, so that the next in line may be tried."""
        now = self._clock()
        arrival = from_row(row)
        arrival.overdue = row["give_up_at"] is not None and row["give_up_at"] <= now
        try:
            tally = await self._alone(connection, arrival, now, works)
        except Transient:
            raise
        except Exception as error:
            if as_transient(error) is not None:
                raise
            outbox = Outbox(self.parts.service)
            parking = Parking(self.parts.service, self.parts.release, outbox, self.parts.seal)
            dead = await parking.failed_again(connection, row, error, now)
            if dead and (reply := self.parts.replies.refused(arrival, (GIVEN_UP,), now)) is not None:
                outbox.add([reply], cause=arrival.envelope, handler="given_up", now=now)
            await outbox.write(connection)
            total.dead += dead
            return dead
        if tally.waiting or tally.parked:
            await connection.execute(_LATER, row["id"], now + timedelta(seconds=1 if tally.waiting else 60))
            return bool(tally.waiting)
        for fate in ("done", "refused", "dead"):
            setattr(total, fate, getattr(total, fate) + getattr(tally, fate))
        if not tally.dead:
            await connection.execute(_LEAVE, row["id"])
        else:
            await connection.execute(_DEAD, row["id"])
        return True

    def _handler_name(self, arrival: Arrival) -> str:
        handler = None if arrival.body is None else self.parts.handlers.get(type(arrival.body))
        return handler.name if handler is not None else ""


def _type_of(record: Record) -> bytes | None:
    """The type that a record states, or nothing; read without looking at anything else."""
    for name, value in record.headers:
        if name == "ce_type":
            return value
    return b""


def _count(tally: Tally) -> None:
    for outcome in ("done", "refused", "duplicate", "ignored", "waiting", "parked", "dead"):
        if count := getattr(tally, outcome):
            MESSAGES.labels(outcome).inc(count)


def _account(tally: Tally, seconds: float, service: str) -> None:
    _count(tally)
    BATCH_SECONDS.observe(seconds)
    tell = log.debug if tally.ignored == tally.taken else log.info
    tell(
        "batch",
        service=service,
        **{name: count for name in Tally.__slots__ if (count := getattr(tally, name))},
        milliseconds=round(seconds * 1000, 2),
    )
