"""Administrators under test: lock and reactivate accounts, send people away and back, take roles and give them."""

import asyncio
import random
from typing import Any

from tests.chaos.doors import Answer, Caller, Doors
from tests.chaos.people import Clinic


class Administrator:
    """Changes what the caregivers of one clinic may, one after another, each back again after about `every` seconds."""

    def __init__(self, clinic: Clinic, doors: Doors, chance: random.Random, every: float) -> None:
        self.who = Caller(clinic.administrators[0])
        self._clinic = clinic
        self._doors = doors
        self._chance = chance
        self._every = every

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._every * self._chance.random())
            target = self._chance.choice(self._clinic.caregivers)
            change = self._chance.choice((self._lock, self._lock, self._take_role, self._send_away))
            await change(target)

    async def _lock(self, target: str) -> None:
        await self._change(target, "lock", "POST", "lock", {"reason": "manual"})
        await self._for_a_while()
        await self._change(target, "reactivate", "POST", "reactivation", None)

    async def _send_away(self, target: str) -> None:
        await self._change(target, "presence", "PUT", "presence", {"present": False})
        await self._for_a_while()
        await self._change(target, "presence", "PUT", "presence", {"present": True})

    async def _take_role(self, target: str) -> None:
        account = await self._account(target)
        found = account.body.get("permissions", ()) if account.ok else ()
        here = self._clinic.clinic_id
        roles: list[str] = next((part["roles"] for part in found if part["clinic_id"] == here), [])
        if "caregiver" in roles:
            await self._set_roles(target, [role for role in roles if role != "caregiver"])
            await self._for_a_while()
            await self._set_roles(target, roles)

    async def _set_roles(self, target: str, roles: list[str]) -> None:
        wish = {"permissions": [{"clinic_id": self._clinic.clinic_id, "roles": roles}]}
        await self._change(target, "permissions", "PUT", "permissions", wish)

    async def _change(self, target: str, act: str, method: str, way: str, body: Any) -> Answer:
        """With the version as it is now; lost races are lost."""
        account = await self._account(target)
        if not account.ok:
            return account
        path = f"/staff-accounts/{target}/{way}"
        return await self._doors.act(
            self.who, act, "admin", method, path, body=body, seen=account.etag, target=target
        )

    async def _account(self, target: str) -> Answer:
        return await self._doors.ask(self.who, "admin", "GET", f"/staff-accounts/{target}")

    async def _for_a_while(self) -> None:
        await asyncio.sleep(self._every * (1 + self._chance.random()))
