"""Walking the access log's chain: whoever changed, removed or swapped an entry is found out."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta

from services.admin.adapters.access_heads import signed_heads
from services.admin.adapters.access_log import FIELDS
from services.admin.domain.access_chain import Access, Head, broken_link
from shared.clock import Clock, utc_now
from shared.database.pool import Connection

UNSIGNED_AT_MOST = timedelta(hours=3)
"""Heads are signed each hour; admin may have been down for a while."""

_BEGINNING = "SELECT number, hash FROM access_beginning WHERE id = 1"
_END = "SELECT number, hash FROM access_chain WHERE id = 1"
_WALK = f"SELECT number, {', '.join(FIELDS)}, hash FROM access_log ORDER BY recorded_on, number"  # noqa: S608 -- our own names


async def walk(
    connection: Connection, anchor: Head | None = None, clock: Clock = utc_now
) -> tuple[Head, str]:
    """Walk the whole chain in one snapshot: where it ends, and what is wrong first; empty if nothing is.

    Each hour's signed head must lie on it. `anchor` is an end that somebody noted earlier, outside this database: it
    must still be part of the chain, too.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        heads, wrong = await signed_heads(connection)
        if wrong:
            return Head(), wrong
        head = Head(*await connection.fetchrow(_BEGINNING))
        end = Head(*await connection.fetchrow(_END))
        unsigned_since: datetime | None = None
        last_signed = max(heads, default=0)
        async for number, access, stored in _entries(connection):
            if wrong := broken_link(head, number, access, stored):
                return head, wrong
            head = Head(number, stored)
            if wrong := _not_as_noted(head, anchor, heads):
                return head, wrong
            if number > last_signed and unsigned_since is None:
                unsigned_since = access.recorded_at
    return head, _wrong_at_the_end(head, end, anchor, heads, unsigned_since, clock())


def _not_as_noted(head: Head, anchor: Head | None, noted: Mapping[int, bytes]) -> str:
    if anchor is not None and head.number == anchor.number and head.hash != anchor.hash:
        return f"entry {head.number} is not the one that was noted: the log was written anew"
    if noted.get(head.number, head.hash) != head.hash:
        return f"entry {head.number} is not the one that was signed: the log was written anew"
    return ""


def _wrong_at_the_end(
    head: Head,
    end: Head,
    anchor: Head | None,
    heads: Mapping[int, bytes],
    unsigned_since: datetime | None,
    now: datetime,
) -> str:
    once = max(max(heads, default=0), anchor.number if anchor is not None else 0)
    if head.number < once:
        return f"entry {head.number + 1} is missing: the log once had {once} entries"
    if head != end:
        return f"entry {head.number + 1} is missing: the chain's end is noted as entry {end.number}"
    if unsigned_since is not None and now - unsigned_since > UNSIGNED_AT_MOST:
        return f"no head was signed since {unsigned_since:%Y-%m-%d %H:%M} UTC: signed heads are missing"
    return ""


async def _entries(connection: Connection) -> AsyncIterator[tuple[int, Access, bytes]]:
    async for number, access_id, *fields, hash_ in connection.cursor(_WALK, prefetch=1000):
        yield number, Access(access_id, *fields), hash_
