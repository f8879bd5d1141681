"""What people do in the stories, through the public doors."""

from typing import Any
from uuid import uuid4

import httpx

from deploy.local.region import Region, until
from tests.end_to_end.people import ANSWER, CLINICS


def in_queue(receiver: httpx.Client, case_id: str, clinic: str = "manual") -> dict[str, Any]:
    """The case as the clinic's receivers see it, as soon as it is there."""

    def look() -> dict[str, Any] | None:
        after: str | None = ""
        while after is not None:
            page = {"size": "200"} | ({"after": after} if after else {})
            answer = receiver.get(f"/clinics/{CLINICS[clinic]}/queue", params=page)
            answer.raise_for_status()
            for case in answer.json()["cases"]:
                if case["case_id"] == case_id:
                    return dict(case)
            after = answer.json().get("next")
        return None

    found: dict[str, Any] = until(look, f"the case {case_id} is in the queue")
    return found


def assign(receiver: httpx.Client, case_id: str, holder: str, version: int, **more: str) -> httpx.Response:
    """Hand the case to somebody, having seen this version."""
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4())}
    return receiver.post(f"/cases/{case_id}/assignment", json={"holder": holder, **more}, headers=headers)


def shown(reader: httpx.Client, case_id: str) -> dict[str, Any]:
    """The conversation, as soon as the reader may see it."""

    def look() -> dict[str, Any] | None:
        answer = reader.get(f"/cases/{case_id}")
        return answer.json() if answer.is_success else None

    found: dict[str, Any] = until(look, f"the case {case_id} can be read")
    return found


def answer(reader: httpx.Client, case_id: str, epoch: int, version: int) -> httpx.Response:
    """Answer the case, having seen this version."""
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4())}
    return reader.post(f"/cases/{case_id}/answer", json={"epoch": epoch, "form": ANSWER}, headers=headers)


def mails_to(region: Region, hsa_id: str) -> list[dict[str, Any]]:
    """What stands in somebody's mailbox."""
    mails = httpx.get(f"{region.stack.mailbox.url}/mails.json").json()
    return [mail for mail in mails if region.email_of(hsa_id) in f"{mail.get('to')} {mail.get('recipients')}"]


def told(refused: dict[str, Any]) -> list[tuple[str, str]]:
    """Why something was refused: fields and codes. Each is said in words."""
    assert all(reason["message"] for reason in refused["reasons"]), refused
    return [(reason["field"], reason["code"]) for reason in refused["reasons"]]
