"""An installation to be hurt: the stack with two instances of each service, the region, journals, a mail server."""

import asyncio
import random
import shutil
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.choose import Infrastructure
from deploy.local.kafka import LocalKafka
from deploy.local.postgres import LocalPostgres
from deploy.local.region import Region
from deploy.local.stack import Stack
from tests.chaos.doors import Doors
from tests.chaos.entries import Published
from tests.chaos.instances import Instances
from tests.chaos.journals import Journals
from tests.chaos.listener import Listener
from tests.chaos.people import people_of_the_seed
from tests.chaos.postbox import Postbox

INSTANCES = 2
GATHER_SECONDS, LEASE_SECONDS = 0.5, 8.0
_NOTIFY = {
    "VARDVAXEL_GATHER_SECONDS": f"{GATHER_SECONDS}",
    "VARDVAXEL_LEASE_SECONDS": f"{LEASE_SECONDS}",
    "VARDVAXEL_RETRY_FIRST_SECONDS": "0.5",
    "VARDVAXEL_RETRY_LONGEST_SECONDS": "4",
    "VARDVAXEL_RETRY_ATTEMPTS": "60",
}
"""Shorter than in life, so that a run sees leases end and mails tried again."""
PORTALS = ("minvard", "karlavagnen")


class Arena:
    """Enter it, and everything runs and knows the region. `chance` is the run's one source of chance."""

    def __init__(self, folder: Path, journals: Journals, chance: random.Random) -> None:
        self.journals = journals
        self.chance = chance
        self.people = people_of_the_seed()
        self.postbox = Postbox(journals.mails, random.Random(chance.random()))
        self.on_outcome: Callable[[Published], None] = _nobody
        """Called in the event loop with each record of a portal's outcomes."""
        self._folder = folder
        self._leaving = AsyncExitStack()
        self.stack: Stack
        self.instances: Instances
        self.listener: Listener
        self.doors: Doors

    @property
    def infrastructure(self) -> Infrastructure:
        """Broker and database."""
        return self.stack.infrastructure

    @property
    def kafka(self) -> LocalKafka:
        """The broker's process, to be killed."""
        assert self.infrastructure.local_kafka is not None
        return self.infrastructure.local_kafka

    @property
    def postgres(self) -> LocalPostgres:
        """The database server's process, to be killed."""
        assert self.infrastructure.local_postgres is not None
        return self.infrastructure.local_postgres

    async def __aenter__(self) -> Self:
        try:
            await self._enter()
        except BaseException:
            await self._leaving.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._leaving.aclose()

    async def _enter(self) -> None:
        await self.postbox.start()
        self._leaving.push_async_callback(self.postbox.stop)
        self._leaving.callback(self.journals.close)
        notify = _NOTIFY | {"VARDVAXEL_SMTP_PORT": str(self.postbox.port)}
        self.stack = Stack(self._folder, instances=INSTANCES, settings={"notify": notify}, own_processes=True)
        self._leaving.push_async_callback(asyncio.to_thread, self._keep_logs)
        self._leaving.push_async_callback(asyncio.to_thread, self.stack.stop)
        await asyncio.to_thread(self.stack.start)
        self.instances = Instances(self.stack, self.journals.faults, INSTANCES)
        self.doors = Doors(self.journals, self.instances.url, self.new_chance(), instances=INSTANCES)
        self._leaving.push_async_callback(self.doors.close)
        self._listen()
        await asyncio.to_thread(self._plant)

    def new_chance(self) -> random.Random:
        """A source of chance of its own for one part, so that parts do not disturb each other's."""
        return random.Random(self.chance.random())

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()

        def heard(published: Published) -> None:
            if published.topic.endswith(".outcomes"):
                loop.call_soon_threadsafe(self.on_outcome, published)

        self.listener = Listener(self.infrastructure.kafka, self.journals.records, heard)
        self.listener.start()
        self._leaving.push_async_callback(asyncio.to_thread, self.listener.stop)

    def _keep_logs(self) -> None:
        """Whoever looks into a violation wants to read them."""
        if self.journals.folder is not None:
            logs = self.journals.folder / "log"
            shutil.copytree(self.stack.home.folder("log"), logs, dirs_exist_ok=True)

    def _plant(self) -> None:
        region = Region(self.stack)
        region.plant()
        for clinic in self.people.clinics:
            for portal_id in PORTALS:
                region.wait_until_heard(
                    portal_id, clinic.receivers[0], clinic.clinic_id, clinic.case_types[0]
                )


def _nobody(_: Published) -> None:
    """Until somebody wants to hear."""
