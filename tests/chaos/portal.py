"""A portal under test: it submits good cases and bad ones, by Kafka and by HTTP, and acts on what it is told."""

import json
import random
from collections import deque
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from deploy.local.kafka_login import KafkaLogin
from shared.contracts.commands.intake import ReplyToCase, SubmitCase, WithdrawCase
from shared.contracts.topics import portal_commands
from tests.chaos.bodies import Bodies
from tests.chaos.doors import Caller, Doors
from tests.chaos.entries import Attempt, Door, Told, Wish
from tests.chaos.journals import now
from tests.chaos.planted import planted_text
from tests.chaos.producing import Producing, Record

_REMEMBERED = 1000
_ACCEPTED = 202
_TYPES = {
    "submit": SubmitCase.TYPE,
    "reply": ReplyToCase.TYPE,
    "withdraw": WithdrawCase.TYPE,
}


class Portal:
    """One portal, with its principal, its secret, and a memory of what it sent."""

    def __init__(
        self,
        portal_id: str,
        login: KafkaLogin,
        secret: str,
        doors: Doors,
        bodies: Bodies,
        chance: random.Random,
    ) -> None:
        self.id = portal_id
        self.caller = Caller(portal_id, secret)
        self.producing = Producing(login)
        self._doors = doors
        self._journals = doors.journals
        self._bodies = bodies
        self._chance = chance
        self._topic = portal_commands(portal_id).name
        self._sent: deque[tuple[Attempt, Record]] = deque(maxlen=_REMEMBERED)

    # ------------------------------------------------------------ by Kafka

    def submit(self, wish: Wish) -> None:
        """Publish a case of this kind; what comes in pairs is sent as a pair."""
        case_id, content, command_id = str(uuid4()), self._journals.number(), str(uuid4())
        body = self._bodies.submission(case_id, content)
        if wish in (Wish.VALID, Wish.SAME_CASE, Wish.OTHER_BODY, Wish.OTHER_BODY_SAME_MESSAGE):
            self._publish(Wish.VALID, "submit", body, command_id, content)
        if wish is Wish.SAME_CASE:
            self._publish(wish, "submit", body, str(uuid4()), content)
        elif wish in (Wish.OTHER_BODY, Wish.OTHER_BODY_SAME_MESSAGE):
            other = self._journals.number()
            again = command_id if wish is Wish.OTHER_BODY_SAME_MESSAGE else str(uuid4())
            self._publish(wish, "submit", self._bodies.submission(case_id, other), again, other)
        elif wish is Wish.WRONG_ANSWERS:
            self._publish(wish, "submit", self._bodies.with_wrong_answers(body), command_id, content)
        elif wish is Wish.WRONG_PERSON:
            self._publish(wish, "submit", self._bodies.with_wrong_person(body), command_id, content)
        elif wish in (Wish.NOT_JSON, Wish.UNKNOWN_TYPE, Wish.NO_ENVELOPE):
            self._publish(wish, "submit", body, command_id, content)

    def repeat(self, count: int) -> int:
        """Send captured records verbatim again; gives how many there were."""
        chosen = self._chance.sample(list(self._sent), min(count, len(self._sent)))
        for first, record in chosen:
            number = self._journals.number()
            again = Attempt(
                number,
                now(),
                self.id,
                Door.KAFKA,
                Wish.SAME_RECORD,
                first.command,
                first.case_id,
                first.command_id,
                first.content,
            )
            self._send(self._journals.attempts.note(again), record)
        return len(chosen)

    def reply(self, case_id: str) -> None:
        """The citizen answers a counter-question."""
        content = self._journals.number()
        body = {"case_id": case_id, "message_id": str(uuid4()), "text": planted_text(content, "Sedan i går.")}
        self._publish(Wish.FOLLOW_UP, "reply", body, str(uuid4()), content)

    def withdraw(self, case_id: str) -> None:
        """The citizen takes the case back."""
        self._publish(Wish.FOLLOW_UP, "withdraw", {"case_id": case_id}, str(uuid4()), 0)

    def _publish(self, wish: Wish, command: str, body: dict[str, Any], command_id: str, content: int) -> None:
        value = json.dumps(body, ensure_ascii=False).encode()
        if wish is Wish.NOT_JSON:
            value = value[: len(value) // 2]
        type_ = "intake.no-such-command.v1" if wish is Wish.UNKNOWN_TYPE else _TYPES[command]
        headers = (
            ("content-type", "application/json"),
            ("ce_specversion", "1.0"),
            ("ce_id", command_id),
            ("ce_type", type_),
            ("ce_source", f"/{self.id}"),
            ("ce_time", datetime.now(UTC).isoformat()),
        )
        wire = () if wish is Wish.NO_ENVELOPE else tuple((name, text.encode()) for name, text in headers)
        record = Record(self._topic, body["case_id"].encode(), value, wire)
        attempt = Attempt(
            self._journals.number(),
            now(),
            self.id,
            Door.KAFKA,
            wish,
            command,
            body["case_id"],
            command_id,
            content,
        )
        self._send(self._journals.attempts.note(attempt), record)
        if wish is not Wish.NO_ENVELOPE:  # without an id nobody can know that it is the same again
            self._sent.append((attempt, record))

    def _send(self, attempt: Attempt, record: Record) -> None:
        def delivered(place: str) -> None:
            status = _ACCEPTED if place else 0
            self._journals.told.note(Told(attempt.number, now(), status, place, attempt.case_id))

        self.producing.publish(record, delivered)

    # ------------------------------------------------------------ by HTTP

    async def submit_by_http(self, wish: Wish) -> None:
        """The same by HTTP, half of them without an id of their own."""
        content, key = self._journals.number(), str(uuid4())
        case_id = str(uuid4()) if self._chance.random() < 0.5 else None
        body = self._bodies.submission(case_id, content)
        if wish is Wish.WRONG_ANSWERS:
            await self._post(wish, self._bodies.with_wrong_answers(body), key, content)
        elif wish is Wish.WRONG_PERSON:
            await self._post(wish, self._bodies.with_wrong_person(body), key, content)
        elif wish is Wish.NOT_JSON:
            await self._post(wish, body, key, content)
        else:
            await self._post(Wish.VALID, body, key, content)
        if wish is Wish.SAME_CASE:
            await self._post(wish, body, key, content)
        elif wish is Wish.OTHER_BODY_SAME_MESSAGE or (wish is Wish.OTHER_BODY and case_id is not None):
            other = self._journals.number()
            again = key if wish is Wish.OTHER_BODY_SAME_MESSAGE else str(uuid4())
            await self._post(wish, self._bodies.submission(case_id, other), again, other)

    async def mark_read(self, case_id: str) -> None:
        """Look at an answered case, which is logged, and say that the citizen has read the answer."""
        answer = await self._doors.act(
            self.caller, "read", "intake", "GET", f"/cases/{case_id}", case_id=case_id
        )
        if not answer.ok:
            return
        found = [it["message_id"] for it in answer.body["messages"] if it["kind"] == "answer"]
        for message_id in found:
            path = f"/cases/{case_id}/messages/{message_id}/read"
            await self._doors.act(self.caller, "mark_read", "intake", "POST", path, case_id=case_id)

    async def _post(self, wish: Wish, body: dict[str, Any], key: str, content: int) -> None:
        number = self._journals.number()
        case_id = body.get("case_id", "")
        self._journals.attempts.note(
            Attempt(number, now(), self.id, Door.HTTP, wish, "submit", case_id, key, content)
        )
        value = json.dumps(body, ensure_ascii=False).encode()
        sent = value[: len(value) // 2] if wish is Wish.NOT_JSON else value
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        answer = await self._doors.ask(self.caller, "intake", "POST", "/cases", body=sent, headers=headers)
        told = answer.body if isinstance(answer.body, dict) else {}
        codes = ",".join(reason["code"] for reason in told.get("reasons", ()))
        self._journals.told.note(
            Told(number, now(), answer.status, case_id=told.get("case_id", case_id), code=codes)
        )
