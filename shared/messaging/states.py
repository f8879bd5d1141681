"""Whole states that nobody can read: their entity is denied until one comes that can be read.

On a compacted topic the newest record of a key is all that there is to know of its entity. Where that one can't be
read or applied, going on with the state before it would be to trust permissions that may have been taken back.
"""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from shared.contracts.message import Message
from shared.database.pool import Connection
from shared.database.statements import columns_as_arrays
from shared.messaging.arrival import Arrival

_KNOWN = """
SELECT topic, key, "offset" FROM unreadable_states
JOIN unnest($1::text[], $2::bytea[]) AS asked(topic, key) USING (topic, key)
"""
_NOTE = """
INSERT INTO unreadable_states (topic, key, "offset")
SELECT * FROM unnest($1::text[], $2::bytea[], $3::bigint[])
ON CONFLICT (topic, key) DO UPDATE SET "offset" = excluded."offset", noticed_at = excluded.noticed_at
"""
_LIFT = """
DELETE FROM unreadable_states s USING unnest($1::text[], $2::bytea[]) AS lifted(topic, key)
WHERE s.topic = lifted.topic AND s.key = lifted.key
"""

Place = tuple[str, bytes]
"""Topic and key: what an entity is known by."""


class StateUnreadable(Message):
    """Stands in for a state that can't be read, in the tables of services that keep projections. Never on a topic.

    The use case gives True if it knew the entity, which then is denied.
    """

    TYPE: ClassVar[str] = "state-unreadable"
    KEY: ClassVar[str] = "entity"
    TOPIC: ClassVar[str] = ""

    entity: str = Field(description="The key that the record had")


class States:
    """What one transaction learns of states that can't be read. The offset says which of two is the newer."""

    def __init__(self) -> None:
        self._known: dict[Place, int] = {}
        self._noted: dict[Place, int] = {}
        self._lifted: dict[Place, int] = {}

    async def sift(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """The arrivals without states older than one that can't be read. What can't be read denies its entity."""
        places = {place for arrival in arrivals if (place := _place(arrival)) is not None}
        if not places:
            return list(arrivals)
        for topic, key, offset in await connection.fetch(_KNOWN, *columns_as_arrays(list(places))):
            self._known[topic, key] = offset
        return [arrival for arrival in arrivals if self._counts(arrival)]

    def note(self, arrival: Arrival) -> None:
        """This state's entity is denied, unless a later one of the same batch can be read."""
        if (place := _place(arrival)) is None or arrival.record is None:
            return
        if arrival.record.offset > self._lifted.get(place, -1):
            self._lifted.pop(place, None)
            self._noted[place] = arrival.record.offset

    async def write(self, connection: Connection) -> None:
        """Remember what is denied, and forget what no longer is."""
        if self._lifted:
            await connection.execute(_LIFT, *columns_as_arrays(list(self._lifted)))
        if self._noted:
            rows = [(*place, offset) for place, offset in self._noted.items()]
            await connection.execute(_NOTE, *columns_as_arrays(rows))

    def _counts(self, arrival: Arrival) -> bool:
        place = _place(arrival)
        if place is None or arrival.record is None:
            return True
        if arrival.body is None:
            if arrival.parked_id is None:
                arrival.body = denial_of(arrival)
                self._known[place] = arrival.record.offset
            return True
        if arrival.record.offset < self._known.get(place, -1):
            return False
        if self._known.pop(place, None) is not None:
            self._lifted[place] = arrival.record.offset
        return True


def denial_of(arrival: Arrival) -> StateUnreadable | None:
    """What stands in for a whole state that can't be read or applied; None for anything else."""
    place = _place(arrival)
    return None if place is None else StateUnreadable(entity=place[1].decode(errors="replace"))


def _place(arrival: Arrival) -> Place | None:
    """None for what is no state, or of a kind that a later release has brought: that is none of ours to deny."""
    record = arrival.record
    if record is None or not record.key or not arrival.whole_state or arrival.unknown_type:
        return None
    return record.topic, record.key
