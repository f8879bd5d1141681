"""Commands that wait at the same moment share a transaction."""

import asyncio
from typing import Any

from shared.messaging.arrival import Arrival
from shared.messaging.runner import BatchRunner


class GroupCommit:
    """Gathers commands that wait at the same moment into one transaction."""

    def __init__(self, runner: BatchRunner, *, largest: int = 200) -> None:
        self._runner = runner
        self._largest = largest
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._running: asyncio.Task[None] | None = None

    async def perform(self, arrival: Arrival) -> Any:
        """Handle one command; gives the use case's answer, or raises what refused it.

        Raises Transient when the database stays out of reach.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, done))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        await done
        if isinstance(arrival.answer, Exception):
            raise arrival.answer
        return arrival.answer

    async def _run(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[: self._largest], self._waiting[self._largest :]
            try:
                await self._runner.perform([arrival for arrival, _ in group])
            except Exception as error:
                for _, done in group:
                    if not done.done():
                        done.set_exception(error)
            for _, done in group:
                if not done.done():
                    done.set_result(None)
