"""Waiting in tests: until something is so, with a failure that names what never happened."""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 60.0
"""Seconds after which a test gives up: many, since a machine may be busy, and only a failure takes them."""


async def eventually(look: Callable[[], Any], what: str, *, within: float = PATIENCE) -> Any:
    """What `look` gives, as soon as it is true. An AssertionError inside counts as not yet.

    Raises AssertionError that says what never happened, and what was seen last.
    """
    deadline = time.monotonic() + within
    pause = 0.01
    while True:
        seen: object
        try:
            found = look()
            result = await found if inspect.isawaitable(found) else found
            if result:
                return result
            seen = result
        except AssertionError as error:
            seen = error
        if time.monotonic() > deadline:
            raise AssertionError(f"never within {within} s: {what}; seen last: {seen!r}")
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, 0.25)
