"""The access log's table: one chain per database, added to under the lock of its end, one INSERT per batch."""

from datetime import date, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.admin.adapters.tables.access_log import ACCESS_LOG
from services.admin.domain.access_chain import Access, Head, link
from shared.clock import Clock
from shared.database.pool import Connection, Database
from shared.database.statements import columns_as_arrays, insert_many

FIELDS = (
    "access_id",
    "actor_kind",
    "actor_id",
    "clinic_id",
    "citizen_ref",
    "case_id",
    "act",
    "accessed_at",
    "recorded_at",
)
"""The columns of an `Access`, in its order."""
AHEAD_DAYS = 7
_SKEW = timedelta(days=1)
"""An access is written down after it was made; two clocks may disagree about midnight."""

_END = "SELECT number, hash, recorded_on FROM access_chain WHERE id = 1 FOR UPDATE"
_KNOWN = "SELECT access_id FROM access_log WHERE access_id = ANY($1::uuid[]) AND recorded_on >= $2"
_INSERT = insert_many(ACCESS_LOG, ("recorded_on", "number", *FIELDS, "hash"))
_MOVE_END = "UPDATE access_chain SET number = $1, hash = $2, recorded_on = $3 WHERE id = 1"
_UPKEEP = "SELECT access_log_upkeep($1, $2, $3)"

_values = attrgetter(*FIELDS)


class AccessLog:
    """What a batch adds to the log. A field of a Work."""

    def __init__(self) -> None:
        self._wanted: dict[UUID, date] = {}
        self._known: set[UUID] = set()
        self._new: list[Access] = []
        self._end = Head()
        self._day = date.min

    def want(self, key: tuple[UUID, date]) -> None:
        """Say that this access may be added, and from which day on it may be in the log already."""
        access_id, since = key
        self._wanted[access_id] = since

    async def load(self, connection: Connection) -> None:
        """Lock the end of the chain, then see which of the accesses are in the log already."""
        if not self._wanted:
            return
        wanted, self._wanted = self._wanted, {}
        number, hash_, self._day = await connection.fetchrow(_END)
        self._end = Head(number, hash_)
        since = min(wanted.values()) - _SKEW
        self._known.update(
            UUID(int=row[0].int) for row in await connection.fetch(_KNOWN, list(wanted), since)
        )

    def add(self, access: Access) -> None:
        """One more entry, unless the log has it."""
        if access.access_id not in self._known:
            self._known.add(access.access_id)
            self._new.append(access)

    async def write(self, connection: Connection) -> None:
        """Link the new entries to the chain and write them. Their days never go back."""
        if not self._new:
            return
        rows: list[tuple[Any, ...]] = []
        for access in self._new:
            self._end = link(self._end, access)
            self._day = max(self._day, access.recorded_at.date())
            rows.append((self._day, self._end.number, *_values(access), self._end.hash))
        await connection.execute(_INSERT, *columns_as_arrays(rows))
        await connection.execute(_MOVE_END, self._end.number, self._end.hash, self._day)


class AccessLogDays:
    """The log's days: made a week ahead, dropped when they have been kept long enough."""

    def __init__(self, database: Database, clock: Clock, keep_years: int) -> None:
        self._database = database
        self._clock = clock
        self._keep_years = keep_years

    async def keep(self) -> None:
        """Called at start and by schedule. The chain then begins after the last entry that was dropped."""
        today = self._clock().date()
        first = today.replace(year=today.year - self._keep_years, day=min(today.day, 28))
        await self._database.fetch(_UPKEEP, today, first, AHEAD_DAYS)
