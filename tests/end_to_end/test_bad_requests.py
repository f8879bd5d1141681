"""What somebody gets wrong by HTTP: they are told, with a status that says whether trying again helps; never a 500."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.region import Region, until
from tests.end_to_end.conftest import StaffClient
from tests.end_to_end.people import ANSWER, CLINICS, FREJA, NATIONAL_ADMINISTRATOR, RECEIVER, a_case
from tests.end_to_end.steps import assign, in_queue, shown

JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def a_good_case_comes_through(portal_by_http: httpx.Client) -> Iterator[None]:
    """After whatever the test did."""
    yield
    assert portal_by_http.post("/cases", json=a_case()).status_code == 202


@pytest.mark.parametrize(
    ("status", "codes", "content"),
    (
        (400, {"not_json"}, b""),
        (400, {"not_json"}, b"{"),
        (400, {"not_json"}, b"[]"),
        (400, {"not_json"}, b"[" * 100_000),
        (400, {"not_json"}, b'{"citizen_name": "\\ud800"}'),
        (400, {"not_json"}, b'{"citizen_name": "\xff"}'),
        (413, {"too_large"}, b"x" * 10_000_000),
        (422, {"unknown_field"}, {"portal_id": "karlavagnen"}),
        (422, {"unknown_field"}, {"\x00": 1}),
        (422, {"bad_format"}, {"case_id": "x"}),
        (422, {"invalid_characters"}, {"citizen_name": "Tolvan\x00"}),
        (422, {"not_a_person_id"}, {"citizen": {"kind": "personnummer", "value": "191212121213"}}),
        (422, {"clinic_inactive"}, {"clinic_id": "SE2321000016-1000"}),
        (422, {"clinic_unknown"}, {"clinic_id": "SE2321000016-NONE"}),
        (422, {"case_type_unknown"}, {"case_type": "no-such-type"}),
        (422, {"case_type_not_offered"}, {"case_type": "ask-nurse"}),
        (422, {"required"}, {"form": {"item": []}}),
        (422, {"wrong_type"}, {"form": 1}),
    ),
)
def test_a_submission_that_is_wrong(
    portal_by_http: httpx.Client, status: int, codes: set[str], content: bytes | dict[str, Any]
) -> None:
    body = content if isinstance(content, bytes) else json.dumps(a_case() | content).encode()
    answer = portal_by_http.post("/cases", content=body, headers={"Idempotency-Key": str(uuid4())})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert codes <= {reason["code"] for reason in answer.json().get("reasons", ())}
    assert "Tolvan" not in answer.text


@pytest.mark.parametrize("path", ("/cases", "/cases/{case_id}/replies"))
def test_a_body_that_never_ends_is_refused_on_the_way(portal_by_http: httpx.Client, path: str) -> None:
    parts = (b"x" * 10_000 for _ in range(100))
    answer = portal_by_http.post(path.format(case_id=uuid4()), content=parts, headers=JSON)
    assert answer.status_code == 413


@pytest.mark.parametrize("depth", (60, 150, 400))
@pytest.mark.parametrize("headers", ({}, {"Idempotency-Key": "nested"}))
def test_a_form_that_is_nested_too_deep(
    portal_by_http: httpx.Client, depth: int, headers: dict[str, str]
) -> None:
    nested = '{"item":[' * depth + "{}" + "]}" * depth
    body = json.dumps(a_case() | {"form": "HERE"}).replace('"HERE"', nested)
    headers = {name: f"{value}-{uuid4()}" for name, value in headers.items()}
    assert portal_by_http.post("/cases", content=body, headers=headers).status_code == 422


@pytest.mark.parametrize(
    ("path", "body", "statuses"),
    (
        ("replies", '{"text": "hej"}', {422}),
        ("replies", '{"message_id": "%s", "text": "hej", "\\ud800": 1}', {422}),
        ("replies", '{"message_id": "%s", "text": "\\ud800"}', {422}),
        ("replies", '{"message_id": "%s", "text": "\\u0000"}', {422}),
        ("replies", '{"message_id": "%s", "text": ""}', {422}),
        ("replies", "{", {400}),
        ("answer", '{"epoch": 1, "form": {"\\ud800": "\\ud800"}}', {422}),
        ("answer", '{"epoch": 1, "form": {"item": [{"linkId": "\\ud800"}]}}', {422}),
        ("answer", '{"epoch": 1, "form": {"item": ' + "[" * 300 + "]" * 300 + "}}", {422}),
        ("answer", '{"epoch": 1, "form": {"a": NaN}}', {400, 422}),
        ("answer", '{"epoch": 1, "form": {"a": ' + "9" * 4_000 + "}}", {400, 422}),
        ("answer", '{"epoch": 1e400, "form": {}}', {400, 422}),
        ("answer", '{"epoch": 0, "form": {}}', {422}),
        ("questions", '{"epoch": 1, "text": "?", "reply_by": "9999-12-31T23:59:59-12:00"}', {422}),
        ("questions", '{"epoch": 1, "text": "?", "reply_by": "2026-01-01"}', {422}),
    ),
)
def test_an_act_that_is_wrong(
    staff: StaffClient,
    portal_by_http: httpx.Client,
    held_case: dict[str, Any],
    path: str,
    body: str,
    statuses: set[int],
) -> None:
    actor = portal_by_http if path == "replies" else staff("intake", FREJA)
    headers = {"If-Match": f'"{held_case["version"]}"', "Idempotency-Key": str(uuid4()), **JSON}
    content = body % uuid4() if "%s" in body else body
    answer = actor.post(f"/cases/{held_case['case_id']}/{path}", content=content, headers=headers)
    assert answer.status_code in statuses, answer.text
    again = actor.post(f"/cases/{held_case['case_id']}/{path}", content=content, headers=headers)
    assert (again.status_code, again.content) == (answer.status_code, answer.content)


@pytest.mark.parametrize(
    ("service", "path", "statuses"),
    (
        ("intake", "/cases/%00", {422, 404}),
        ("intake", "/cases?ids=%00", {422}),
        ("routing", "/clinics/%00/queue", {404, 422}),
        ("routing", "/clinics/%ED%A0%80/queue", {404, 422}),
        ("routing", "/clinics/SE2321000016-2C3D/queue?after=%00", {422}),
        ("routing", "/clinics/SE2321000016-2C3D/queue?size=99999", {422}),
        ("routing", "/cases/mine?after=nonsense", {422}),
        ("notify", "/notifications/%00", {404, 422}),
        ("admin", "/staff-accounts/%00", {404, 422}),
        ("admin", "/staff-accounts?clinic_id=%00", {422}),
        ("admin", "/access-log?clinic_id=%ED%A0%80", {422}),
    ),
)
def test_an_address_with_nonsense_in_it(
    staff: StaffClient, service: str, path: str, statuses: set[int]
) -> None:
    assert staff(service, RECEIVER).get(path).status_code in statuses


def test_a_case_type_that_is_no_longer_used_takes_no_new_cases(
    region: Region, staff: StaffClient, portal_by_http: httpx.Client
) -> None:
    administrator = staff("admin", NATIONAL_ADMINISTRATOR)
    name, clinic = f"gone-{uuid4().hex[:8]}", f"/clinics/{CLINICS['manual']}"
    form = {
        "resourceType": "Questionnaire",
        "language": "sv",
        "status": "active",
        "item": [{"linkId": "what", "text": "Vad?", "type": "string", "required": True}],
    }
    wish = {"name_sv": "Borta", "name_en": "Gone", "question_form": form, "answer_form": form}
    body = a_case() | {
        "case_type": name,
        "form": {"item": [{"linkId": "what", "answer": [{"valueString": "Inget"}]}]},
    }

    def publish(version: int, active: bool) -> None:
        answer = administrator.post(
            f"/case-types/{name}/versions",
            json=wish | {"active": active},
            headers={"If-Match": f'"{version}"'},
        )
        assert answer.status_code == 201, answer.text

    publish(0, True)
    found = administrator.get(clinic)
    kept = ("name", "active", "distribution", "claim_allowed")
    offered = {key: found.json()[key] for key in kept} | {"case_types": [*found.json()["case_types"], name]}
    changed = administrator.put(clinic, json=offered, headers={"If-Match": found.headers["etag"]})
    assert changed.status_code == 200, changed.text
    until(_answers(portal_by_http, body, 202), "the new type is taken")
    publish(1, False)
    until(_answers(portal_by_http, body | {"case_id": None}, 422), "the type is no longer taken")
    gone = portal_by_http.post("/cases", json=body | {"case_id": str(uuid4())})
    assert [reason["code"] for reason in gone.json()["reasons"]] == ["case_type_inactive"]
    assert portal_by_http.post("/cases", json=body).status_code == 202, "what was taken stays taken"


def test_a_right_answer_still_comes_through(
    staff: StaffClient, portal_by_http: httpx.Client, held_case: dict[str, Any]
) -> None:
    freja, path = staff("intake", FREJA), f"/cases/{held_case['case_id']}"
    seen = shown(freja, held_case["case_id"])["version"]
    body = {"epoch": 1, "form": ANSWER}
    answered = freja.post(f"{path}/answer", json=body, headers={"If-Match": f'"{seen}"'})
    assert answered.status_code == 200, answered.text
    assert portal_by_http.get(path).json()["state"] == "answered"


@pytest.fixture(scope="module")
def held_case(region: Region) -> dict[str, Any]:
    """A case that Freja holds, as intake shows it."""
    body = a_case()
    with (
        region.client("intake", region.portal_token("minvard")) as portal,
        region.client("routing", region.staff_token(RECEIVER)) as receiver,
        region.client("intake", region.staff_token(FREJA)) as freja,
    ):
        assert portal.post("/cases", json=body).status_code == 202
        version = in_queue(receiver, body["case_id"])["version"]
        assert assign(receiver, body["case_id"], FREJA, version).status_code == 200
        return shown(freja, body["case_id"])


def _answers(portal: httpx.Client, body: dict[str, Any], status: int) -> Callable[[], bool]:
    def look() -> bool:
        fresh = {"Idempotency-Key": str(uuid4())} if body["case_id"] is None else {}
        return portal.post("/cases", json=body, headers=fresh).status_code == status

    return look
