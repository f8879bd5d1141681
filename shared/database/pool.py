"""One pool of connections per process, and transactions whose failures say whether trying again helps."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any

import asyncpg
import orjson

from shared.errors import LockTimeout, Transient, Unavailable

Connection = Any
"""An asyncpg connection inside a transaction; adapters alone speak to it."""

TRANSIENT = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # how the driver stumbles when the server dies between two of its steps
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.CannotConnectNowError,
    OSError,
    TimeoutError,
)
"""What may pass if the transaction is tried again. An InterfaceError that is also a ValueError is our own
mistake (a value that does not fit its column) and is not among them."""


def as_transient(error: BaseException) -> Transient | None:
    """The Transient that this error amounts to, or None if trying again would not help."""
    if isinstance(error, Transient):
        return error
    if isinstance(error, asyncpg.LockNotAvailableError):
        return LockTimeout(str(error))
    if isinstance(error, TRANSIENT) and not isinstance(error, ValueError):
        return Unavailable(f"{type(error).__name__}: {error}")
    return None


async def connect(url: str, **options: Any) -> Connection:
    """A connection of its own, outside any pool: for advisory locks and for LISTEN.

    Raises Unavailable when the server is away.
    """
    try:
        connection = await asyncpg.connect(url, **options)
        await _speak_json(connection)
    except TRANSIENT as error:
        raise Unavailable(f"database: {type(error).__name__}") from error
    return connection


_MOST_QUERIES = 10_000_000
"""Then a connection is made anew. The driver's 50,000 are a matter of minutes under load, and with the connection go
its prepared statements and their plans."""

_PATIENCE = 10.0
"""Seconds to wait for a free connection."""

BY_KEY = {"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}
"""For services whose statements all find rows by key. A plan that is kept from when the tables were empty would
otherwise scan or hash whole tables, for as long as nothing analyzes them: measured 112 ms in place of 5 ms."""


class Database:
    """The pool. Nothing is opened before `open()`. `planner` is for every connection, such as BY_KEY."""

    def __init__(
        self,
        url: str,
        *,
        name: str,
        max_connections: int = 8,
        lock_timeout_ms: int = 5_000,
        planner: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.url = url
        self.planner = planner
        self._options: dict[str, Any] = {
            "min_size": 1,
            "max_size": max_connections,
            "max_queries": _MOST_QUERIES,
            "init": _speak_json,
            "reset": _leave_as_it_is,
            "server_settings": {
                "application_name": name,
                "lock_timeout": str(lock_timeout_ms),
                "idle_in_transaction_session_timeout": "60000",
                "jit": "off",
                **planner,
            },
        }
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        """Connect. Raises Unavailable when the server is away."""
        try:
            self._pool = await asyncpg.create_pool(self.url, **self._options)
        except TRANSIENT as error:
            raise Unavailable(f"database: {type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Give all connections back; what still runs is cut after five seconds."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            try:
                await asyncio.wait_for(pool.close(), timeout=5)
            except TimeoutError:
                pool.terminate()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A transaction that commits at the end of the block, or not at all.

        Raises Transient in place of what PostgreSQL raised, where trying the whole block again may help.
        """
        async with self._connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        if self._pool is None:
            raise Unavailable("database: not open")
        try:
            # The pool's own timeout costs a task for each connection taken.
            async with asyncio.timeout(_PATIENCE):
                connection = await self._pool.acquire()
            try:
                yield connection
            finally:
                await self._pool.release(connection)
        except (asyncpg.LockNotAvailableError, *TRANSIENT) as error:
            if (transient := as_transient(error)) is None:
                raise
            raise transient from error

    async def fetch(self, statement: str, *arguments: Any) -> list[asyncpg.Record]:
        """One statement in a transaction of its own."""
        async with self._connection() as connection:
            rows: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
            return rows


async def _leave_as_it_is(_: Connection) -> None:
    """In place of RESET ALL and its like, a round trip for each transaction: nothing here outlives a transaction
    (no SET without LOCAL, no LISTEN, no session lock: these have connections of their own)."""


async def _speak_json(connection: Connection) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name,
            schema="pg_catalog",
            encoder=lambda value: orjson.dumps(value).decode(),
            decoder=orjson.loads,
        )
