"""One run: load, faults in the order of the plan, quiet, and the verdict."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from shared.contracts.topics import portal_principal
from tests.chaos.arena import PORTALS, Arena
from tests.chaos.bodies import Bodies
from tests.chaos.checker.evidence import Evidence
from tests.chaos.checker.leaks import leaking_logs
from tests.chaos.checker.permissions import SETTLING_SECONDS, SKEW_SECONDS
from tests.chaos.checker.verdict import judge
from tests.chaos.entries import Fault, Violation
from tests.chaos.inflict import Inflictor
from tests.chaos.plan import Step, together
from tests.chaos.portal import Portal
from tests.chaos.pulse import Pulse
from tests.chaos.quiet import wait_until_quiet
from tests.chaos.snapshot import take_snapshot
from tests.chaos.staff import Staff
from tests.chaos.traffic import Traffic

RECOVERS_WITHIN, QUIET_WITHIN = 180.0, 300.0
_PACE_SECONDS, _CHANGE_SECONDS = 1.5, 7.0
UNDISTURBED_SECONDS = SETTLING_SECONDS + SKEW_SECONDS + 8.0
"""Load without faults at the end: only while the directory is heard does a revoked permission have to be."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run amounts to."""

    evidence: Evidence
    violations: list[Violation]


class Campaign:
    """Load on an arena, and faults. While it is entered everybody works; `judge` ends the work and looks."""

    def __init__(self, arena: Arena, *, rate: float, say: Say = print) -> None:
        chance, people = arena.new_chance, arena.people
        self.pulse = Pulse(arena.journals)
        self._arena = arena
        self._say = say
        bodies = Bodies(people, chance())
        portals = [
            Portal(
                portal_id,
                arena.infrastructure.login(portal_principal(portal_id)),
                people.portals[portal_id],
                arena.doors,
                bodies,
                chance(),
            )
            for portal_id in PORTALS
        ]
        self.traffic = Traffic(portals, chance(), rate)
        self._staff = Staff(people, arena.doors, bodies, chance(), pace=_PACE_SECONDS, change=_CHANGE_SECONDS)
        self._inflictor = Inflictor(arena, portals, chance())
        self._chance = chance()
        self._running: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._arena.on_outcome = self.traffic.hear
        work: Iterable[Callable[[], Awaitable[None]]] = (
            self.traffic.run,
            self._staff.run,
            self._arena.instances.keep,
        )
        self._running = [asyncio.ensure_future(it()) for it in work]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.traffic.break_off()
        await self._end(self._running)

    async def inflict(self, *steps: Step) -> list[Fault]:
        """Do these at the same time, and wait until the system has recovered, unless one of them is hurried.

        Raises LocalStackError or NeverRecovered if it does not.
        """
        self._must_work()
        faults = await asyncio.gather(*(self._inflictor.inflict(step) for step in steps))
        if not any(step.hurried for step in steps):
            await self.pulse.calm(RECOVERS_WITHIN)
        for fault in faults:
            took = f"{fault.ended - fault.began:5.1f} s"
            self._say(f"  {took}  {fault.kind} {fault.target} {fault.note}".rstrip())
        await asyncio.sleep(self._chance.uniform(0.2, 1.5))
        return faults

    async def go_through(self, steps: list[Step]) -> None:
        """The whole plan, in its order."""
        done = 0
        for group in together(steps):
            await self.inflict(*group)
            done += len(group)
            self._say(f"{done}/{len(steps)} faults, {self.traffic.submitted} cases submitted")

    async def judge(self) -> Verdict:
        """Go on without faults for a while, end the load, wait until all is quiet, and look. Raises NeverQuiet."""
        await asyncio.sleep(UNDISTURBED_SECONDS)
        self._must_work()
        *load, keeper = self._running
        await self._end(load)
        await self.traffic.settle()
        took = await wait_until_quiet(self._arena, QUIET_WITHIN)
        self._say(f"quiet after {took:.0f} s")
        await self._end([keeper])
        snapshot = await take_snapshot(self._arena.infrastructure.databases)
        logs = self._arena.stack.home.folder("log")
        evidence = Evidence.of(self._arena.journals, snapshot, await asyncio.to_thread(leaking_logs, logs))
        return Verdict(evidence, judge(evidence))

    def _must_work(self) -> None:
        """Load that fell over would make every promise easy to keep."""
        for task in self._running:
            if task.done():
                task.result()

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def a_seed() -> int:
    """One that nobody has seen before."""
    return random.SystemRandom().randrange(1, 1_000_000)


def journals_folder(seed: int) -> Path:
    """Where the journals of a run are kept."""
    return Path("build") / "chaos" / str(seed)
