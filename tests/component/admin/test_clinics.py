"""Clinics by HTTP: who opens them, who reaches them, and what their settings do."""

from typing import Any
from uuid import uuid4

from tests.component.admin.running import Admin

REGIONAL = "SE2321000016-P002"


def a_clinic(region: str, **fields: Any) -> dict[str, Any]:
    code = uuid4().hex[:10].upper()
    administrator = {"staff_id": f"SE2321000016-{code}A", "name": "Asta Ask", "email": "asta.ask@example.org"}
    return {
        "clinic_id": f"SE2321000016-{code}",
        "name": "Nya kliniken",
        "region": region,
        "active": False,
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
        changed = await admin.call("PUT", path, regional, json={"name": "B", "active": False}, headers=seen)
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
    named = await admin.call("PUT", path, own, json={"name": "Min klinik", "active": False}, headers=seen)
    moved = await admin.call("PUT", f"{path}/region", own, json={"region": "01"}, headers={"If-Match": '"2"'})

    assert (named.status_code, named.json()["name"]) == (200, "Min klinik")
    assert moved.status_code == 403, "nobody widens a region's reach from within"
