"""A portal's developer with the guide alone: the clinics, what they take, the form, and a case sent by it."""

import os
import re
import shlex
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from shared.contracts.case_types import Adaptation, AgeInterval, CaseTypeOwner, Owner, Pause
from shared.contracts.clinic_settings import (
    AnswerPromise,
    ClinicSettings,
    ContactCard,
    LocalText,
    OpenInterval,
    PublishedText,
    ServiceArea,
)
from shared.contracts.events.admin import (
    CaseTypeAdaptationPublished,
    CaseTypePublished,
    ClinicPublished,
    Distribution,
    PortalPublished,
)
from shared.contracts.message import Message
from shared.security.tokens import Actor, issue
from shared.testing.eventually import eventually
from tests.architecture.tree import ROOT
from tests.component.intake.stage import CLINIC, ELSEWHERE, GONE, KEY, PORTAL, RENEWAL, Stage, a_form

pytestmark = pytest.mark.asyncio(loop_scope="session")

GUIDE = (ROOT / "docs" / "portal-guide.md").read_text()
CURL = re.findall(r"^```sh\n(curl .*?)\n```", GUIDE, re.MULTILINE | re.DOTALL)
BJORK = "SE9999999999-BJORK1"
SAMPLE = ROOT / "shared/contracts/samples/admin.case-type-published.v1/0001-renew-a-prescription.json"


async def run(stage: Stage, curl: str, **values: str) -> httpx.Response:
    """One line of the guide, with the shell's variables filled in, sent as curl would send it."""
    token = issue(Actor("portal", PORTAL), KEY, datetime.now(UTC), audience=("intake",))
    known = {"INTAKE": "http://intake", "TOKEN": token} | values
    words = [re.sub(r"\$(\w+)", lambda it: known[it[1]], word) for word in shlex.split(curl)]
    program, flags, address, *options = words
    assert (program, flags) == ("curl", "-sS")
    assert options[::2] == ["-H"] * (len(options) // 2)
    headers = dict(line.split(": ", 1) for line in options[1::2])
    return await stage.http.get(address, headers=headers)


async def told(stage: Stage, *facts: Message) -> None:
    for fact in facts:
        await stage.tell(fact)


def a_clinic(clinic_id: str, version: int = 1, *, active: bool = True, types: Any = (RENEWAL,)) -> Message:
    return ClinicPublished(
        clinic_id=clinic_id,
        version=version,
        at=datetime.now(UTC),
        name=f"Kliniken {clinic_id}",
        active=active,
        distribution=Distribution.MANUAL,
        case_types=frozenset(types),
    )


def a_type(version: int, *, active: bool = True, name: str = "", form: Any = None) -> CaseTypePublished:
    return CaseTypePublished(
        case_type=name or f"offered-{os.getpid()}",
        version=version,
        at=datetime.now(UTC),
        name_sv="Fråga",
        name_en="Ask",
        active=active,
        question_form=form or a_form(f"what-{version}", "Vad?"),
        answer_form=a_form("message", "Meddelande"),
    )


async def test_the_guide_leads_from_the_list_of_clinics_to_an_accepted_case(stage: Stage) -> None:
    form = orjson.loads(SAMPLE.read_bytes())["value"]["question_form"]
    renew = a_type(1, name="renew-prescription", form=form)
    await told(stage, renew, a_clinic(BJORK, types=["renew-prescription", "unknown-type"]))
    listing, showing, again = CURL

    async def listed() -> Any:
        found = (await run(stage, listing)).json()["clinics"]
        return next((it for it in found if it["clinic_id"] == BJORK and it["case_types"]), None)

    clinic = await eventually(listed, "the clinic on offer")
    assert [it["case_type"] for it in clinic["case_types"]] == ["renew-prescription"]
    assert clinic["case_types"][0]["name"] == {"sv": "Fråga", "en": "Ask"}
    shown = await run(stage, showing)
    assert shown.json()["question_form"] == form
    unchanged = await run(stage, again, ETAG=shown.headers["etag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == shown.headers["etag"]
    example = next(block for block in re.findall(r"```http\n(.*?)```", GUIDE, re.DOTALL) if "/cases" in block)
    body = orjson.loads(example.partition("\n\n")[2])
    sent = await stage.ask(PORTAL, "POST", "/cases", json=body | {"case_id": str(uuid4())})
    assert sent.status_code == 202, sent.text


async def test_only_what_takes_cases_now_is_offered(stage: Stage) -> None:
    clinics = (await stage.ask(PORTAL, "GET", "/clinics", params={"size": 200})).json()["clinics"]
    offered = {it["clinic_id"]: [t["case_type"] for t in it["case_types"]] for it in clinics}
    assert offered[CLINIC] == [RENEWAL], "what no longer takes cases is left out"
    assert ELSEWHERE not in offered
    assert (await stage.ask(PORTAL, "GET", f"/case-types/{GONE}")).status_code == 404
    assert (await stage.ask(PORTAL, "GET", "/case-types/none")).status_code == 404
    form = (await stage.ask(PORTAL, "GET", f"/case-types/{RENEWAL}")).json()
    assert (form["version"], form["question_form"]["item"][0]["linkId"]) == (2, "medicine")


async def test_a_clinic_is_offered_with_what_it_tells_and_a_paused_type_with_why(stage: Stage) -> None:
    here, until = f"SE2321000016-T{os.getpid()}", datetime(2999, 1, 1, tzinfo=UTC)
    paused, ended, handed = (f"{word}-{os.getpid()}" for word in ("paused", "ended", "handed"))
    why = LocalText(sv="Vi har stängt.", en="We are closed.")
    wishes = {
        paused: Adaptation(pause=Pause(message=why, until=until)),
        ended: Adaptation(ends_on=date(2020, 1, 1)),
        handed: Adaptation(restricted=True, description=why),
    }
    place, now = Owner(kind=CaseTypeOwner.CLINIC, place=here), datetime.now(UTC)
    settings = ClinicSettings(
        contact=ContactCard(phone="0550-123 45"),
        opening_hours=(OpenInterval(weekday=1, opens="08:00", closes="16:30"),),
        answer_promise=AnswerPromise(amount=2, unit="days"),
        mailbox="backa@example.org",
        service_area=ServiceArea(municipalities=frozenset({"0180"}), age_from=18),
    )
    terms = (PublishedText(version=2, valid_from=date(2020, 1, 1), text=why),)
    ages = AgeInterval(least=18)
    await told(stage, *(a_type(1, name=name).model_copy(update={"age": ages}) for name in wishes))
    for name, wish in wishes.items():
        await told(
            stage,
            CaseTypeAdaptationPublished(place=place, case_type=name, version=1, at=now, adaptation=wish),
        )
    clinic = a_clinic(here, types=wishes).model_copy(update={"settings": settings, "terms": terms})
    await told(stage, clinic)

    async def offered() -> Any:
        page = (await stage.ask(PORTAL, "GET", "/clinics", params={"after": here[:-1], "size": 200})).json()
        found = next((it for it in page["clinics"] if it["clinic_id"] == here), None)
        return found if found and len(found["case_types"]) == len(wishes) - 1 else None

    found = await eventually(offered, "the clinic without the type that has ended")
    types = {it["case_type"]: (it["paused"], it["restricted"]) for it in found["case_types"]}
    assert types == {
        paused: ({"message": why.model_dump(), "until": "2999-01-01T00:00:00Z"}, False),
        handed: (None, True),
    }
    assert (found["contact"]["phone"], found["answer_promise"]) == (
        "0550-123 45",
        {"amount": 2, "unit": "days"},
    )
    assert (found["terms"], found["information"]) == ({"version": 2, "text": why.model_dump()}, None)
    assert found["opening_hours"] == [{"weekday": 1, "opens": "08:00", "closes": "16:30"}]
    assert found["service_area"] == {"municipalities": ["0180"], "sex": None, "age_from": 18, "age_to": None}
    assert "backa@example.org" not in str(found)
    for at, description in ((here, why.model_dump()), ("", {"sv": "", "en": ""})):
        params = {"clinic_id": at} if at else {}
        shown = (await stage.ask(PORTAL, "GET", f"/case-types/{handed}", params=params)).json()
        assert (shown["description"], shown["age"]) == (description, {"least": 18, "most": None})
        assert (shown.get("restricted", False), len(shown["question_form"]["item"])) == (bool(at), 1)
    ended_here = await stage.ask(PORTAL, "GET", f"/case-types/{ended}", params={"clinic_id": here})
    assert (ended_here.status_code, ended_here.json()["reasons"][0]["code"]) == (404, "case_type_not_offered")
    assert (await stage.ask(PORTAL, "GET", f"/case-types/{ended}")).status_code == 200


async def test_pages_follow_each_other_without_gap_or_repeat(stage: Stage) -> None:
    ids = [f"SE2321000016-P{os.getpid()}X{number}" for number in range(5)]
    await told(stage, *(a_clinic(clinic_id) for clinic_id in ids))

    async def walked() -> list[str]:
        seen: list[str] = []
        after: str | None = ""
        while after is not None:
            page = (await stage.ask(PORTAL, "GET", "/clinics", params={"after": after, "size": 2})).json()
            seen += [it["clinic_id"] for it in page["clinics"]]
            after = page["next"]
        assert set(ids) <= set(seen)
        return seen

    seen = await eventually(walked, "all clinics on offer")
    assert seen == sorted(set(seen))
    for size in (0, 201):
        refused = await stage.ask(PORTAL, "GET", "/clinics", params={"size": size})
        assert refused.status_code == 422


async def test_a_new_version_a_pause_and_an_inactive_portal_are_felt_at_once(stage: Stage) -> None:
    name, portal = a_type(1).case_type, "intake-two"
    await told(stage, a_type(1))

    async def version(number: int) -> Any:
        found = await stage.ask(PORTAL, "GET", f"/case-types/{name}")
        return found.status_code == 200 and found.json()["version"] == number and found

    async def gone() -> bool:
        return (await stage.ask(PORTAL, "GET", f"/case-types/{name}")).status_code == 404

    first = await eventually(lambda: version(1), "the first version")
    await told(stage, a_type(2))
    second = await eventually(lambda: version(2), "the second version")
    known = {"If-None-Match": f'"x", W/{first.headers["etag"]}'}
    changed = await stage.ask(PORTAL, "GET", f"/case-types/{name}", headers=known)
    assert (changed.status_code, changed.headers["etag"]) == (200, second.headers["etag"])
    await told(stage, a_type(3, active=False))
    await eventually(gone, "the pause")

    async def allowed() -> int:
        return (await stage.ask(portal, "GET", "/clinics")).status_code

    async def is_allowed(status: int) -> bool:
        return await allowed() == status

    now = datetime.now(UTC)
    newer: dict[str, Any] = {"portal_id": portal, "name": "Arvika", "at": now}
    later = int(now.timestamp()) + 10
    await told(stage, PortalPublished(version=later, active=False, **newer))
    await eventually(lambda: is_allowed(403), "the portal switched off")
    await told(stage, PortalPublished(version=later + 1, active=True, **newer))
    await eventually(lambda: is_allowed(200), "the portal switched on again")
