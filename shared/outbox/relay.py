"""The relay: takes rows from the outbox to the broker, in order, and deletes exactly those that the broker has.

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
from shared.outbox.publisher import Publisher

LOCK = 0x0B0B_0001
CHANNEL = "outbox"
BATCH = 1_000
POLL_SECONDS = 0.2
STANDBY_SECONDS = 0.5

_READ = "SELECT id, topic, key, headers, value FROM outbox ORDER BY id LIMIT $1"
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
        held_before, ready = await held.part(connection, rows)
        result = await publisher.send(ready)
        reached("relay_acknowledged")
        if result.refused or held_before:
            await held.hold(connection, held_before, result.refused, ready)
            OUTBOX_HELD.inc(len(held_before) + len(result.refused))
        if result.sent:
            await connection.execute(_DELETE, result.sent)
            RELAYED.inc(len(result.sent))
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
