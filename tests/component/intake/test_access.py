"""Every route, every kind of actor: only who may gets through, and a route without a line here fails."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from shared.contracts.commands.intake import WithdrawCase
from shared.contracts.events.admin import (
    LockReason,
    Permission,
    PortalPublished,
    Role,
    Scope,
    StaffAccountPublished,
)
from shared.security.tokens import Actor
from shared.testing.eventually import eventually
from tests.component.intake.stage import (
    ADA,
    ANNA,
    BO,
    CLINIC,
    EVA,
    GRETA,
    NOBODY,
    OTHER,
    PERSON,
    PORTAL,
    RENEWAL,
    RUT,
    VERA,
    Stage,
    a_case,
    an_answer,
)

ACCESS_LOG = "admin.access-log.commands"
_WAITING = "SELECT 1 FROM parked WHERE line = ANY($1::text[]) AND state = 'waiting'"
_WAIT_NO_LONGER = """
UPDATE parked SET try_at = now(), give_up_at = now() - interval '1 second' WHERE line = ANY($1::text[])
"""
pytestmark = pytest.mark.asyncio(loop_scope="session")

EVERYBODY = (ANNA, BO, RUT, ADA, EVA, GRETA, NOBODY, PORTAL, OTHER, "")
"""Holder, colleague, receiver, administrator, receiver elsewhere, reviewer, unknown person, own portal, other portal,
nobody."""
STATES = {
    "POST /cases/{case_id}/replies": "waiting",
    "POST /cases/{case_id}/messages/{message_id}/read": "waiting",
    "POST /cases/{case_id}/close": "answered",
}
"""What the case must be for the act to be possible; else it is held and not started."""
ALLOWED: dict[str, set[str]] = {
    "GET /clinics": {PORTAL, OTHER},
    "GET /case-types/{case_type}": {PORTAL, OTHER},
    "POST /cases": {PORTAL, OTHER},
    "GET /cases": {ANNA, BO, RUT, ADA, EVA, GRETA, NOBODY},  # each sees only the rows that they may see
    "GET /cases/{case_id}": {ANNA, RUT, PORTAL},
    "POST /cases/{case_id}/replies": {PORTAL},
    "POST /cases/{case_id}/withdrawal": {PORTAL},
    "POST /cases/{case_id}/messages/{message_id}/read": {PORTAL},
    "POST /cases/{case_id}/start": {ANNA},
    "POST /cases/{case_id}/questions": {ANNA},
    "POST /cases/{case_id}/answer": {ANNA},
    "POST /cases/{case_id}/close": {ANNA, RUT},
    "POST /citizen-references": {GRETA},
    "GET /clinics/{clinic_id}/grants": {RUT, ADA},
    "POST /clinics/{clinic_id}/grants": {RUT, ADA},
    "DELETE /clinics/{clinic_id}/grants/{grant_id}": {RUT, ADA},
}


def routes(stage: Stage) -> set[str]:
    paths: dict[str, dict[str, Any]] = stage.service.app.openapi()["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


async def ready_for(stage: Stage, route: str) -> tuple[UUID, str]:
    """A case in the state that the route needs, and the last message sent to the citizen, or a grant to take back."""
    case_id, message_id = await stage.held(), str(uuid4())
    state = STATES.get(route)
    if state == "waiting":
        body: dict[str, Any] = {"epoch": 1, "text": "?"}
        asked = await stage.ask(ANNA, "POST", f"/cases/{case_id}/questions", seen=1, json=body)
        message_id = asked.json()["message_id"]
    elif state == "answered":
        body = {"epoch": 1, "form": an_answer()}
        await stage.ask(ANNA, "POST", f"/cases/{case_id}/answer", seen=1, json=body)
    elif route.startswith("DELETE"):
        body = {"citizen": PERSON.model_dump()}
        message_id = (await stage.ask(RUT, "POST", f"/clinics/{CLINIC}/grants", json=body)).json()["grant_id"]
    return case_id, message_id


async def send(stage: Stage, route: str, who: str, case_id: UUID, message_id: str) -> httpx.Response:
    method, _, path = route.partition(" ")
    bodies: dict[str, dict[str, Any]] = {
        "POST /cases": a_case().model_dump(mode="json"),
        "POST /cases/{case_id}/replies": {"message_id": str(uuid4()), "text": "Ja"},
        "POST /cases/{case_id}/start": {"epoch": 1},
        "POST /cases/{case_id}/questions": {"epoch": 1, "text": "?"},
        "POST /cases/{case_id}/answer": {"epoch": 1, "form": an_answer()},
        "POST /citizen-references": {"clinic_id": CLINIC, "citizen": PERSON.model_dump()},
        "POST /clinics/{clinic_id}/grants": {"citizen": PERSON.model_dump()},
    }
    seen = 3 if route.endswith("/close") else 1
    query = {"ids": str(case_id)} if route == "GET /cases" else {}
    ids = {"case_id": case_id, "message_id": message_id, "grant_id": message_id}
    address = path.format(**ids, case_type=RENEWAL, clinic_id=CLINIC)
    if not who:
        return await stage.http.request(method, address, params=query, json=bodies.get(route))
    return await stage.ask(who, method, address, seen=seen, params=query, json=bodies.get(route))


async def test_every_route_has_its_line(stage: Stage) -> None:
    assert routes(stage) == set(ALLOWED)


@pytest.mark.parametrize("route", tuple(ALLOWED))
async def test_only_who_may_gets_through(stage: Stage, route: str) -> None:
    case_id, message_id = await ready_for(stage, route)
    for who in EVERYBODY:
        if who not in ALLOWED[route]:
            refused = await send(stage, route, who, case_id, message_id)
            assert refused.status_code in ((401,) if not who else (403, 404)), (route, who, refused.text)
            assert "Tolvan" not in refused.text
    for who in ALLOWED[route]:
        case_id, message_id = await ready_for(stage, route)
        allowed = await send(stage, route, who, case_id, message_id)
        assert allowed.is_success, (route, who, allowed.text)
        if route == "GET /cases":
            assert len(allowed.json()["cases"]) == (who in (ANNA, RUT))


async def test_a_lock_ends_what_the_holder_may_do(stage: Stage) -> None:
    def account(version: int, locked: LockReason | None) -> StaffAccountPublished:
        permission = Permission(clinic_id=CLINIC, roles=frozenset({Role.CAREGIVER}))
        now = datetime.now(UTC)
        return StaffAccountPublished(
            staff_id=VERA, version=version, at=now, name="Vera", locked=locked, permissions=(permission,)
        )

    async def sees() -> bool:
        return (await stage.ask(VERA, "GET", f"/cases/{case_id}")).is_success

    async def sees_no_more() -> bool:
        return not await sees()

    await stage.tell(account(1, None))
    case_id = await stage.held(VERA)
    await eventually(sees, "Vera reading her case")
    await stage.tell(account(2, LockReason.SECURITY))
    await stage.tell(account(1, None))
    await eventually(sees_no_more, "the lock")
    act = await stage.ask(VERA, "POST", f"/cases/{case_id}/start", json={"epoch": 1})
    assert (act.status_code, act.json()["reasons"][0]["code"]) == (403, "account_locked")


@pytest.mark.parametrize("seen", ("²", "x", "", "9" * 5000, "-1"))
async def test_a_version_that_is_none_is_asked_for(stage: Stage, seen: str) -> None:
    case_id = await stage.held()
    headers = {"If-Match": seen.encode("latin-1")}
    body = {"epoch": 1, "form": an_answer()}
    answer = await stage.ask(ANNA, "POST", f"/cases/{case_id}/answer", json=body, headers=headers)
    assert answer.status_code == 428


async def test_a_token_of_a_portal_reaches_as_far_as_its_scopes(stage: Stage) -> None:
    case_id = await stage.stored()
    narrow = Actor("portal", PORTAL, frozenset({"cases:read"}))

    for method, path, body, status in (
        ("GET", f"/cases/{case_id}", None, 200),
        ("POST", "/cases", {"clinic_id": CLINIC}, 403),
        ("POST", f"/cases/{case_id}/withdrawal", None, 403),
        ("GET", "/clinics", None, 403),
    ):
        answer = await stage.ask(PORTAL, method, path, by=narrow, json=body)
        assert (path, answer.status_code) == (path, status)
        assert status == 200 or answer.json()["reasons"][0]["code"] == "scope_missing"


async def test_a_portal_that_asks_too_often_is_told_when_to_come_back(stage: Stage) -> None:
    slow = Actor("portal", PORTAL, None, 6)

    first = await stage.ask(PORTAL, "GET", "/clinics", by=slow)
    second = await stage.ask(PORTAL, "GET", "/clinics", by=slow, headers={"Accept-Language": "en"})
    another = await stage.ask(OTHER, "GET", "/clinics", by=Actor("portal", OTHER, None, 6))

    assert (first.status_code, second.status_code, another.status_code) == (200, 429, 200)
    assert second.headers["content-type"] == "application/problem+json"
    assert 1 <= int(second.headers["retry-after"]) <= 60
    assert "Try again" in second.json()["detail"]


async def test_a_portal_s_scopes_count_as_the_directory_has_them_now_by_kafka_too(stage: Stage) -> None:
    state = {"portal_id": OTHER, "name": "Arvika", "active": True, "at": datetime.now(UTC)}
    version = int(datetime.now(UTC).timestamp()) + 10
    await stage.tell(PortalPublished(version=version, scopes=frozenset({Scope.READ}), **state))

    async def refused() -> bool:
        answer = await stage.ask(OTHER, "GET", "/clinics")
        return answer.status_code == 403

    await eventually(refused, "the portal may no longer read the catalogue, whatever its token says")
    command_id = await stage.tell(a_case(), f"intake.{OTHER}.commands")
    outcome = await stage.outcome(command_id)
    await stage.tell(PortalPublished(version=version + 1, **state))

    assert [reason["code"] for reason in outcome["reasons"]] == ["scope_missing"]
    await eventually(lambda: _reads_offers(stage), "the portal may read the catalogue again")


async def test_a_portal_that_asks_by_kafka_for_a_case_of_another_is_in_the_access_log_once_it_is_refused(
    stage: Stage,
) -> None:
    case_id = await stage.stored()
    theirs, nobodys = WithdrawCase(case_id=case_id), WithdrawCase(case_id=uuid4())
    commands = [await stage.tell(wish, f"intake.{OTHER}.commands") for wish in (theirs, nobodys)]
    lines = [str(wish.case_id) for wish in (theirs, nobodys)]

    async def both_wait() -> bool:
        return len(await stage.service.database.fetch(_WAITING, lines)) == 2

    await eventually(both_wait, "both wait, as if neither case were there")
    assert stage.events_of(case_id, ACCESS_LOG) == []
    await stage.service.database.fetch(_WAIT_NO_LONGER, lines)
    outcomes = [await stage.outcome(command) for command in commands]

    assert [[reason["code"] for reason in told["reasons"]] for told in outcomes] == [["case_unknown"]] * 2
    await eventually(lambda: stage.events_of(case_id, ACCESS_LOG), "the refusal is in the log")
    [(_, access)] = stage.events_of(case_id, ACCESS_LOG)
    assert (access["act"], access["actor_kind"], access["actor_id"]) == ("refused", "portal", OTHER)
    assert stage.events_of(nobodys.case_id, ACCESS_LOG) == [], "a case that does not exist has no patient"


async def _reads_offers(stage: Stage) -> bool:
    return (await stage.ask(OTHER, "GET", "/clinics")).status_code == 200
