"""Clinics by HTTP: who opens them, who reaches them, and what their settings do."""

from typing import Any
from uuid import uuid4

import orjson

from deploy.local.choose import Infrastructure
from shared.contracts.topics import DIRECTORY_EVENTS
from tests.component.admin.running import Admin, Listener

REGIONAL = "SE2321000016-P002"


def a_clinic(region: str, **fields: Any) -> dict[str, Any]:
    code = uuid4().hex[:10].upper()
    administrator = {"staff_id": f"SE2321000016-{code}A", "name": "Asta Ask", "email": "asta.ask@example.org"}
    return {
        "clinic_id": f"SE2321000016-{code}",
        "name": "Nya kliniken",
        "region": region,
        "administrator": administrator,
        **fields,
    }


async def test_a_regional_administrator_opens_and_reaches_clinics_of_the_own_region_only(
    admin: Admin,
) -> None:
    national, regional = await admin.signed_in(), await admin.signed_in(REGIONAL)
    near, far = a_clinic("01"), a_clinic("14")

    refused = await admin.call("POST", "/clinics", regional, json=far)
    opened = await admin.call("POST", "/clinics", regional, json=near)
    elsewhere = await admin.call("POST", "/clinics", national, json=far)

    assert (refused.status_code, opened.status_code, elsewhere.status_code) == (403, 201, 201)
    assert "not_your_region" in refused.text
    assert (opened.json()["administrators"], opened.json()["region_name"]) == (1, "Stockholms län")
    for clinic, reached in ((near, True), (far, False)):
        path, seen = f"/clinics/{clinic['clinic_id']}", {"If-Match": '"1"'}
        changed = await admin.call("PUT", path, regional, json={"name": "B"}, headers=seen)
        people = await admin.call("GET", f"/staff-accounts?clinic_id={clinic['clinic_id']}", regional)
        assert (changed.status_code == 200, people.status_code == 200) == (reached, reached)
    everybody = (await admin.call("GET", "/staff-accounts", regional)).json()
    ids = {account["staff_id"] for account in everybody}
    assert near["administrator"]["staff_id"] in ids
    assert far["administrator"]["staff_id"] not in ids


async def test_the_first_administrator_of_a_clinic_can_begin_at_once(admin: Admin) -> None:
    clinic = a_clinic("14")
    await admin.call("POST", "/clinics", await admin.signed_in(), json=clinic)

    own = await admin.signed_in(clinic["administrator"]["staff_id"])
    path, seen = f"/clinics/{clinic['clinic_id']}", {"If-Match": '"1"'}
    named = await admin.call("PUT", path, own, json={"name": "Min klinik"}, headers=seen)
    moved = await admin.call("PUT", f"{path}/region", own, json={"region": "01"}, headers={"If-Match": '"2"'})

    assert (named.status_code, named.json()["name"]) == (200, "Min klinik")
    assert moved.status_code == 403, "nobody widens a region's reach from within"


async def test_an_administrator_decides_the_settings_and_the_neighbours_hear_them(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    clinic = a_clinic("14")
    path = f"/clinics/{clinic['clinic_id']}"
    await admin.call("POST", "/clinics", await admin.signed_in(), json=clinic)
    own = await admin.signed_in(clinic["administrator"]["staff_id"])
    seen = await admin.call("GET", f"{path}/settings", own)
    wish = seen.json()["settings"]
    wish["opening_hours"] = [{"weekday": 3, "opens": "08:00", "closes": "17:00"}]
    wish["holidays"] = [{"day": "walpurgis-night", "closes": "12:00"}, {"day": "midsummer-eve"}]

    async with Listener(infrastructure, DIRECTORY_EVENTS) as listener:
        tags = {"If-Match": seen.headers["etag"]}
        changed = await admin.call("PUT", f"{path}/settings", own, json=wish, headers=tags)
        late = await admin.call("PUT", f"{path}/settings", own, json=wish, headers=tags)
        tags = {"If-Match": changed.headers["etag"]}
        text = {"text": {"sv": "Välkommen", "en": "Welcome"}}
        told = await admin.call("POST", f"{path}/texts/information", own, json=text, headers=tags)
        heard = await listener.until(
            lambda all_: sum(r.key == clinic["clinic_id"].encode() for r in all_) >= 2, "two states"
        )

    assert (changed.status_code, late.status_code, told.status_code) == (200, 409, 201)
    newest = [orjson.loads(r.value) for r in heard if r.key == clinic["clinic_id"].encode()][-1]
    assert newest["settings"]["opening_hours"][0]["opens"] == "08:00"
    assert newest["information"][0]["text"] == {"sv": "Välkommen", "en": "Welcome"}
    days = (await admin.call("GET", f"{path}/days?first_on=2027-04-28&count=7", own)).json()
    assert [day["on"] for day in days if day["open"]] == ["2027-04-28"]
    assert days[0]["open"] == [{"opens": "2027-04-28T08:00:00+02:00", "closes": "2027-04-28T17:00:00+02:00"}]
    assert days[2]["holidays"] == ["walpurgis-night"]


async def test_a_text_s_versions_stay_readable_for_ever(admin: Admin) -> None:
    clinic = a_clinic("14")
    path = f"/clinics/{clinic['clinic_id']}"
    national = await admin.signed_in()
    await admin.call("POST", "/clinics", national, json=clinic)
    for version, sv in enumerate(("Ett", "Två", "Tre"), start=1):
        tags = {"If-Match": f'"{version}"'}
        await admin.call("POST", f"{path}/texts/terms", national, json={"text": {"sv": sv}}, headers=tags)

    versions = (await admin.call("GET", f"{path}/texts/terms", national)).json()
    shown = (await admin.call("GET", f"{path}/settings", national)).json()

    assert [(v["version"], v["text"]["sv"]) for v in versions] == [(3, "Tre"), (2, "Två"), (1, "Ett")]
    assert {v["published_by"] for v in versions} == {"SE2321000016-P001"}
    assert [v["version"] for v in shown["terms"]] == [2, 3]


async def test_mistakes_in_settings_are_told_by_field_in_the_language_asked_for(admin: Admin) -> None:
    national = await admin.signed_in()
    path = "/clinics/SE2321000016-1A2B/settings"
    wish = {
        "opening_hours": [
            {"weekday": 1, "opens": "08:00", "closes": "12:00"},
            {"weekday": 1, "opens": "11:00", "closes": "13:00"},
        ]
    }
    for language, word in (("sv", "måndag"), ("en", "Monday")):
        headers = {
            "If-Match": (await admin.call("GET", path, national)).headers["etag"],
            "Accept-Language": language,
        }
        answer = await admin.call("PUT", path, national, json=wish, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert (answer.json()["reasons"][0]["field"], word in answer.json()["detail"]) == (
            "opening_hours",
            True,
        )


async def test_a_new_clinic_is_made_ready_opened_drained_closed_and_reopened_by_its_administrator(
    admin: Admin, infrastructure: Infrastructure
) -> None:
    clinic = a_clinic("01")
    id_, path = clinic["clinic_id"], f"/clinics/{clinic['clinic_id']}"
    assert (
        await admin.call("POST", "/clinics", await admin.signed_in(REGIONAL), json=clinic)
    ).status_code == 201
    own = await admin.signed_in(clinic["administrator"]["staff_id"])

    async def act(method: str, suffix: str, body: Any = None, expect: int = 200) -> Any:
        seen = (await admin.call("GET", path, own)).headers["etag"]
        answer = await admin.call(method, path + suffix, own, json=body, headers={"If-Match": seen})
        assert answer.status_code == expect, answer.text
        return answer.json()

    async def failing() -> set[str]:
        items = (await admin.call("GET", f"{path}/readiness", own)).json()["items"]
        return {item["code"] for item in items if item["mark"] == "fail"}

    refused = await act("POST", "/opening", expect=422)
    assert {reason["field"] for reason in refused["reasons"]} == await failing()
    assert await failing() == {"receivers", "caregivers", "case_types", "opening_hours", "contact_card"}
    settings = {
        "contact": {"phone": "08-123 456 99", "address": "Gatan 1"},
        "opening_hours": [{"weekday": 1, "opens": "08:00", "closes": "17:00"}],
    }
    await act("PUT", "/settings", settings)
    await act("PUT", "", {"name": "Nya kliniken", "case_types": ["ask-nurse"]})
    colleague = {
        "staff_id": f"{id_}B",
        "name": "Bo Bok",
        "permissions": [{"clinic_id": id_, "roles": ["receiver", "caregiver"]}],
    }
    registered = await admin.call("POST", "/staff-accounts", own, json=colleague)
    assert registered.status_code == 201, registered.text
    assert await failing() == set()

    async with Listener(infrastructure, DIRECTORY_EVENTS) as listener:
        assert (await act("POST", "/opening"))["state"] == "open"
        await act("POST", "/closing", expect=422)
        text = {"sv": "Vi avvecklas. Välj Norra.", "en": "We are closing. Choose the northern one."}
        drained = await act("POST", "/draining", {"text": text})
        await act("POST", "/closing")
        reopened = await act("POST", "/opening")
        heard = await listener.until(
            lambda all_: sum(r.key == id_.encode() for r in all_) >= 4, "four states"
        )

    assert (drained["state"], drained["active"], drained["closing"]) == ("draining", False, text)
    assert (reopened["state"], reopened["closing"]["sv"]) == ("open", "")
    states = [orjson.loads(r.value) for r in heard if r.key == id_.encode()]
    assert [(s["state"], s["closing"]["sv"] != "") for s in states] == [
        ("open", False),
        ("draining", True),
        ("closed", True),
        ("open", False),
    ]
