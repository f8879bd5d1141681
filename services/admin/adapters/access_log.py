"""The access log's table: one chain per database, added to under the lock of its end, one INSERT per batch."""

from collections.abc import AsyncIterator
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.admin.adapters.tables.access_log import ACCESS_LOG
from services.admin.domain.access_chain import Access, Head, broken_link, link
from shared.database.pool import Connection, Database
from shared.database.statements import columns_as_arrays, insert_many

_ACCESS = (
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
_END = "SELECT number, hash FROM access_chain WHERE id = 1 FOR UPDATE"
_KNOWN = "SELECT access_id FROM access_log WHERE access_id = ANY($1::uuid[])"
_INSERT = insert_many(ACCESS_LOG, ("number", *_ACCESS, "hash"))
_MOVE_END = "UPDATE access_chain SET number = $1, hash = $2 WHERE id = 1"
_WALK = f"SELECT number, {', '.join(_ACCESS)}, hash FROM access_log ORDER BY number"  # noqa: S608 -- our own names

_READ = f"""
SELECT number, {", ".join(_ACCESS)} FROM access_log
WHERE clinic_id = $1 AND ($2::text = '' OR citizen_ref = $2) AND ($3::text = '' OR actor_id = $3)
  AND ($4::bigint IS NULL OR number < $4)
ORDER BY number DESC LIMIT $5
"""  # noqa: S608 -- our own names

_values = attrgetter(*_ACCESS)


class AccessLog:
    """What a batch adds to the log. A field of a Work."""

    def __init__(self) -> None:
        self._wanted: set[UUID] = set()
        self._known: set[UUID] = set()
        self._new: list[Access] = []
        self._end = Head()

    def want(self, access_id: UUID) -> None:
        """Say that this access may be added."""
        self._wanted.add(access_id)

    async def load(self, connection: Connection) -> None:
        """Lock the end of the chain, then see which of the accesses are in the log already."""
        if not self._wanted:
            return
        wanted, self._wanted = self._wanted, set()
        self._end = Head(*await connection.fetchrow(_END))
        self._known.update(UUID(int=row[0].int) for row in await connection.fetch(_KNOWN, list(wanted)))

    def add(self, access: Access) -> None:
        """One more entry, unless the log has it."""
        if access.access_id not in self._known:
            self._known.add(access.access_id)
            self._new.append(access)

    async def write(self, connection: Connection) -> None:
        """Link the new entries to the chain and write them."""
        if not self._new:
            return
        rows: list[tuple[Any, ...]] = []
        for access in self._new:
            self._end = link(self._end, access)
            rows.append((self._end.number, *_values(access), self._end.hash))
        await connection.execute(_INSERT, *columns_as_arrays(rows))
        await connection.execute(_MOVE_END, self._end.number, self._end.hash)


async def entries_of(
    database: Database, clinic_id: str, citizen_ref: str, actor_id: str, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """A clinic's entries, newest first: of one patient, by one actor, where these are named."""
    rows = await database.fetch(_READ, clinic_id, citizen_ref, actor_id, before, limit)
    return [{**row, "access_id": str(row["access_id"]), "case_id": str(row["case_id"])} for row in rows]


async def walk(connection: Connection, anchor: Head | None = None) -> tuple[Head, str]:
    """Walk the whole chain in one snapshot: where it ends, and what is wrong first; empty if nothing is.

    `anchor` is an end that somebody noted earlier, outside this database: it must still be part of the chain.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        end = Head(*await connection.fetchrow("SELECT number, hash FROM access_chain WHERE id = 1"))
        head = Head()
        async for number, access, stored in _entries(connection):
            if wrong := broken_link(head, number, access, stored):
                return head, wrong
            head = Head(number, stored)
            if anchor is not None and number == anchor.number and stored != anchor.hash:
                return head, f"entry {number} is not the one that was noted: the log was written anew"
    if anchor is not None and head.number < anchor.number:
        return head, f"entry {head.number + 1} is missing: the log once had {anchor.number} entries"
    if head != end:
        return head, f"entry {head.number + 1} is missing: the chain's end is noted as entry {end.number}"
    return head, ""


async def _entries(connection: Connection) -> AsyncIterator[tuple[int, Access, bytes]]:
    async for number, access_id, *fields, hash_ in connection.cursor(_WALK, prefetch=1000):
        yield number, Access(access_id, *fields), hash_
