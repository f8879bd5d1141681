"""Whoever is locked, or taken out of a clinic, is so everywhere: at intake, at routing, and on an open stream."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from deploy.local.region import Region, until
from tests.end_to_end.conftest import StaffClient
from tests.end_to_end.people import ADMINISTRATOR, CLINICS, RECEIVER, a_case
from tests.end_to_end.steps import assign, in_queue, shown
from tests.end_to_end.wire import SUBMIT, Wire

CLINIC = CLINICS["manual"]
Revoke = Callable[[httpx.Client, str], httpx.Response]


class Listening:
    """Somebody's stream, read until it ends by itself."""

    def __init__(self, client: httpx.Client) -> None:
        self.heard: list[str] = []
        self._client = client
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        return not self._thread.is_alive()

    def _listen(self) -> None:
        with suppress(httpx.HTTPError), self._client.stream("GET", "/stream", timeout=None) as answer:
            for line in answer.iter_lines():
                self.heard.append(line)


@dataclass
class Substitute:
    """A caregiver of the clinic with one case, signed in at intake and routing, who listens."""

    id: str
    case_id: str
    at_intake: httpx.Client
    at_routing: httpx.Client
    stream: Listening

    def statuses(self) -> tuple[int, int]:
        """What intake and routing say of their case."""
        path = f"/cases/{self.case_id}"
        return self.at_intake.get(path).status_code, self.at_routing.get(path).status_code


@pytest.fixture
def substitute(region: Region, staff: StaffClient, wire: Wire) -> Iterator[Substitute]:
    id_, body = f"SE2321000016-{uuid4().hex[:8].upper()}", a_case()
    person = {"staff_id": id_, "name": "Vikar Vikarsson"}
    roles = [{"clinic_id": CLINIC, "roles": ["caregiver"]}]
    new = staff("admin", ADMINISTRATOR).post("/staff-accounts", json=person | {"permissions": roles})
    assert new.status_code == 201, new.text
    wire.do(SUBMIT, body)
    receiver = staff("routing", RECEIVER)
    version = in_queue(receiver, body["case_id"])["version"]
    until(lambda: assign(receiver, body["case_id"], id_, version).is_success, "routing knows the substitute")
    at_intake, at_routing = staff("intake", id_), staff("routing", id_)
    shown(at_intake, body["case_id"])
    with region.client("routing", region.staff_token(id_)) as listener:
        stream = Listening(listener)
        until(lambda: "event: ready" in stream.heard, "the stream is open")
        yield Substitute(id_, body["case_id"], at_intake, at_routing, stream)


def _lock(administrator: httpx.Client, id_: str) -> httpx.Response:
    seen = {"If-Match": administrator.get(f"/staff-accounts/{id_}").headers["etag"]}
    return administrator.post(f"/staff-accounts/{id_}/lock", json={"reason": "security"}, headers=seen)


def _take_out(administrator: httpx.Client, id_: str) -> httpx.Response:
    seen = {"If-Match": administrator.get(f"/staff-accounts/{id_}").headers["etag"]}
    wish = {"permissions": [{"clinic_id": CLINIC, "roles": []}]}
    return administrator.put(f"/staff-accounts/{id_}/permissions", json=wish, headers=seen)


@pytest.mark.parametrize(("revoke", "refusal"), ((_lock, 403), (_take_out, 404)), ids=("locked", "taken out"))
def test_intake_and_routing_refuse_and_the_stream_ends(
    substitute: Substitute, staff: StaffClient, revoke: Revoke, refusal: int
) -> None:
    assert substitute.statuses() == (200, 200)
    assert not substitute.stream.ended

    assert revoke(staff("admin", ADMINISTRATOR), substitute.id).is_success

    until(lambda: substitute.statuses() == (refusal, refusal), "intake and routing refuse")
    until(lambda: substitute.stream.ended, "the stream ends")
    path = f"/cases/{substitute.case_id}/start"
    assert substitute.at_intake.post(path, json={"epoch": 1}).status_code == refusal
    assert substitute.at_routing.get("/stream").status_code == 403, "and none is opened again"
