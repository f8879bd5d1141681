"""Does to the system what the plan says, and writes down when it began and when what was hit ran again."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

from deploy.local.mailbox import Answer, Phase
from deploy.local.mailbox import Fault as SmtpFault
from deploy.local.server import LocalServer
from tests.chaos.arena import Arena
from tests.chaos.entries import Fault
from tests.chaos.journals import now
from tests.chaos.plan import Kind, Step
from tests.chaos.portal import Portal
from tests.chaos.postbox import Mood

CRASHES_WITHIN = 60.0
_PUT_OFF: tuple[tuple[Phase, Answer], ...] = (
    (Phase.SENDER, "421 4.3.2 Going down"),
    (Phase.RECIPIENT, "450 4.2.1 Try later"),
    (Phase.CONTENT, "451 4.3.0 Try later"),
)
_DROPPED: tuple[tuple[Phase, Answer], ...] = (
    (Phase.SENDER, SmtpFault.HANG_UP),
    (Phase.CONTENT, SmtpFault.HANG_UP),
    (Phase.CONTENT, SmtpFault.HANG_UP_AFTER_KEEPING),
    (Phase.CONTENT, SmtpFault.HANG_UP_AFTER_KEEPING),
)
NEVER_REACHED = "never reached"
Way = Callable[[Step], Awaitable[str]]
"""Does it, and gives a note about it."""


class Inflictor:
    """Knows every kind of fault."""

    def __init__(self, arena: Arena, portals: Sequence[Portal], chance: random.Random) -> None:
        self._arena = arena
        self._portals = portals
        self._chance = chance
        self._server = asyncio.Lock()
        self._ways: dict[Kind, Way] = {
            Kind.KILL: self._kill,
            Kind.FREEZE: self._freeze,
            Kind.CRASH: self._crash,
            Kind.KILL_BROKER: lambda step: self._kill_server(self._arena.kafka, step),
            Kind.KILL_DATABASE: lambda step: self._kill_server(self._arena.postgres, step),
            Kind.FREEZE_BROKER: lambda step: self._freeze_server(self._arena.kafka, step),
            Kind.FREEZE_DATABASE: lambda step: self._freeze_server(self._arena.postgres, step),
            Kind.REPEAT: self._repeat,
            Kind.PUT_MAIL_OFF: lambda step: self._upset_mail(step, _PUT_OFF),
            Kind.DROP_MAIL: lambda step: self._upset_mail(step, _DROPPED),
        }

    async def inflict(self, step: Step) -> Fault:
        """Do it, and wait until what was hit runs again. Raises LocalStackError if it never does."""
        began = now()
        note = await self._ways[step.kind](step)
        return self._arena.journals.faults.note(Fault(step.kind, step.target, began, now(), note))

    async def _kill(self, step: Step) -> str:
        place = (step.service, step.instance)
        async with self._arena.instances.hold(place):
            await self._arena.instances.kill(place)
            await asyncio.sleep(step.seconds)
        return ""

    async def _freeze(self, step: Step) -> str:
        place = (step.service, step.instance)
        async with self._arena.instances.hold(place):
            await self._arena.instances.freeze(place, step.seconds)
        return f"{step.seconds:.1f} s"

    async def _crash(self, step: Step) -> str:
        """A relay's points are reached by the one that leads: the others are killed, so that this one does."""
        instances = self._arena.instances
        place = (step.service, step.instance)
        others = [it for it in instances.places if it[0] == step.service and it != place]
        rivals = others if step.point.startswith("relay") else []
        async with instances.hold(place, *rivals):
            for rival in rivals:
                await instances.kill(rival)
            reached = await instances.crash(place, step.point, step.count, CRASHES_WITHIN)
        return "" if reached else NEVER_REACHED

    async def _kill_server(self, server: LocalServer, step: Step) -> str:
        async with self._server:
            await asyncio.to_thread(server.kill)
            await asyncio.sleep(step.seconds)
            await asyncio.to_thread(server.start)
        return ""

    async def _freeze_server(self, server: LocalServer, step: Step) -> str:
        async with self._server:
            await asyncio.to_thread(server.pause)
            try:
                await asyncio.sleep(step.seconds)
            finally:
                await asyncio.to_thread(server.resume)
        return f"{step.seconds:.1f} s"

    async def _repeat(self, step: Step) -> str:
        portal = self._chance.choice(list(self._portals))
        return f"{portal.repeat(step.count)} records"

    async def _upset_mail(self, step: Step, ways: Sequence[tuple[Phase, Answer]]) -> str:
        phase, answer = self._chance.choice(list(ways))
        self._arena.postbox.mood = Mood(phase, answer, 0.6, now() + step.seconds)
        await asyncio.sleep(step.seconds)
        return f"{phase}: {answer.name if isinstance(answer, SmtpFault) else answer}"
