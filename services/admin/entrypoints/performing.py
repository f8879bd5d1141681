"""Commands that nobody asks for by HTTP: they take the same way through the batch runner."""

from typing import Any

import uuid_utils

from shared.clock import utc_now
from shared.contracts.envelope import Envelope
from shared.contracts.message import Command
from shared.messaging.arrival import Arrival
from shared.messaging.runner import BatchRunner


async def perform(runner: BatchRunner, command: Command, who: str) -> Any:
    """Have it decided and written; gives the use case's answer as plain JSON. Raises what refused it."""
    envelope = Envelope(str(uuid_utils.uuid7()), command.TYPE, who, utc_now())
    arrival = Arrival(envelope, who, command, actor=who)
    await runner.perform([arrival])
    if isinstance(arrival.answer, Exception):
        raise arrival.answer
    return arrival.answer
