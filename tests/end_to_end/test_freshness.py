"""Nothing happens on old permissions: what is revoked ends within seconds, and silence ends everything."""

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

import httpx
import pytest

from deploy.local.region import Region, until
from deploy.local.stack import Stack
from tests.end_to_end.conftest import StaffClient
from tests.end_to_end.operating import number
from tests.end_to_end.people import (
    CLINICS,
    FREJA,
    OTTO,
    PERMISSION_ADMINISTRATOR,
    PORTAL,
    RECEIVER,
    a_case,
)
from tests.end_to_end.steps import answer, assign, in_queue, shown
from tests.end_to_end.wire import ACCEPTED, SUBMIT, Wire

STALE_AFTER = 6
SHARED = ("intake", "routing")
Act = Callable[[], httpx.Response]


@pytest.fixture
def impatient(region: Region) -> Iterator[Stack]:
    """A second instance of intake and of routing that answers HTTP, and trusts a silent directory for a moment only."""
    settings = {service: {"VARDVAXEL_DIRECTORY_STALE_AFTER": str(STALE_AFTER)} for service in SHARED}
    stack = Stack(
        region.stack.home.directory, services=SHARED, instances=2, settings=settings, program=_that_answers
    )
    try:
        yield stack.start()
    finally:
        for service in SHARED:
            stack.service(service, 2).stop()


def test_while_admin_is_silent_acts_are_refused_and_when_it_is_back_they_are_done(
    region: Region, impatient: Stack, wire: Wire, staff: StaffClient
) -> None:
    receiver, patient = staff("routing", RECEIVER), staff("routing", RECEIVER)
    freja, portal = staff("intake", FREJA), region.client("intake", region.portal_token(PORTAL))
    for client, service in ((receiver, "routing"), (freja, "intake"), (portal, "intake")):
        client.base_url = httpx.URL(impatient.service(service, 2).url)
    body, admin = a_case(), region.stack.service("admin")
    wire.do(SUBMIT, body)
    version = in_queue(receiver, body["case_id"])["version"]
    acts: tuple[Act, ...] = (
        lambda: assign(receiver, body["case_id"], FREJA, version + 7),
        lambda: receiver.get(f"/cases/{body['case_id']}"),
        lambda: freja.get(f"/cases/{body['case_id']}"),
        lambda: portal.post("/cases", json=a_case()),
    )
    until(lambda: [act().status_code for act in acts] == [409, 200, 404, 202], "acts are done")
    silent_since = time.monotonic()
    admin.stop()
    try:
        for act in acts:
            until(partial(_is_put_off, act), "it is refused as too old")
        assert time.monotonic() - silent_since > STALE_AFTER - 2
        routing = impatient.service("routing", 2)
        assert number(routing, "vardvaxel_directory_age_seconds") > STALE_AFTER - 1
        assert httpx.get(f"{routing.url}/readyz").status_code == 200, "it is not its fault"
        assert patient.get(f"/cases/{body['case_id']}").status_code == 200, "the others trust it for longer"
        assert wire.do(SUBMIT, a_case())["type"] == ACCEPTED, "what citizens write is kept"
    finally:
        admin.start()
    until(lambda: assign(receiver, body["case_id"], FREJA, version).status_code == 200, "acts are done again")
    seen = shown(freja, body["case_id"])["version"]
    assert answer(freja, body["case_id"], 1, seen).status_code == 200
    portal.close()


def test_a_permission_that_is_taken_back_ends_acts(region: Region, wire: Wire, staff: StaffClient) -> None:
    body, receiver = a_case(), staff("routing", RECEIVER)
    otto, otto_at_routing = staff("intake", OTTO), staff("routing", OTTO)
    wire.do(SUBMIT, body)
    assign(receiver, body["case_id"], OTTO, in_queue(receiver, body["case_id"])["version"]).raise_for_status()
    shown(otto, body["case_id"])
    _set_roles(staff("admin", PERMISSION_ADMINISTRATOR), OTTO, [])
    try:
        path = f"/cases/{body['case_id']}"
        until(lambda: otto.get(path).status_code == 404, "Otto sees nothing")
        until(lambda: otto_at_routing.get(path).status_code == 404, "not at routing either")
        late = otto.post(f"{path}/start", json={"epoch": 1})
        assert late.status_code == 404
        queued = in_queue(receiver, body["case_id"])
        assert assign(receiver, body["case_id"], OTTO, queued["version"]).status_code == 422
    finally:
        _set_roles(staff("admin", PERMISSION_ADMINISTRATOR), OTTO, ["caregiver"])
    until(
        lambda: assign(receiver, body["case_id"], OTTO, queued["version"]).status_code == 200, "Otto is back"
    )


def _is_put_off(act: Act) -> bool:
    answer = act()
    return answer.status_code == 503 and int(answer.headers["retry-after"]) > 0


def _that_answers(service: str, role: str) -> list[str]:
    """Only HTTP: nobody else's partitions move."""
    return [sys.executable, "-m", f"services.{service}", "api" if role == "all" else role]


def _set_roles(administrator: httpx.Client, hsa_id: str, roles: list[str]) -> None:
    account = administrator.get(f"/staff-accounts/{hsa_id}")
    account.raise_for_status()
    wish = {"permissions": [{"clinic_id": CLINICS["manual"], "roles": roles}]}
    changed = administrator.put(
        f"/staff-accounts/{hsa_id}/permissions", json=wish, headers={"If-Match": account.headers["etag"]}
    )
    assert changed.status_code == 200, changed.text
