"""Reviews of permissions on a real database: through HTTP from opening to sign-off, and opened by schedule, once."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import asyncpg
import pytest

from services.admin.adapters import review_opening
from services.admin.adapters.review_opening import OVERDUE, ReviewOpening
from services.admin.adapters.review_reading import ReviewReading
from services.admin.application.accounts.wishes import NewAccount, RolesAt
from services.admin.application.permission_reviews.commands import OpenReview
from services.admin.application.seed import ClinicSeed, SeedRegion
from services.admin.domain.account import BY_SYSTEM
from services.admin.domain.permission_review import Reviewed
from services.admin.entrypoints.performing import perform
from services.admin.invariants import INVARIANTS
from shared.clock import utc_now
from shared.contracts.events.admin import Role
from shared.database.pool import Database
from shared.errors import Refused
from shared.messaging.runner import BatchRunner
from tests.component.admin.running import NATIONAL, Admin

HILL, EMPTY, CLOSED = (f"SE2321000016-{name}" for name in ("HILL", "EMPTY", "CLOSED"))
MONTHS = 6


async def a_clinic_with_people(admin: Admin, **roles: str) -> tuple[str, dict[str, str]]:
    """A clinic, and the ids of its people by name."""
    boss, clinic = await admin.signed_in(), f"SE2321000016-{uuid4().hex[:8].upper()}"
    made = {"clinic_id": clinic, "name": "Genomgången", "region": "01"}
    assert (await admin.call("POST", "/clinics", boss, json=made)).status_code == 201
    people = {name: f"SE2321000016-{uuid4().hex[:12].upper()}" for name in roles}
    for name, role in roles.items():
        permissions = [{"clinic_id": clinic, "roles": [role]}]
        body = {"staff_id": people[name], "name": name.title(), "permissions": permissions}
        assert (await admin.call("POST", "/staff-accounts", boss, json=body)).status_code == 201
    return clinic, people


async def test_a_review_is_opened_judged_and_signed_off_and_then_the_roles_are_gone(admin: Admin) -> None:
    clinic, people = await a_clinic_with_people(
        admin, anna="clinic_admin", bo="clinic_admin", carl="caregiver"
    )
    anna, bo, nation = [await admin.signed_in(id_) for id_ in (people["anna"], people["bo"], NATIONAL)]
    path = f"/clinics/{clinic}/permission-reviews"

    opened = await admin.call("POST", path, anna)
    assert (opened.status_code, opened.headers["location"]) == (201, f"{path}/1"), opened.text
    again = await admin.call("POST", path, bo)
    assert (again.status_code, again.json()["reasons"][0]["code"]) == (422, "open_already")

    version = 1

    async def judge(token: str, name: str, verdict: str) -> str:
        nonlocal version
        answer = await admin.call(
            "PUT",
            f"{path}/1/items/{people[name]}",
            token,
            json={"verdict": verdict},
            headers={"If-Match": f'"{version}"'},
        )
        version = answer.json().get("version", version)
        return "" if answer.status_code == 200 else str(answer.json()["reasons"][0]["code"])

    async def sign_off() -> str:
        answer = await admin.call("POST", f"{path}/1/sign-off", bo, headers={"If-Match": f'"{version}"'})
        return "" if answer.status_code == 200 else str(answer.json()["reasons"][0]["code"])

    assert await judge(anna, "anna", "keep") == "own_permission"
    assert [await judge(anna, "carl", "remove"), await judge(bo, "anna", "remove")] == ["", ""]
    assert await sign_off() == "not_all_judged"
    assert await judge(nation, "bo", "remove") == ""
    assert await sign_off() == "last_administrator"
    read = await admin.call("GET", f"{path}/1", bo)
    assert {item["present"]["name"] for item in read.json()["items"]} == {"Anna", "Bo", "Carl"}
    assert all(item["present"]["roles"] == item["roles"] for item in read.json()["items"]), "none are taken"
    assert read.headers["etag"] == f'"{version}"'
    assert [await judge(nation, "bo", "keep"), await sign_off(), await sign_off()] == [
        "",
        "",
        "version_conflict",
    ]

    assert (await admin.call("GET", path, anna)).status_code == 403, "an administrator no more"
    [listed] = (await admin.call("GET", path, bo)).json()
    assert (listed["signed_off_by"], listed["overdue"]) == (people["bo"], False)
    assert (await admin.call("GET", f"{path}?open=true", bo)).json() == []
    assert (await admin.call("GET", f"{path}?before=1", bo)).json() == []
    grid = (await admin.call("GET", f"/clinics/{clinic}/permissions", bo)).json()
    assert ([row["staff_id"] for row in grid["rows"]], grid["administrators"]) == ([people["bo"]], 1)
    card = await admin.call("GET", f"/staff-accounts/{people['carl']}/history", nation)
    assert card.json()[0]["changed_by"] == people["bo"]


def member(id_: str, clinic: str, *roles: Role, last_on: date | None = None) -> NewAccount:
    part = RolesAt(clinic_id=clinic, roles=frozenset(roles), last_on=last_on)
    return NewAccount(staff_id=f"SE2321000016-{id_}", name=id_.title(), permissions=(part,))


async def test_reviews_are_opened_by_schedule_once_and_counted_when_nobody_signs_them_off(
    runner: BatchRunner, database: Database
) -> None:
    clinics = tuple(
        ClinicSeed(clinic_id=id_, name=id_, active=id_ != CLOSED) for id_ in (HILL, EMPTY, CLOSED)
    )
    day = date(2199, 1, 1)
    people = (
        member("BOSS", HILL, Role.CLINIC_ADMIN),
        member("CARER", HILL, Role.CAREGIVER, last_on=day),
        member("DOOR", CLOSED, Role.RECEIVER),
    )
    await perform(runner, SeedRegion(region="r", clinics=clinics, accounts=people), "operator")
    reading, begun = ReviewReading(database), utc_now()

    async def look(days: int, processes: int = 1) -> list[tuple[str, int]]:
        openings = [
            ReviewOpening(database, lambda: begun + timedelta(days=days), MONTHS) for _ in range(processes)
        ]
        await asyncio.gather(*(opening.look() for opening in openings))
        rows = await database.fetch("SELECT clinic_id, number FROM permission_reviews ORDER BY number")
        return [(row[0], row[1]) for row in rows]

    assert await look(150) == [], "nobody has been there for so long"
    assert await look(200, processes=4) == [(HILL, 1)]
    [review] = await reading.reviews(HILL, None, open_only=True, limit=20)
    assert review.items == [
        Reviewed(people[0].staff_id, frozenset({Role.CLINIC_ADMIN})),
        Reviewed(people[1].staff_id, frozenset({Role.CAREGIVER}), day),
    ]
    assert (review.opened_by, review.version, OVERDUE._value.get()) == (BY_SYSTEM, 1, 0)
    assert await look(500) == [(HILL, 1)], "the last one waits"
    assert OVERDUE._value.get() == 1
    boss = "SE2321000016-BOSS"
    with pytest.raises(Refused, match="open_already"):
        await perform(runner, OpenReview(actor=boss, clinic_id=HILL), boss)

    await database.fetch("UPDATE permission_reviews SET signed_off_by = 'x', signed_off_at = now()")
    assert await look(300) == [(HILL, 1)]
    assert await look(500) == [(HILL, 1), (HILL, 2)]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.fetch("DELETE FROM permission_reviews")
    name = "reviews of permissions are signed off when everybody is judged, and never by the judged"
    assert [row[0] for row in await database.fetch(INVARIANTS[name])] == [f"{HILL}/1"], "signed off unjudged"


async def test_all_reviews_that_are_due_are_opened_a_page_at_a_time(
    runner: BatchRunner, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_opening, "PAGE", 2)
    ids = [f"SE2321000016-PAGE{n}" for n in range(5)]
    clinics = tuple(ClinicSeed(clinic_id=id_, name=id_) for id_ in ids)
    people = tuple(member(f"PAGER{n}", id_, Role.CLINIC_ADMIN) for n, id_ in enumerate(ids[1:]))
    await perform(runner, SeedRegion(region="r", clinics=clinics, accounts=people), "operator")
    later = utc_now() + timedelta(days=200)

    await ReviewOpening(database, lambda: later, MONTHS).look()

    opened = await database.fetch("SELECT clinic_id FROM permission_reviews ORDER BY clinic_id")
    assert [row[0] for row in opened] == ids[1:], "where nobody is, nobody is reviewed"


async def test_a_wrong_count_of_administrators_is_found(runner: BatchRunner, database: Database) -> None:
    clinics = tuple(ClinicSeed(clinic_id=id_, name=id_) for id_ in (HILL, EMPTY))
    people = (member("COUNTED", HILL, Role.CLINIC_ADMIN),)
    await perform(runner, SeedRegion(region="r", clinics=clinics, accounts=people), "operator")
    rule = INVARIANTS["each clinic counts its administrators who are neither locked nor there for a time"]

    assert await database.fetch(rule) == []
    await database.fetch("UPDATE clinics SET administrators = 1 - administrators")
    assert sorted(row[0] for row in await database.fetch(rule)) == sorted([HILL, EMPTY])
