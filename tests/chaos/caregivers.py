"""Caregivers under test: they read, start, ask, answer and hand on; sometimes twice at once, late, or locked out."""

import asyncio
import random
from collections import deque
from typing import Any

from tests.chaos.bodies import Bodies
from tests.chaos.doors import Answer, Caller, Doors
from tests.chaos.people import People
from tests.chaos.planted import planted_text

REASONS = ("ill", "workload", "wrong_person")
_PAGE = 20
_MOST_AT_ONCE = 6
_LEFT_LYING = 2
_WORKABLE = ("open", "started")
Case = dict[str, Any]


class Caregiver:
    """One of them. `pace` is how long they rest between looks at their list, in seconds."""

    def __init__(
        self, id_: str, people: People, doors: Doors, bodies: Bodies, chance: random.Random, pace: float
    ) -> None:
        self.who = Caller(id_)
        self._people = people
        self._doors = doors
        self._bodies = bodies
        self._chance = chance
        self._pace = pace
        self._desk: deque[tuple[Case, int]] = deque(maxlen=_LEFT_LYING)
        """Cases that were begun and left lying, with the version that was seen."""

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            answer = await self._doors.ask(self.who, "routing", "GET", f"/cases/mine?size={_PAGE}")
            held = answer.body["cases"] if answer.ok else []
            for start in range(0, len(held) - _LEFT_LYING, _MOST_AT_ONCE):
                some = held[start : min(start + _MOST_AT_ONCE, len(held) - _LEFT_LYING)]
                await asyncio.gather(*(self._work_on(it) for it in some))
            for case in held[-_LEFT_LYING:]:
                await self._leave_lying(case)
            if not answer.ok and self._desk:
                # Locked out. A window that was open before still has its buttons: they are pressed.
                await self._press(*self._desk[0])
                self._desk.rotate()
            await asyncio.sleep(self._pace * (0.5 + self._chance.random()))

    async def _press(self, case: Case, seen: int) -> None:
        """To start again what is started changes nothing, and shows whether one still may."""
        if self._chance.random() < 0.2:
            await self._answer(case, seen)
        else:
            await self._tell("start", case, {"epoch": case["epoch"]}, None)

    async def _leave_lying(self, case: Case) -> None:
        """Begin, and go for coffee."""
        if case["status"] == "assigned":
            begun = await self._tell("start", case, {"epoch": case["epoch"]}, None)
            if begun.ok:
                self._desk.append((case, begun.etag))

    async def _work_on(self, case: Case) -> None:
        if case["status"] == "assigned" and self._chance.random() < 0.06:
            await self._hand_on(case)
            return
        case_id, epoch = case["case_id"], case["epoch"]
        view = await self._doors.act(self.who, "read", "intake", "GET", f"/cases/{case_id}", case_id=case_id)
        if not view.ok or view.body["state"] not in _WORKABLE:
            return
        choice = self._chance.random()
        if choice < 0.15:
            await self._tell("start", case, {"epoch": epoch}, None)
        elif choice < 0.22:
            text = planted_text(self._doors.journals.number(), "Hur länge har du haft besvären?")
            await self._tell("ask", case, {"epoch": epoch, "text": text}, view.etag)
        elif choice < 0.8:
            await self._answer(case, view.etag)

    async def _answer(self, case: Case, seen: int) -> None:
        """Mostly once, sometimes twice at the same moment, sometimes under an epoch that is over."""
        epoch = case["epoch"]
        epochs = [epoch]
        choice = self._chance.random()
        if choice < 0.1:
            epochs = [epoch, epoch]
        elif choice < 0.15 and epoch > 1:
            epochs = [epoch - 1, epoch]
        await asyncio.gather(*(self._answer_under(it, case, seen) for it in epochs))

    async def _answer_under(self, epoch: int, case: Case, seen: int) -> None:
        form = self._bodies.answer(case["case_type"], self._doors.journals.number())
        await self._tell("answer", case, {"epoch": epoch, "form": form}, seen)

    async def _tell(self, act: str, case: Case, body: dict[str, Any], seen: int | None) -> Answer:
        """An act on the conversation."""
        way = {"start": "start", "ask": "questions", "answer": "answer"}[act]
        path, epoch = f"/cases/{case['case_id']}/{way}", body["epoch"]
        return await self._doors.act(
            self.who, act, "intake", "POST", path, body=body, case_id=case["case_id"], epoch=epoch, seen=seen
        )

    async def _hand_on(self, case: Case) -> None:
        """Give it back, or to a colleague."""
        body: dict[str, Any] = {"reason": self._chance.choice(REASONS)}
        act, way, target = "return", "return", ""
        if self._chance.random() < 0.5:
            clinic = self._people.clinic(case["clinic_id"])
            target = self._chance.choice([it for it in clinic.caregivers if it != self.who.id])
            act, way, body = "reassign", "assignment", body | {"holder": target}
        path, seen = f"/cases/{case['case_id']}/{way}", case["version"]
        await self._doors.act(
            self.who,
            act,
            "routing",
            "POST",
            path,
            body=body,
            case_id=case["case_id"],
            seen=seen,
            target=target,
        )
