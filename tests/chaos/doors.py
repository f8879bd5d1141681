"""HTTP as staff and portals use it: to either instance, with a fresh token, and again with the same key if need be."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from tests.chaos.entries import Act, Reply
from tests.chaos.journals import Journals, now

PATIENCE = 30.0
"""Seconds that a client tries before it gives up without an answer."""
_TOKEN_FOR = 200.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 1.5
_UNAUTHORIZED = 401
UrlOf = Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a member of staff by HSA-id, or a portal with its secret."""

    id: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back in the end; status 0 if nothing did."""

    status: int = 0
    tries: int = 0
    body: Any = None
    etag: int = 0

    @property
    def ok(self) -> bool:
        """A success."""
        return 200 <= self.status < 300


class Doors:
    """The way in. `url_of` says where an instance of a service answers; `instances` is how many there are of each."""

    def __init__(
        self, journals: Journals, url_of: UrlOf, chance: random.Random, *, instances: int = 2
    ) -> None:
        self.journals = journals
        self._url_of = url_of
        self._chance = chance
        self._instances = instances
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=100)
        self._client = httpx.AsyncClient(timeout=10, limits=limits)
        self._tokens: dict[str, tuple[str, float]] = {}

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def act(
        self,
        who: Caller,
        act: str,
        service: str,
        method: str,
        path: str,
        *,
        body: Any = None,
        case_id: str = "",
        seen: int | None = None,
        epoch: int = 0,
        target: str = "",
    ) -> Answer:
        """Ask for something that the checker must know of: written down before and after."""
        number = self.journals.number()
        self.journals.acts.note(Act(number, now(), who.id, act, case_id, epoch, seen or 0, target))
        headers = {} if seen is None else {"If-Match": f'"{seen}"'}
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid4())
        answer = await self.ask(who, service, method, path, body=body, headers=headers)
        self.journals.replies.note(Reply(number, now(), answer.status, answer.tries, _worth_noting(answer)))
        return answer

    async def ask(
        self,
        who: Caller,
        service: str,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Try, and try again with the same headers, until something other than a fault of the system comes back."""
        until = now() + PATIENCE
        pause, tries = _FIRST_PAUSE, 0
        while True:
            tries += 1
            answer = await self._once(who, service, method, path, body, headers or {})
            if answer.status == _UNAUTHORIZED:
                self._tokens.pop(who.id, None)
            elif 0 < answer.status < 500:
                return Answer(answer.status, tries, answer.body, answer.etag)
            if now() > until:
                return Answer(0, tries)
            await asyncio.sleep(pause * (0.5 + self._chance.random()))
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _once(
        self, who: Caller, service: str, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> Answer:
        try:
            token = await self._token(who)
            url = self._url_of(service, 1 + self._chance.randrange(self._instances)) + path
            content = {"content": body} if isinstance(body, bytes) else {"json": body}
            authorized = {"Authorization": f"Bearer {token}", **headers}
            response = await self._client.request(
                method, url, headers=authorized, **(content if body is not None else {})
            )
        except httpx.HTTPStatusError as refused:  # no token: locked out, or the portal is switched off
            return Answer(refused.response.status_code, 1)
        except httpx.HTTPError:
            return Answer()
        etag = response.headers.get("etag", "").strip('"')
        is_json = "json" in response.headers.get("content-type", "")
        return Answer(
            response.status_code,
            1,
            response.json() if is_json else None,
            int(etag) if etag.isdigit() else 0,
        )

    async def _token(self, who: Caller) -> str:
        token, until = self._tokens.get(who.id, ("", 0.0))
        if now() < until:
            return token
        url = self._url_of("admin", 1 + self._chance.randrange(self._instances))
        if who.secret:
            grant = {
                "grant_type": "client_credentials",
                "client_id": who.id,
                "client_secret": who.secret,
            }
            response = await self._client.post(f"{url}/tokens", json=grant)
        else:
            response = await self._client.post(f"{url}/development/sign-in", json={"hsa_id": who.id})
        response.raise_for_status()
        token = str(response.json()["access_token"])
        self._tokens[who.id] = token, now() + _TOKEN_FOR
        return token


def _worth_noting(answer: Answer) -> dict[str, Any]:
    """Ids, versions and codes; never what anybody wrote."""
    if not isinstance(answer.body, dict):
        return {}
    kept = {
        name: answer.body[name]
        for name in ("case_id", "clinic_id", "version", "epoch", "message_id", "holder", "state", "staff_id")
        if name in answer.body
    }
    if codes := [reason.get("code") for reason in answer.body.get("reasons", ())]:
        kept["codes"] = codes
    return kept
