"""What a browser sends and keeps while somebody signs in: cookies, where it is, where it wants to go afterwards."""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from fastapi import Request
from starlette.responses import Response

from services.admin.adapters.secrets import key_for
from services.admin.adapters.sessions import Client
from services.admin.domain.person import NotProven
from services.admin.domain.session import LONGEST
from shared.security.sealing import sealer, unseal

SESSION = "__Host-vardvaxel-session"
ATTEMPT = "__Host-vardvaxel-sign-in"
ATTEMPT_LIVES = timedelta(minutes=10)
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One walk to the identity provider and back. Only the browser that began it has it, sealed."""

    state: str
    nonce: str
    verifier: str
    return_to: str
    until: float

    @classmethod
    def new(cls, return_to: str, now: datetime) -> "Attempt":
        """All its secrets by chance."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(state, nonce, verifier, return_to, (now + ATTEMPT_LIVES).timestamp())


class Cookies:
    """Seals attempts, and makes the token that proves that a request was meant by who has the session."""

    def __init__(self, master_key: bytes) -> None:
        self._attempt_key = key_for("sign-in attempts", master_key)
        self._csrf_key = key_for("csrf tokens", master_key)

    def keep_attempt(self, response: Response, attempt: Attempt) -> None:
        """Give the browser its attempt."""
        sealed = sealer(self._attempt_key)(json.dumps(asdict(attempt)).encode())
        _set(response, ATTEMPT, base64.urlsafe_b64encode(sealed).decode(), ATTEMPT_LIVES)

    def attempt(self, request: Request, now: datetime) -> Attempt:
        """The attempt that this browser began. Raises NotProven."""
        try:
            sealed = base64.urlsafe_b64decode(request.cookies.get(ATTEMPT, ""))
            attempt = Attempt(**json.loads(unseal(self._attempt_key, sealed)))
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise NotProven("no_attempt") from error
        if now.timestamp() >= attempt.until:
            raise NotProven("attempt_expired")
        return attempt

    def csrf_token(self, secret: str) -> str:
        """The token of the session that this secret opens."""
        return hmac.new(self._csrf_key, secret.encode(errors="replace"), sha256).hexdigest()

    def meant(self, request: Request, secret: str) -> bool:
        """Whether the request carries that token: no foreign page can make a browser send it."""
        sent = request.headers.get("x-csrf-token", "")
        return hmac.compare_digest(sent.encode(errors="replace"), self.csrf_token(secret).encode())


def new_secret() -> str:
    """What a session's cookie holds."""
    return secrets.token_urlsafe(32)


def keep_session(response: Response, secret: str) -> None:
    """Give the browser its session."""
    _set(response, SESSION, secret, LONGEST)


def forget(response: Response, *names: str) -> None:
    """Have the browser forget these cookies."""
    for name in names:
        response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")


def client_of(request: Request) -> Client:
    """Where the request comes from, coarsely."""
    words = request.headers.get("user-agent", "")
    browser = next((name for sign, name in _BROWSERS if sign in words), "")
    system = next((name for sign, name in _SYSTEMS if sign in words), "")
    address = request.client.host if request.client is not None else ""
    return Client(address[:45], " on ".join(part for part in (browser, system) if part) or "unknown")


def allowed_return(wanted: str, allowed: Sequence[str]) -> str:
    """A path of ours to go on to: one that is allowed, or below one that ends with a slash. The first one otherwise."""
    parts = urlsplit(wanted) if wanted.isascii() and wanted.isprintable() else urlsplit("//")
    plain = wanted.startswith("/") and not wanted.startswith("//") and not set(wanted) & set("\\%")
    if not plain or parts.scheme or parts.netloc or ".." in parts.path.split("/"):
        return allowed[0]
    known = any(
        parts.path == path or (path.endswith("/") and path != "/" and parts.path.startswith(path))
        for path in allowed
    )
    return wanted if known else allowed[0]


def _set(response: Response, name: str, value: str, lives: timedelta) -> None:
    seconds = int(lives.total_seconds())
    # Lax, not strict: the way back from the identity provider begins at another site.
    response.set_cookie(name, value, seconds, path="/", secure=True, httponly=True, samesite="lax")
