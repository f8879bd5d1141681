"""Live steps for everybody who is connected: one reader per process, however many streams.

`Last-Event-ID` is the transaction up to which a client has everything. It stands on the last event of each chunk
only, so a client that breaks off in the middle gets the whole chunk again: at least once, never less.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

import structlog

from services.routing.adapters.steps import Steps, StreamedStep, Window
from services.routing.application.policy import Listener, hears, listener_of
from services.routing.entrypoints.viewing import Viewing
from services.routing.settings import RoutingSettings
from shared.errors import Transient

LARGEST_BACKLOG_OF_ONE = 2_000
"""Events that may wait for one client; a slower one is cut off and comes again with its Last-Event-ID."""
RIGHTS_LAST = 8.0
"""Seconds after which streams end whose rights could not be looked at again."""

log = structlog.get_logger()


class Stream:
    """One open stream. Holds chunks that are not yet sent."""

    __slots__ = ("closed", "events", "listener", "pending", "waiter")

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.pending: list[bytes] = []
        self.events = 0
        self.closed = False
        self.waiter: asyncio.Future[None] | None = None

    def tell(self, chunk: bytes, events: int) -> None:
        """Send this when the client is ready for it."""
        self.pending.append(chunk)
        self.events += events
        if self.events > LARGEST_BACKLOG_OF_ONE:
            self.close()
        self._wake()

    def close(self) -> None:
        """End the stream; what waits is not sent any more."""
        self.closed = True
        self._wake()

    async def take(self, seconds: float) -> bytes | None:
        """What waits, all at once; b"" after so many quiet seconds; None when the stream is over."""
        if not self.pending and not self.closed:
            loop = asyncio.get_running_loop()
            self.waiter = loop.create_future()
            timer = loop.call_later(seconds, self._wake)
            await self.waiter
            timer.cancel()
            self.waiter = None
        if self.closed:
            return None
        chunk = b"".join(self.pending)
        self.pending.clear()
        self.events = 0
        return chunk

    def _wake(self) -> None:
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)


class Hub:
    """Reads steps once and hands them to all streams that may hear them."""

    def __init__(
        self, steps: Steps, viewing: Viewing, settings: RoutingSettings, running: Callable[[], bool]
    ) -> None:
        self.cursor = 0
        self._steps = steps
        self._viewing = viewing
        self._settings = settings
        self._running = running
        self._streams: dict[str, set[Stream]] = {}
        self._receivers: dict[str, set[Stream]] = {}
        self._recent: deque[Window] = deque()
        self._kept = 0
        self._reading = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to read, while anybody listens."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End all streams."""
        self.close_all()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def open(self, listener: Listener, last_seen: int | None) -> Stream:
        """A stream that begins with what the client has missed. Raises Transient."""
        async with self._reading:
            if not self._streams:
                self.cursor = await self._steps.horizon()
                self._recent.clear()
                self._kept = 0
            stream = Stream(listener)
            missed = await self._missed(listener, last_seen)
            stream.tell(missed + b"event: ready\ndata: {}\nid: %d\n\n" % self.cursor, 0)
            self._streams.setdefault(listener.staff_id, set()).add(stream)
            for clinic_id in listener.receiver_of:
                self._receivers.setdefault(clinic_id, set()).add(stream)
        return stream

    def leave(self, stream: Stream) -> None:
        """The client is gone."""
        stream.close()
        _discard(self._streams, stream.listener.staff_id, stream)
        for clinic_id in stream.listener.receiver_of:
            _discard(self._receivers, clinic_id, stream)

    def close_all(self) -> None:
        """Nobody hears anything any more."""
        for streams in self._streams.values():
            for stream in streams:
                stream.close()

    async def poll(self) -> None:
        """Read what is new and hand it out. Raises Transient."""
        async with self._reading:
            while self._streams and (window := await self._steps.after(self.cursor)) is not None:
                self.cursor = window.high
                self._remember(window)
                self._hand_out(window)

    async def check_rights(self) -> None:
        """End the streams of everybody whose rights have changed. Raises Transient where rights can't be known."""
        asked = list(self._streams)
        now = await self._viewing.people(asked)
        for staff_id in asked:
            rights = listener_of(now[staff_id]) if staff_id in now else None
            for stream in self._streams.get(staff_id, ()):
                if stream.listener != rights:
                    stream.close()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        checked = known = loop.time()
        started = False
        while True:
            await asyncio.sleep(self._settings.stream_poll_ms / 1000)
            if started and not self._running():
                self.close_all()
                continue
            started = started or self._running()
            if not self._streams:
                known = loop.time()
                continue
            try:
                await self.poll()
                if loop.time() - checked >= self._settings.stream_check_seconds:
                    checked = loop.time()
                    await self.check_rights()
                    known = loop.time()
            except Transient as error:
                log.warning("stream interrupted", error=type(error).__name__)
                if loop.time() - known > RIGHTS_LAST:
                    self.close_all()
                await asyncio.sleep(0.5)

    def _hand_out(self, window: Window) -> None:
        chunks: dict[Stream, list[StreamedStep]] = {}
        for step in window.steps:
            for stream in self._candidates(step):
                if hears(stream.listener, step.clinic_id, step.holder, step.former_holder):
                    chunks.setdefault(stream, []).append(step)
        for stream, steps in chunks.items():
            stream.tell(_chunk(steps, window.high), len(steps))

    def _candidates(self, step: StreamedStep) -> Iterable[Stream]:
        found = set(self._receivers.get(step.clinic_id, ()))
        for staff_id in (step.holder, step.former_holder):
            if staff_id is not None:
                found |= self._streams.get(staff_id, set())
        return found

    async def _missed(self, listener: Listener, last_seen: int | None) -> bytes:
        """What happened between the client's last event and now; or that it must reload."""
        if last_seen is None or last_seen >= self.cursor:
            return b""
        low = self._recent[0].low if self._recent else self.cursor
        if last_seen < low:
            older = await self._steps.between(last_seen, low, self._settings.stream_backlog - self._kept)
            if older is None:
                return b"event: reset\ndata: {}\n\n"
            self._recent.appendleft(older)
            self._kept += len(older.steps)
        steps: list[StreamedStep] = []
        for window in reversed(self._recent):
            if window.high <= last_seen:
                break
            steps[:0] = [
                step
                for step in window.steps
                if step.xid >= last_seen and hears(listener, step.clinic_id, step.holder, step.former_holder)
            ]
        return _chunk(steps, self.cursor) if steps else b""

    def _remember(self, window: Window) -> None:
        self._recent.append(window)
        self._kept += len(window.steps)
        while self._kept > self._settings.stream_backlog and len(self._recent) > 1:
            self._kept -= len(self._recent.popleft().steps)


def _chunk(steps: list[StreamedStep], cursor: int) -> bytes:
    """Events, of which the last says how far the client has everything."""
    return b"\n".join(step.text for step in steps) + b"id: %d\n\n" % cursor


def _discard(index: dict[str, set[Stream]], key: str, stream: Stream) -> None:
    streams = index.get(key)
    if streams is not None:
        streams.discard(stream)
        if not streams:
            del index[key]
