"""The chain's end, signed each hour: whoever can write to the database can't write the log anew unseen."""

import json
from collections.abc import Mapping
from datetime import datetime

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from services.admin.adapters.signing import SigningKeys
from shared.clock import Clock
from shared.database.pool import Connection, Database
from shared.security.tokens import ALGORITHM, key_id_of

TYPE = "access-head+jwt"

_END = """
SELECT number, hash FROM access_chain WHERE id = 1 AND number > (SELECT coalesce(max(number), 0) FROM access_heads)
"""
_INSERT = "INSERT INTO access_heads VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
_HEADS = """
SELECT number, hash, token FROM access_heads WHERE number >= (SELECT number FROM access_beginning) ORDER BY number
"""
_KEYS = "SELECT s.key_id, s.public_jwk::text, o.revoked_at FROM signing_keys s JOIN own_keys o USING (key_id)"

log = structlog.get_logger()


class AccessHeads:
    """Signs the end of the chain. Called by schedule."""

    def __init__(self, database: Database, keys: SigningKeys, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    async def sign(self) -> None:
        """Sign where the chain ends now, if it has grown; the log line is a note outside the database."""
        found = await self._database.fetch(_END)
        if not found:
            return
        number, hash_ = found[0]
        now = self._clock()
        claims = {"number": number, "hash": hash_.hex(), "iat": int(now.timestamp())}
        await self._database.fetch(_INSERT, number, hash_, now, await self._keys.sign(TYPE, claims))
        log.info("access log head", number=number, hash=hash_.hex())


async def signed_heads(connection: Connection) -> tuple[Mapping[int, bytes], str]:
    """The hash of each head by number, and what is wrong with the first that is not as signed; empty if nothing is."""
    keys = {row[0]: (OKPKey.import_key(json.loads(row[1])), row[2]) for row in await connection.fetch(_KEYS)}
    heads: dict[int, bytes] = {}
    for number, hash_, token in await connection.fetch(_HEADS):
        if not _is_signed(token, number, hash_, keys):
            return heads, f"the head at entry {number} is not as admin signed it"
        heads[number] = hash_
    return heads, ""


def _is_signed(
    token: str, number: int, hash_: bytes, keys: Mapping[str, tuple[OKPKey, datetime | None]]
) -> bool:
    try:
        key, revoked_at = keys[key_id_of(token)]
        proven = jwt.decode(token, key, algorithms=[ALGORITHM])
    except (JoseError, KeyError, ValueError):
        return False
    claims = proven.claims
    in_time = revoked_at is None or claims.get("iat", 0) <= revoked_at.timestamp()
    return (
        in_time
        and proven.header.get("typ") == TYPE
        and (claims.get("number"), claims.get("hash")) == (number, hash_.hex())
    )
