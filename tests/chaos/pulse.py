"""Whether the system makes progress: how long the oldest acknowledged case has waited to be put into a queue."""

import asyncio
from itertools import islice

from shared.contracts.events.intake import CommandRefused
from shared.contracts.events.routing import CaseQueued
from tests.chaos.entries import Wish
from tests.chaos.journals import Journals, now

NORMAL_SECONDS = 1.0
_LOOK_SECONDS = 0.1


class NeverRecovered(Exception):
    """After a fault the system did not come back to normal by itself."""


class Pulse:
    """Looks at the journals as they grow."""

    def __init__(self, journals: Journals) -> None:
        self._journals = journals
        self._read = {"attempts": 0, "told": 0, "records": 0}
        self._valid: dict[int, str] = {}
        self._waiting: dict[str, float] = {}
        self._through: set[str] = set()

    def _oldest(self) -> float:
        """When the oldest valid case that has not reached a queue was acknowledged; now if none waits."""
        self._look()
        return min(self._waiting.values(), default=now())

    async def calm(self, within: float) -> float:
        """Wait until all that waits now is through, however busy the machine is; gives the seconds that it took.

        Raises NeverRecovered that names what still waits.
        """
        began = now()
        while self._oldest() < began:
            if now() - began > within:
                raise NeverRecovered(
                    f"{len(self._waiting)} acknowledged cases have not reached a queue within {within:.0f} s, "
                    f"among them {', '.join(islice(self._waiting, 5))}"
                )
            await asyncio.sleep(_LOOK_SECONDS)
        return now() - began

    def _look(self) -> None:
        for attempt in self._journals.attempts.since(self._read["attempts"]):
            self._read["attempts"] += 1
            if attempt.wish is Wish.VALID:
                self._valid[attempt.number] = attempt.case_id
        for record in self._journals.records.since(self._read["records"]):
            self._read["records"] += 1
            if record.type in (CaseQueued.TYPE, CommandRefused.TYPE):
                self._through.add(record.key)
                self._waiting.pop(record.key, None)
        for told in self._journals.told.since(self._read["told"]):
            self._read["told"] += 1
            if told.acknowledged and told.number in self._valid and told.case_id not in self._through:
                self._waiting[told.case_id] = told.at
