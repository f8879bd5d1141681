"""An identity provider that does as a test says, and a browser that somebody signs in with."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import httpx
import httpx2
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import RSAKey

from services.admin.adapters.cards import Cards
from services.admin.adapters.directory import Directory
from services.admin.adapters.identity_provider import IdentityProvider, Provider
from services.admin.adapters.national_directory import NationalDirectory
from services.admin.adapters.sessions import Sessions
from services.admin.adapters.sign_in_tries import SignInTries
from services.admin.adapters.signing import SigningKeys
from services.admin.domain.account import BY_SYSTEM
from services.admin.entrypoints.browser import Cookies
from services.admin.entrypoints.http.sessions import session_routes
from services.admin.entrypoints.http.sign_in import sign_in_routes
from services.admin.entrypoints.performing import perform
from services.admin.entrypoints.signing_in import SigningIn
from services.admin.settings import LEVELS
from shared.clock import utc_now
from shared.database.pool import Database
from shared.http.app import new_app
from shared.messaging.runner import BatchRunner

ISSUER = "https://idp.example.org"
US = "https://vardvaxel.example.org"
KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})


@dataclass
class FakeProvider:
    """Correct unless told otherwise. A claim of None is left out."""

    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    callback: dict[str, str] = field(default_factory=dict)
    forge: Callable[[str], str | None] = str
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": "somebody"})
    key: RSAKey = field(default_factory=lambda: KEY)
    keys: list[RSAKey] = field(default_factory=lambda: [KEY])
    asked_for_keys: int = 0
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorize(self, url: str) -> dict[str, str]:
        """The person signs in here; gives the parameters that the browser comes back with."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["code_challenge_method"] == "S256"
        code = uuid4().hex
        self._codes[code] = asked
        return {"code": code, "state": asked["state"], **self.callback}

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """What it says to admin."""
        path = request.url.path
        if path == "/.well-known/openid-configuration":
            return httpx2.Response(200, json=self._about_itself())
        if path == "/keys":
            self.asked_for_keys += 1
            return httpx2.Response(200, json={"keys": [key.as_dict(private=False) for key in self.keys]})
        if path == "/userinfo":
            return httpx2.Response(200, json=self.userinfo)
        return self._token(request)

    def _about_itself(self) -> dict[str, Any]:
        own = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "code_challenge_methods_supported": ["S256"],
        }
        return own | self.metadata

    def _token(self, request: httpx2.Request) -> httpx2.Response:
        sent = dict(parse_qsl(request.content.decode()))
        asked = self._codes.pop(sent["code"], None)
        known = request.headers["authorization"] == "Basic " + base64.b64encode(b"us:secret").decode()
        digest = sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or not known or challenge != asked["code_challenge"]:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        assert sent["redirect_uri"] == asked["redirect_uri"] == f"{US}/sign-in/callback"
        now = int(utc_now().timestamp())
        claims = {
            "iss": ISSUER,
            "sub": "somebody",
            "aud": "us",
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            "acr": LEVELS[1],
            "employeeHsaId": "SE2321000016-Id01",
            "given_name": "Ida",
            "family_name": "Ek",
            **self.claims,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode({"alg": "RS256", "kid": self.key.kid}, said, self.key)
        answer = {"access_token": "opaque", "token_type": "Bearer", "id_token": self.forge(token)}
        return httpx2.Response(200, json={name: value for name, value in answer.items() if value is not None})


class Desk:
    """Admin's doors for signing in, on a real database, with a clock that a test moves."""

    def __init__(
        self,
        database: Database,
        runner: BatchRunner,
        cards: Cards | None = None,
        national: NationalDirectory | None = None,
    ) -> None:
        self.database = database
        self.provider = FakeProvider()
        self.later = timedelta()
        self.sessions = Sessions(database, self.clock)
        self.keys = SigningKeys(database, bytes(32), utc_now)
        self.directory = Directory(database)
        self.itself = partial(perform, runner, who=BY_SYSTEM)
        tries = SignInTries(database, self.clock, self.itself)
        cookies = Cookies(bytes(32))
        signing_in = SigningIn(runner, self.directory, self.sessions, tries, cookies, self.clock, national)
        self.identity = IdentityProvider(
            Provider(
                ISSUER,
                "us",
                "secret",
                f"{US}/sign-in/callback",
                "openid profile",
                ("RS256", "ES256"),
                LEVELS[1:],
            ),
            utc_now,
            httpx2.MockTransport(self.provider.answer),
        )
        self.app: FastAPI = new_app("desk", body_limit=100_000, alive=list, ready=list)
        self.app.include_router(
            sign_in_routes(
                signing_in,
                self.identity,
                cards,
                return_paths=("/staff/", "/session"),
                levels=LEVELS,
                least_level=LEVELS[1],
            )
        )
        self.app.include_router(session_routes(signing_in, self.keys))

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.later

    def browser(self) -> "Browser":
        """A browser that knows nothing yet."""
        return Browser(self)


class Browser:
    """Keeps cookies as browsers do, and sends the CSRF token that it learned."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.cookies: dict[str, str] = {}
        self.csrf_token = ""

    async def ask(self, method: str, path: str, *, csrf: bool = True, **options: Any) -> httpx.Response:
        """One request, with the cookies and the token."""
        headers = {
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
            **options.pop("headers", {}),
        }
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if csrf and self.csrf_token:
            headers["X-CSRF-Token"] = self.csrf_token
        transport = httpx.ASGITransport(self._desk.app)
        async with httpx.AsyncClient(base_url=US, transport=transport) as client:
            answer = await client.request(method, path, headers=headers, **options)
        for line in answer.headers.get_list("set-cookie"):
            assert all(word in line for word in ("Secure", "HttpOnly", "Path=/", "SameSite=lax")), line
            assert "Domain" not in line
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if not morsel.value:
                    del self.cookies[name]
        if path.startswith("/session") and answer.status_code == 200 and "csrf_token" in answer.text:
            self.csrf_token = answer.json()["csrf_token"]
        return answer

    async def go_to_provider(self, return_to: str = "/staff/") -> dict[str, str]:
        """Begin; gives the parameters that the provider sends back."""
        answer = await self.ask("GET", "/sign-in", params={"return_to": return_to})
        assert answer.status_code == 302, answer.text
        return self._desk.provider.authorize(answer.headers["location"])

    async def come_back(self, parameters: Any) -> httpx.Response:
        """Come back from the provider with these."""
        return await self.ask("GET", "/sign-in/callback", params=parameters)

    async def sign_in(self, return_to: str = "/staff/") -> httpx.Response:
        """All the way."""
        answer = await self.come_back(await self.go_to_provider(return_to))
        if answer.status_code == 303:
            await self.ask("GET", "/session")
        return answer


def code_of(answer: httpx.Response) -> str:
    """Why something was refused."""
    code: str = json.loads(answer.content)["type"].rpartition(":")[2]
    return code
