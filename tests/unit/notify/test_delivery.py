"""The sender loses no outcome, whatever goes wrong around it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.notify.adapters.wording import Wording
from services.notify.application.deliver import Mail, Tried
from services.notify.domain.outcome import Outcome, Verdict
from services.notify.domain.staff_member import Kind
from services.notify.entrypoints.delivery import Sender
from shared.errors import Unavailable
from shared.testing.eventually import eventually
from tests.unit.notify.builders import NOW

ACCEPTED = Outcome(Verdict.ACCEPTED, "250")


class FakeDue:
    """A queue in memory. `faults` are raised by the next recordings."""

    def __init__(self, count: int, address: str = "anna@example.org") -> None:
        lease = NOW + timedelta(seconds=30)
        self.mails = [Mail(uuid4(), 1, Kind.ASSIGNED, 1, address, "sv", "SE1", lease) for _ in range(count)]
        self.concluded: list[Tried] = []
        self.renewed: list[Mail] = []
        self.faults: list[Exception] = []
        self.poison: Mail | None = None

    async def take(self, most: int) -> tuple[list[Mail], bool]:
        taken, self.mails = self.mails[:most], self.mails[most:]
        return taken, len(taken) == most

    async def conclude(self, tries: Sequence[Tried]) -> None:
        await asyncio.sleep(0)
        if self.faults:
            raise self.faults.pop()
        if self.poison in [tried.mail for tried in tries]:
            raise ZeroDivisionError
        self.concluded += tries

    async def renew(self, mails: Sequence[Mail]) -> None:
        self.renewed = list(mails)


class FakeLine:
    """Takes everything, or does what it is told."""

    answer: Any = ACCEPTED
    hold: asyncio.Event | None = None

    def __init__(self) -> None:
        self.closed = False

    async def send(self, address: str, content: bytes) -> Outcome:
        await asyncio.sleep(0)
        if self.hold is not None:
            await self.hold.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer  # type: ignore[no-any-return]

    async def close(self) -> None:
        self.closed = True


def a_sender(due: Any, lines: list[FakeLine], batch: int = 10) -> Sender:
    """A sender on fakes."""
    free: Any = iter(lines)
    wording = Wording("noreply@example.org", "Vårdväxel", "https://staff.example.org/")
    return Sender(due, wording, lambda: next(free), lambda: NOW, lambda: None, lines=len(lines), batch=batch)


async def test_every_mail_is_taken_sent_and_recorded_once() -> None:
    due = FakeDue(95)
    sender = a_sender(due, [FakeLine() for _ in range(4)])
    await sender.take()
    while len(due.concluded) < 95:
        await sender.record()
    assert len({tried.mail.notification_id for tried in due.concluded}) == 95
    await sender.renew()
    assert due.renewed == []


async def test_an_outage_of_the_database_loses_no_outcome() -> None:
    due = FakeDue(5)
    sender = a_sender(due, [FakeLine()])
    await sender.take()
    due.faults = [Unavailable("away"), Unavailable("away")]
    for _ in range(2):
        with pytest.raises(Unavailable):
            await sender.record()
    await sender.renew()
    assert len(due.renewed) == 5, "what is not recorded is held on to"
    while len(due.concluded) < 5:
        await sender.record()


async def test_one_outcome_that_can_not_be_recorded_holds_up_no_other() -> None:
    due = FakeDue(5)
    due.poison = due.mails[2]
    sender = a_sender(due, [FakeLine()])
    await sender.take()
    while len(due.concluded) < 4:
        await sender.record()
    await sender.renew()
    assert due.renewed == [], "its lease is left to end"


async def test_what_goes_wrong_in_a_conversation_is_an_outcome() -> None:
    due, line = FakeDue(2), FakeLine()
    line.answer = RuntimeError("a fault of ours")
    sender = a_sender(due, [line])
    await sender.take()
    while len(due.concluded) < 2:
        await sender.record()
    assert {tried.outcome.verdict for tried in due.concluded} == {Verdict.UNCERTAIN}


async def test_an_address_that_is_none_is_not_tried() -> None:
    due = FakeDue(1, address="anna@example.org\r\nRCPT TO:<all@example.org>")
    sender = a_sender(due, [FakeLine()])
    await sender.take()
    await sender.record()
    assert due.concluded[0].outcome == Outcome(Verdict.NO_SUCH_ADDRESS, "bad address")


async def test_what_somebody_else_has_by_now_is_not_sent() -> None:
    due = FakeDue(1)
    due.mails[0].lease_until = NOW
    sender = a_sender(due, [FakeLine()])
    await sender.take()
    await sender.record()
    assert due.concluded[0].outcome.verdict is Verdict.NOT_TRIED


async def test_stopping_lets_conversations_end_and_gives_the_rest_back() -> None:
    due, line = FakeDue(4), FakeLine()
    line.hold = asyncio.Event()
    sender = a_sender(due, [line])
    await sender.take()
    recording = asyncio.create_task(sender.record())
    await asyncio.sleep(0)
    recording.cancel()
    asyncio.get_running_loop().call_later(0.02, line.hold.set)
    await sender.close()
    assert [tried.outcome.verdict for tried in due.concluded] == [Verdict.ACCEPTED, *[Verdict.NOT_TRIED] * 3]
    assert line.closed
    await sender.take()
    assert len(due.concluded) == 4


async def test_while_nothing_gets_through_few_mails_are_tried() -> None:
    due, line = FakeDue(100), FakeLine()
    line.answer = Outcome(Verdict.PUT_OFF, "line broke")
    sender = a_sender(due, [line], batch=5)
    await sender.take()
    await eventually(lambda: sender._paused_until > 0, "the sender pauses")
    await sender.take()
    assert len(due.mails) > 80
