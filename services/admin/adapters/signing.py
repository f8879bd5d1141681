"""The keys that tokens are signed with: private ones sealed in admin's database alone, public ones published.

A new key is published half a minute before it is used, and an old one is revoked some minutes after its last use,
so that no token meets a verifier which does not know its key.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import uuid_utils
from cryptography.exceptions import InvalidTag
from joserfc import jwt
from joserfc.jwk import OKPKey

from services.admin.adapters.secrets import key_for
from shared.clock import Clock
from shared.contracts.envelope import Envelope
from shared.contracts.events.admin import SigningKeyPublished
from shared.database.pool import Connection, Database
from shared.errors import Unavailable
from shared.outbox.rows import Outbox
from shared.security.keys import LearnedKeys
from shared.security.sealing import sealer, unseal
from shared.security.tokens import ALGORITHM, LEEWAY, LIFETIME, Actor, issue

USED_AFTER = timedelta(seconds=30)
"""How long verifiers have to hear of a new key."""
REVOKED_AFTER = LIFETIME + LEEWAY + timedelta(minutes=1)
"""How long after its last use an old key still counts."""
_REREAD_AFTER = timedelta(seconds=5)

_LOCK = "LOCK TABLE own_keys IN SHARE ROW EXCLUSIVE MODE"
_LIVE = "SELECT key_id, sealed, use_from FROM own_keys WHERE revoked_at IS NULL ORDER BY use_from DESC"
_INSERT = "INSERT INTO own_keys (key_id, sealed, use_from) VALUES ($1, $2, $3)"
_REVOKE = "UPDATE own_keys SET revoked_at = $2 WHERE key_id = $1"
_PUBLIC = "SELECT public_jwk FROM signing_keys WHERE key_id = $1"


class WrongMasterKey(Exception):
    """VARDVAXEL_KEY_ENCRYPTION_KEY is not the key that the signing keys were sealed with. Give the former one, or
    make new signing keys with `rotate-key --at-once`."""


class SigningKeys:
    """Makes keys, signs with the one that is due, and puts old ones away."""

    def __init__(self, database: Database, master_key: bytes, clock: Clock) -> None:
        self._database = database
        self._sealing_key = key_for("signing keys", master_key)
        self._clock = clock
        self._current: OKPKey | None = None
        self._read_at: datetime | None = None

    async def token_for(self, actor: Actor, audience: Collection[str], *, session: str = "") -> str:
        """A token that lives five minutes, for these services."""
        now = self._clock()
        return issue(actor, await self._signing_key(now), now, audience=audience, session=session)

    async def sign(self, kind: str, claims: dict[str, Any]) -> str:
        """A statement of ours as a JWT of this kind (`typ`), which nobody can take for a token of access."""
        key = await self._signing_key(self._clock())
        return jwt.encode(
            {"alg": ALGORITHM, "kid": key.kid, "typ": kind}, claims, key, algorithms=[ALGORITHM]
        )

    async def ensure(self) -> None:
        """At the first start: make a key, to be used at once. Raises WrongMasterKey if it can't be opened later."""
        async with self._database.transaction() as connection:
            await connection.execute(_LOCK)
            if await connection.fetchrow(_LIVE) is None:
                await self._make(connection, self._clock(), use_from=self._clock())
        await self._due(self._clock())

    async def rotate(self, *, at_once: bool = False) -> str:
        """Make a new key and give its id. `at_once` revokes all others now: one was stolen."""
        now = self._clock()
        async with self._database.transaction() as connection:
            await connection.execute(_LOCK)
            old = await connection.fetch(_LIVE) if at_once else []
            for row in old:
                await self._revoke(connection, row[0], now)
            return await self._make(connection, now, use_from=now if at_once else now + USED_AFTER)

    async def retire(self) -> None:
        """Revoke keys that nothing valid is signed with any more. Called by schedule."""
        now = self._clock()
        async with self._database.transaction() as connection:
            successor_from: datetime | None = None
            for key_id, _, use_from in await connection.fetch(_LIVE):
                if successor_from is not None and successor_from + REVOKED_AFTER < now:
                    await self._revoke(connection, key_id, now)
                successor_from = use_from

    async def _signing_key(self, now: datetime) -> OKPKey:
        if self._current is None or self._read_at is None or now - self._read_at > _REREAD_AFTER:
            self._current, self._read_at = await self._due(now), now
        return self._current

    async def _due(self, now: datetime) -> OKPKey:
        for _, sealed, use_from in await self._database.fetch(_LIVE):
            if use_from <= now:
                try:
                    return OKPKey.import_key(json.loads(unseal(self._sealing_key, sealed)))
                except InvalidTag:
                    raise WrongMasterKey(WrongMasterKey.__doc__) from None
        raise Unavailable("there is no signing key that is due")

    async def _make(self, connection: Connection, now: datetime, *, use_from: datetime) -> str:
        key_id = f"{now:%Y%m%d}-{uuid4().hex[:8]}"
        key = OKPKey.generate_key("Ed25519", {"kid": key_id, "use": "sig", "alg": "Ed25519"})
        private = json.dumps(key.as_dict(private=True)).encode()
        await connection.execute(_INSERT, key_id, sealer(self._sealing_key)(private), use_from)
        await _publish(
            connection,
            SigningKeyPublished(
                key_id=key_id, version=1, at=now, public_jwk=dict(key.as_dict(private=False))
            ),
        )
        return key_id

    async def _revoke(self, connection: Connection, key_id: str, now: datetime) -> None:
        await connection.execute(_REVOKE, key_id, now)
        public = await connection.fetchval(_PUBLIC, key_id)
        await _publish(
            connection, SigningKeyPublished(key_id=key_id, version=2, at=now, public_jwk=public, revoked=True)
        )


async def _publish(connection: Connection, key: SigningKeyPublished) -> None:
    """Into the table that we verify with ourselves, and to everybody."""
    learned = LearnedKeys()
    learned.keep(key)
    await learned.write(connection)
    outbox = Outbox("admin")
    cause = Envelope(str(uuid_utils.uuid7()), "admin.signing-key", "operator", key.at)
    outbox.add([key], cause=cause, handler="signing_keys", now=key.at)
    await outbox.write(connection)
