"""The services' processes, to kill, freeze and arm; and a keeper that starts what ended, as an orchestrator would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from deploy.local.errors import LocalStackError, NotReady
from deploy.local.service import LocalService
from deploy.local.stack import Stack, our_program
from shared.contracts.topics import SERVICES
from tests.chaos.entries import Fault
from tests.chaos.journals import Journal, now

_LOOK_SECONDS, _WATCH_SECONDS = 1.0, 0.1
_STARTS = 4
Place = tuple[str, int]
"""A service and the number of its instance, from 1."""


class Instances:
    """All instances of all services of one stack. Whoever does something to one holds it meanwhile."""

    def __init__(self, stack: Stack, faults: Journal[Fault], each: int) -> None:
        self.each = each
        self._stack = stack
        self._faults = faults
        self._held = {(name, number): asyncio.Lock() for name in SERVICES for number in range(1, each + 1)}

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them."""
        return tuple(self._held)

    def url(self, name: str, number: int) -> str:
        """Where it answers."""
        return self._stack.service(name, number).url

    @asynccontextmanager
    async def hold(self, *places: Place) -> AsyncIterator[None]:
        """Nobody else touches these meanwhile; they run again when the block ends."""
        for place in sorted(places):
            await self._held[place].acquire()
        try:
            yield
            await asyncio.gather(*(self.start(place) for place in places))
        finally:
            for place in places:
                self._held[place].release()

    async def kill(self, place: Place) -> None:
        """SIGKILL."""
        await asyncio.to_thread(self._stack.service(*place).kill)

    async def freeze(self, place: Place, seconds: float) -> None:
        """SIGSTOP, and SIGCONT after so many seconds."""
        server = self._stack.service(*place)
        await asyncio.to_thread(server.pause)
        try:
            await asyncio.sleep(seconds)
        finally:
            await asyncio.to_thread(server.resume)

    async def start(self, place: Place) -> None:
        """Make sure that it runs and is ready. Raises LocalStackError when it never becomes so."""
        server = self._stack.service(*place)
        for attempt in range(_STARTS):
            try:
                await asyncio.to_thread(server.start)
                return
            except NotReady:
                if attempt == _STARTS - 1:
                    raise

    async def crash(self, place: Place, point: str, count: int, within: float) -> bool:
        """Start it so that it dies at this point; True as soon as it has, False if it never came there.

        It must be held by the caller, and is dead afterwards.
        """
        await self.kill(place)
        armed = self._armed(place, f"{point}:{count}")
        try:
            return await self._dies(armed, within)
        finally:
            await asyncio.to_thread(armed.kill)

    async def keep(self) -> None:
        """Start again whatever ended by itself, until cancelled; that is written down."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            for place, lock in self._held.items():
                alive = lock.locked() or await asyncio.to_thread(_alive, self._stack.service(*place))
                if not alive and not lock.locked():
                    began = now()
                    async with lock:
                        await self.start(place)
                    name, number = place
                    self._faults.note(Fault("ended by itself", f"{name}-{number}", began, now()))

    async def _dies(self, armed: LocalService, within: float) -> bool:
        with suppress(LocalStackError):  # it may die so soon that it never gets ready
            await asyncio.to_thread(armed.start)
        until = now() + within
        while await asyncio.to_thread(_alive, armed):
            if now() > until:
                return False
            await asyncio.sleep(_WATCH_SECONDS)
        return True

    def _armed(self, place: Place, order: str) -> LocalService:
        name, number = place
        settings = self._stack.settings_of(name) | {"VARDVAXEL_CRASH_AT": order}
        return LocalService(self._stack.home, f"{name}-{number}", our_program(name, "all"), settings)


def _alive(server: LocalService) -> bool:
    return server.process.alive
