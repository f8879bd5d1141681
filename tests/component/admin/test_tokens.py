"""Tokens: for portals by their secrets, for staff in development only; signing keys that come and go."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import orjson
import pytest
from joserfc.jws import extract_compact

from services.admin.adapters.signing import SigningKeys, WrongMasterKey
from shared.clock import utc_now
from shared.contracts.topics import SERVICES
from shared.database.pool import Database
from shared.security.keys import Verifier
from shared.security.tokens import Actor, BadToken
from shared.testing.outbox import waiting_messages
from tests.component.admin.running import Admin

ANNA = Actor("staff", "SE2321000016-ANNA")


async def test_a_portal_gets_a_token_by_form_by_json_and_by_basic(admin: Admin) -> None:
    given = {
        "grant_type": "client_credentials",
        "client_id": "minvard",
        "client_secret": "minvard-development-secret",
    }
    basic = (given["client_id"], given["client_secret"])

    answers = [
        await admin.call("POST", "/tokens", data=given),
        await admin.call("POST", "/tokens", json=given),
        await admin.call("POST", "/tokens", data={"grant_type": "client_credentials"}, auth=basic),
    ]

    for answer in answers:
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 300)
    elsewhere = await admin.call("GET", "/clinics", answers[0].json()["access_token"])
    assert elsewhere.status_code == 401, "a portal's token is for intake alone"


@pytest.mark.parametrize(
    ("asked", "status", "error"),
    (
        ({"client_id": "minvard", "client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody", "client_secret": "x"}, 401, "invalid_client"),
        ({"client_id": "a\x00", "client_secret": "å"}, 401, "invalid_client"),
        ({"client_id": "minvard"}, 400, "invalid_request"),
        (
            {"client_id": "minvard", "client_secret": "x", "grant_type": "password"},
            400,
            "unsupported_grant_type",
        ),
    ),
)
async def test_what_proves_nothing_gets_no_token(
    admin: Admin, asked: dict[str, str], status: int, error: str
) -> None:
    body = {"grant_type": "client_credentials", **asked}
    answer = await admin.call("POST", "/tokens", json=body)

    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    ("accepted", "language", "title", "said"),
    (
        ("", "sv", "Du är inte inloggad", "Portalen är okänd"),
        ("sv-SE, en;q=0.5", "sv", "Du är inte inloggad", "Portalen är okänd"),
        ("en", "en", "You are not signed in", "The portal is unknown"),
    ),
)
async def test_a_refusal_of_a_token_is_told_in_the_language_asked_for(
    admin: Admin, accepted: str, language: str, title: str, said: str
) -> None:
    asked = {"grant_type": "client_credentials", "client_id": "minvard", "client_secret": "wrong"}
    answer = await admin.call("POST", "/tokens", data=asked, headers={"Accept-Language": accepted})
    problem = answer.json()

    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.headers["content-language"], problem["title"]) == (language, title)
    assert problem["detail"].startswith(said)
    assert [reason["field"] for reason in problem["reasons"]] == ["client_secret"]
    assert problem["reasons"][0]["message"] == problem["detail"]
    assert (answer.headers["www-authenticate"], answer.headers["cache-control"]) == ("Basic", "no-store")
    assert (problem["error"], problem["error_description"].isascii()) == ("invalid_client", True)


@pytest.mark.parametrize("content", (b"", b"\xff\xfe", b"[1]", b"{", b"a=1&a=2&" * 50))
async def test_nonsense_is_refused(admin: Admin, content: bytes) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        answer = await admin.call("POST", "/tokens", content=content, headers={"Content-Type": kind})
        assert answer.status_code == 400


async def test_a_new_portal_s_secret_is_shown_once_works_and_rotates(admin: Admin) -> None:
    boss, portal_id = await admin.signed_in(), f"portal-{uuid4().hex[:8]}"
    key = {"Idempotency-Key": str(uuid4())}
    path, body = f"/portals/{portal_id}", {"portal_id": portal_id, "name": "Provportalen"}

    async def token(secret: str) -> int:
        asked = {"grant_type": "client_credentials", "client_id": portal_id, "client_secret": secret}
        return (await admin.call("POST", "/tokens", data=asked)).status_code

    created = await admin.call("POST", "/portals", boss, json=body, headers=key)
    repeated = await admin.call("POST", "/portals", boss, json=body, headers=key)
    secret = created.json()["secret"]
    assert created.json() == repeated.json(), "an answer that got lost can be asked for again"
    assert "secret" not in (await admin.call("GET", path, boss)).json()
    assert await token(secret) == 200
    rotated = await admin.call("POST", f"{path}/secret", boss, headers={"If-Match": '"1"'})
    assert rotated.json()["secret"] != secret
    assert [await token(rotated.json()["secret"]), await token(secret)] == [200, 200]
    off = {"name": "Provportalen", "active": False}
    await admin.call("PUT", path, boss, json=off, headers={"If-Match": '"2"'})
    assert await token(rotated.json()["secret"]) == 401


async def test_people_sign_in_for_development_by_their_hsa_id(admin: Admin) -> None:
    unknown = await admin.call("POST", "/development/sign-in", json={"hsa_id": "SE2321000016-NOBODY"})
    nonsense = await admin.call("POST", "/development/sign-in", json={"hsa_id": "nobody"})
    pasted = await admin.call("POST", "/development/sign-in", json={"hsa_id": " se2321000016-p003 "})
    people = (await admin.call("GET", "/development/people")).json()

    assert (unknown.status_code, unknown.json()["reasons"][0]["code"]) == (403, "account_unknown")
    assert nonsense.status_code == 422
    assert pasted.status_code == 200
    assert len(people) >= 20


async def test_without_a_token_nobody_is_anybody(admin: Admin) -> None:
    answers = [await admin.call("GET", "/clinics", token) for token in ("", "x.y.z", "e30.e30.e30")]

    assert [answer.status_code for answer in answers] == [401, 401, 401]


async def test_a_new_key_is_known_before_it_signs_and_the_old_one_outlives_its_tokens(
    database: Database,
) -> None:
    at = utc_now()

    def clock() -> datetime:
        return at

    keys, verifier = SigningKeys(database, bytes(32), clock), Verifier(database, clock, "intake")
    await asyncio.gather(*(keys.ensure() for _ in range(3)))
    assert len(await database.fetch("SELECT FROM own_keys")) == 1, "several processes that start make one key"
    old = await keys.token_for(ANNA, ("intake",))
    await keys.rotate()
    assert _key_of(await keys.token_for(ANNA, ("intake",))) == _key_of(old), (
        "half a minute for the verifiers to hear of it"
    )
    at += timedelta(seconds=31)
    await keys.retire()
    new = await keys.token_for(ANNA, ("intake",))
    assert _key_of(new) != _key_of(old)
    assert [await verifier.verify(token) for token in (old, new)] == [ANNA, ANNA]
    at += timedelta(minutes=7)
    await keys.retire()
    await verifier.refresh()
    with pytest.raises(BadToken, match="unknown key"):
        await verifier.verify(old)
    states = await database.fetch("SELECT revoked, version FROM signing_keys ORDER BY revoked")
    assert [tuple(row) for row in states] == [(False, 1), (True, 2)]
    assert len(await waiting_messages(database, "admin.directory.events")) == 3


@pytest.mark.parametrize("service", ("intake", "routing", "notify", "admin"))
async def test_a_token_is_good_at_the_services_that_it_names_and_at_no_other(
    database: Database, service: str
) -> None:
    keys, verifier = SigningKeys(database, bytes(32), utc_now), Verifier(database, utc_now, service)
    await keys.ensure()
    others = set(SERVICES) - {service}

    assert await verifier.verify(await keys.token_for(ANNA, (service,), session="s")) == ANNA
    assert await verifier.verify(await keys.token_for(ANNA, SERVICES)) == ANNA
    for audience in (others, (), {f"{service}x"}):
        with pytest.raises(BadToken, match="for somebody else"):
            await verifier.verify(await keys.token_for(ANNA, audience))


async def test_a_stolen_key_is_worthless_at_once(database: Database) -> None:
    at = utc_now()
    keys, verifier = SigningKeys(database, bytes(32), lambda: at), Verifier(database, lambda: at, "intake")
    await keys.ensure()
    stolen = await keys.token_for(ANNA, ("intake",))
    assert await verifier.verify(stolen) == ANNA

    await keys.rotate(at_once=True)
    at += timedelta(seconds=6)

    with pytest.raises(BadToken):
        await verifier.verify(stolen)
    assert await verifier.verify(await keys.token_for(ANNA, ("intake",))) == ANNA


async def test_the_private_key_is_sealed_with_the_master_key(database: Database) -> None:
    await SigningKeys(database, bytes(32), utc_now).ensure()

    [row] = await database.fetch("SELECT sealed FROM own_keys")
    assert b"Ed25519" not in row["sealed"]
    with pytest.raises(WrongMasterKey):
        await SigningKeys(database, bytes([1]) * 32, utc_now).ensure()


def _key_of(token: str) -> str:
    return token.partition(".")[0]


async def test_a_token_reaches_as_far_as_is_asked_for_and_no_further_than_the_client(admin: Admin) -> None:
    boss, system_id = await admin.signed_in(), f"system-{uuid4().hex[:8]}"
    wish = {"portal_id": system_id, "name": "Kartan", "kind": "system", "requests_per_minute": 90}
    created = (await admin.call("POST", "/portals", boss, json=wish)).json()
    assert (created["scopes"], created["secret_state"], created["last_used_at"]) == (
        ["catalogue:read"],
        "good",
        None,
    )

    async def asked(client: str, secret: str, **more: str) -> httpx.Response:
        grant = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret, **more}
        return await admin.call("POST", "/tokens", data=grant)

    all_it_has = (await asked(system_id, created["secret"])).json()
    fewer = (await asked("minvard", "minvard-development-secret", scope="cases:read")).json()
    too_much = await asked(system_id, created["secret"], scope="catalogue:read cases:read")

    assert (all_it_has["scope"], fewer["scope"]) == ("catalogue:read", "cases:read")
    claims = orjson.loads(extract_compact(all_it_has["access_token"].encode()).payload)
    assert (claims["scope"], claims["per_minute"]) == ("catalogue:read", 90)
    assert all_it_has["client_secret_expires_at"] > utc_now().timestamp() + 360 * 24 * 3600
    assert (too_much.status_code, too_much.json()["error"]) == (400, "invalid_scope")
    shown = (await admin.call("GET", f"/portals/{system_id}", boss)).json()
    listed = {p["portal_id"]: p for p in (await admin.call("GET", "/portals", boss)).json()}
    assert shown["last_used_at"] == listed[system_id]["last_used_at"] is not None


async def test_who_asks_for_tokens_without_end_is_told_to_wait_and_nobody_else_is(admin: Admin) -> None:
    flood = {"grant_type": "client_credentials", "client_id": f"x{uuid4().hex[:8]}", "client_secret": "x"}
    answers = await asyncio.gather(*(admin.call("POST", "/tokens", data=flood) for _ in range(150)))
    answer = next(answer for answer in answers if answer.status_code != 401)
    own = {"client_id": "minvard", "client_secret": "minvard-development-secret"}

    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) >= 1
    assert (await admin.call("POST", "/tokens", data=flood | own)).status_code == 200
