"""Why a round gave a case to somebody: who was a candidate, who was filtered and for what, and everybody's score."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.routing.application.distribute import NOBODY, Candidate
from shared.contracts.events.admin import Distribution


@dataclass(frozen=True, slots=True)
class Round:
    """What a round stored: its candidates as they were before it, and its choices in the order of the queue."""

    round_id: str
    at: datetime
    distribution: str
    candidates: Sequence[Candidate]
    choices: Sequence[int]


def explain(round_: Round, position: int, *, version: int) -> dict[str, Any]:
    """The choice at this position, with the scores as they were at that moment of the round."""
    earlier = [place for place in round_.choices[:position] if place != NOBODY]
    got = Counter(earlier)
    order = {place: number for number, place in enumerate(earlier)}
    scored = [
        (candidate.load + got[place], candidate.turn, order.get(place, NOBODY), place)
        for place, candidate in enumerate(round_.candidates)
        if not candidate.filtered_for()
    ]
    if round_.distribution == Distribution.ROUND_ROBIN:
        scored.sort(key=lambda score: (score[2], score[1], score[3]))
    else:
        scored.sort(key=lambda score: (score[0], score[2], score[1], score[3]))
    return {
        "version": version,
        "round": round_.round_id,
        "at": round_.at.isoformat(),
        "distribution": round_.distribution,
        "chosen": round_.candidates[round_.choices[position]].staff_id,
        "position": position + 1,
        "candidates": [
            {
                "staff_id": round_.candidates[place].staff_id,
                "rank": rank,
                "load": load,
                "last_assigned": "this round" if recent != NOBODY else _instant(turn),
            }
            for rank, (load, turn, recent, place) in enumerate(scored, 1)
        ],
        "filtered": [
            {"staff_id": candidate.staff_id, "reason": reason}
            for candidate in round_.candidates
            if (reason := candidate.filtered_for())
        ],
    }


def _instant(turn: int) -> str | None:
    """Turns are microseconds since 1970; somebody who never was given a case has turn 0."""
    return datetime.fromtimestamp(turn / 1_000_000, UTC).isoformat(timespec="seconds") if turn else None
