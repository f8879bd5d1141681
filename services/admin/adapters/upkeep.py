"""What is due for accounts by the clock: found page by page without locks, and decided under them.

Whoever is found is only looked at: the use case decides anew on the locked row, so that a repeat changes nothing.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from services.admin.application.accounts.commands import EndPermissions
from services.admin.application.commands import AdminCommand
from services.admin.domain.calendar import today
from shared.clock import Clock
from shared.database.pool import Database

PAGE = 200

_ENDED = """
SELECT id FROM accounts
WHERE last_on <> '{}' AND id > $1 AND EXISTS (SELECT FROM jsonb_each_text(last_on) p WHERE p.value < $2)
ORDER BY id LIMIT $3
"""

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
