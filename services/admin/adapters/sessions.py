"""Sessions in the database: a cookie's secret is kept as a hash alone, and whatever happens to one is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, TypeAlias
from uuid import UUID

from services.admin.domain.person import Person
from services.admin.domain.session import IDLE, LONGEST, Session
from shared.clock import Clock
from shared.contracts.events.admin import Role
from shared.database.pool import Connection, Database

SignInAct: TypeAlias = Literal[
    "sign_in", "choose_account", "accept_terms", "choose_clinic", "sign_out", "end_session"
]
_SEEN_EVERY = timedelta(seconds=30)
"""Acts closer together than this are one sign of life: a write less."""
_LATE = timedelta(minutes=15)
"""How long a used attempt is remembered: longer than an attempt lives."""

_COLUMNS = (
    "id, hsa_ids, name, title, how, level, source, agent, started_at, seen_at, staff_id, clinic_id, role"
)
_INSERT = f"INSERT INTO sessions (secret_hash, {_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"  # noqa: E501, S608 -- our own names
_FIND = f"SELECT {_COLUMNS} FROM sessions WHERE secret_hash = $1"  # noqa: S608 -- our own names
_OF = f"SELECT {_COLUMNS} FROM sessions WHERE staff_id = $1 ORDER BY started_at DESC, id LIMIT 200"  # noqa: S608
_SEEN = "UPDATE sessions SET seen_at = $2 WHERE id = $1"
_ROTATE = """
UPDATE sessions SET secret_hash = $3, staff_id = $4, clinic_id = $5, role = $6, seen_at = $7
WHERE id = $1 AND secret_hash = $2 RETURNING id
"""
_RECORD = """
INSERT INTO sign_ins (at, staff_id, act, how, result, session_id, source, agent)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_END = """
WITH ended AS (DELETE FROM sessions WHERE id = ANY($1::uuid[]) RETURNING *)
INSERT INTO sign_ins (at, staff_id, act, how, result, session_id, source, agent)
SELECT $2, coalesce(staff_id, ''), $3, how, $4, id, source, agent FROM ended RETURNING session_id
"""
_END_LOCKED = """
WITH ended AS (DELETE FROM sessions WHERE staff_id = ANY($1::text[]) RETURNING *)
INSERT INTO sign_ins (at, staff_id, act, how, result, session_id, source, agent)
SELECT $2, staff_id, 'end_session', how, 'locked', id, source, agent FROM ended
"""
# A session at a time is looked up among the accounts: a join would read those of the whole nation each second.
_SWEEP = """
WITH ending AS (
    SELECT id, CASE WHEN locked THEN 'locked' WHEN started_at < $2 THEN 'too_old' ELSE 'idle' END AS why FROM (
        SELECT s.id, s.seen_at, s.started_at,
            (SELECT a.locked IS NOT NULL FROM accounts a WHERE a.id = s.staff_id) AS locked FROM sessions s
    ) looked_at WHERE seen_at < $1 OR started_at < $2 OR locked
), ended AS (DELETE FROM sessions s USING ending WHERE s.id = ending.id RETURNING s.*, ending.why)
INSERT INTO sign_ins (at, staff_id, act, how, result, session_id, source, agent)
SELECT $3, coalesce(staff_id, ''), 'end_session', how, why, id, source, agent FROM ended
"""
_USE = "INSERT INTO used_attempts (state_hash) VALUES ($1) ON CONFLICT DO NOTHING RETURNING state_hash"
_FORGET = "DELETE FROM used_attempts WHERE used_at < $1"
_FORGET_RECORD = "SELECT forget_sign_ins($1, $2)"
_AT_ONCE = 5_000
_TERMS = "SELECT coalesce(max(version), 0) FROM terms"
_ACCEPTED = "SELECT EXISTS (SELECT FROM terms_accepted WHERE staff_id = $1 AND version = $2)"
_ACCEPT = "INSERT INTO terms_accepted VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
_READ_TERMS = "SELECT version, text_sv, text_en, published_by, published_at FROM terms WHERE version = $1"
_READ_SIGN_INS = """
SELECT number, at, staff_id, act, how, result, session_id, source, agent FROM sign_ins
WHERE staff_id = $1 AND ($2::bigint IS NULL OR number < $2) ORDER BY number DESC LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from: the network address, and a coarse word for the browser."""

    source: str
    agent: str


async def end_locked(connection: Connection, staff_ids: Sequence[str], at: datetime) -> None:
    """In the transaction that locks these accounts: a lock that is lifted in the next moment revives no session."""
    await connection.execute(_END_LOCKED, staff_ids, at)


class Sessions:
    """Opens sessions, finds them, changes and ends them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open(self, session: Session, secret: str) -> None:
        """A new session, which is recorded as a sign-in."""
        async with self._database.transaction() as connection:
            await connection.execute(_INSERT, _hash(secret), *_row(session))
            await self._record(connection, session, "sign_in", "ok")

    async def find(self, secret: str) -> Session | None:
        """The session that a cookie opens; None if there is none, or it is over."""
        rows = await self._database.fetch(_FIND, _hash(secret))
        session = _session(rows[0]) if rows else None
        return session if session is not None and self._clock() < session.idle_at else None

    async def of(self, staff_id: str) -> list[Session]:
        """The sessions of an account, the newest first."""
        found = [_session(row) for row in await self._database.fetch(_OF, staff_id)]
        return [session for session in found if self._clock() < session.idle_at]

    async def seen(self, session: Session) -> None:
        """The person did something."""
        now = self._clock()
        if now - session.seen_at > _SEEN_EVERY:
            session.seen_at = now
            await self._database.fetch(_SEEN, session.id, now)

    async def rotate(self, session: Session, former: str, secret: str, act: SignInAct) -> bool:
        """Write what was chosen, under a new secret; the former one opens nothing any more.

        False if somebody else was first, or ended the session.
        """
        session.seen_at = self._clock()
        async with self._database.transaction() as connection:
            chosen = (session.staff_id, session.clinic_id, session.role, session.seen_at)
            done = await connection.fetchval(_ROTATE, session.id, _hash(former), _hash(secret), *chosen)
            if done is not None:
                await self._record(connection, session, act, "ok")
        return done is not None

    async def end(self, sessions: Sequence[UUID], why: str, act: SignInAct = "end_session") -> int:
        """End these; gives how many there were."""
        return len(await self._database.fetch(_END, list(sessions), self._clock(), act, why))

    async def refused(self, staff_id: str, how: str, reason: str, client: Client) -> None:
        """Record a sign-in that came to nothing."""
        now, source, agent = self._clock(), client.source, client.agent
        await self._database.fetch(_RECORD, now, staff_id, "sign_in", how, reason, None, source, agent)

    async def sweep(self) -> None:
        """End what is over, and what belongs to a locked account. Called by schedule, every second."""
        now = self._clock()
        await self._database.fetch(_SWEEP, now - IDLE, now - LONGEST, now)
        await self._database.fetch(_FORGET, now - _LATE)

    async def forget_record(self, kept_days: int) -> int:
        """Take out of the record what is older than so many days; gives how much that was. Called by schedule."""
        kept_from, forgotten = self._clock() - timedelta(days=kept_days), 0
        while True:
            some = int((await self._database.fetch(_FORGET_RECORD, kept_from, _AT_ONCE))[0][0])
            forgotten += some
            if some < _AT_ONCE:
                return forgotten

    async def use_attempt(self, state: str) -> bool:
        """An attempt to sign in comes back: False if it did so before."""
        return bool(await self._database.fetch(_USE, _hash(state)))

    async def terms_version(self) -> int:
        """The current version of the terms; 0 where there are none."""
        return int((await self._database.fetch(_TERMS))[0][0])

    async def terms(self, version: int) -> Any | None:
        """One version of the terms, as a row."""
        rows = await self._database.fetch(_READ_TERMS, version)
        return rows[0] if rows else None

    async def accepted(self, staff_id: str, version: int) -> bool:
        """Whether the account has accepted this version; there is nothing to accept in version 0."""
        return version == 0 or bool((await self._database.fetch(_ACCEPTED, staff_id, version))[0][0])

    async def accept(self, session: Session, version: int) -> None:
        """The person accepts the terms."""
        async with self._database.transaction() as connection:
            await connection.execute(_ACCEPT, session.staff_id, version, self._clock())
            await self._record(connection, session, "accept_terms", "ok")

    async def record_of(self, staff_id: str, before: int | None, limit: int) -> list[dict[str, Any]]:
        """What happened around an account's sign-ins, the newest first."""
        return [dict(row) for row in await self._database.fetch(_READ_SIGN_INS, staff_id, before, limit)]

    async def _record(self, connection: Connection, session: Session, act: SignInAct, result: str) -> None:
        who, how = session.staff_id or "", session.person.how
        where = (session.id, session.source, session.agent)
        await connection.execute(_RECORD, self._clock(), who, act, how, result, *where)


def _hash(secret: str) -> bytes:
    """Secrets have 256 bits of chance: nobody finds one by its hash."""
    return sha256(secret.encode(errors="replace")).digest()


def _row(session: Session) -> tuple[Any, ...]:
    person = session.person
    proven = (list(person.hsa_ids), person.name, person.title, person.how, person.level)
    where = (session.source, session.agent, session.started_at, session.seen_at)
    return (session.id, *proven, *where, session.staff_id, session.clinic_id, session.role)


def _session(row: Any) -> Session:
    id_, hsa_ids, name, title, how, level, source, agent, started_at, seen_at, staff, clinic, role = row
    person = Person(tuple(hsa_ids), name, title, how, level)
    id_ = UUID(int=id_.int)
    worn = Role(role) if role else None
    return Session(id_, person, source, agent, started_at, seen_at, staff, clinic, worn)
