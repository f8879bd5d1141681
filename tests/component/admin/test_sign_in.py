"""Signing in with the identity provider: the account, the terms, the clinic, and the session from first to last."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from services.admin.application.seed import OPERATOR, SeedRegion
from services.admin.application.sign_in.commands import PublishTerms
from services.admin.application.sign_in.wishes import NewTerms
from services.admin.domain.session import IDLE, LONGEST
from services.admin.domain.throttle import PROVEN_MOST
from services.admin.entrypoints.browser import SESSION
from services.admin.entrypoints.performing import perform
from services.admin.settings import LEVELS
from shared.clock import utc_now
from shared.contracts.events.admin import Role
from shared.database.pool import Database
from shared.messaging.runner import BatchRunner
from shared.security.keys import Verifier
from shared.security.tokens import BadToken
from tests.component.admin.identity import Browser, Desk, code_of
from tests.unit.admin.cards import DAY, HSA_ID, MIDDLE, ROOT, Wish, certificate, headers, revocations
from tests.unit.admin.cards import Desk as CardDesk


def an_id() -> str:
    return f"SE2321000016-{uuid4().hex[:10]}"


async def registered(
    runner: BatchRunner, at: Mapping[str, frozenset[Role]], hsa_id: str = "", name: str = "As registered"
) -> str:
    """A colleague who was registered beforehand, with roles at clinics that are made too."""
    hsa_id = hsa_id or an_id()
    permissions = [{"clinic_id": clinic, "roles": sorted(roles)} for clinic, roles in at.items()]
    seed = SeedRegion.model_validate(
        {
            "region": "test",
            "clinics": [{"clinic_id": clinic, "name": clinic, "active": False} for clinic in at],
            "accounts": [{"staff_id": hsa_id, "name": name, "permissions": permissions}],
        }
    )
    await perform(runner, seed, OPERATOR)
    return hsa_id


async def signed_in(desk: Desk, *hsa_ids: str) -> Browser:
    desk.provider.claims = {"employeeHsaId": hsa_ids[0], "allEmployeeHsaIds": list(hsa_ids)}
    browser = desk.browser()
    answer = await browser.sign_in()
    assert answer.status_code == 303, answer.text
    return browser


async def session_of(browser: Browser) -> dict[str, Any]:
    answer = await browser.ask("GET", "/session")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def token(browser: Browser, audience: str) -> Any:
    return await browser.ask("POST", "/session/tokens", json={"audience": audience})


async def test_the_first_sign_in_makes_the_account_without_any_role(desk: Desk) -> None:
    hsa_id = an_id()
    await desk.keys.ensure()

    browser = await signed_in(desk, hsa_id)

    session = await session_of(browser)
    assert (session["staff_id"], session["name"]) == (hsa_id.upper(), "Ida Ek")
    assert session["accounts"][0]["hsa_id"] == hsa_id, "as the provider writes it"
    assert (session["step"], session["clinics"]) == ("wait_for_permission", [])
    assert (await token(browser, "admin")).status_code == 200
    assert code_of(await token(browser, "intake")) == "clinic_not_chosen"
    published = await desk.database.fetch("SELECT state FROM history WHERE id = $1", hsa_id.upper())
    assert [row["state"]["name"] for row in published] == ["Ida Ek"]


async def test_who_was_registered_beforehand_finds_the_clinic_and_the_name_is_brought_up_to_date(
    desk: Desk, runner: BatchRunner, database: Database
) -> None:
    at_home = Desk(database, runner)
    clinic = an_id().upper()
    hsa_id = await registered(runner, {clinic: frozenset({Role.CAREGIVER})}, f"  {an_id()} ")
    await at_home.keys.ensure()

    browser = await signed_in(at_home, hsa_id.strip().upper())

    session = await session_of(browser)
    assert (session["step"], session["clinic_id"], session["roles"]) == ("ready", clinic, ["caregiver"])
    assert session["name"] == "Ida Ek"
    given = (await token(browser, "intake")).json()["access_token"]
    for service, good in (("intake", True), ("routing", False)):
        verifier = Verifier(database, at_home.clock, service)
        if good:
            assert (await verifier.verify(given)).id == session["staff_id"]
        else:
            with pytest.raises(BadToken):
                await verifier.verify(given)


async def test_somebody_with_several_hsa_ids_chooses_one_and_can_change(
    desk: Desk, runner: BatchRunner, database: Database
) -> None:
    desk = Desk(database, runner)
    first, second = an_id(), an_id()
    browser = await signed_in(desk, first, second)
    session = await session_of(browser)
    assert (session["step"], session["staff_id"]) == ("choose_account", None)
    assert [choice["hsa_id"] for choice in session["accounts"]] == [first, second]
    assert code_of(await token(browser, "admin")) == "account_not_chosen"
    before = dict(browser.cookies)

    foreign = await browser.ask("POST", "/session/account", json={"staff_id": an_id()})
    chosen = await browser.ask("POST", "/session/account", json={"staff_id": second})

    assert (foreign.status_code, code_of(foreign)) == (403, "not_yours")
    assert chosen.json()["staff_id"] == second.upper()
    former = desk.browser()
    former.cookies = before
    assert (await former.ask("GET", "/session")).status_code == 401, "the cookie was exchanged"
    again = await browser.ask("POST", "/session/account", json={"staff_id": first.lower()})
    assert again.json()["staff_id"] == first.upper()


async def test_until_the_terms_are_accepted_one_may_only_read_and_accept_them_and_sign_out(
    runner: BatchRunner, database: Database
) -> None:
    desk = Desk(database, runner)
    await desk.keys.ensure()
    clinic = an_id().upper()
    hsa_id = await registered(runner, {clinic: frozenset({Role.RECEIVER})})

    async def publish(version: int) -> None:
        wish = NewTerms(text_sv=f"Villkor {version}", text_en=f"Terms {version}")
        await perform(runner, PublishTerms(actor=OPERATOR, expected_version=version, wish=wish), OPERATOR)

    async def shut() -> set[str]:
        answers = [
            await token(browser, "admin"),
            await browser.ask("POST", "/session/clinic", json={"clinic_id": clinic}),
            await browser.ask("GET", "/sessions"),
            await browser.ask("DELETE", "/sessions"),
        ]
        return {code_of(answer) if answer.status_code == 403 else "" for answer in answers}

    await publish(0)
    browser = await signed_in(desk, hsa_id)
    assert (await session_of(browser))["step"] == "accept_terms"
    assert await shut() == {"terms_not_accepted"}
    other = await browser.ask("POST", "/session/terms", json={"version": 2})
    assert (other.status_code, code_of(other)) == (409, "other_version")
    accepted = await browser.ask("POST", "/session/terms", json={"version": 1})
    assert (accepted.json()["step"], accepted.json()["terms_accepted"]) == ("ready", True)
    assert (await token(browser, "routing")).status_code == 200

    await publish(1)
    assert await shut() == {"terms_not_accepted"}, "they changed while somebody worked"
    await browser.ask("POST", "/session/terms", json={"version": 2})
    assert (await token(browser, "routing")).status_code == 200
    assert (await session_of(await signed_in(desk, hsa_id)))["step"] == "ready", "accepted once is enough"


async def test_a_clinic_and_a_role_are_chosen_and_count_as_long_as_the_account_has_them(
    runner: BatchRunner, database: Database
) -> None:
    desk = Desk(database, runner)
    hill, lake, far = (an_id().upper() for _ in range(3))
    both = frozenset({Role.CAREGIVER, Role.RECEIVER})
    hsa_id = await registered(runner, {hill: both, lake: frozenset({Role.CLINIC_ADMIN})})
    browser = await signed_in(desk, hsa_id)
    assert (await session_of(browser))["step"] == "choose_clinic"
    before = browser.cookies[SESSION]

    async def choose(clinic: str, role: str | None = None) -> Any:
        return await browser.ask("POST", "/session/clinic", json={"clinic_id": clinic, "role": role})

    assert (await choose(hill)).json()["roles"] == ["caregiver", "receiver"]
    assert browser.cookies[SESSION] != before, "a new cookie for a new clinic"
    assert (await choose(hill, "receiver")).json()["roles"] == ["receiver"]
    assert code_of(await choose(hill, "clinic_admin")) == "no_role_there"
    assert code_of(await choose(far)) == "no_role_there"
    await registered(runner, {hill: frozenset({Role.CAREGIVER})}, hsa_id)
    assert (await session_of(browser))["step"] == "choose_clinic", "the role that was chosen is gone"


async def test_a_session_goes_idle_and_ends_after_a_working_day(
    runner: BatchRunner, database: Database
) -> None:
    desk = Desk(database, runner)
    await desk.keys.ensure()
    browser = await signed_in(desk, an_id())
    desk.later = IDLE - timedelta(seconds=5)
    assert (await browser.ask("GET", "/session")).status_code == 200
    desk.later = IDLE + timedelta(seconds=5)
    assert (await browser.ask("GET", "/session")).status_code == 401, "reading was no sign of life"
    await desk.sessions.sweep()

    desk.later = timedelta()
    busy = await signed_in(desk, an_id())
    quarters = int(LONGEST / timedelta(minutes=10))
    for _ in range(quarters - 1):
        desk.later += timedelta(minutes=10)
        assert (await token(busy, "admin")).status_code == 200
    desk.later = LONGEST + timedelta(seconds=5)
    assert code_of(await token(busy, "admin")) == "signed_out"

    await desk.sessions.sweep()
    ends = await database.fetch("SELECT result FROM sign_ins WHERE act = 'end_session' ORDER BY number")
    assert {row[0] for row in ends} == {"idle", "too_old"}


async def test_what_changes_something_must_be_meant(runner: BatchRunner, database: Database) -> None:
    desk = Desk(database, runner)
    browser = await signed_in(desk, an_id(), an_id())
    acts: tuple[tuple[str, str, Any], ...] = (
        ("POST", "/session/account", {"staff_id": an_id()}),
        ("POST", "/session/terms", {"version": 1}),
        ("POST", "/session/clinic", {"clinic_id": an_id()}),
        ("POST", "/session/tokens", {"audience": "admin"}),
        ("DELETE", "/session", None),
        ("DELETE", "/sessions", None),
        ("DELETE", f"/sessions/{uuid4()}", None),
    )

    for method, path, body in acts:
        for sent in ({}, {"X-CSRF-Token": "0" * 64}):
            answer = await browser.ask(method, path, csrf=False, json=body, headers=sent)
            assert (method, path, code_of(answer)) == (method, path, "csrf_token_required")
    assert (await browser.ask("GET", "/session")).status_code == 200


async def test_who_fails_again_and_again_has_to_wait_and_the_right_person_is_let_in_afterwards(
    runner: BatchRunner, database: Database
) -> None:
    desk = Desk(database, runner)
    hsa_id = await registered(runner, {})
    desk.provider.claims["employeeHsaId"] = hsa_id
    await database.fetch("UPDATE accounts SET locked = 'manual' WHERE id = $1", hsa_id.upper())
    answers = [await desk.browser().sign_in() for _ in range(12)]
    await database.fetch("UPDATE accounts SET locked = NULL WHERE id = $1", hsa_id.upper())

    assert {answer.status_code for answer in answers} == {403, 429}
    assert (answers[-1].status_code, code_of(answers[-1])) == (429, "too_many_tries")
    assert int(answers[-1].headers["Retry-After"]) > 0
    desk.later = timedelta(seconds=int(answers[-1].headers["Retry-After"]) + 1)
    assert (await desk.browser().sign_in()).status_code == 303


async def test_a_sign_in_on_too_low_a_level_locks_the_account_when_it_goes_on(
    runner: BatchRunner, database: Database
) -> None:
    desk = Desk(database, runner)
    hsa_id = await registered(runner, {})
    desk.provider.claims |= {"employeeHsaId": hsa_id, "acr": LEVELS[0]}
    locked = "SELECT locked FROM accounts WHERE id = $1"
    for _ in range(PROVEN_MOST):
        assert (await database.fetch(locked, hsa_id.upper()))[0][0] is None
        desk.later += timedelta(minutes=4)
        assert code_of(await desk.browser().sign_in()) == "level_too_low"

    assert (await database.fetch(locked, hsa_id.upper()))[0][0] == "failed_sign_ins"


async def test_a_lock_ends_sessions_and_lets_nobody_in(runner: BatchRunner, database: Database) -> None:
    desk = Desk(database, runner)
    hsa_id = await registered(runner, {})
    browser, idle = await signed_in(desk, hsa_id), await signed_in(desk, hsa_id)
    await database.fetch("UPDATE accounts SET locked = 'security' WHERE id = $1", hsa_id.upper())

    assert code_of(await browser.ask("GET", "/session")) == "account_locked"
    refused = await desk.browser().sign_in()
    await desk.sessions.sweep()
    await database.fetch("UPDATE accounts SET locked = NULL WHERE id = $1", hsa_id.upper())

    assert (refused.status_code, code_of(refused)) == (403, "account_locked")
    assert (await idle.ask("GET", "/session")).status_code == 401, "a lock that is lifted revives no session"
    record = await desk.sessions.record_of(hsa_id.upper(), None, 10)
    assert sorted((entry["act"], entry["result"]) for entry in record) == [
        ("end_session", "locked"),
        ("end_session", "locked"),
        ("sign_in", "account_locked"),
        ("sign_in", "ok"),
        ("sign_in", "ok"),
    ]


async def test_one_sees_and_ends_one_s_sessions_one_by_one_or_all(
    runner: BatchRunner, database: Database
) -> None:
    desk = Desk(database, runner)
    hsa_id = an_id()
    here, there, elsewhere = [await signed_in(desk, hsa_id) for _ in range(3)]
    foreign = await session_of(await signed_in(desk, an_id()))

    listed = (await here.ask("GET", "/sessions")).json()
    assert [one["this"] for one in listed].count(True) == 1
    assert {(one["agent"], one["how"]) for one in listed} == {("Firefox on Linux", "oidc")}
    over_there = (await session_of(there))["session_id"]
    assert (await here.ask("DELETE", f"/sessions/{foreign['session_id']}")).status_code == 404
    assert (await here.ask("DELETE", f"/sessions/{over_there}")).status_code == 204
    assert [(await b.ask("GET", "/session")).status_code for b in (here, there, elsewhere)] == [200, 401, 200]
    assert (await here.ask("DELETE", "/sessions")).status_code == 204
    assert [(await b.ask("GET", "/session")).status_code for b in (here, elsewhere)] == [401, 401]


async def test_who_signs_out_is_out(runner: BatchRunner, database: Database) -> None:
    desk = Desk(database, runner)
    hsa_id = an_id()
    browser = await signed_in(desk, hsa_id)
    kept = dict(browser.cookies)

    assert (await browser.ask("DELETE", "/session")).status_code == 204

    assert SESSION not in browser.cookies
    browser.cookies = kept
    assert (await browser.ask("GET", "/session")).status_code == 401
    newest = (await desk.sessions.record_of(hsa_id.upper(), None, 1))[0]
    assert (newest["act"], newest["result"], newest["agent"]) == ("sign_out", "ok", "Firefox on Linux")


@pytest.mark.parametrize("table", ("sign_ins", "terms", "terms_accepted"))
async def test_the_record_can_only_grow(desk: Desk, table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await desk.database.fetch(statement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await desk.database.fetch(
            f"UPDATE {table} SET {'at = now()' if table == 'sign_ins' else 'version = 1'}"
        )


async def test_the_secret_of_a_session_is_not_in_the_database(desk: Desk) -> None:
    browser = await signed_in(desk, an_id())

    rows = await desk.database.fetch("SELECT s::text FROM sessions s")
    assert not any(browser.cookies[SESSION] in row[0] for row in rows)


async def test_a_new_key_of_the_provider_is_learned_and_made_up_ones_ask_for_nothing(desk: Desk) -> None:
    await signed_in(desk, an_id())
    asked = desk.provider.asked_for_keys
    new = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"})
    desk.provider.key, desk.provider.keys = new, [*desk.provider.keys, new]

    assert code_of(await desk.browser().sign_in()) == "unknown_key", "asked for less than half a minute ago"
    desk.identity._keys_at -= timedelta(seconds=31)  # type: ignore[operator, assignment]
    await signed_in(desk, an_id())
    desk.provider.forge = lambda token: jwt.encode({"alg": "RS256", "kid": uuid4().hex}, {}, new)
    for _ in range(5):
        assert code_of(await desk.browser().sign_in()) == "unknown_key"
    assert desk.provider.asked_for_keys == asked + 1


async def test_hsa_ids_that_only_the_userinfo_endpoint_tells_are_taken_from_there(desk: Desk) -> None:
    desk.provider.claims = {"employeeHsaId": None}
    desk.provider.userinfo = {"sub": "somebody", "employeeHsaId": "SE2321000016-Ui01"}
    browser = desk.browser()

    await browser.sign_in()

    assert (await session_of(browser))["staff_id"] == "SE2321000016-UI01"


async def test_a_card_signs_in_through_the_proxy_and_a_revoked_one_is_recorded(
    runner: BatchRunner, database: Database, tmp_path: Path
) -> None:
    card, revoked = (
        certificate(Wish(ends=utc_now() + DAY), MIDDLE),
        certificate(Wish(ends=utc_now() + DAY), MIDDLE),
    )
    lists = {
        "root": revocations(ROOT, until=utc_now() + DAY),
        "middle": revocations(MIDDLE, revoked, until=utc_now() + DAY),
    }
    desk = Desk(database, runner, CardDesk(tmp_path, lists).cards())
    browser, thief, stranger = desk.browser(), desk.browser(), desk.browser()

    await browser.ask("GET", "/sign-in/card", headers=headers(card, MIDDLE.certificate))
    refused = await thief.ask("GET", "/sign-in/card", headers=headers(revoked, MIDDLE.certificate))
    without = await stranger.ask(
        "GET", "/sign-in/card", headers=headers(card, MIDDLE.certificate, secret="guessed")
    )

    session = await session_of(browser)
    assert (session["staff_id"], session["name"], session["how"]) == (HSA_ID.upper(), "Karin Kort", "card")
    assert [code_of(refused), code_of(without)] == ["card_revoked", "not_from_the_proxy"]
    rows = await database.fetch("SELECT how, result FROM sign_ins ORDER BY number")
    assert [tuple(row) for row in rows] == [("card", "ok"), ("card", "card_revoked")]
    assert (
        code_of(await Desk(database, runner).browser().ask("GET", "/sign-in/card")) == "no_identity_provider"
    )
