"""The relay: takes messages from the outbox to the broker, in order, and deletes exactly the rows that it has.

One relay leads per database, by an advisory lock on a connection of its own; the others stand by and pass
wake-ups on to it. Nothing here takes part in a business transaction.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from shared.crash_points import reached
from shared.database.pool import Connection, as_transient, connect
from shared.errors import Transient, Unavailable
from shared.observability.metrics import OUTBOX_HELD, RELAY_LEADS, RELAYED
from shared.outbox.held import HeldKeys
from shared.outbox.packing import unpack
from shared.outbox.publisher import BEHIND, Publisher

LOCK = 0x0B0B_0001
CHANNEL = "outbox"
BATCH = 1_000
POLL_SECONDS = 0.2
STANDBY_SECONDS = 0.5

# The lowest rows, as long as they hold no more than so many messages; at least one.
_READ = """
SELECT id, topic, messages FROM (
    SELECT *, sum(count) OVER (ORDER BY id) AS up_to FROM (SELECT * FROM outbox ORDER BY id LIMIT $1) lowest
) counted
WHERE up_to - count < $1 ORDER BY id
"""
_ANY = "SELECT EXISTS (SELECT FROM outbox)"
_DELETE = "DELETE FROM outbox WHERE id = ANY($1::bigint[])"

log = structlog.get_logger()


class Relay:
    """Publishes the outbox of one database. `wake` after each commit; `run` until cancelled."""

    def __init__(
        self, database_url: str, new_publisher: Callable[[], Awaitable[Publisher]], *, name: str
    ) -> None:
        self.leads = False
        self._url = database_url
        self._new_publisher = new_publisher
        self._name = name
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something was committed to the outbox."""
        self._woken.set()

    async def run(self) -> None:
        """Lead, or stand by, for ever. Database and broker may come and go."""
        while True:
            try:
                await self._connected()
            except (Transient, KafkaError, ConnectionError) as error:
                log.warning("relay interrupted", error=type(error).__name__, detail=str(error)[:200])
            finally:
                self._follow()
            await asyncio.sleep(STANDBY_SECONDS)

    async def drain(self, seconds: float) -> None:
        """Wait until the outbox is empty, at most this long: used when the process is asked to stop."""
        with contextlib.suppress(TimeoutError, Transient):
            async with asyncio.timeout(seconds):
                connection = await connect(self._url)
                try:
                    while self.leads and await connection.fetchval(_ANY):
                        self.wake()
                        await asyncio.sleep(0.02)
                finally:
                    await connection.close()

    async def _connected(self) -> None:
        settings = {"application_name": f"{self._name}-relay", "synchronous_commit": "off"}
        connection = await connect(self._url, server_settings=settings)
        try:
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
                await self._stand_by(connection)
            await connection.add_listener(CHANNEL, lambda *_: self._woken.set())
            await self._lead(connection)
        except Exception as error:
            if (transient := as_transient(error)) is not None:
                raise transient from error
            raise
        finally:
            connection.terminate()

    async def _stand_by(self, connection: Connection) -> None:
        """Pass wake-ups on to the leader, on this connection and outside any business transaction."""
        if await self._wait(STANDBY_SECONDS):
            await connection.execute(f"NOTIFY {CHANNEL}")

    async def _lead(self, connection: Connection) -> None:
        held = HeldKeys()
        publisher = await self._new_publisher()
        try:
            await held.load(connection)
            self.leads = True
            RELAY_LEADS.set(1)
            log.info("relay leads")
            while True:
                rows = await connection.fetch(_READ, BATCH)
                if not rows:
                    await self._wait(POLL_SECONDS)
                    continue
                reached("relay_read")
                await self._publish(connection, publisher, held, rows)
        finally:
            await publisher.close()

    async def _publish(
        self, connection: Connection, publisher: Publisher, held: HeldKeys, rows: list[Any]
    ) -> None:
        messages = [message for row in rows for message in unpack(*row)]
        behind, ready = await held.part(connection, messages)
        result = await publisher.send(ready)
        reached("relay_acknowledged")
        done = [row[0] for row in rows if row[0] not in result.unsent]
        kept = dict.fromkeys(behind, BEHIND) | result.held
        if kept:
            async with connection.transaction():
                OUTBOX_HELD.inc(await held.hold(connection, kept, done))
                await connection.execute(_DELETE, done)
        elif done:
            await connection.execute(_DELETE, done)
        RELAYED.inc(len(ready) - len(result.held))
        if result.broken is not None:
            raise Unavailable(f"broker: {type(result.broken).__name__}: {result.broken}") from result.broken

    async def _wait(self, seconds: float) -> bool:
        """True if woken, False if the time ran out."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    def _follow(self) -> None:
        if self.leads:
            log.info("relay no longer leads")
        self.leads = False
        RELAY_LEADS.set(0)
