"""Receivers under test: they assign and reassign, sometimes two at once; and one caregiver claims beside the rounds."""

import asyncio
import random
from typing import Any

from tests.chaos.caregivers import REASONS
from tests.chaos.doors import Answer, Caller, Doors
from tests.chaos.people import Clinic

_PAGE = 20
_CLAIMED_AT_ONCE = 2


class Receiver:
    """Works on the queue of one clinic: assigns where that is done by hand, else claims what rounds have not taken."""

    def __init__(self, clinic: Clinic, doors: Doors, chance: random.Random, pace: float) -> None:
        self._clinic = clinic
        self._doors = doors
        self._chance = chance
        self._pace = pace
        self.who = Caller(clinic.receivers[0] if clinic.manual else clinic.caregivers[-1])

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            queue = await self._queue()
            if self._clinic.manual:
                for case in queue:
                    await self._assign(case)
            elif self._clinic.claim_allowed:
                for case in queue[:_CLAIMED_AT_ONCE]:
                    await self._claim(case)
            await asyncio.sleep(self._pace * (0.5 + self._chance.random()))

    async def _queue(self) -> list[dict[str, Any]]:
        path = f"/clinics/{self._clinic.clinic_id}/queue?size={_PAGE}"
        answer = await self._doors.ask(self.who, "routing", "GET", path)
        return list(answer.body["cases"]) if answer.ok else []

    async def _assign(self, case: dict[str, Any]) -> None:
        first, second = self._chance.sample(self._clinic.caregivers, 2)
        case_id, version = case["case_id"], case["version"]
        if self._chance.random() < 0.1:  # two receivers, or one in two windows, at the same moment
            await asyncio.gather(self._give(case_id, version, first), self._give(case_id, version, second))
            return
        answer = await self._give(case_id, version, first)
        if answer.ok and self._chance.random() < 0.35:
            await self._give(case_id, answer.body["version"], second, self._chance.choice(REASONS))

    async def _give(self, case_id: str, seen: int, holder: str, reason: str = "") -> Answer:
        body = {"holder": holder} | ({"reason": reason} if reason else {})
        path, act = f"/cases/{case_id}/assignment", "reassign" if reason else "assign"
        return await self._doors.act(
            self.who, act, "routing", "POST", path, body=body, case_id=case_id, seen=seen, target=holder
        )

    async def _claim(self, case: dict[str, Any]) -> None:
        path, seen = f"/cases/{case['case_id']}/claim", case["version"]
        await self._doors.act(self.who, "claim", "routing", "POST", path, case_id=case["case_id"], seen=seen)
