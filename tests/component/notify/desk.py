"""Notify's parts in the test's own process: facts by hand, a real database, real SMTP."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from services.notify.adapters.due import DueMails
from services.notify.adapters.smtp import Server, SmtpLine
from services.notify.adapters.wording import Wording
from services.notify.adapters.work import NotifyWork
from services.notify.entrypoints.consumers import handlers
from services.notify.entrypoints.delivery import Sender
from services.notify.entrypoints.schedules import schedules
from services.notify.invariants import INVARIANTS
from services.notify.settings import NotifySettings
from shared.clock import utc_now
from shared.contracts.message import Message
from shared.database.pool import Database
from shared.messaging.batch import NoReplies, Parts
from shared.messaging.runner import BatchRunner
from shared.process import _every
from shared.testing.eventually import eventually
from shared.testing.mailbox import Mailbox
from shared.testing.outbox import waiting_messages
from shared.testing.records import a_record

SHORT: dict[str, Any] = {
    "environment": "development",
    "kafka_servers": "unused:1",
    "gather_seconds": 0.1,
    "delivery_poll_seconds": 0.02,
    "retry_first_seconds": 0.1,
    "lease_seconds": 1,
    "staff_url": "https://staff.example.org/",
}


class Desk:
    """What a test speaks to."""

    def __init__(self, database: Database, mailbox: Mailbox) -> None:
        self.database, self.mailbox = database, mailbox

    @asynccontextmanager
    async def sender(self, **settings: Any) -> AsyncIterator[Sender]:
        """A sender at work, as a process of its own would have it."""
        chosen = NotifySettings.model_validate(
            SHORT | {"smtp_port": self.mailbox.port, "database_url": self.database.url} | settings
        )
        lease = timedelta(seconds=chosen.lease_seconds)
        due, server = DueMails(self.database, utc_now, chosen.patience, lease), Server.of(chosen)
        wording = Wording(chosen.mail_sender, chosen.mail_sender_name, chosen.staff_url)
        sender = Sender(
            due,
            wording,
            lambda: SmtpLine(server),
            utc_now,
            lambda: None,
            lines=chosen.smtp_connections,
            batch=chosen.delivery_batch,
        )
        tasks = [asyncio.create_task(_every(schedule)) for schedule in schedules(chosen, sender, due)]
        try:
            yield sender
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await sender.close()

    async def hear(self, *messages: Message, gather_seconds: float = 0.1) -> None:
        """Facts, in one batch."""
        table = handlers(timedelta(seconds=gather_seconds))
        parts = Parts("notify", table, NotifyWork, NoReplies(), "1")
        tally = await BatchRunner(parts, self.database, utc_now, lambda: None).take(
            [a_record(message) for message in messages]
        )
        assert tally.done == len(messages), tally

    async def states(self) -> dict[str, int]:
        """How many notifications are in each state."""
        rows = await self.database.fetch("SELECT state, count(*) FROM notifications GROUP BY state")
        return {row[0]: row[1] for row in rows}

    async def until_states(self, **wanted: int) -> None:
        """Wait until the notifications are in these states, and see that every invariant holds."""

        async def so() -> bool:
            seen = await self.states()
            assert seen == wanted, seen
            return True

        await eventually(so, f"notifications are {wanted}")
        for name, statement in INVARIANTS.items():
            assert not await self.database.fetch(statement), name

    async def published(self) -> list[str]:
        """Types of the events in the outbox, in their order."""
        return [message.type for message in await waiting_messages(self.database)]


def message_ids(mailbox: Mailbox) -> Counter[str]:
    """How often each Message-ID came."""
    return Counter(str(mail.message["Message-ID"]) for mail in mailbox.mails)
