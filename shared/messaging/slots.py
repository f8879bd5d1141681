"""A number for each running instance of a service, from 0 up, so that its group membership is static without a hand.

The number is an advisory lock on a connection of its own: it is free again the moment that the process is gone.
"""

import asyncio

import structlog

from shared.database.pool import Connection, connect
from shared.errors import Transient, Unavailable

_FIRST = 0x510_0000
_MOST = 64

log = structlog.get_logger()


class SlotLost(Exception):
    """Another instance has taken our number while the database was away: this process must start afresh."""


class Slot:
    """The claimed number."""

    def __init__(self, url: str, service: str) -> None:
        self.number = -1
        self._url = url
        self._service = service
        self._connection: Connection | None = None

    async def claim(self) -> int:
        """Take the lowest free number. Raises Unavailable when the database is away or all numbers are taken."""
        settings = {"application_name": f"{self._service}-slot"}
        self._connection = await connect(self._url, server_settings=settings)
        wanted = range(_MOST) if self.number < 0 else (self.number,)
        for number in wanted:
            if await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", _FIRST + number):
                self.number = number
                return number
        self._connection.terminate()
        raise Unavailable(f"none of the {len(wanted)} instance numbers is free")

    async def keep(self) -> None:
        """Hold on to the number for ever; after an outage of the database the same number is taken again.

        Raises SlotLost if somebody else has it by then.
        """
        while True:
            await asyncio.sleep(1)
            connection = self._connection
            if connection is not None and not connection.is_closed():
                continue
            try:
                await self.claim()
            except Unavailable as error:
                if "instance numbers" in str(error):
                    raise SlotLost(f"number {self.number} of {self._service}") from error
            except Transient:
                continue

    def release(self) -> None:
        """Give the number back."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
