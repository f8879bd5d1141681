"""The life of a service's process: start in order, run, drain on SIGTERM within ten seconds, stop."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

import structlog
import uvicorn
from fastapi import FastAPI

from shared.database.pool import Database
from shared.errors import Transient
from shared.messaging.broker import Subscription
from shared.messaging.heard import Freshness
from shared.messaging.progress import Progress
from shared.messaging.runner import BatchRunner
from shared.messaging.slots import Slot
from shared.outbox.relay import Relay

ROLES = ("all", "api", "worker", "relay")
DRAIN_SECONDS = 3.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something done every so many seconds. A failure is logged, and the next time comes all the same."""

    name: str
    seconds: float
    act: Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Service:
    """A service put together. `subscribe` is called with the instance's number, when it is known.

    `projections` are started first and read to the end before `subscriptions` are.
    """

    name: str
    database: Database
    runner: BatchRunner
    relay: Relay
    slot: Slot
    app: FastAPI
    host: str
    port: int
    subscribe: Callable[[int], tuple[Sequence[Subscription], Sequence[Subscription]]]
    freshness: Freshness | None = None
    schedules: Sequence[Schedule] = ()
    opened: Sequence[Callable[[], Awaitable[None]]] = ()
    closed: Sequence[Callable[[], Awaitable[None]]] = ()
    progress: Progress = field(default_factory=Progress)
    ready: bool = False


class _Server(uvicorn.Server):
    """Uvicorn without signal handlers of its own: the process has one way to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run(service: Service, role: str) -> None:
    """Run until SIGTERM or SIGINT, or until a part of the process fails for good."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await _open(service, stop)
    if stop.is_set():
        return
    async with asyncio.TaskGroup() as tasks:
        background = [tasks.create_task(service.relay.run())]
        server = _server(service)
        subscriptions: list[Subscription] = []
        serving = tasks.create_task(server.serve())
        if role in ("all", "worker"):
            background += [tasks.create_task(_every(schedule)) for schedule in service.schedules]
            background.append(tasks.create_task(_consume(service, subscriptions)))
        elif service.freshness is not None:
            background.append(tasks.create_task(_every(Schedule("freshness", 1.0, service.freshness.look))))
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        service.ready = True
        log.info("started", service=service.name, port=service.port)
        await stop.wait()
        service.ready = False
        log.info("stopping", service=service.name)
        server.should_exit = True
        await _stop(subscriptions)
        for close in service.closed:
            await close()
        await service.relay.drain(DRAIN_SECONDS)
        for task in background:
            task.cancel()
        await asyncio.wait([serving], timeout=2)
        serving.cancel()
    service.slot.release()
    await service.database.close()
    log.info("stopped", service=service.name)


async def _open(service: Service, stop: asyncio.Event) -> None:
    """The database first, however long that takes."""
    while not stop.is_set():
        try:
            await service.database.open()
            await service.slot.claim()
            for open_ in service.opened:
                await open_()
            return
        except Transient as error:
            log.warning("waiting for the database", detail=str(error)[:200])
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), timeout=1)


async def _consume(service: Service, running: list[Subscription]) -> None:
    """Projections first; the rest when they are complete. Then watch that everything moves."""
    projections, others = service.subscribe(service.slot.number)
    await _until_reachable(service.runner.welcome_release)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(service.slot.keep())
        await _start(projections, running)
        if service.freshness is not None:
            tasks.create_task(_every(Schedule("freshness", 1.0, service.freshness.look)))
            await _until_reachable(service.freshness.wait_until_complete)
        await _start(others, running)
        tasks.create_task(_every(Schedule("progress", 5.0, lambda: service.progress.look(running))))
        tasks.create_task(_every(Schedule("parked", 1.0, service.runner.retry_parked)))


async def _until_reachable(act: Callable[[], Awaitable[object]]) -> None:
    """Do this once, as soon as the database lets us."""
    while True:
        try:
            await act()
            return
        except Transient as error:
            log.warning("waiting for the database", detail=str(error)[:200])
            await asyncio.sleep(1)


async def _start(subscriptions: Sequence[Subscription], running: list[Subscription]) -> None:
    for subscription in subscriptions:
        while True:
            try:
                await subscription.start()
                break
            except Exception as error:
                log.warning("waiting for the broker", group=subscription.group, error=type(error).__name__)
                await subscription.stop()
                await asyncio.sleep(1)
        running.append(subscription)


async def _stop(subscriptions: Sequence[Subscription]) -> None:
    """All at once; one that fails keeps nobody from draining."""
    stopping = (subscription.stop() for subscription in subscriptions)
    outcomes = await asyncio.gather(*stopping, return_exceptions=True)
    for subscription, outcome in zip(subscriptions, outcomes, strict=True):
        if outcome is not None:
            log.error("a subscription failed to stop", group=subscription.group, exc_info=outcome)


async def _every(schedule: Schedule) -> None:
    while True:
        try:
            await schedule.act()
        except Transient as error:
            log.warning("schedule interrupted", handler=schedule.name, error=type(error).__name__)
        except Exception as error:
            log.error("schedule failed", handler=schedule.name, exc_info=error)
        await asyncio.sleep(schedule.seconds)


def _server(service: Service) -> _Server:
    config = uvicorn.Config(
        service.app,
        host=service.host,
        port=service.port,
        http="httptools",
        loop="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=3,
        limit_concurrency=20_000,
    )
    return _Server(config)
