"""One case from a citizen's portal to the caregiver's answer, step by step, with the time that each took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx

from deploy.local.errors import LocalStackError
from deploy.local.region import PortalOnKafka, Region, until

CLINIC = "SE2321000016-2C3D"
RECEIVER = "SE2321000016-P013"
CAREGIVER = "SE2321000016-P014"
PORTAL = "minvard"
CITIZEN = {"kind": "personnummer", "value": "191212121212"}


@dataclass(slots=True)
class Story:
    """The steps of a case, and what each took in milliseconds. `tell` is called as each step is done."""

    region: Region
    tell: Callable[[str, float], None]
    case_id: UUID = field(default_factory=uuid4)

    def run(self) -> None:
        """Raises LocalStackError that says which step never came true."""
        receiver = self.region.client("routing", self.region.staff_token(RECEIVER))
        token = self.region.staff_token(CAREGIVER)
        caregiver, reader = self.region.client("routing", token), self.region.client("intake", token)
        portal_by_http = self.region.client("intake", self.region.portal_token(PORTAL))
        with receiver, caregiver, reader, portal_by_http:
            self._submitted()
            version = self._queued(receiver)
            mails = len(self._mails(CAREGIVER))
            epoch = self._assigned(receiver, version)
            self._mailed(mails)
            self._answered(reader, epoch)
            self._read(portal_by_http)

    def _submitted(self) -> None:
        portal = PortalOnKafka(self.region.stack, PORTAL)
        try:
            with self._step("the portal's case is acknowledged by Kafka"):
                portal.publish("intake.submit-case.v1", a_submission(self.case_id))
            with self._step("intake has stored it and told the portal"):
                told = portal.outcome(self.case_id)
            if told["type"] != "intake.command-accepted.v1":
                raise LocalStackError(f"intake refused the case: {told}")
        finally:
            portal.close()

    def _queued(self, receiver: httpx.Client) -> int:
        with self._step("it waits in the queue of Granliden, where Malte receives"):
            found = until(lambda: self._in_queue(receiver), "the case is in the queue")
        return int(found["version"])

    def _in_queue(self, receiver: httpx.Client) -> dict[str, Any] | None:
        queue = checked(receiver.get(f"/clinics/{CLINIC}/queue", params={"size": 200})).json()["cases"]
        return next((case for case in queue if case["case_id"] == str(self.case_id)), None)

    def _assigned(self, receiver: httpx.Client, version: int) -> int:
        with self._step("Malte assigns it to Freja"):
            headers = {"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4())}
            body = {"holder": CAREGIVER}
            answer = receiver.post(f"/cases/{self.case_id}/assignment", json=body, headers=headers)
        return int(checked(answer).json()["epoch"])

    def _mailed(self, before: int) -> None:
        with self._step("Freja has a mail: something waits"):
            until(lambda: len(self._mails(CAREGIVER)) > before, "the mail has come")

    def _mails(self, hsa_id: str) -> list[dict[str, Any]]:
        mails = checked(httpx.get(f"{self.region.stack.mailbox.url}/mails.json")).json()
        address = self.region.email_of(hsa_id)
        return [mail for mail in mails if address in str(mail.get("to")) + str(mail.get("recipients"))]

    def _answered(self, reader: httpx.Client, epoch: int) -> None:
        with self._step("Freja reads it; the look is logged"):
            view = until(lambda: ok_or_none(reader.get(f"/cases/{self.case_id}")), "Freja may read the case")
        with self._step("Freja answers it"):
            headers = {"If-Match": f'"{view["version"]}"', "Idempotency-Key": str(uuid4())}
            body = {"epoch": epoch, "form": AN_ANSWER}
            checked(reader.post(f"/cases/{self.case_id}/answer", json=body, headers=headers))

    def _read(self, portal: httpx.Client) -> None:
        with self._step("the citizen reads the answer in the portal"):
            view = checked(portal.get(f"/cases/{self.case_id}")).json()
        if view["state"] != "answered":
            raise LocalStackError(f"the case is {view['state']}, and should be answered")

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.tell(what, (time.perf_counter() - started) * 1000)


AN_ANSWER = {
    "item": [
        {"linkId": "decision", "answer": [{"valueCoding": {"code": "renewed"}}]},
        {"linkId": "message", "answer": [{"valueString": "Receptet är förnyat och kan hämtas i morgon."}]},
    ]
}


def a_submission(case_id: UUID) -> dict[str, Any]:
    """A valid SubmitCase: a made-up citizen wants a prescription renewed."""
    return {
        "case_id": str(case_id),
        "clinic_id": CLINIC,
        "case_type": "renew-prescription",
        "citizen": CITIZEN,
        "citizen_name": "Tolvan Tolvansson",
        "form": {
            "item": [
                {"linkId": "medicine", "answer": [{"valueString": "Exempeldryl 50 mg"}]},
                {"linkId": "supply", "answer": [{"valueCoding": {"code": "week"}}]},
            ]
        },
    }


def checked(answer: httpx.Response) -> httpx.Response:
    """The answer, if it is one of success. Raises LocalStackError with what the service said."""
    if not answer.is_success:
        raise LocalStackError(
            f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:500]}"
        )
    return answer


def ok_or_none(answer: httpx.Response) -> dict[str, Any] | None:
    """The body of a success, or None while the service does not yet know."""
    return answer.json() if answer.is_success else None
