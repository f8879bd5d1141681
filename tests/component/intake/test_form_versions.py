"""A case keeps the version of its type that it came with, whatever is published while it runs."""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.contracts.events.admin import (
    CaseTypePublished,
    ClinicPublished,
    Distribution,
    Permission,
    Role,
    StaffAccountPublished,
)
from shared.testing.eventually import eventually
from tests.component.intake.stage import PORTAL, Stage, a_case, a_form

pytestmark = pytest.mark.asyncio(loop_scope="session")

HERE, IVA, TYPE = f"SE2321000016-KEEP{os.getpid()}", f"SE2321000016-IVA{os.getpid()}", f"keep-{os.getpid()}"


def a_type(version: int) -> CaseTypePublished:
    """Its questions have other ids in each version."""
    forms = {
        "question_form": a_form(f"asked-{version}", f"Fråga {version}"),
        "answer_form": a_form(f"told-{version}", f"Svar {version}"),
    }
    names = {"name_sv": "Fråga", "name_en": "Ask"}
    return CaseTypePublished(case_type=TYPE, version=version, at=datetime.now(UTC), **names, **forms)


def filled(link_id: str) -> dict[str, Any]:
    return {"item": [{"linkId": link_id, "answer": [{"valueString": "Ja"}]}]}


async def submitted(stage: Stage, link_id: str) -> httpx.Response:
    body = a_case(uuid4(), clinic_id=HERE, case_type=TYPE, form=filled(link_id)).model_dump(mode="json")
    return await stage.ask(PORTAL, "POST", "/cases", json=body)


async def taken(stage: Stage, link_id: str) -> httpx.Response | None:
    answer = await submitted(stage, link_id)
    return answer if answer.status_code == 202 else None


async def test_a_running_case_is_shown_and_answered_by_the_version_that_it_came_with(stage: Stage) -> None:
    common: dict[str, Any] = {"version": 1, "at": datetime.now(UTC)}
    role = Permission(clinic_id=HERE, roles=frozenset({Role.CAREGIVER}))
    await stage.tell(a_type(1))
    await stage.tell(StaffAccountPublished(staff_id=IVA, name="Iva", permissions=(role,), **common))
    clinic = {"name": "Lingonet", "active": True, "distribution": Distribution.MANUAL}
    await stage.tell(
        ClinicPublished(clinic_id=HERE, case_types=frozenset({TYPE}), **clinic, **common),
    )
    first = await eventually(lambda: taken(stage, "asked-1"), "a case by the first version")
    case_id = first.json()["case_id"]
    await stage.hand(case_id, IVA)

    await stage.tell(a_type(2))
    await eventually(lambda: taken(stage, "asked-2"), "a case by the second version")
    late = await submitted(stage, "asked-1")
    assert "unknown_question" in [reason["code"] for reason in late.json()["reasons"]]

    shown = (await stage.ask(IVA, "GET", f"/cases/{case_id}")).json()
    assert shown["case_type_version"] == 1
    assert shown["messages"][0]["answers"][0]["question"] == "Fråga 1"
    assert shown["answer_form"]["item"][0]["linkId"] == "told-1"
    for link_id, status in (("told-2", 422), ("told-1", 200)):
        body = {"epoch": 1, "form": filled(link_id)}
        answer = await stage.ask(IVA, "POST", f"/cases/{case_id}/answer", seen=shown["version"], json=body)
        assert answer.status_code == status, answer.text
    told = (await stage.ask(PORTAL, "GET", f"/cases/{case_id}")).json()
    assert told["messages"][-1]["answers"][0]["question"] == "Svar 1"
