"""Everybody at work on the inside: receivers, caregivers, and administrators who change what they may."""

import asyncio
import random

from tests.chaos.administration import Administrator
from tests.chaos.bodies import Bodies
from tests.chaos.caregivers import Caregiver
from tests.chaos.doors import Doors
from tests.chaos.people import People
from tests.chaos.receivers import Receiver


class Staff:
    """All of them. `pace` is how long somebody rests between two looks, `change` between two changes of rights."""

    def __init__(
        self,
        people: People,
        doors: Doors,
        bodies: Bodies,
        chance: random.Random,
        *,
        pace: float,
        change: float,
    ) -> None:
        self._working: list[Receiver | Caregiver | Administrator] = [
            *(Receiver(clinic, doors, chance, pace) for clinic in people.clinics),
            *(Caregiver(id_, people, doors, bodies, chance, pace) for id_ in people.caregivers),
            *(Administrator(clinic, doors, chance, change) for clinic in people.clinics),
        ]

    async def run(self) -> None:
        """Work until cancelled; what is begun then is broken off."""
        async with asyncio.TaskGroup() as tasks:
            for member in self._working:
                tasks.create_task(member.run())
