"""What every distribution round does, whenever it is held: take clinics by their locks, choose, and keep why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson
import uuid_utils

from services.routing.application.distribute import NOBODY, Candidate, distribute
from services.routing.domain.case import Case
from services.routing.domain.step import Choice
from shared.contracts.envelope import Envelope
from shared.database.pool import Connection
from shared.database.statements import columns_as_arrays

# Nobody waits for a clinic that somebody else has taken.
TAKE = """
SELECT clinic_id, distribution FROM clinics WHERE clinic_id = ANY($1::text[])
ORDER BY clinic_id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
"""
CREW = """
    SELECT array_agg(staff_id), array_agg(locked), array_agg(present), array_agg(load), array_agg(turn)
    FROM (
        SELECT * FROM members m
        WHERE m.clinic_id = c.clinic_id AND caregiver AND (ends_at IS NULL OR ends_at > now()) ORDER BY staff_id
    ) m
"""
"""Everybody who is caregiver at the clinic `c`, as a row of arrays."""


def explaining(at: int, first: int) -> str:
    """The INSERT that keeps why: `Draft.rounds` as arrays from parameter `first` on, at the instant in `at`."""
    arrays = ", ".join(f"${first + n}::{type_}[]" for n, type_ in enumerate(_ROUND))
    return f"""
    INSERT INTO rounds (round_id, clinic_id, at, distribution, roster_id, loads, turns, choices)
    SELECT round_id, clinic_id, ${at}, distribution, roster_id, loads::int[], turns::bigint[], choices::smallint[]
    FROM unnest({arrays}) AS n(round_id, clinic_id, distribution, roster_id, loads, turns, choices)
    """  # noqa: S608 - numbers and types are ours


_ROUND = ("uuid", "text", "text", "bytea", "text", "text", "text")
"""Arrays of arrays must be rectangular, so those of a round travel as text."""
_ROSTERS = """
INSERT INTO rosters (roster_id, clinic_id, people)
SELECT roster_id, clinic_id, people::jsonb
FROM unnest($1::bytea[], $2::text[], $3::text[]) AS n(roster_id, clinic_id, people)
ON CONFLICT DO NOTHING
"""
_KNOWN_ROSTERS = 50_000


def turn_of(at: datetime) -> int:
    """When somebody was last given a case, as a number that grows."""
    return int(at.timestamp() * 1_000_000)


@dataclass(slots=True)
class Draft:
    """What one transaction shares out: the cases that it gave, and a row per clinic that says why."""

    now: datetime
    capacity: int
    known: set[bytes]
    given: list[Case] = field(default_factory=list)
    rounds: list[tuple[Any, ...]] = field(default_factory=list)
    rosters: dict[bytes, tuple[str, str]] = field(default_factory=dict)

    def share_out(self, clinic_id: str, how: str, crew: Sequence[Any], waiting: Sequence[Case]) -> bool:
        """Give a clinic's waiting cases to its caregivers; False if nobody could take any.

        `last_holder` of a waiting case is whoever gave it back, if somebody did.
        """
        ids, locked, present, loads, turns = crew
        candidates = list(map(Candidate, ids, locked, present, loads, turns))
        avoid = [case.last_holder for case in waiting]
        first_turn = turn_of(self.now)
        decision = distribute(how, candidates, avoid, first_turn=first_turn, most_open=self.capacity)
        if not decision.given:
            return False
        round_id = UUID(bytes=uuid_utils.uuid7().bytes)
        for position, (case, place) in enumerate(zip(waiting, decision.choices, strict=True)):
            if place != NOBODY:
                case.give(ids[place], Choice(round_id, position), self.now)
                self.given.append(case)
        people = orjson.dumps([ids, locked, present]).decode()
        roster_id = blake2b(f"{clinic_id}{people}".encode(), digest_size=16).digest()
        if roster_id not in self.known:
            self.rosters[roster_id] = (clinic_id, people)
        arrays = [_array(values) for values in (loads, turns, decision.choices)]
        self.rounds.append((round_id, clinic_id, how, roster_id, *arrays))
        return True

    async def write_rosters(self, connection: Connection) -> None:
        """Who was there, as far as that is not stored already."""
        if self.rosters:
            rows = [(id_, *who) for id_, who in self.rosters.items()]
            await connection.execute(_ROSTERS, *columns_as_arrays(sorted(rows)))

    def cause(self) -> Envelope:
        """What the assignments are caused by."""
        return Envelope(str(self.rounds[0][0]), "round", "/vardvaxel/routing", self.now)

    def committed(self) -> None:
        """These rosters are stored now."""
        if len(self.known) > _KNOWN_ROSTERS:
            self.known.clear()
        self.known.update(self.rosters)


class Sharing:
    """How this process shares out. `capacity` is how many open cases one person holds at most, or 0 for no limit."""

    def __init__(self, *, cases: int = 500, capacity: int = 0) -> None:
        self.cases = cases
        """How many of one clinic are shared out at a time."""
        self._capacity = capacity
        self._known: set[bytes] = set()

    def draft(self, now: datetime) -> Draft:
        """For one transaction."""
        return Draft(now, self._capacity, self._known)


def _array(values: list[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"
