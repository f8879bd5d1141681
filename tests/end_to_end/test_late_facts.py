"""What comes late, early, or by a way of its own is decided once, and whoever lost is told why."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.region import Region
from tests.end_to_end.conftest import StaffClient
from tests.end_to_end.people import FREJA, OTTO, RECEIVER, a_case
from tests.end_to_end.steps import answer, assign, in_queue, shown
from tests.end_to_end.wire import SUBMIT, WITHDRAW, Wire, codes


@pytest.fixture
def held(wire: Wire, staff: StaffClient) -> dict[str, Any]:
    """A case that Freja holds: its id, its version for intake, and for routing."""
    body, receiver = a_case(), staff("routing", RECEIVER)
    wire.do(SUBMIT, body)
    assigned = assign(receiver, body["case_id"], FREJA, in_queue(receiver, body["case_id"])["version"])
    version = shown(staff("intake", FREJA), body["case_id"])["version"]
    return {"case_id": body["case_id"], "version": version, "routing_version": assigned.json()["version"]}


def test_a_case_that_is_started_can_no_longer_be_withdrawn(
    wire: Wire, staff: StaffClient, portal_by_http: httpx.Client, held: dict[str, Any]
) -> None:
    path = f"/cases/{held['case_id']}"
    assert staff("intake", FREJA).post(f"{path}/start", json={"epoch": 1}).status_code == 200
    assert codes(wire.do(WITHDRAW, {"case_id": held["case_id"]})) == ["not_when_started"]
    refused = portal_by_http.post(f"{path}/withdrawal")
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (409, "not_when_started")
    assert portal_by_http.get(path).json()["state"] == "started"


def test_a_case_that_was_withdrawn_is_nobodys_to_answer(
    wire: Wire, staff: StaffClient, held: dict[str, Any]
) -> None:
    wire.do(WITHDRAW, {"case_id": held["case_id"]})
    late = answer(staff("intake", FREJA), held["case_id"], 1, held["version"])
    assert (late.status_code, late.json()["reasons"][0]["code"]) == (409, "not_when_withdrawn")


def test_a_former_holder_is_told_who_has_the_case_now_and_since_when(
    staff: StaffClient, held: dict[str, Any]
) -> None:
    case_id, freja, otto = held["case_id"], staff("intake", FREJA), staff("intake", OTTO)
    moved = assign(staff("routing", RECEIVER), case_id, OTTO, held["routing_version"], reason="workload")
    assert (moved.status_code, moved.json()["epoch"]) == (200, 2)
    version = shown(otto, case_id)["version"]
    freja.headers["Accept-Language"] = "en"
    late = answer(freja, case_id, 1, version)
    [reason] = late.json()["reasons"]
    assert (late.status_code, reason["code"]) == (409, "no_longer_yours")
    assert "assigned to Otto Ovädersson at 20" in reason["message"]
    assert answer(otto, case_id, 2, version).status_code == 200
    [reason] = answer(freja, case_id, 2, version).json()["reasons"]
    assert reason["code"] == "already_answered"
    assert "by Otto Ovädersson at 20" in reason["message"]


def test_an_assignment_that_never_comes_is_waited_for_and_then_to_be_tried_again(
    staff: StaffClient, held: dict[str, Any]
) -> None:
    early = answer(staff("intake", FREJA), held["case_id"], 2, held["version"])
    assert early.status_code == 503
    assert int(early.headers["retry-after"]) >= 1
    assert early.elapsed.total_seconds() > 1.9
    assert answer(staff("intake", FREJA), held["case_id"], 1, held["version"]).status_code == 200


def test_an_answer_that_overtakes_its_assignment_is_taken_when_that_comes(
    region: Region, staff: StaffClient, held: dict[str, Any]
) -> None:
    case_id, otto, receiver = held["case_id"], staff("intake", OTTO), staff("routing", RECEIVER)
    with ThreadPoolExecutor(1) as elsewhere:
        early = elsewhere.submit(answer, otto, case_id, 2, held["version"])
        with pytest.raises(TimeoutError):
            early.result(0.5)
        assert assign(receiver, case_id, OTTO, held["routing_version"], reason="ill").status_code == 200
        assert early.result(10).status_code == 200


def test_the_same_request_twice_at_once_is_done_once(
    portal_by_http: httpx.Client, staff: StaffClient
) -> None:
    body, headers = a_case(), {"Idempotency-Key": str(uuid4())}
    with ThreadPoolExecutor(8) as people:
        answers = [people.submit(portal_by_http.post, "/cases", json=body, headers=headers) for _ in range(8)]
    assert {it.result().status_code for it in answers} == {202}
    assert in_queue(staff("routing", RECEIVER), body["case_id"])["version"] == 1
