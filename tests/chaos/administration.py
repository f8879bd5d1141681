"""Administrators under test: lock and reactivate accounts, send people away and back, take roles and give them."""

import asyncio
import random
from typing import Any

from tests.chaos.doors import Answer, Caller, Doors
from tests.chaos.people import Clinic, People


class Administration:
    """Changes what caregivers may, one after another, each back again after a while. Seconds between two changes."""

    def __init__(self, people: People, doors: Doors, chance: random.Random, every: float) -> None:
        self._people = people
        self._doors = doors
        self._chance = chance
        self._every = every

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._every * (0.5 + self._chance.random()))
            clinic = self._chance.choice(self._people.clinics)
            who = Caller(self._chance.choice(clinic.administrators))
            target = self._chance.choice(clinic.caregivers)
            change = self._chance.choice((self._lock, self._send_away, self._take_role))
            await change(who, clinic, target)

    async def restore(self) -> None:
        """Nobody stays locked, away or without the role: otherwise the load would fall asleep."""
        for clinic in self._people.clinics:
            who = Caller(clinic.administrators[0])
            for target in clinic.caregivers:
                account = await self._account(who, target)
                if account.ok and account.body.get("locked"):
                    await self._change(who, target, "reactivate", "POST", "reactivation", None)

    async def _lock(self, who: Caller, clinic: Clinic, target: str) -> None:
        await self._change(who, target, "lock", "POST", "lock", {"reason": "manual"})
        await self._for_a_while()
        await self._change(who, target, "reactivate", "POST", "reactivation", None)

    async def _send_away(self, who: Caller, clinic: Clinic, target: str) -> None:
        await self._change(who, target, "presence", "PUT", "presence", {"present": False})
        await self._for_a_while()
        await self._change(who, target, "presence", "PUT", "presence", {"present": True})

    async def _take_role(self, who: Caller, clinic: Clinic, target: str) -> None:
        account = await self._account(who, target)
        found = account.body.get("permissions", ()) if account.ok else ()
        roles = next((part["roles"] for part in found if part["clinic_id"] == clinic.clinic_id), None)
        if not roles:
            return
        await self._set_roles(who, clinic, target, [role for role in roles if role != "caregiver"])
        await self._for_a_while()
        await self._set_roles(who, clinic, target, roles)

    async def _set_roles(self, who: Caller, clinic: Clinic, target: str, roles: list[str]) -> None:
        wish = {"permissions": [{"clinic_id": clinic.clinic_id, "roles": roles}]}
        await self._change(who, target, "permissions", "PUT", "permissions", wish)

    async def _change(self, who: Caller, target: str, act: str, method: str, path: str, body: Any) -> Answer:
        """With the version as it is now; lost races are lost."""
        account = await self._account(who, target)
        if not account.ok:
            return account
        full = f"/staff-accounts/{target}/{path}"
        return await self._doors.act(
            who, act, "admin", method, full, body=body, seen=account.etag, target=target
        )

    async def _account(self, who: Caller, target: str) -> Answer:
        return await self._doors.ask(who, "admin", "GET", f"/staff-accounts/{target}")

    async def _for_a_while(self) -> None:
        await asyncio.sleep(self._every * (0.3 + self._chance.random()))
