"""What routing does by the clock, and when it is woken."""

import asyncio

from services.routing.adapters.releases import Releases
from services.routing.adapters.rounds import Rounds


class Woken:
    """Releases cases and holds rounds as soon as something is left to do, of which `event` tells.

    Looks each second for what nobody woke us for: another process left it, or the round before failed.
    """

    def __init__(
        self, event: asyncio.Event, releases: Releases, rounds: Rounds, sweep_seconds: float
    ) -> None:
        self._event = event
        self._releases = releases
        self._rounds = rounds
        self._sweep_seconds = sweep_seconds

    async def next(self) -> None:
        """Wait until woken, or for a sweep; then hold rounds until none is wanted. Raises Transient."""
        try:
            async with asyncio.timeout(self._sweep_seconds):
                await self._event.wait()
        except TimeoutError:
            pass
        self._event.clear()
        await self._releases.run()
        await self._rounds.run()
