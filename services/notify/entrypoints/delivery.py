"""The sender: takes what is due, hands it over on several lines at once, and records outcomes in bulk."""

import asyncio
from collections import deque
from collections.abc import Callable
from time import monotonic

import structlog

from services.notify.adapters.due import DueMails
from services.notify.adapters.observed import DUE_AGE, DUE_MAILS, MAILS
from services.notify.adapters.smtp import SmtpLine
from services.notify.adapters.wording import BadAddress, Wording, deliverable
from services.notify.application.deliver import Mail, Tried
from services.notify.domain.outcome import Outcome, Verdict
from shared.clock import Clock
from shared.errors import Transient

GRACE_SECONDS = 2.0
"""How long conversations may go on when the process stops."""
_LONGEST_PAUSE = 15.0
_AWAY = frozenset({Verdict.PUT_OFF, Verdict.UNCERTAIN})

log = structlog.get_logger()


class Sender:
    """Its methods are schedules, each of which may fail and come again without losing what the others hold."""

    def __init__(
        self,
        due: DueMails,
        wording: Wording,
        new_line: Callable[[], SmtpLine],
        clock: Clock,
        published: Callable[[], None],
        *,
        lines: int,
        batch: int,
    ) -> None:
        self._due = due
        self._wording = wording
        self._clock = clock
        self._published = published
        self._batch = batch
        self._free = [new_line() for _ in range(lines)]
        self._waiting: deque[Mail] = deque()
        self._held: dict[tuple[object, int], Mail] = {}
        self._tried: list[Tried] = []
        self._conversations: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._news = asyncio.Event()
        self._stopping = False
        self._in_a_row = 0
        self._paused_until = 0.0

    async def take(self) -> None:
        """Take mails while there are any, not more than can soon be sent. Raises Transient."""
        more = not self._stopping and monotonic() >= self._paused_until
        while more:
            self._room.clear()
            if len(self._waiting) > self._batch // 2:
                await self._room.wait()
                continue
            mails, more = await self._due.take(self._batch)
            for mail in mails:
                self._held[mail.notification_id, mail.attempt] = mail
            self._waiting.extend(mails)
            self._start_conversations()
            more = more and not self._stopping and monotonic() >= self._paused_until

    async def record(self) -> None:
        """Wait for outcomes and note all that there are. Raises Transient, and then they are noted next time."""
        await self._news.wait()
        self._news.clear()
        try:
            await self._record()
        except Transient:
            self._news.set()
            raise

    async def renew(self) -> None:
        """Renew the leases of what we hold. Raises Transient."""
        await self._due.renew(list(self._held.values()))

    async def measure(self) -> None:
        """How much is due, and for how long."""
        count, age = await self._due.depth()
        DUE_MAILS.set(count)
        DUE_AGE.set(age)

    async def close(self) -> None:
        """Let conversations end, note what became of them, and give back what was not begun."""
        self._stopping = True
        unsent = [Tried(mail, Outcome(Verdict.NOT_TRIED, "stopped")) for mail in self._waiting]
        self._waiting.clear()
        if self._conversations:
            await asyncio.wait(self._conversations, timeout=GRACE_SECONDS)
        cut = list(self._conversations)
        for task in cut:
            task.cancel()
        await asyncio.gather(*cut, return_exceptions=True)
        self._tried += unsent
        try:
            await self._record()
        except Exception as error:
            log.warning("outcomes not recorded", error=type(error).__name__, count=len(self._tried))
        for line in self._free:
            await line.close()

    async def _record(self) -> None:
        tried, self._tried = self._tried, []
        if not tried:
            return
        try:
            await self._due.conclude(tried)
        except (Transient, asyncio.CancelledError):
            self._tried = tried + self._tried  # again is harmless: what is concluded stays so
            raise
        except Exception as error:
            log.error("outcomes not recorded together", count=len(tried), exc_info=error)
            await self._record_singly(tried)
        for done in tried:
            self._held.pop((done.mail.notification_id, done.mail.attempt), None)
            MAILS.labels(done.outcome.verdict.value).inc()
        self._published()

    async def _record_singly(self, tried: list[Tried]) -> None:
        """One outcome is at fault: it is let go, and its mail is taken anew when the lease ends."""
        for done in tried:
            try:
                await self._due.conclude([done])
            except Exception as error:
                log.error("outcome lost", notification_id=str(done.mail.notification_id), exc_info=error)

    def _start_conversations(self) -> None:
        """As many as there are mails and lines; a line that was used last is used first."""
        for _ in range(min(len(self._waiting), len(self._free))):
            task = asyncio.create_task(self._converse(self._free.pop()))
            self._conversations.add(task)
            task.add_done_callback(self._conversations.discard)

    async def _converse(self, line: SmtpLine) -> None:
        """One line, mail after mail, until none is left."""
        try:
            while self._waiting:
                mail = self._waiting.popleft()
                if len(self._waiting) <= self._batch // 2:
                    self._room.set()
                outcome = await self._hand_over(line, mail)
                self._watch(outcome)
                self._tried.append(Tried(mail, outcome))
                self._news.set()
        finally:
            self._free.append(line)

    async def _hand_over(self, line: SmtpLine, mail: Mail) -> Outcome:
        now = self._clock()
        if now >= mail.lease_until:
            return Outcome(Verdict.NOT_TRIED, "lease over")
        try:
            address = deliverable(mail.address)
        except BadAddress:
            return Outcome(Verdict.NO_SUCH_ADDRESS, "bad address")
        try:
            content = self._wording.mail(
                mail.notification_id, address, mail.language, mail.kind, mail.cases, now
            )
            return await line.send(address, content)
        except Exception as error:
            log.error("mail not sent", notification_id=str(mail.notification_id), exc_info=error)
            return Outcome(Verdict.UNCERTAIN, type(error).__name__)

    def _watch(self, outcome: Outcome) -> None:
        """When nothing gets through, a few mails at a time find out whether it does again."""
        self._in_a_row = self._in_a_row + 1 if outcome.verdict in _AWAY else 0
        if self._in_a_row >= self._batch:
            pause = min(2.0 ** (self._in_a_row // self._batch - 1), _LONGEST_PAUSE)
            self._paused_until = monotonic() + pause
