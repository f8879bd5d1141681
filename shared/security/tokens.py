"""Access tokens: JWTs signed with Ed25519 that live five minutes (RFC 7519, RFC 8037, RFC 8725).

Admin issues them; the others verify them with public keys from the directory. A token says who asks. What they
may do is looked up each time, in the projection of whoever is asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import extract_compact

LIFETIME = timedelta(minutes=5)
LEEWAY = timedelta(seconds=5)
ISSUER = "vardvaxel-admin"
AUDIENCE = "vardvaxel"
ALGORITHM = "Ed25519"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `id` is the HSA-id of a staff member, in upper case, or the id of a portal."""

    kind: Literal["staff", "portal"]
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class BadToken(Exception):
    """The token proves nothing: malformed, expired, for somebody else, or signed with a key that we don't trust."""


def issue(actor: Actor, key: OKPKey, now: datetime) -> str:
    """A token for this actor, signed with the private key, whose `kid` it names."""
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": "at+jwt"}
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": actor.id,
        "kind": actor.kind,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
    }
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def key_id_of(token: str) -> str:
    """The key that a token names, before anything is verified. Raises BadToken."""
    try:
        kid = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError) as error:
        raise BadToken("malformed") from error
    if not isinstance(kid, str):
        raise BadToken("no key id")
    return kid


def verify(token: str, key: OKPKey, now: datetime) -> Actor:
    """Who the token proves. Raises BadToken."""
    return proof(token, key, now)[0]


def proof(token: str, key: OKPKey, now: datetime) -> tuple[Actor, int]:
    """Who the token proves, and until when, in seconds since 1970. Raises BadToken."""
    try:
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError) as error:
        raise BadToken(type(error).__name__) from error
    if claims.get("iss") != ISSUER or claims.get("aud") != AUDIENCE:
        raise BadToken("for somebody else")
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int) or not isinstance(issued, int):
        raise BadToken("no lifetime")
    if now.timestamp() >= expires or issued > (now + LEEWAY).timestamp():
        raise BadToken("expired")
    kind, id_ = claims.get("kind"), claims.get("sub")
    if kind not in ("staff", "portal") or not isinstance(id_, str) or not id_:
        raise BadToken("no subject")
    return Actor(kind, id_), expires
