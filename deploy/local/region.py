"""The made-up region on a running stack: seeded through admin's own command, and entered by public doors only."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from confluent_kafka import Consumer, Producer, TopicPartition

from deploy.local.errors import LocalStackError
from deploy.local.home import REPOSITORY
from deploy.local.planting import Planting
from deploy.local.stack import Stack
from shared.clock import utc_now
from shared.contracts.topics import portal_commands, portal_outcomes, portal_principal

SEED = REPOSITORY / "services" / "admin" / "seed" / "demo.json"


class Region:
    """A stack with people, clinics and portals in it."""

    def __init__(self, stack: Stack, seed: Path = SEED) -> None:
        self.stack = stack
        self._seed = seed
        self._described: dict[str, Any] = json.loads(seed.read_text())

    def plant(self) -> list[str]:
        """Bring admin to what the seed says at once, as an operator may; gives what it said.

        The second time changes nothing. Raises LocalStackError with admin's own words.
        """
        return self._operate("seed", str(self._seed))

    def plant_by_hand(self) -> int:
        """The same through admin's API, act by act, as the region's administrators would; gives how much was made."""
        return Planting(self._described, self._operate, self._signed_in).run()

    def wait_until_heard(self, portal_id: str, receiver: str, clinic_id: str, case_type: str) -> None:
        """Wait until intake and routing have heard of these from admin: then they know the whole seed.

        Intake is asked with an empty form, which it refuses for the form, and perhaps for whose it is, once it knows
        all else.
        Raises LocalStackError when that does not come true.
        """
        person = {"kind": "personnummer", "value": "191212121212"}
        empty = {
            "case_id": str(uuid4()),
            "clinic_id": clinic_id,
            "case_type": case_type,
            "citizen": person,
            "form": {"item": []},
        }
        with (
            self.client("intake", self.portal_token(portal_id)) as portal,
            self.client("routing", self.staff_token(receiver)) as staff,
        ):
            until(
                lambda: _knows_clinic_and_type(portal.post("/cases", json=empty)), "intake knows the region"
            )
            until(lambda: staff.get(f"/clinics/{clinic_id}/queue").is_success, "routing knows the region")

    def email_of(self, hsa_id: str) -> str:
        """Where somebody's mail goes."""
        found = (account for account in self._described["accounts"] if account["staff_id"] == hsa_id)
        return str(next(found)["email"])

    def url(self, service: str, instance: int = 1) -> str:
        """Where a service answers."""
        return self.stack.service(service, instance).url

    def staff_token(self, hsa_id: str) -> str:
        """A token for a member of staff, by the sign-in that exists in development only."""
        return self._token(f"{self.url('admin')}/development/sign-in", {"hsa_id": hsa_id})

    def portal_token(self, portal_id: str) -> str:
        """A token for a portal, by its own credentials."""
        wish = {
            "grant_type": "client_credentials",
            "client_id": portal_id,
            "client_secret": self.portal_secret(portal_id),
        }
        return self._token(f"{self.url('admin')}/tokens", wish)

    def portal_secret(self, portal_id: str) -> str:
        """The portal's secret, which the seed fixes for development."""
        found = (portal for portal in self._described["portals"] if portal["portal_id"] == portal_id)
        return str(next(found)["development_secret"])

    def client(self, service: str, token: str, instance: int = 1) -> httpx.Client:
        """An HTTP client of one service that sends this token."""
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url(service, instance), headers=headers, timeout=15)

    def _operate(self, *command: str) -> list[str]:
        """One of the operator's commands of admin."""
        environment = dict(os.environ) | self.stack.settings_of("admin")
        program = [sys.executable, "-m", "services.admin", *command]
        done = subprocess.run(program, env=environment, cwd=REPOSITORY, capture_output=True, text=True)
        if done.returncode != 0:
            raise LocalStackError(f"admin did not take the {command[0]}: {done.stderr.strip()[-500:]}")
        return done.stdout.strip().splitlines()

    def _signed_in(self, hsa_id: str) -> httpx.Client:
        return self.client("admin", self.staff_token(hsa_id))

    def _token(self, url: str, wish: dict[str, str]) -> str:
        answer = httpx.post(url, json=wish, timeout=15)
        if answer.status_code != httpx.codes.OK:
            raise LocalStackError(f"no token from {url}: {answer.status_code} {answer.text[:300]}")
        return str(answer.json()["access_token"])


def until(look: Callable[[], Any], what: str, within: float = 60.0) -> Any:
    """What `look` gives as soon as it gives something. Raises LocalStackError that names what never happened."""
    deadline = time.monotonic() + within
    while not (found := look()):
        if time.monotonic() > deadline:
            raise LocalStackError(f"within {within:.0f} s this never came true: {what}")
        time.sleep(0.02)
    return found


def _knows_clinic_and_type(answer: httpx.Response) -> bool:
    if answer.status_code != httpx.codes.UNPROCESSABLE_ENTITY:
        return False
    return all(reason["field"].startswith(("form", "citizen")) for reason in answer.json()["reasons"])


class PortalOnKafka:
    """A portal that publishes cases and hears what became of them, with the plain client library."""

    def __init__(self, stack: Stack, portal_id: str) -> None:
        login = stack.infrastructure.login(portal_principal(portal_id)).for_confluent()
        self.commands, self.outcomes = portal_commands(portal_id).name, portal_outcomes(portal_id).name
        self._producer = Producer({**login, "acks": "all", "enable.idempotence": True, "linger.ms": 0})
        group = f"{portal_principal(portal_id)}.{uuid4()}"
        self._consumer = Consumer({**login, "group.id": group, "enable.auto.commit": False})
        self._consumer.assign(self._ends())

    def publish(self, type_: str, body: dict[str, Any], *, id_: str = "", time: str = "") -> str:
        """Publish one command and wait for the broker's acknowledgement; gives its `ce_id`."""
        id_ = id_ or str(uuid4())
        headers = [
            ("content-type", "application/json"),
            ("ce_specversion", "1.0"),
            ("ce_id", id_),
            ("ce_type", type_),
            ("ce_source", "/example/portal"),
            ("ce_time", time or utc_now().isoformat()),
        ]
        failed: list[Any] = []
        self._producer.produce(
            self.commands,
            json.dumps(body).encode(),
            str(body.get("case_id", "")).encode(),
            headers=[(name, value.encode()) for name, value in headers],
            on_delivery=lambda error, _: failed.append(error) if error else None,
        )
        self._producer.flush(15)
        if failed:
            raise LocalStackError(f"Kafka did not take the command: {failed[0]}")
        return id_

    def outcome(self, case_id: UUID | str, within: float = 20.0) -> dict[str, Any]:
        """The next outcome about this case. Raises LocalStackError when none comes."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            record: Any = self._consumer.poll(0.05)
            if record is not None and not record.error() and (record.key() or b"").decode() == str(case_id):
                headers = {name: value.decode() for name, value in record.headers() or []}
                return {"type": headers["ce_type"], **json.loads(record.value())}
        raise LocalStackError(f"within {within} s nothing was told about the case {case_id}")

    def close(self) -> None:
        """Leave the group."""
        self._consumer.close()

    def _ends(self) -> list[TopicPartition]:
        """All partitions of our outcomes, from where they end now: what is told from now on is heard for certain."""
        numbers = self._consumer.list_topics(self.outcomes, 15).topics[self.outcomes].partitions
        places = [TopicPartition(self.outcomes, number) for number in numbers]
        for place in places:
            place.offset = self._consumer.get_watermark_offsets(place, 15)[1]
        return places


@contextmanager
def portal_on_kafka(stack: Stack, portal_id: str) -> Iterator[PortalOnKafka]:
    """A portal's clients, closed afterwards."""
    portal = PortalOnKafka(stack, portal_id)
    try:
        yield portal
    finally:
        portal.close()
