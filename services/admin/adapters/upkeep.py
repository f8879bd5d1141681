"""What is due for accounts by the clock: found page by page without locks, and decided under them.

Whoever is found is only looked at: the use case decides anew on the locked row, so that a repeat changes nothing.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from prometheus_client import Gauge

from services.admin.adapters.national_directory import NationalDirectory
from services.admin.application.accounts.commands import (
    EndPermissions,
    FollowAbsences,
    ForgetAddresses,
    LearnEntries,
    LookAtInactivity,
)
from services.admin.application.commands import AdminCommand
from services.admin.domain.calendar import today
from services.admin.domain.other_address import VALID_WITHIN
from shared.clock import Clock
from shared.database.pool import Database

PAGE = 200

_ENDED = """
SELECT id FROM accounts
WHERE last_on <> '{}' AND id > $1 AND EXISTS (SELECT FROM jsonb_each_text(last_on) p WHERE p.value < $2)
ORDER BY id LIMIT $3
"""

_ABSENCES = """
SELECT id FROM accounts
WHERE absence IS NOT NULL AND id > $1 AND ((NOT away AND absence ->> 'first_on' <= $2) OR absence ->> 'last_on' < $2)
ORDER BY id LIMIT $3
"""

_UNVERIFIED = """
SELECT id FROM accounts
WHERE pending_email IS NOT NULL AND id > $1 AND (pending_email ->> 'asked_at')::timestamptz < $2
ORDER BY id LIMIT $3
"""

# Whoever was warned is found again when the time of the lock has come; those who signed in meanwhile never. By their
# activity first: who is looked for by id is looked for among all accounts.
_IDLE = """
WITH idle AS MATERIALIZED (SELECT id, locks_at FROM accounts WHERE locked IS NULL AND active_at <= $2)
SELECT id FROM idle WHERE id > $1 AND (locks_at IS NULL OR locks_at <= $3) ORDER BY id LIMIT $4
"""
_EVERYBODY = "SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT $2"
# Clinics that once had somebody, and have nobody now to rely on, by a lock that no person set.
_ALONE = """
SELECT count(*) FROM clinics c
WHERE active AND administrators = 0 AND EXISTS (SELECT FROM alerts a WHERE a.clinic_id = c.id)
"""

ALONE = Gauge(
    "vardvaxel_clinics_without_administrator", "Active clinics that an automatic lock left without one"
)

Perform = Callable[[AdminCommand], Awaitable[Any]]


class Upkeep:
    """Each method is one pass, and gives the number of accounts that it looked at. Raises Transient."""

    def __init__(self, database: Database, clock: Clock, perform: Perform) -> None:
        self._database = database
        self._clock = clock
        self._perform = perform

    async def end_permissions(self) -> int:
        """Permissions whose last day is over."""
        day = today(self._clock()).isoformat()
        return await self._pages(_ENDED, lambda ids: EndPermissions(staff_ids=ids), day)

    async def follow_absences(self) -> int:
        """Absences that begin, and those that are over."""
        day = today(self._clock()).isoformat()
        return await self._pages(_ABSENCES, lambda ids: FollowAbsences(staff_ids=ids), day)

    async def forget_addresses(self) -> int:
        """Addresses that nobody has verified while the link in the mail counted."""
        asked_before = self._clock() - VALID_WITHIN
        return await self._pages(_UNVERIFIED, lambda ids: ForgetAddresses(staff_ids=ids), asked_before)

    async def look_at_inactivity(self, warn_after: int, lock_after: int, notice: int) -> int:
        """Accounts that nobody has used for so many days."""
        now = self._clock()

        def command(ids: tuple[str, ...]) -> AdminCommand:
            return LookAtInactivity(
                staff_ids=ids, warn_after=warn_after, lock_after=lock_after, notice=notice
            )

        return await self._pages(_IDLE, command, now - timedelta(days=warn_after), now)

    async def refresh(self, directory: NationalDirectory) -> int:
        """Everybody, as the national directory has them. Gives how many became different."""
        changed, last = 0, ""
        while rows := await self._database.fetch(_EVERYBODY, last, PAGE):
            entries = await directory.find([row[0] for row in rows])
            changed += await self._perform(LearnEntries(entries=tuple(entries))) if entries else 0
            last = rows[-1][0]
        return changed

    async def measure(self) -> None:
        """How many clinics the region must see to."""
        [(alone,)] = await self._database.fetch(_ALONE)
        ALONE.set(alone)

    async def _pages(
        self, statement: str, command: Callable[[tuple[str, ...]], AdminCommand], *arguments: Any
    ) -> int:
        found, last = 0, ""
        while True:
            rows = await self._database.fetch(statement, last, *arguments, PAGE)
            ids = tuple(row[0] for row in rows)
            if ids:
                await self._perform(command(ids))
            found += len(ids)
            if len(ids) < PAGE:
                return found
            last = ids[-1]
