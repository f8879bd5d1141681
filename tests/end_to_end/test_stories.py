"""A citizen's stories, from portal to answer, on the real stack and through public doors only."""

import asyncio
from functools import partial
from typing import Any
from uuid import uuid4

import httpx

from deploy.local.region import PortalOnKafka, Region, until
from tests.end_to_end.conftest import StaffClient
from tests.end_to_end.people import (
    ADMINISTRATOR,
    CLINICS,
    FREJA,
    IVAR,
    NURSES,
    OTHER_CLINICS_RECEIVER,
    OTTO,
    RECEIVER,
    a_case,
    a_question_to_the_nurses,
)
from tests.end_to_end.steps import answer, assign, in_queue, mails_to, shown

SUBMIT = "intake.submit-case.v1"


def test_a_case_by_kafka_is_assigned_mailed_and_answered(
    region: Region, staff: StaffClient, portal: PortalOnKafka, portal_by_http: httpx.Client
) -> None:
    mails = len(mails_to(region, FREJA))
    body = a_case()
    portal.publish(SUBMIT, body)
    assert portal.outcome(body["case_id"])["type"] == "intake.command-accepted.v1"
    receiver = staff("routing", RECEIVER)
    assigned = assign(receiver, body["case_id"], FREJA, in_queue(receiver, body["case_id"])["version"])
    assert assigned.status_code == 200, assigned.text
    until(lambda: len(mails_to(region, FREJA)) > mails, "Freja has a mail")
    mail = str(mails_to(region, FREJA)[-1])
    assert not any(
        secret in mail for secret in ("Tolvan", "Exempeldryl", "191212121212", "renew", body["case_id"])
    )
    freja = staff("intake", FREJA)
    view = shown(freja, body["case_id"])
    answered = answer(freja, body["case_id"], assigned.json()["epoch"], view["version"])
    assert answered.status_code == 200, answered.text
    assert portal.outcome(body["case_id"])["status"] == "answered"
    assert "Receptet är förnyat" in portal_by_http.get(f"/cases/{body['case_id']}").text
    until(lambda: _state(receiver, body["case_id"]) == "done", "routing has heard of the answer")


def test_a_case_by_http_is_stored_once_however_often_it_is_sent(
    staff: StaffClient, portal_by_http: httpx.Client
) -> None:
    body = {name: value for name, value in a_case().items() if name != "case_id"}
    headers = {"Idempotency-Key": str(uuid4())}
    first, again = (portal_by_http.post("/cases", json=body, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 202, first.text
    assert first.json()["case_id"] == again.json()["case_id"]
    other = portal_by_http.post("/cases", json={**body, "citizen_name": "Någon Annan"}, headers=headers)
    assert other.status_code == 422
    assert in_queue(staff("routing", RECEIVER), first.json()["case_id"])


def test_a_case_that_is_wrong_is_refused_with_a_reason_per_field(
    portal: PortalOnKafka, portal_by_http: httpx.Client
) -> None:
    body = a_case() | {"citizen": {"kind": "personnummer", "value": "191212121213"}, "form": {"item": []}}
    portal.publish(SUBMIT, body)
    told = portal.outcome(body["case_id"])
    assert told["type"] == "intake.command-refused.v1"
    fields = {reason["field"] for reason in told["reasons"]}
    assert fields == {"citizen.value", "form.answers.medicine", "form.answers.supply"}
    assert all(reason["sv"] and reason["en"] for reason in told["reasons"])
    by_http = portal_by_http.post("/cases", json={**body, "case_id": str(uuid4())})
    assert by_http.status_code == 422
    assert {reason["field"] for reason in by_http.json()["reasons"]} == fields


def test_a_clinic_that_shares_out_in_turn_gives_each_present_caregiver_a_case_and_says_why(
    staff: StaffClient, portal: PortalOnKafka
) -> None:
    bodies = [a_question_to_the_nurses() for _ in NURSES]
    for body in bodies:
        portal.publish(SUBMIT, body)
    receiver = staff("routing", "SE2321000016-P017")
    cases = [until(partial(_held, receiver, body["case_id"]), "the case is assigned") for body in bodies]
    assert {case["holder"] for case in cases} == NURSES
    explained = receiver.get(f"/cases/{bodies[0]['case_id']}/explanation")
    assert explained.status_code == 200
    assert all(nurse in explained.text for nurse in NURSES), "each candidate is named"


async def test_of_two_receivers_at_once_one_wins_and_the_other_is_told_who_and_when(
    region: Region, staff: StaffClient, portal: PortalOnKafka
) -> None:
    body = a_case()
    portal.publish(SUBMIT, body)
    version = in_queue(staff("routing", RECEIVER), body["case_id"])["version"]
    token = region.staff_token(RECEIVER)

    async def try_to_assign(client: httpx.AsyncClient, holder: str) -> httpx.Response:
        headers = {"If-Match": f'"{version}"', "Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return await client.post(
            f"/cases/{body['case_id']}/assignment", json={"holder": holder}, headers=headers
        )

    async with httpx.AsyncClient(base_url=region.url("routing")) as client:
        answers = await asyncio.gather(try_to_assign(client, FREJA), try_to_assign(client, OTTO))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert RECEIVER in lost.text, "who was first"
    history = staff("routing", RECEIVER).get(f"/cases/{body['case_id']}/history").json()
    assert len([step for step in history["steps"] if step.get("holder")]) == 1


def test_a_caregiver_who_is_locked_can_neither_act_nor_be_assigned_and_open_cases_surface(
    region: Region, staff: StaffClient, portal: PortalOnKafka
) -> None:
    body = a_case()
    portal.publish(SUBMIT, body)
    receiver = staff("routing", RECEIVER)
    assign(receiver, body["case_id"], IVAR, in_queue(receiver, body["case_id"])["version"]).raise_for_status()
    ivar = staff("intake", IVAR)
    shown(ivar, body["case_id"])
    _lock(staff("admin", ADMINISTRATOR), IVAR)
    until(
        lambda: ivar.get(f"/cases/{body['case_id']}").status_code in (403, 404),
        "the old token is worth nothing",
    )
    queued = in_queue(receiver, body["case_id"])
    refused = assign(receiver, body["case_id"], IVAR, queued["version"])
    assert refused.status_code == 422, refused.text
    signed_in = httpx.post(f"{region.url('admin')}/development/sign-in", json={"hsa_id": IVAR})
    assert signed_in.status_code == 403


def test_a_receiver_of_another_clinic_sees_nothing(staff: StaffClient, portal: PortalOnKafka) -> None:
    body = a_case()
    portal.publish(SUBMIT, body)
    in_queue(staff("routing", RECEIVER), body["case_id"])
    for service in ("routing", "intake"):
        assert staff(service, OTHER_CLINICS_RECEIVER).get(f"/cases/{body['case_id']}").status_code == 404
    queue = staff("routing", OTHER_CLINICS_RECEIVER).get(f"/clinics/{CLINICS['manual']}/queue")
    assert queue.status_code == 404


def _state(client: httpx.Client, case_id: str) -> str:
    return str(client.get(f"/cases/{case_id}").json()["status"])


def _held(client: httpx.Client, case_id: str) -> dict[str, Any] | None:
    answer = client.get(f"/cases/{case_id}")
    case: dict[str, Any] = answer.json() if answer.is_success else {}
    return case if case.get("holder") else None


def _lock(administrator: httpx.Client, hsa_id: str) -> None:
    account = administrator.get(f"/staff-accounts/{hsa_id}")
    account.raise_for_status()
    headers = {"If-Match": account.headers["etag"]}
    administrator.post(
        f"/staff-accounts/{hsa_id}/lock", json={"reason": "leave"}, headers=headers
    ).raise_for_status()
