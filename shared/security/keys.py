"""The keys of the directory: kept in each service's own database, and in memory while they are fresh."""

from datetime import datetime, timedelta
from typing import Any

from joserfc.jwk import OKPKey
from sqlalchemy import BigInteger, Boolean, Column, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.clock import Clock
from shared.contracts.events.admin import SigningKeyPublished
from shared.database.pool import Connection, Database
from shared.security.tokens import Actor, BadToken, key_id_of, verify

_REREAD_AFTER = timedelta(seconds=5)
_KEEP = """
INSERT INTO signing_keys (key_id, version, public_jwk, revoked)
VALUES ($1, $2, $3, $4)
ON CONFLICT (key_id) DO UPDATE SET version = excluded.version, public_jwk = excluded.public_jwk,
    revoked = excluded.revoked
WHERE signing_keys.version < excluded.version
"""


def key_table(metadata: MetaData) -> Table:
    """Describe `signing_keys` in this metadata."""
    return Table(
        "signing_keys",
        metadata,
        Column("key_id", Text, primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("public_jwk", JSONB, nullable=False),
        Column("revoked", Boolean, nullable=False),
    )


class LearnedKeys:
    """Keys that a batch has heard of. A field of a Work."""

    def __init__(self) -> None:
        self._heard: list[SigningKeyPublished] = []

    def keep(self, key: SigningKeyPublished) -> None:
        """Remember this key; an older version of it changes nothing."""
        self._heard.append(key)

    async def write(self, connection: Connection) -> None:
        """Write them down. There are a handful in a year."""
        for key in self._heard:
            await connection.execute(_KEEP, key.key_id, key.version, key.public_jwk, key.revoked)


def learn_key(key: SigningKeyPublished, keys: LearnedKeys, now: datetime) -> None:
    """Use case: admin has published a key, or taken it back."""
    keys.keep(key)


class Verifier:
    """Verifies tokens. Keys are read again every few seconds, so that a revoked one stops counting also in a process
    that runs no schedules."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._keys: dict[str, OKPKey] = {}
        self._read_at: datetime | None = None

    async def refresh(self) -> None:
        """Read all keys again."""
        self._read_at = self._clock()
        rows = await self._database.fetch("SELECT key_id, public_jwk FROM signing_keys WHERE NOT revoked")
        self._keys = {row[0]: _key(row[1]) for row in rows}

    async def verify(self, token: str) -> Actor:
        """Who the token proves. Raises BadToken; Unavailable if a new key can't be looked up."""
        key_id = key_id_of(token)
        now = self._clock()
        if key_id not in self._keys or self._read_at is None or now - self._read_at > _REREAD_AFTER:
            await self.refresh()
        if key_id not in self._keys:
            raise BadToken("unknown key")
        return verify(token, self._keys[key_id], now)


def _key(jwk: dict[str, Any]) -> OKPKey:
    return OKPKey.import_key(jwk)
