"""A clinic that is being closed: citizens are told in its own words, and what it has is worked off."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from deploy.local.region import until
from tests.end_to_end.conftest import StaffClient
from tests.end_to_end.people import ADMINISTRATOR, CLINICS, FREJA, RECEIVER, a_case
from tests.end_to_end.steps import answer, assign, in_queue, shown

PATH = f"/clinics/{CLINICS['manual']}"
WORDS = "Granliden avvecklas. Skriv till psykiatrin i Norrstad."


def step(administrator: httpx.Client, name: str, body: Any = None) -> httpx.Response:
    seen = {"If-Match": administrator.get(PATH).headers["etag"]}
    return administrator.post(f"{PATH}/{name}", json=body, headers=seen)


def refusal(portal: httpx.Client) -> str:
    """What the citizen reads who writes to the clinic now; nothing if the case is taken."""
    answer = portal.post("/cases", json=a_case())
    return "" if answer.status_code == 202 else str(answer.json()["detail"])


@pytest.fixture
def administrator(staff: StaffClient, portal_by_http: httpx.Client) -> Iterator[httpx.Client]:
    """The clinic's administrator; the clinic is open again for the tests that follow."""
    administrator = staff("admin", ADMINISTRATOR)
    yield administrator
    if administrator.get(PATH).json()["state"] != "open":
        reopened = step(administrator, "opening")
        assert reopened.status_code == 200, reopened.text
    until(lambda: refusal(portal_by_http) == "", "the clinic takes cases again")


def test_a_draining_clinic_takes_no_new_cases_and_works_off_those_that_it_has(
    administrator: httpx.Client, staff: StaffClient, portal_by_http: httpx.Client
) -> None:
    case_id = portal_by_http.post("/cases", json=a_case()).json()["case_id"]
    receiver = staff("routing", RECEIVER)
    waiting = in_queue(receiver, case_id)

    assert step(administrator, "draining", {"text": {"sv": WORDS}}).status_code == 200
    until(lambda: refusal(portal_by_http) == WORDS, "citizens are told where to turn")
    assert step(administrator, "closing").status_code == 200
    assigned = assign(receiver, case_id, FREJA, waiting["version"])
    assert assigned.status_code == 200, assigned.text
    freja = staff("intake", FREJA)
    answered = answer(freja, case_id, assigned.json()["epoch"], shown(freja, case_id)["version"])

    assert answered.status_code == 200, answered.text
    assert refusal(portal_by_http) == WORDS
