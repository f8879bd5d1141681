"""Which faults, in which order: drawn by chance from a seed, so that the same seed gives the same ones."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.topics import SERVICES
from shared.crash_points import POINTS


class Kind(StrEnum):
    """What is done to the system."""

    KILL = "kill"
    FREEZE = "freeze"
    CRASH = "crash"
    KILL_BROKER = "kill broker"
    KILL_DATABASE = "kill database"
    FREEZE_BROKER = "freeze broker"
    FREEZE_DATABASE = "freeze database"
    REPEAT = "repeat records"
    PUT_MAIL_OFF = "put mail off"
    DROP_MAIL = "drop mail"


_WEIGHTS = {
    Kind.KILL: 24,
    Kind.FREEZE: 14,
    Kind.CRASH: 24,
    Kind.KILL_BROKER: 7,
    Kind.KILL_DATABASE: 7,
    Kind.FREEZE_BROKER: 4,
    Kind.FREEZE_DATABASE: 4,
    Kind.REPEAT: 8,
    Kind.PUT_MAIL_OFF: 4,
    Kind.DROP_MAIL: 4,
}
_LONG_FREEZE = 13.0
"""Longer than a consumer's session and than a mail's lease: the frozen one comes back to a world that went on."""
_TWO_AT_ONCE, _HURRIED = 0.12, 0.2


@dataclass(frozen=True, slots=True)
class Step:
    """One fault to come."""

    kind: Kind
    service: str = ""
    instance: int = 0
    point: str = ""
    count: int = 1
    """Crash at the n-th time; or so many records."""
    seconds: float = 0.0
    with_next: bool = False
    """The next one begins at the same time."""
    hurried: bool = False
    """The next one comes before the system has recovered."""

    @property
    def target(self) -> str:
        """What is hit."""
        place = f"{self.service}-{self.instance}" if self.service else ""
        return f"{place} at {self.point}" if self.point else place


def services_with(point: str) -> tuple[str, ...]:
    """The services that come to a crash point."""
    if point.startswith("smtp"):
        return ("notify",)
    if point.startswith("round"):
        return ("routing",)
    return SERVICES


def plan(seed: int, faults: int, instances: int = 2) -> list[Step]:
    """So many steps; the same for the same seed."""
    chance = random.Random(seed)
    return [_step(chance, instances, last=number == faults - 1) for number in range(faults)]


def together(steps: list[Step]) -> Iterator[list[Step]]:
    """The steps in groups of those that begin at the same time."""
    group: list[Step] = []
    for step in steps:
        group.append(step)
        if not step.with_next:
            yield group
            group = []
    if group:
        yield group


def _step(chance: random.Random, instances: int, *, last: bool) -> Step:
    kind = chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
    with_next = chance.random() < _TWO_AT_ONCE and not last
    hurried = chance.random() < _HURRIED
    service, instance, point, count, seconds = "", 0, "", 1, 0.0
    if kind is Kind.CRASH:
        point = chance.choice(POINTS)
        service, count = chance.choice(services_with(point)), chance.randrange(1, 12)
    elif kind in (Kind.KILL, Kind.FREEZE):
        service = chance.choice(SERVICES)
    if service:
        instance = chance.randrange(1, instances + 1)
    if kind is Kind.FREEZE:
        seconds = _LONG_FREEZE if chance.random() < 0.15 else chance.uniform(0.5, 6)
    elif kind in (Kind.FREEZE_BROKER, Kind.FREEZE_DATABASE, Kind.PUT_MAIL_OFF, Kind.DROP_MAIL):
        seconds = chance.uniform(1, 5)
    elif kind in (Kind.KILL, Kind.KILL_BROKER, Kind.KILL_DATABASE):
        seconds = chance.uniform(0, 2)
    elif kind is Kind.REPEAT:
        count = chance.randrange(1, 200)
    return Step(kind, service, instance, point, count, seconds, with_next, hurried)
