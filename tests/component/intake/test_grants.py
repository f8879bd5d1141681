"""A type that is handed out to single citizens: open to them until their last day, or until it is taken back."""

import asyncio
import os
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.intake.entrypoints.schedules import EndedGrants
from shared.contracts.case_types import Adaptation, CaseTypeOwner, Owner
from shared.contracts.clinic_settings import ClinicSettings
from shared.contracts.commands.intake import PersonId
from shared.contracts.events.admin import (
    CaseTypeAdaptationPublished,
    ClinicPublished,
    Distribution,
    Permission,
    Role,
    StaffAccountPublished,
)
from shared.testing.eventually import eventually
from tests.component.intake.stage import PERSON, PORTAL, RENEWAL, Stage, a_case

pytestmark = pytest.mark.asyncio(loop_scope="session")

HERE, IDA = f"SE2321000016-GRANT{os.getpid()}", f"SE2321000016-IDA{os.getpid()}"
GRANTS = f"/clinics/{HERE}/grants"
ANOTHER = PersonId(kind="nrid", value="99TF10012384")


async def open_clinic(stage: Stage, version: int, *, restricted: bool, approved_only: bool) -> None:
    """A clinic with one type and one receiver, as its administrators want it now."""
    common: dict[str, Any] = {"version": version, "at": datetime.now(UTC)}
    role = Permission(clinic_id=HERE, roles=frozenset({Role.RECEIVER}))
    clinic = {"name": "Hjortronet", "active": True, "distribution": Distribution.MANUAL}
    place = Owner(kind=CaseTypeOwner.CLINIC, place=HERE)
    wish = Adaptation(restricted=restricted)
    settings = ClinicSettings(approved_citizens_only=approved_only)
    await stage.tell(StaffAccountPublished(staff_id=IDA, name="Ida", permissions=(role,), **common))
    await stage.tell(CaseTypeAdaptationPublished(place=place, case_type=RENEWAL, adaptation=wish, **common))
    await stage.tell(
        ClinicPublished(
            clinic_id=HERE, case_types=frozenset({RENEWAL}), settings=settings, **clinic, **common
        )
    )


async def codes(stage: Stage, person: PersonId = PERSON) -> list[str]:
    """Why this citizen's new case is refused; nothing if it is taken."""
    case = a_case(clinic_id=HERE, citizen=person).model_dump(mode="json")
    answer = await stage.ask(PORTAL, "POST", "/cases", json=case)
    return [reason["code"] for reason in answer.json().get("reasons", ())]


async def refused_with(stage: Stage, *expected: str) -> bool:
    return await codes(stage) == list(expected)


async def give(stage: Stage, person: PersonId = PERSON, **fields: Any) -> dict[str, Any]:
    body = {"citizen": person.model_dump(), **fields}
    answer = await stage.ask(IDA, "POST", GRANTS, json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def logged(stage: Stage, act: str) -> int:
    """How often the access log was told of this act by Ida."""
    return sum(
        body["act"] == act
        for topic, _, body in stage.seen
        if topic == "admin.access-log.commands" and body["actor_id"] == IDA
    )


async def test_a_type_is_open_to_a_citizen_until_the_last_day_or_until_it_is_taken_back(stage: Stage) -> None:
    await open_clinic(stage, 1, restricted=True, approved_only=False)
    await eventually(lambda: refused_with(stage, "case_type_restricted"), "the type being handed out only")

    one, same = await asyncio.gather(*(give(stage, case_type=RENEWAL) for _ in range(2)))
    assert one["grant_id"] == same["grant_id"], "of two at once there is one grant"
    assert await codes(stage) == []
    assert await codes(stage, ANOTHER) == ["case_type_restricted"]

    await stage.service.database.fetch(
        "UPDATE grants SET until = $2 WHERE id = $1", UUID(one["grant_id"]), date(2026, 1, 1)
    )
    assert await codes(stage) == ["case_type_restricted"]
    again = await give(stage, case_type=RENEWAL)
    assert (again["grant_id"], again["until"]) == (one["grant_id"], None)
    assert await codes(stage) == []

    for _ in range(2):
        taken = await stage.ask(IDA, "DELETE", f"{GRANTS}/{one['grant_id']}")
        assert (taken.status_code, await codes(stage)) == (200, ["case_type_restricted"])
    unknown = await stage.ask(IDA, "DELETE", f"{GRANTS}/{UUID(int=1)}")
    assert unknown.status_code == 404


async def test_a_grant_is_forgotten_long_after_it_ended_and_not_before(stage: Stage) -> None:
    await open_clinic(stage, 1, restricted=True, approved_only=False)
    database = stage.service.database
    given: dict[str, UUID] = {}
    for what in ("taken back", "over", "in force"):
        body = {"citizen": ANOTHER.model_dump(), "case_type": RENEWAL}

        async def is_given(body: dict[str, Any] = body) -> Any:
            answer = await stage.ask(IDA, "POST", GRANTS, json=body)
            return answer.status_code == 200 and answer.json()["grant_id"]

        given[what] = UUID(await eventually(is_given, "the grant is given"))
        await database.fetch("UPDATE grants SET case_type = $2 WHERE id = $1", given[what], f"kept-{what}")
    assert (await stage.ask(IDA, "DELETE", f"{GRANTS}/{given['taken back']}")).status_code == 200
    today = datetime.now(UTC)
    await database.fetch("UPDATE grants SET until = $2 WHERE id = $1", given["over"], today.date())

    async def left(days: int) -> set[str]:
        ended = EndedGrants(database, lambda: today + timedelta(days=days, minutes=1), timedelta(days=90))
        await ended.forget()
        rows = await database.fetch("SELECT id FROM grants WHERE id = ANY($1::uuid[])", [*given.values()])
        return {what for what, id_ in given.items() if id_ in {UUID(int=row[0].int) for row in rows}}

    assert await left(89) == set(given)
    assert await left(91) == {"in force"}
    await database.fetch("DELETE FROM grants WHERE id = $1", given["in force"])


async def test_a_clinic_for_approved_citizens_is_open_to_them_and_its_list_is_logged_row_by_row(
    stage: Stage,
) -> None:
    await open_clinic(stage, 2, restricted=False, approved_only=True)
    await eventually(lambda: refused_with(stage, "only_approved_citizens"), "the clinic for its own only")
    for person in (PERSON, ANOTHER):
        await give(stage, person)
    assert (await codes(stage), await codes(stage, ANOTHER)) == ([], [])

    rows: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        query = {"size": 1} | ({"after": after} if after else {})
        page = (await stage.ask(IDA, "GET", GRANTS, params=query)).json()
        rows += page["grants"]
        after = page["next"]
    approved = {row["citizen"]["value"] for row in rows if row["case_type"] == ""}
    assert approved == {PERSON.value, ANOTHER.value}

    async def all_logged() -> bool:
        return await logged(stage, "list") == len(rows) and await logged(stage, "grant") >= 4

    await eventually(all_logged, "each row and each grant in the access log")


@pytest.mark.parametrize(
    ("body", "field"),
    (
        ({}, "citizen"),
        ({"citizen": {"kind": "personnummer", "value": "198112289875"}}, "citizen.value"),
        ({"citizen": {"kind": "nrid", "value": "\x00" * 12}}, "citizen.value"),
        ({"citizen": PERSON.model_dump(), "case_type": "no such"}, "case_type"),
        ({"citizen": PERSON.model_dump(), "case_type": "no-such"}, "case_type"),
        ({"citizen": PERSON.model_dump(), "until": "2026-02-30"}, "until"),
        ({"citizen": PERSON.model_dump(), "until": "2020-01-01"}, "until"),
        ({"citizen": PERSON.model_dump(), "name": "x"}, "name"),
    ),
)
async def test_what_is_wrong_with_a_grant_is_told_by_field(
    stage: Stage, body: dict[str, Any], field: str
) -> None:
    answer = await stage.ask(IDA, "POST", GRANTS, json=body)
    assert answer.status_code == 422, answer.text
    assert field in [reason["field"].split("[")[0] for reason in answer.json()["reasons"]]
