"""An open loop: acts begin at moments drawn beforehand, whether those before them are done or not."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence

from tests.bench.figures import quantile

Act = Callable[[], Awaitable[None]]


async def on_time(acts: Sequence[Act], rate: float, dice: random.Random) -> list[float]:
    """Milliseconds from each act's moment to its end, the shortest first. `rate` is acts per second (Poisson)."""
    waits: list[float] = []

    async def timed(act: Act, due: float) -> None:
        await act()
        waits.append((time.monotonic() - due) * 1000)

    async with asyncio.TaskGroup() as tasks:
        due = time.monotonic() + 0.1
        for act in acts:
            if (pause := due - time.monotonic()) > 0:
                await asyncio.sleep(pause)
            tasks.create_task(timed(act, due))
            due += dice.expovariate(rate)
    return sorted(waits)


def p50_and_p99(waits: Sequence[float]) -> dict[str, float]:
    """Of waits in their order."""
    return {"p50": quantile(waits, 0.5), "p99": quantile(waits, 0.99)}
