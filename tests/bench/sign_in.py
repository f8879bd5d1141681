"""People sign in, back from the identity provider or by card: over the session to a token for intake."""

import random
from collections.abc import Sequence
from functools import partial
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import httpx

from deploy.local.stack import Stack
from tests.bench.cards import handed_on
from tests.bench.open_loop import on_time, p50_and_p99


class Browser:
    """One person's, as far as it is needed. Cookies are kept by hand: they are for HTTPS alone."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._cookies: dict[str, str] = {}
        self._callback = ""

    async def go_to_provider(self, staff_id: str) -> None:
        """Begin, and sign in there; what comes next is the way back."""
        there = await self._ask("GET", "/sign-in", expect=302)
        back = await self._client.post(there.headers["location"], data={"sub": staff_id})
        address = urlsplit(back.headers["location"])
        self._callback = f"{address.path}?{address.query}"

    async def come_back(self) -> None:
        """Back from the provider: admin asks it for the identity, opens a session, and gives a token."""
        await self._ask("GET", self._callback, expect=303)
        await self._take_token()

    async def show_card(self, handed_on: dict[str, str]) -> None:
        """Through the proxy that takes cards, played by whoever calls: chain and revocation are checked again."""
        await self._ask("GET", "/sign-in/card", expect=303, headers=handed_on)
        await self._take_token()

    async def _take_token(self) -> None:
        session = (await self._ask("GET", "/session", expect=200)).json()
        headers = {"X-CSRF-Token": session["csrf_token"]}
        await self._ask("POST", "/session/tokens", expect=200, headers=headers, json={"audience": "intake"})

    async def _ask(
        self,
        method: str,
        address: str,
        *,
        expect: int,
        headers: dict[str, str] | None = None,
        json: dict[str, str] | None = None,
    ) -> httpx.Response:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        answer = await self._client.request(method, address, headers=sent | (headers or {}), json=json)
        if answer.status_code != expect:
            raise NotSignedIn(f"{method} {urlsplit(address).path}: {answer.status_code} {answer.text[:200]}")
        for line in answer.headers.get_list("set-cookie"):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer


class NotSignedIn(Exception):
    """Admin answered something else."""


async def sign_people_in(
    stack: Stack, staff_ids: Sequence[str], rate: float, dice: random.Random
) -> dict[str, float]:
    """Milliseconds at the median and the 99th percentile, the provider's own time to tell who it is included."""
    async with httpx.AsyncClient(base_url=stack.service("admin").url, timeout=30) as client:
        browsers = [Browser(client) for _ in staff_ids]
        for browser, staff_id in zip(browsers, staff_ids, strict=True):
            await browser.go_to_provider(staff_id)
        return p50_and_p99(await on_time([browser.come_back for browser in browsers], rate, dice))


async def show_cards(
    stack: Stack, staff_ids: Sequence[str], rate: float, dice: random.Random
) -> dict[str, float]:
    """The same by card."""
    async with httpx.AsyncClient(base_url=stack.service("admin").url, timeout=30) as client:
        acts = [partial(Browser(client).show_card, handed_on(staff_id)) for staff_id in staff_ids]
        return p50_and_p99(await on_time(acts, rate, dice))
