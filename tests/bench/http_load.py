"""An HTTP client that costs little: raw connections, one request at a time on each. A process of its own.

Reads one job as JSON on standard input and writes one result. Two kinds: as fast as the connections go round, and an
open loop at scheduled moments, whose latencies count from these moments.
"""

import asyncio
import gc
import random
import sys
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

import httptools
import orjson
import uvloop

from tests.bench.figures import quantile
from tests.bench.load import a_body, clinic_ids, zipf

ACCEPTED = 202


class Connection(asyncio.Protocol):
    """One request after the other."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._done: asyncio.Future[int] | None = None
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        status = self._parser.get_status_code()
        self._parser = httptools.HttpResponseParser(self)
        if self._done is not None:
            self._done.set_result(status)

    def connection_lost(self, error: Exception | None) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(ConnectionError("the server hung up"))

    async def ask(self, request: bytes) -> int:
        """Send a whole request; gives the status."""
        self._done = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._done


class Load:
    """What a job asks for."""

    def __init__(self, job: Mapping[str, Any]) -> None:
        self._host, self._port, self._token = job["host"], job["port"], job["token"]
        self._dice = random.Random(job["seed"])
        self._clinics, self._weights = clinic_ids(job["clinics"]), zipf(job["clinics"])
        self._idle: deque[Connection] = deque()

    async def connect(self, count: int) -> None:
        """Open so many connections."""
        loop = asyncio.get_running_loop()
        for _ in range(count):
            self._idle.append((await loop.create_connection(Connection, self._host, self._port))[1])

    def requests(self, count: int) -> list[bytes]:
        """Submissions, ready to be sent."""
        return [self._request() for _ in range(count)]

    async def as_fast_as_possible(self, ready: list[bytes], seconds: float) -> dict[str, Any]:
        """Every connection busy until the time is over."""
        statuses: list[int] = []
        until = time.monotonic() + seconds
        started = time.monotonic()

        async def go_round(connection: Connection) -> None:
            while ready and time.monotonic() < until:
                statuses.append(await connection.ask(ready.pop()))

        await asyncio.gather(*map(go_round, self._idle))
        return {"per_s": statuses.count(ACCEPTED) / (time.monotonic() - started), **_told(statuses)}

    async def on_time(self, ready: list[bytes], rate: float) -> dict[str, Any]:
        """An open loop with moments drawn beforehand (Poisson)."""
        statuses: list[int] = []
        waits: list[float] = []

        async def submit(request: bytes, due: float) -> None:
            if not self._idle:
                await self.connect(1)
            connection = self._idle.popleft()
            statuses.append(await connection.ask(request))
            waits.append(time.monotonic() - due)
            self._idle.append(connection)

        async with asyncio.TaskGroup() as tasks:
            due = time.monotonic() + 0.1
            for request in ready:
                if (pause := due - time.monotonic()) > 0:
                    await asyncio.sleep(pause)
                tasks.create_task(submit(request, due))
                due += self._dice.expovariate(rate)
        waits.sort()
        return {"p50": quantile(waits, 0.5), "p99": quantile(waits, 0.99), **_told(statuses)}

    def _request(self) -> bytes:
        [clinic_id] = self._dice.choices(self._clinics, cum_weights=self._weights)
        case_id = f"{self._dice.getrandbits(128):032x}"
        body = orjson.dumps(a_body(self._dice, case_id, clinic_id))
        head = (
            f"POST /cases HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json\r\nIdempotency-Key: {case_id}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def _told(statuses: list[int]) -> dict[str, Any]:
    return {
        "accepted": statuses.count(ACCEPTED),
        "others": sorted({status for status in statuses if status != ACCEPTED}),
    }


async def main() -> None:
    """One job."""
    job = orjson.loads(sys.stdin.buffer.readline())
    load = Load(job)
    await load.connect(job["connections"])
    ready = load.requests(job["requests"])
    gc.freeze()
    if job["rate"]:
        result = await load.on_time(ready, job["rate"])
    else:
        result = await load.as_fast_as_possible(ready, job["seconds"])
    sys.stdout.buffer.write(orjson.dumps(result))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
