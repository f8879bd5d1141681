"""The history as a stream: every step once it can't be overtaken any more, in the order of the transactions.

A cursor over ids would skip rows that commit late. This one is over transaction ids, and goes no further than the
oldest transaction that still runs: what is below it is committed or gone for good, so nothing appears behind it.
The price: a long transaction anywhere on the server holds the stream back. It never loses anything by it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from shared.database.pool import Database

_COLUMNS = "xid, case_id, version, at, act, clinic_id, holder, former_holder, epoch, by, reason"
_HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())"
_FROM = f"""
SELECT {_COLUMNS} FROM history
WHERE xid >= $1 AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid LIMIT $2
"""  # noqa: S608 - the columns are ours
_OF_ONE = f"SELECT {_COLUMNS} FROM history WHERE xid = $1"  # noqa: S608
_MORE_THAN = "SELECT FROM history WHERE xid >= $1 AND xid < $2 ORDER BY xid OFFSET $3 LIMIT 1"
_BETWEEN = f"SELECT {_COLUMNS} FROM history WHERE xid >= $1 AND xid < $2 ORDER BY xid"  # noqa: S608


@dataclass(frozen=True, slots=True)
class StreamedStep:
    """One step as streams tell it. `text` is the event without its id."""

    xid: int
    case_id: UUID
    version: int
    clinic_id: str
    holder: str | None
    former_holder: str | None
    text: bytes


@dataclass(frozen=True, slots=True)
class Window:
    """All steps of the transactions from `low` up to, not including, `high`; each case's in the order of versions."""

    low: int
    high: int
    steps: tuple[StreamedStep, ...]


class Steps:
    """Reads windows of the history."""

    def __init__(self, database: Database, *, most: int = 5_000) -> None:
        self._database = database
        self._most = most

    async def horizon(self) -> int:
        """The transaction below which everything is decided."""
        [row] = await self._database.fetch(_HORIZON)
        return int(row[0])

    async def after(self, cursor: int) -> Window | None:
        """What was decided from this transaction on, up to a bound; None if nothing is new. Raises Transient."""
        rows = await self._database.fetch(_FROM, cursor, self._most)
        if len(rows) == self._most:
            last = rows[-1][0]
            whole = [row for row in rows if row[0] != last]
            rows = whole or await self._database.fetch(_OF_ONE, last)
        return Window(cursor, rows[-1][0] + 1, _in_order(rows)) if rows else None

    async def between(self, low: int, high: int, most: int) -> Window | None:
        """What was decided between these; None if that is more than `most` steps. Raises Transient."""
        if await self._database.fetch(_MORE_THAN, low, high, most):
            return None
        return Window(low, high, _in_order(await self._database.fetch(_BETWEEN, low, high)))


def _in_order(rows: list[Any]) -> tuple[StreamedStep, ...]:
    """In the order of transactions; the steps of one case among their places in the order of versions.

    A transaction that got its number first may have waited for a later one that held the case.
    """
    steps = [_step(row) for row in rows]
    places: dict[UUID, list[int]] = {}
    for place, step in enumerate(steps):
        places.setdefault(step.case_id, []).append(place)
    for taken in places.values():
        if len(taken) > 1:
            ordered = sorted((steps[place] for place in taken), key=lambda step: step.version)
            for place, step in zip(taken, ordered, strict=True):
                steps[place] = step
    return tuple(steps)


def _step(row: Any) -> StreamedStep:
    xid, case_id, version, at, act, clinic_id, holder, former_holder, epoch, by, reason = row
    told = {
        "case_id": str(case_id),
        "version": version,
        "clinic_id": clinic_id,
        "at": _text(at),
        "holder": holder,
        "former_holder": former_holder,
        "epoch": epoch,
        "by": by,
        "reason": reason,
    }
    text = b"event: %s\ndata: %s\n" % (act.encode(), orjson.dumps(told))
    return StreamedStep(int(xid), case_id, version, clinic_id, holder, former_holder, text)


def _text(at: datetime) -> str:
    return at.isoformat()
