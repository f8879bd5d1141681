"""Tries to sign in, by account and source: each counts as failed until it succeeds, so that many at once count too."""

from collections.abc import Awaitable, Callable
from math import ceil
from typing import Any

from services.admin.application.accounts.commands import LockForFailures
from services.admin.application.commands import AdminCommand
from services.admin.domain.throttle import FORGOTTEN_AFTER, PROVEN_MOST, Tries, one_more
from shared.clock import Clock
from shared.database.pool import Connection, Database
from shared.errors import Refused
from shared.faults import Fault

BY_PROOF = "proof"
"""The source of refusals whose maker proved to have the person's card: they count wherever they come from."""

_LINE = "SELECT pg_advisory_xact_lock(hashtextextended($1 || E'\\n' || $2, 0))"
_READ = "SELECT failures, last_at FROM sign_in_tries WHERE staff_id = $1 AND source = $2"
_WRITE = """
INSERT INTO sign_in_tries (staff_id, source, failures, last_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (staff_id, source) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at
"""
_CLEAR = "DELETE FROM sign_in_tries WHERE staff_id = $1 AND source = $2"
_FORGET = """
DELETE FROM sign_in_tries WHERE (staff_id, source) IN (
    SELECT staff_id, source FROM sign_in_tries WHERE last_at < $1 LIMIT 5000)
"""


class TooManyTries(Refused):
    """Whoever tries must wait a while."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(
            Fault(
                "",
                "too_many_tries",
                f"För många misslyckade försök härifrån. Försök igen om {seconds} sekunder.",
                f"Too many failed attempts from here. Try again in {seconds} seconds.",
            )
        )
        self.retry_after = seconds


class SignInTries:
    """Each method is a transaction of its own. Raises Transient."""

    def __init__(
        self, database: Database, clock: Clock, perform: Callable[[AdminCommand], Awaitable[Any]]
    ) -> None:
        self._database = database
        self._clock = clock
        self._perform = perform

    async def begin(self, staff_id: str, source: str) -> None:
        """Somebody at this source tries to be this person. Raises TooManyTries where they must wait."""
        async with self._database.transaction() as connection:
            known = await self._known(connection, staff_id, source)
            now = self._clock()
            if known is not None and (wait := known.wait(now)):
                raise TooManyTries(ceil(wait.total_seconds()))
            await self._write(connection, staff_id, source, one_more(known, now))

    async def succeeded(self, staff_id: str, source: str) -> None:
        """They are: what failed before, here or with the card, counts no more."""
        async with self._database.transaction() as connection:
            await connection.execute(_CLEAR, staff_id, source)
            await connection.execute(_CLEAR, staff_id, BY_PROOF)

    async def refused_with_proof(self, staff_id: str) -> None:
        """They proved to have the person's card and its code, and were refused all the same: revoked, or too weak.

        Nobody else can bring that about, so that it may lock the account when it goes on.
        """
        async with self._database.transaction() as connection:
            now_known = one_more(await self._known(connection, staff_id, BY_PROOF), self._clock())
            await self._write(connection, staff_id, BY_PROOF, now_known)
        if now_known.failures >= PROVEN_MOST:
            await self._perform(LockForFailures(staff_id=staff_id))

    async def forget(self) -> None:
        """Called by schedule: what is old counts no more."""
        await self._database.fetch(_FORGET, self._clock() - FORGOTTEN_AFTER)

    async def _known(self, connection: Connection, staff_id: str, source: str) -> Tries | None:
        await connection.execute(_LINE, staff_id, source)
        row = await connection.fetchrow(_READ, staff_id, source)
        return None if row is None else Tries(*row)

    async def _write(self, connection: Connection, staff_id: str, source: str, tries: Tries) -> None:
        await connection.execute(_WRITE, staff_id, source, tries.failures, tries.last_at)
