"""How long the system took to be back to normal after each fault, reckoned from the journals afterwards."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from shared.contracts.events.routing import CaseQueued
from tests.chaos.arena import GATHER_SECONDS
from tests.chaos.checker.evidence import Evidence
from tests.chaos.checker.mail import copies
from tests.chaos.entries import Fault, Wish
from tests.chaos.pulse import NORMAL_SECONDS


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that was on its way from one instant to another, and how long that may normally take."""

    began: float
    done: float
    normal: float

    @property
    def late(self) -> bool:
        """It took longer than is normal."""
        return self.done - self.began > self.normal


@dataclass(frozen=True, slots=True)
class Recovery:
    """Faults of one kind: how many, and the seconds until everything flowed again."""

    kind: str
    count: int
    fastest: float
    middle: float
    slowest: float

    def __str__(self) -> str:
        times = f"min {self.fastest:6.1f}  median {self.middle:6.1f}  max {self.slowest:6.1f} s"
        return f"{self.kind:18} {self.count:4} ×   {times}"


def passages(evidence: Evidence) -> list[Passage]:
    """Cases from the portal into a queue, mails from being wanted to being taken, accesses into the log."""
    return [*_cases(evidence), *_mails(evidence), *_accesses(evidence)]


def _cases(evidence: Evidence) -> Iterable[Passage]:
    queued = {
        it.key: it.at for it in evidence.records if it.type == CaseQueued.TYPE and it.body["version"] == 1
    }
    for attempt, told in evidence.acknowledged:
        if attempt.wish is Wish.VALID and (done := queued.get(told.case_id)) is not None:
            yield Passage(told.at, done, NORMAL_SECONDS)


def _mails(evidence: Evidence) -> Iterable[Passage]:
    first = {id_: mails[0].at for id_, mails in copies(evidence).items()}
    for row in evidence.snapshot.rows("notify.notifications"):
        done = first.get(str(UUID(row["notification_id"])))
        if done is not None:
            yield Passage(row["created_at"], done, GATHER_SECONDS + NORMAL_SECONDS)


def _accesses(evidence: Evidence) -> Iterable[Passage]:
    for row in evidence.snapshot.rows("admin.access_log"):
        yield Passage(row["accessed_at"].timestamp(), row["recorded_at"].timestamp(), NORMAL_SECONDS)


def recovery_of(fault: Fault, late: Sequence[Passage]) -> float:
    """Seconds from the fault's beginning until the last passage that it held up was over; 0 if it held up none."""
    held_up = [it.done for it in late if it.began <= fault.ended and it.done >= fault.began]
    return max(0.0, max(held_up, default=fault.began) - fault.began)


def recoveries(evidence: Evidence) -> list[Recovery]:
    """By kind of fault, the services' own names left out."""
    late = [passage for passage in passages(evidence) if passage.late]
    by_kind: dict[str, list[float]] = defaultdict(list)
    for fault in evidence.faults:
        by_kind[fault.kind].append(recovery_of(fault, late))
    return [
        Recovery(kind, len(times), min(times), median(times), max(times))
        for kind, times in sorted(by_kind.items())
    ]
