"""Every route × every role × own clinic, the same region, another region, none: only who may is let through."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import httpx
import pytest

from services.admin.application.policy import may
from services.admin.domain.account import Account
from shared.contracts.events.admin import LockReason, Role
from shared.contracts.ids import ClinicId, StaffId
from shared.testing.eventually import PATIENCE
from tests.component.admin.routes import (
    A_TEMPLATE,
    CLINIC,
    LINES,
    NAMED,
    ON_THE_COOKIE,
    OPEN_TO_ALL,
    OTHER_REGION,
    REGIONS,
    SAME_REGION,
    TARGET,
    Line,
)
from tests.component.admin.running import NATIONAL, Admin

SHUT_OUT = {401, 403, 404}
RELATIONS = {"own": CLINIC, "near": SAME_REGION, "far": OTHER_REGION}
PORTAL = {
    "grant_type": "client_credentials",
    "client_id": "minvard",
    "client_secret": "minvard-development-secret",
}


def an_actor(role: Role, relation: str) -> Account:
    clinic = ClinicId(RELATIONS[relation])
    name = f"SE2321000016-MX{role.value[:4]}{role.value[-5:]}{relation}".upper().replace("_", "")
    actor = Account(StaffId(name[:31]), name, permissions={clinic: frozenset({role})})
    if role is Role.REGIONAL_ADMIN:
        reached = (id_ for id_, region in REGIONS.items() if region == REGIONS[clinic])
        actor.reach = {ClinicId(id_): REGIONS[clinic] for id_ in reached}
    return actor


ACTORS = [an_actor(role, relation) for role, relation in product(Role, RELATIONS)]
NOBODY = Account(StaffId("SE2321000016-MXNOBODY"), "Without a role")


@pytest.fixture(scope="module")
def people(admin: Admin, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Somebody for each role and relation, beside the demo's people."""
    target = Account(
        StaffId(TARGET), "Whom it is about", permissions={ClinicId(CLINIC): frozenset({Role.CAREGIVER})}
    )
    description = {
        "region": "matrix",
        "templates": [{"template": NAMED["document_id"], **A_TEMPLATE}],
        "clinics": [
            {"clinic_id": id_, "name": id_, "region": region, "active": False}
            for id_, region in REGIONS.items()
        ],
        "accounts": [
            {
                "staff_id": account.id,
                "name": account.name,
                "permissions": [
                    {"clinic_id": clinic, "roles": sorted(roles)}
                    for clinic, roles in account.permissions.items()
                ],
            }
            for account in (*ACTORS, NOBODY, target)
        ],
    }
    file: Path = tmp_path_factory.mktemp("matrix") / "region.json"
    file.write_text(json.dumps(description))
    seeded = admin.operate("seed", str(file))
    assert seeded.returncode == 0, seeded.stderr


def allowed(line: Line, actor: Account) -> bool:
    return line.act is None or may(actor, line.act, line.about)


@pytest.fixture
async def http(admin: Admin) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{admin.port}", timeout=PATIENCE) as client:
        yield client


async def ask(http: httpx.AsyncClient, route: str, token: str) -> httpx.Response:
    method, _, path = route.partition(" ")
    line = LINES[route]
    headers = {"If-Match": '"999999"'} | ({"Authorization": f"Bearer {token}"} if token else {})
    return await http.request(
        method, path.format(**NAMED), params=line.query, json=line.body, headers=headers
    )


async def test_every_route_has_its_line(admin: Admin) -> None:
    document = (await admin.call("GET", "/openapi.json")).json()
    routes = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}

    assert routes == set(LINES) | OPEN_TO_ALL | ON_THE_COOKIE


@pytest.mark.usefixtures("people")
async def test_only_who_may_is_let_through(admin: Admin, http: httpx.AsyncClient) -> None:
    actors = (*ACTORS, NOBODY)
    tokens = [await admin.signed_in(actor.id) for actor in actors]
    wrong = []
    for route, line in LINES.items():
        answers = await asyncio.gather(*(ask(http, route, token) for token in tokens))
        for actor, answer in zip(actors, answers, strict=True):
            shut_out = answer.status_code in SHUT_OUT and not _is_merely_missing(route, answer)
            if shut_out is allowed(line, actor) or answer.status_code >= 500:
                wrong.append(f"{route} by {actor.name}: {answer.status_code} {answer.text[:120]}")

    assert wrong == [], "\n".join(wrong)


@pytest.mark.usefixtures("people")
async def test_portals_the_locked_and_strangers_are_let_through_nowhere(
    admin: Admin, http: httpx.AsyncClient
) -> None:
    portal = (await admin.call("POST", "/tokens", data=PORTAL)).json()["access_token"]
    for route in LINES:
        assert (await ask(http, route, "")).status_code == 401, route
        assert (await ask(http, route, "e30.e30.e30")).status_code == 401, route
        assert (await ask(http, route, portal)).status_code == 401, route


async def test_who_is_locked_is_let_through_nowhere(
    admin: Admin, http: httpx.AsyncClient, people: None
) -> None:
    who = next(actor.id for actor in ACTORS if actor.roles_at(SAME_REGION) == {Role.CAREGIVER})
    token, national = await admin.signed_in(who), await admin.signed_in(NATIONAL)
    version = (await admin.call("GET", f"/staff-accounts/{who}", national)).headers["etag"]
    locked = await admin.call(
        "POST",
        f"/staff-accounts/{who}/lock",
        national,
        json={"reason": LockReason.MANUAL},
        headers={"If-Match": version},
    )
    assert locked.status_code == 200, locked.text
    for route in LINES:
        assert (await ask(http, route, token)).status_code == 403, route


def _is_merely_missing(route: str, answer: httpx.Response) -> bool:
    """Whoever may check samples is told that there is none of that week; whoever may write, that there is no draft."""
    missing = next((field for part, field in _MISSING.items() if part in route), "")
    return bool(missing) and answer.status_code == 404 and f'"{missing}"' in answer.text


_MISSING = {
    "/samples/": "week",
    "/draft": "no_draft",
    "/groups/": "group_id",
    "/permission-reviews/": "number",
}
