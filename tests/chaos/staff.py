"""Staff under test: receivers assign and reassign, caregivers start, ask, answer; sometimes two at once, or late."""

import asyncio
import random
from typing import Any

from tests.chaos.bodies import Bodies
from tests.chaos.doors import Answer, Caller, Doors
from tests.chaos.people import Clinic, People
from tests.chaos.planted import planted_text

_REASONS = ("ill", "workload", "wrong_person")
_PAGE = 20
_MOST_AT_ONCE = 6


class Staff:
    """Everybody at work. `pace` is how long somebody rests between looking at their list, in seconds."""

    def __init__(
        self, people: People, doors: Doors, bodies: Bodies, chance: random.Random, pace: float
    ) -> None:
        self._people = people
        self._doors = doors
        self._bodies = bodies
        self._chance = chance
        self._pace = pace

    async def run(self) -> None:
        """Work until cancelled; what is begun then is broken off."""
        async with asyncio.TaskGroup() as tasks:
            for clinic in self._people.clinics:
                if clinic.manual:
                    tasks.create_task(self._receiving(Caller(clinic.receivers[0]), clinic))
                elif clinic.claim_allowed:
                    tasks.create_task(self._claiming(Caller(clinic.caregivers[-1]), clinic))
            for caregiver in self._people.caregivers:
                tasks.create_task(self._answering(Caller(caregiver)))

    # ------------------------------------------------------------ receivers

    async def _receiving(self, who: Caller, clinic: Clinic) -> None:
        while True:
            for case in await self._queue(who, clinic):
                await self._assign(who, clinic, case)
            await self._rest()

    async def _queue(self, who: Caller, clinic: Clinic) -> list[dict[str, Any]]:
        path = f"/clinics/{clinic.clinic_id}/queue?size={_PAGE}"
        answer = await self._doors.ask(who, "routing", "GET", path)
        return list(answer.body["cases"]) if answer.ok else []

    async def _assign(self, who: Caller, clinic: Clinic, case: dict[str, Any]) -> None:
        first, second = self._chance.sample(clinic.caregivers, 2)
        if self._chance.random() < 0.1:  # two receivers, or one in two windows, at the same moment
            await asyncio.gather(
                self._give(who, case["case_id"], case["version"], first),
                self._give(who, case["case_id"], case["version"], second),
            )
            return
        answer = await self._give(who, case["case_id"], case["version"], first)
        if answer.ok and self._chance.random() < 0.35:
            await self._give(
                who, case["case_id"], answer.body["version"], second, self._chance.choice(_REASONS)
            )

    async def _give(self, who: Caller, case_id: str, seen: int, holder: str, reason: str = "") -> Answer:
        body = {"holder": holder} | ({"reason": reason} if reason else {})
        path, act = f"/cases/{case_id}/assignment", "reassign" if reason else "assign"
        return await self._doors.act(
            who, act, "routing", "POST", path, body=body, case_id=case_id, seen=seen, target=holder
        )

    async def _claiming(self, who: Caller, clinic: Clinic) -> None:
        """A caregiver who takes from the queue, beside the rounds that do the same."""
        while True:
            for case in (await self._queue(who, clinic))[:2]:
                path = f"/cases/{case['case_id']}/claim"
                await self._doors.act(
                    who, "claim", "routing", "POST", path, case_id=case["case_id"], seen=case["version"]
                )
            await self._rest()

    # ------------------------------------------------------------ caregivers

    async def _answering(self, who: Caller) -> None:
        while True:
            answer = await self._doors.ask(who, "routing", "GET", f"/cases/mine?size={_PAGE}")
            held = answer.body["cases"] if answer.ok else []
            for start in range(0, len(held), _MOST_AT_ONCE):
                await asyncio.gather(*(self._work_on(who, it) for it in held[start : start + _MOST_AT_ONCE]))
            await self._rest()

    async def _work_on(self, who: Caller, case: dict[str, Any]) -> None:
        case_id, epoch = case["case_id"], case["epoch"]
        if case["status"] == "assigned" and self._chance.random() < 0.06:
            await self._hand_on(who, case)
            return
        view = await self._doors.act(who, "read", "intake", "GET", f"/cases/{case_id}", case_id=case_id)
        if not view.ok or view.body["state"] not in ("open", "started"):
            return
        choice = self._chance.random()
        if choice < 0.15:
            body = {"epoch": epoch}
            await self._doors.act(
                who,
                "start",
                "intake",
                "POST",
                f"/cases/{case_id}/start",
                body=body,
                case_id=case_id,
                epoch=epoch,
            )
        elif choice < 0.22:
            await self._ask(who, case_id, epoch, view.etag)
        elif choice < 0.8:
            await self._answer(who, case, view.etag)

    async def _hand_on(self, who: Caller, case: dict[str, Any]) -> None:
        """Give it back, or to a colleague."""
        clinic = self._people.clinic(case["clinic_id"])
        colleagues = [colleague for colleague in clinic.caregivers if colleague != who.id]
        if self._chance.random() < 0.5:
            body = {"reason": self._chance.choice(_REASONS)}
            path = f"/cases/{case['case_id']}/return"
            await self._doors.act(
                who,
                "return",
                "routing",
                "POST",
                path,
                body=body,
                case_id=case["case_id"],
                seen=case["version"],
            )
        else:
            holder = self._chance.choice(colleagues)
            await self._give(who, case["case_id"], case["version"], holder, self._chance.choice(_REASONS))

    async def _ask(self, who: Caller, case_id: str, epoch: int, seen: int) -> None:
        content = self._doors.journals.number()
        body = {"epoch": epoch, "text": planted_text(content, "Hur länge har du haft besvären?")}
        path = f"/cases/{case_id}/questions"
        await self._doors.act(
            who, "ask", "intake", "POST", path, body=body, case_id=case_id, epoch=epoch, seen=seen
        )

    async def _answer(self, who: Caller, case: dict[str, Any], seen: int) -> None:
        """Answer: mostly once, sometimes twice at the same moment, sometimes under an epoch that is over."""
        epoch = case["epoch"]
        epochs = [epoch]
        choice = self._chance.random()
        if choice < 0.1:
            epochs = [epoch, epoch]
        elif choice < 0.15 and epoch > 1:
            epochs = [epoch - 1, epoch]
        await asyncio.gather(*(self._answer_under(who, case, each, seen) for each in epochs))

    async def _answer_under(self, who: Caller, case: dict[str, Any], epoch: int, seen: int) -> None:
        form = self._bodies.answer(case["case_type"], self._doors.journals.number())
        path = f"/cases/{case['case_id']}/answer"
        await self._doors.act(
            who,
            "answer",
            "intake",
            "POST",
            path,
            body={"epoch": epoch, "form": form},
            case_id=case["case_id"],
            epoch=epoch,
            seen=seen,
        )

    async def _rest(self) -> None:
        await asyncio.sleep(self._pace * (0.5 + self._chance.random()))
