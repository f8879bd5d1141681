"""Decide who gets which case: the whole of a distribution round, as a pure function.

Round robin: whoever was given a case longest ago. Least loaded: whoever has fewest, and among these whoever was given
one longest ago. A case that somebody gave back does not go to the same person again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush, heapreplace

from shared.contracts.events.admin import Distribution

Score = tuple[int, int, int]
"""Load (0 in round robin), turn, place among the candidates: the lowest gets the case."""
NOBODY = -1


@dataclass(slots=True)
class Candidate:
    """Somebody with the role at the clinic. `turn` is when they were last given a case, as a number that grows."""

    staff_id: str
    locked: bool
    present: bool
    load: int
    turn: int

    def filtered_for(self) -> str:
        """Why a round can't give them a case; empty if it can."""
        return "locked" if self.locked else "" if self.present else "absent"


@dataclass(slots=True)
class Decision:
    """For each waiting case the place of the chosen candidate, or NOBODY; and candidates that got any: how many."""

    choices: list[int]
    given: dict[int, int] = field(default_factory=dict)


def distribute(
    distribution: str,
    candidates: Sequence[Candidate],
    avoid: Sequence[str | None],
    *,
    first_turn: int,
    most_open: int = 0,
) -> Decision:
    """Choose a candidate for each waiting case, in the order of the queue. `avoid` says who gave the case back.

    `first_turn` is the turn of the first choice, and each later one has the next. `most_open` is how many cases
    one person holds at most, or 0 for no limit.
    """
    if distribution == Distribution.MANUAL:
        return Decision([NOBODY] * len(avoid))
    counts = distribution == Distribution.LEAST_LOADED
    heap: list[Score] = [
        (candidate.load if counts else 0, candidate.turn, place)
        for place, candidate in enumerate(candidates)
        if not candidate.filtered_for() and (not most_open or candidate.load < most_open)
    ]
    heapify(heap)
    room = {place: most_open - candidates[place].load for _, _, place in heap} if most_open else None
    choices: list[int] = []
    given: dict[int, int] = {}
    for turn, former in enumerate(avoid, first_turn):
        aside = heappop(heap) if former and heap and candidates[heap[0][2]].staff_id == former else None
        if heap:
            load, _, place = heap[0]
            choices.append(place)
            got = given[place] = given.get(place, 0) + 1
            if room is not None and got >= room[place]:
                heappop(heap)
            else:
                heapreplace(heap, (load + counts, turn, place))
        else:
            choices.append(NOBODY)
        if aside is not None:
            heappush(heap, aside)
    return Decision(choices, given)
