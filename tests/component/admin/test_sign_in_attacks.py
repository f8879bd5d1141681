"""Attacks on the sign-in with the identity provider: each is refused, for its own reason, and nobody is signed in."""

import base64
import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt

from services.admin.entrypoints.browser import ATTEMPT, SESSION
from services.admin.settings import LEVELS
from shared.clock import utc_now
from tests.component.admin.identity import ISSUER, KEY, STRANGER, Browser, Desk, code_of

SOON = int(utc_now().timestamp()) + 3_600


async def must_be_refused(desk: Desk, browser: Browser, answer: httpx.Response, reason: str) -> None:
    assert (answer.status_code, code_of(answer)) == (403, reason)
    assert answer.headers["content-type"] == "application/problem+json"
    assert SESSION not in browser.cookies
    assert (await browser.ask("GET", "/session")).status_code == 401


@pytest.mark.parametrize(
    ("claims", "reason"),
    (
        ({"iss": "https://other.example.org"}, "wrong_iss"),
        ({"iss": None}, "no_iss"),
        ({"aud": "another-client"}, "wrong_aud"),
        ({"aud": ["us", "another-client"]}, "no_azp"),
        ({"azp": "another-client"}, "wrong_azp"),
        ({"nonce": "of-another-sign-in"}, "wrong_nonce"),
        ({"nonce": None}, "no_nonce"),
        ({"exp": 1_000}, "expired"),
        ({"exp": None}, "no_exp"),
        ({"exp": "tomorrow"}, "wrong_exp"),
        ({"iat": SOON, "exp": SOON + 300}, "wrong_iat"),
        ({"iat": None}, "no_iat"),
        ({"nbf": SOON}, "wrong_nbf"),
        ({"sub": None}, "no_sub"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "wrong_at_hash"),
        ({"acr": None}, "no_level"),
        ({"acr": LEVELS[0]}, "level_too_low"),
        ({"acr": "urn:made-up:high"}, "level_too_low"),
        ({"acr": [LEVELS[2]]}, "no_level"),
        ({"employeeHsaId": None}, "no_hsa_id"),
        ({"employeeHsaId": "SE2321000016"}, "malformed_hsa_id"),
        ({"employeeHsaId": "SE2321000016-Id01\nSE2321000016-BOSS"}, "malformed_hsa_id"),
        ({"allEmployeeHsaIds": {"a": "SE2321000016-BOSS"}}, "malformed_hsa_id"),
        ({"allEmployeeHsaIds": ["SE2321000016-Id01", 7]}, "malformed_hsa_id"),
    ),
)
async def test_claims_that_do_not_belong_to_this_sign_in(
    desk: Desk, claims: dict[str, Any], reason: str
) -> None:
    desk.provider.claims, browser = claims, desk.browser()

    await must_be_refused(desk, browser, await browser.sign_in(), reason)


def _payload(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def _b64(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def without_signature(token: str) -> str:
    return f"{_b64({'alg': 'none'})}.{_b64(_payload(token))}."


def hmac_with_the_public_key(token: str) -> str:
    signed = f"{_b64({'alg': 'HS256', 'kid': 'first'})}.{_b64(_payload(token))}"
    digest = hmac.digest(KEY.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def changed_after_signing(token: str) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{_b64(_payload(token) | {'employeeHsaId': 'SE2321000016-BOSS'})}.{signature}"


def with_a_key_of_its_own(token: str) -> str:
    header = {"alg": "RS256", "kid": "mine", "jwk": STRANGER.as_dict(private=False)}
    return jwt.encode(header, _payload(token), STRANGER)


def with_a_key_to_fetch(token: str) -> str:
    header = {"alg": "RS256", "kid": "mine", "jku": "https://attacker.example.org/keys"}
    return jwt.encode(header, _payload(token), STRANGER)


def with_another_algorithm(token: str) -> str:
    return jwt.encode({"alg": "RS512", "kid": "first"}, _payload(token), KEY, algorithms=["RS512"])


@pytest.mark.parametrize(
    ("forge", "reason"),
    (
        (without_signature, "wrong_alg"),
        (hmac_with_the_public_key, "wrong_alg"),
        (changed_after_signing, "bad_id_token"),
        (with_a_key_of_its_own, "bad_id_token"),
        (with_a_key_to_fetch, "unknown_key"),
        (
            lambda token: jwt.encode({"alg": "RS256", "kid": "first"}, _payload(token), STRANGER),
            "bad_id_token",
        ),
        (with_another_algorithm, "wrong_alg"),
        (lambda _: "no.jwt", "bad_id_token"),
        (lambda _: None, "no_id_token"),
    ),
)
async def test_tokens_that_the_provider_did_not_sign(
    desk: Desk, forge: Callable[[str], str | None], reason: str
) -> None:
    desk.provider.forge, browser = forge, desk.browser()

    await must_be_refused(desk, browser, await browser.sign_in(), reason)


async def state_missing(desk: Desk, browser: Browser) -> httpx.Response:
    back = await browser.go_to_provider()
    return await browser.come_back({"code": back["code"]})


async def state_of_somebody_else(desk: Desk, browser: Browser) -> httpx.Response:
    await browser.go_to_provider()
    return await browser.come_back(await desk.browser().go_to_provider())


async def state_twice(desk: Desk, browser: Browser) -> httpx.Response:
    back = await browser.go_to_provider()
    return await browser.come_back([*back.items(), ("state", "another")])


async def in_another_browser(desk: Desk, browser: Browser) -> httpx.Response:
    return await browser.come_back(await desk.browser().go_to_provider())


async def the_cookie_tampered_with(desk: Desk, browser: Browser) -> httpx.Response:
    back = await browser.go_to_provider()
    sealed = bytearray(base64.urlsafe_b64decode(browser.cookies[ATTEMPT]))
    sealed[20] ^= 1
    browser.cookies[ATTEMPT] = base64.urlsafe_b64encode(bytes(sealed)).decode()
    return await browser.come_back(back)


async def the_cookie_made_up(desk: Desk, browser: Browser) -> httpx.Response:
    back = await browser.go_to_provider()
    browser.cookies[ATTEMPT] = "eyJhIjoxfQ=="
    return await browser.come_back(back)


async def too_late(desk: Desk, browser: Browser) -> httpx.Response:
    back = await browser.go_to_provider()
    desk.later = timedelta(minutes=10, seconds=1)
    return await browser.come_back(back)


async def the_same_callback_again(desk: Desk, browser: Browser) -> httpx.Response:
    back = await browser.go_to_provider()
    attempt = browser.cookies[ATTEMPT]
    assert (await browser.come_back(back)).status_code == 303
    browser.cookies = {ATTEMPT: attempt}
    return await browser.come_back(back)


async def a_used_code_in_a_new_sign_in(desk: Desk, browser: Browser) -> httpx.Response:
    other = desk.browser()
    used = await other.go_to_provider()
    assert (await other.come_back(used)).status_code == 303
    return await browser.come_back({**await browser.go_to_provider(), "code": used["code"]})


async def a_stolen_code(desk: Desk, browser: Browser) -> httpx.Response:
    stolen = await desk.browser().go_to_provider()
    return await browser.come_back({**await browser.go_to_provider(), "code": stolen["code"]})


async def the_person_says_no(desk: Desk, browser: Browser) -> httpx.Response:
    return await browser.come_back({**await browser.go_to_provider(), "error": "access_denied"})


async def the_provider_says_no(desk: Desk, browser: Browser) -> httpx.Response:
    return await browser.come_back({**await browser.go_to_provider(), "error": "server_error"})


async def no_code(desk: Desk, browser: Browser) -> httpx.Response:
    return await browser.come_back({**await browser.go_to_provider(), "code": ""})


async def another_provider_s_answer(desk: Desk, browser: Browser) -> httpx.Response:
    return await browser.come_back({**await browser.go_to_provider(), "iss": "https://other.example.org"})


async def an_answer_that_hides_its_provider(desk: Desk, browser: Browser) -> httpx.Response:
    desk.provider.metadata = {"authorization_response_iss_parameter_supported": True}
    return await browser.come_back(await browser.go_to_provider())


async def metadata_of_another_provider(desk: Desk, browser: Browser) -> httpx.Response:
    desk.provider.metadata = {"issuer": "https://other.example.org"}
    return await browser.ask("GET", "/sign-in")


async def endpoints_without_tls(desk: Desk, browser: Browser) -> httpx.Response:
    desk.provider.metadata = {"token_endpoint": ISSUER.replace("https", "http")}
    return await browser.ask("GET", "/sign-in")


async def pkce_talked_away(desk: Desk, browser: Browser) -> httpx.Response:
    desk.provider.metadata = {"code_challenge_methods_supported": ["plain"]}
    return await browser.ask("GET", "/sign-in")


async def userinfo_about_somebody_else(desk: Desk, browser: Browser) -> httpx.Response:
    desk.provider.claims = {"employeeHsaId": None}
    desk.provider.userinfo = {"sub": "somebody-else", "employeeHsaId": "SE2321000016-BOSS"}
    return await browser.sign_in()


@pytest.mark.parametrize(
    ("attack", "reason"),
    (
        (state_missing, "wrong_state"),
        (state_of_somebody_else, "wrong_state"),
        (state_twice, "ambiguous_callback"),
        (in_another_browser, "no_attempt"),
        (the_cookie_tampered_with, "no_attempt"),
        (the_cookie_made_up, "no_attempt"),
        (too_late, "attempt_expired"),
        (the_same_callback_again, "attempt_used"),
        (a_used_code_in_a_new_sign_in, "code_refused"),
        (a_stolen_code, "code_refused"),
        (the_person_says_no, "cancelled"),
        (the_provider_says_no, "provider_refused"),
        (no_code, "no_code"),
        (another_provider_s_answer, "wrong_iss"),
        (an_answer_that_hides_its_provider, "wrong_iss"),
        (metadata_of_another_provider, "wrong_issuer"),
        (endpoints_without_tls, "insecure_provider"),
        (pkce_talked_away, "provider_without_pkce"),
        (userinfo_about_somebody_else, "wrong_sub"),
    ),
)
async def test_ways_around_the_flow(
    desk: Desk, attack: Callable[[Desk, Browser], Awaitable[httpx.Response]], reason: str
) -> None:
    browser = desk.browser()

    await must_be_refused(desk, browser, await attack(desk, browser), reason)


@pytest.mark.parametrize(
    "wanted",
    (
        "https://evil.example.org/",
        "//evil.example.org/",
        "/\\evil.example.org",
        "/staff/\\..\\..",
        "/staff/../../evil",
        "/staff/%2e%2e/evil",
        "/staffevil",
        "javascript:alert(1)",
        "/session\r\nSet-Cookie: a=b",
        "/stäff/",
        "staff/",
        "",
    ),
)
async def test_no_sign_in_leads_to_a_place_that_is_not_allowed(desk: Desk, wanted: str) -> None:
    answer = await desk.browser().sign_in(wanted)

    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/")


async def test_an_allowed_place_is_gone_on_to(desk: Desk) -> None:
    for wanted in ("/session", "/staff/cases?clinic=x"):
        assert (await desk.browser().sign_in(wanted)).headers["location"] == wanted


async def test_a_session_that_was_planted_is_not_taken_over(desk: Desk) -> None:
    attacker, victim = desk.browser(), desk.browser()
    await attacker.sign_in()
    victim.cookies[SESSION] = attacker.cookies[SESSION]

    await victim.sign_in()

    assert victim.cookies[SESSION] != attacker.cookies[SESSION]
    assert (await attacker.ask("GET", "/session")).status_code == 401, "the planted one is ended"


async def test_what_failed_is_recorded_without_the_noise_of_who_never_began(desk: Desk) -> None:
    async def refused() -> list[str]:
        rows = await desk.database.fetch("SELECT result FROM sign_ins WHERE result <> 'ok' ORDER BY number")
        return [row[0] for row in rows]

    before = len(await refused())
    desk.provider.claims = {"acr": LEVELS[0]}
    await desk.browser().sign_in()
    await desk.browser().come_back({"state": "x", "code": "x"})

    assert (await refused())[before:] == ["level_too_low"]
