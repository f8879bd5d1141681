"""Access tokens: JWTs signed with Ed25519 that live five minutes (RFC 7519, RFC 8037, RFC 8725).

Admin issues them; the others verify them with public keys from the directory. A token says who asks, and names the
services that it is meant for: none other takes it, so that what one of them hears it can't use at the next. What
the actor may do is looked up each time, in the projection of whoever is asked.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import extract_compact

LIFETIME = timedelta(minutes=5)
LEEWAY = timedelta(seconds=5)
ISSUER = "vardvaxel-admin"
ALGORITHM = "Ed25519"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `id` is the HSA-id of a staff member, in upper case, or the id of a portal.

    A portal's token says how far it reaches, and how many requests a minute it is good for; None is no limit.
    """

    kind: Literal["staff", "portal"]
    id: str
    scopes: frozenset[str] | None = field(default=None, compare=False)
    per_minute: int | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class BadToken(Exception):
    """The token proves nothing: malformed, expired, for somebody else, or signed with a key that we don't trust."""


def issue(actor: Actor, key: OKPKey, now: datetime, *, audience: Collection[str], session: str = "") -> str:
    """A token for this actor and these services, signed with the private key, whose `kid` it names.

    `session` is the id of the sign-in session that it was given in, if it was.
    """
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": "at+jwt"}
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": sorted(audience),
        "sub": actor.id,
        "kind": actor.kind,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
    }
    if session:
        claims["sid"] = session
    if actor.scopes is not None:
        claims["scope"] = " ".join(sorted(actor.scopes))
    if actor.per_minute is not None:
        claims["per_minute"] = actor.per_minute
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


def proof(token: str, key: OKPKey, now: datetime, audience: str) -> tuple[Actor, int]:
    """Who the token proves to this service, and until when, in seconds since 1970. Raises BadToken."""
    try:
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError) as error:
        raise BadToken(type(error).__name__) from error
    meant_for = claims.get("aud")
    if claims.get("iss") != ISSUER or not isinstance(meant_for, list) or audience not in meant_for:
        raise BadToken("for somebody else")
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int) or not isinstance(issued, int):
        raise BadToken("no lifetime")
    if now.timestamp() >= expires or issued > (now + LEEWAY).timestamp():
        raise BadToken("expired")
    kind, id_ = claims.get("kind"), claims.get("sub")
    if kind not in ("staff", "portal") or not isinstance(id_, str) or not id_:
        raise BadToken("no subject")
    scope, per_minute = claims.get("scope"), claims.get("per_minute")
    scopes = frozenset(scope.split()) if isinstance(scope, str) else None
    return Actor(kind, id_, scopes, per_minute if isinstance(per_minute, int) else None), expires
