"""Work of other kinds for callers that wait: asynchronous, or several things at once."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end and wait, also where an event loop runs already: in a loop of its own."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


def together(*calls: Callable[[], object]) -> None:
    """Make all calls at the same time and wait for all of them. Raises the first error, in their order."""
    if not calls:
        return
    with ThreadPoolExecutor(max_workers=len(calls)) as threads:
        running = [threads.submit(call) for call in calls]
    for done in running:
        done.result()
