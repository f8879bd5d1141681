"""What a process remembers of its neighbours' states, for as long as nobody has learned anything newer.

Each transaction that writes such a state also draws a new mark. Whoever needs states reads the mark first, and what was
read under the same mark needs no second reading: it is what a query would find, or newer than the mark.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

from shared.database.pool import Connection

_MARK = "SELECT mark FROM learned WHERE what = 'offers'"
_DRAW = """
INSERT INTO learned (what, mark) VALUES ('offers', gen_random_uuid())
ON CONFLICT (what) DO UPDATE SET mark = excluded.mark
"""
_MOST = 50_000
"""States that a process remembers; then it starts afresh."""

States = dict[str, dict[Any, Any]]
"""By table and key; None for what is not there."""


class Memory:
    """Outlives the batches of a process."""

    def __init__(self) -> None:
        self.mark: UUID | None = None
        self.states: States = {}


class Learning(Protocol):
    """Rows that may have learned something in this batch."""

    def has_news(self) -> bool:
        """Whether something will be written."""


class Recall:
    """One batch's look into the memory. Without one, all is read each time."""

    def __init__(self, memory: Memory | None = None) -> None:
        self._memory = memory
        self._mark: UUID | None = None
        self._looked = False
        self._watched: list[Learning] = []

    def watch(self, rows: Learning) -> None:
        """What these write is news for every process."""
        self._watched.append(rows)

    async def known(self, connection: Connection, table: str) -> Mapping[Any, Any]:
        """What is remembered of a table, and still holds."""
        if self._memory is None:
            return {}
        if not self._looked:
            self._looked = True
            self._mark = await connection.fetchval(_MARK)
            if self._memory.mark != self._mark or sum(map(len, self._memory.states.values())) > _MOST:
                self._memory.mark, self._memory.states = self._mark, {}
        return self._memory.states.get(table, {}) if self._memory.mark == self._mark else {}

    def remember(self, table: str, states: Iterable[tuple[Any, Any]]) -> None:
        """What was read just now, unless another batch has seen a newer mark meanwhile."""
        if self._memory is not None and self._memory.mark == self._mark is not None:
            self._memory.states.setdefault(table, {}).update(states)

    async def write(self, connection: Connection) -> None:
        """Before the news themselves: whoever learns something at the same moment waits here, and nowhere else."""
        if any(rows.has_news() for rows in self._watched):
            await connection.execute(_DRAW)
