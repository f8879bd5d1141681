"""The order of a start: the directory first, and no command before it has been read to its end."""

import asyncio
from types import SimpleNamespace
from typing import Any

from shared.process import _consume
from shared.testing.eventually import eventually


class Part:
    """Stands for every part of a process that only has to be there."""

    number = 0
    group = "a group"

    def __init__(self, started: list[str] | None = None, name: str = "") -> None:
        self._started, self._name = started, name

    async def start(self) -> None:
        if self._started is not None:
            self._started.append(self._name)

    async def nothing(self, *_: Any) -> None:
        """Done at once."""

    welcome_release = retry_parked = look = keep = nothing


class IncompleteDirectory(Part):
    """A directory that is complete when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.complete = asyncio.Event()

    async def wait_until_complete(self) -> None:
        await self.complete.wait()


async def test_commands_are_consumed_only_when_the_directory_is_complete() -> None:
    started: list[str] = []
    directory = IncompleteDirectory()
    service: Any = SimpleNamespace(
        subscribe=lambda _: ([Part(started, "directory")], [Part(started, "commands")]),
        slot=Part(),
        runner=Part(),
        progress=Part(),
        freshness=directory,
    )
    task = asyncio.create_task(_consume(service, []))
    await eventually(lambda: started, "the directory's consumer starting")
    for _ in range(20):
        await asyncio.sleep(0)
    assert started == ["directory"]
    directory.complete.set()
    await eventually(lambda: started == ["directory", "commands"], "the commands' consumer starting")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
