"""The load from outside: portals submit at the times that chance says, whether the system keeps up or not."""

import asyncio
import random
from collections.abc import Coroutine, Sequence
from typing import Any

from tests.chaos.entries import Published, Wish
from tests.chaos.portal import Portal

_BAD = (
    Wish.SAME_CASE,
    Wish.OTHER_BODY,
    Wish.OTHER_BODY_SAME_MESSAGE,
    Wish.WRONG_ANSWERS,
    Wish.WRONG_PERSON,
    Wish.NOT_JSON,
    Wish.UNKNOWN_TYPE,
    Wish.NO_ENVELOPE,
)
_BY_KAFKA_ONLY = frozenset({Wish.UNKNOWN_TYPE, Wish.NO_ENVELOPE})
BAD_SHARE, HTTP_SHARE = 0.1, 0.25
_WITHDRAWN, _READ = 0.03, 0.1
_MOST_AT_ONCE = 300


class Traffic:
    """Submits cases at `rate` per second, and follows up on what portals are told."""

    def __init__(self, portals: Sequence[Portal], chance: random.Random, rate: float) -> None:
        self.submitted = 0
        self._portals = {portal.id: portal for portal in portals}
        self._chance = chance
        self._rate = rate
        self._wanted = 0
        self._reached = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._told: asyncio.Queue[Published] = asyncio.Queue()
        self._known: set[str] = set()

    def hear(self, published: Published) -> None:
        """A record on a portal's outcomes."""
        if published.id not in self._known:
            self._known.add(published.id)
            self._told.put_nowait(published)

    async def run(self) -> None:
        """Submit, and follow up, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for portal in self._portals.values():
                tasks.create_task(portal.producing.run())
            tasks.create_task(self._submit_all())
            tasks.create_task(self._follow_up())

    async def reach(self, cases: int) -> None:
        """Wait until so many have been submitted."""
        self._wanted = cases
        self._reached.clear()
        if self.submitted < cases:
            await self._reached.wait()

    def break_off(self) -> None:
        """Whoever still waits for an answer goes away."""
        for task in self._running:
            task.cancel()

    async def settle(self) -> None:
        """After `run` was cancelled: wait until everything that was sent has been answered, or never will be."""
        if self._running:
            await asyncio.wait(self._running)
        for portal in self._portals.values():
            await portal.producing.flush()

    async def _submit_all(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += self._chance.expovariate(self._rate)
            await asyncio.sleep(max(0.0, due - loop.time()))
            self._submit_one()
            self.submitted += 1
            if self.submitted >= self._wanted:
                self._reached.set()

    def _submit_one(self) -> None:
        portal = self._chance.choice(list(self._portals.values()))
        wish = self._chance.choice(_BAD) if self._chance.random() < BAD_SHARE else Wish.VALID
        by_http = self._chance.random() < HTTP_SHARE and wish not in _BY_KAFKA_ONLY
        if by_http and len(self._running) < _MOST_AT_ONCE:
            self._spawn(portal.submit_by_http(wish))
        else:
            portal.submit(wish)

    async def _follow_up(self) -> None:
        while True:
            told = await self._told.get()
            portal, case_id = self._portals[told.body["portal_id"]], told.body["case_id"]
            kind, status = told.type, told.body.get("status")
            if status == "waiting":
                portal.reply(case_id)
            elif status == "answered" and self._chance.random() < _READ:
                self._spawn(portal.mark_read(case_id))
            elif kind == "intake.command-accepted.v1" and self._chance.random() < _WITHDRAWN:
                portal.withdraw(case_id)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
