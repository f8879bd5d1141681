"""The life of a case's responsibility: whose it is, and how that changes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.routing.domain import faults
from services.routing.domain.step import Choice, Step
from shared.aggregate import Aggregate
from shared.contracts.events.routing import (
    CaseAssigned,
    CaseEnded,
    CaseQueued,
    CaseReassigned,
    CaseReturned,
    EndReason,
    QueueReason,
)
from shared.errors import Conflict, Refused


class Status(StrEnum):
    """Where the responsibility for a case is."""

    QUEUED = "queued"
    ASSIGNED = "assigned"
    STARTED = "started"
    DONE = "done"
    ENDED = "ended"


class Act(StrEnum):
    """What can happen to the responsibility. The first five may be refused; the others are intake's facts."""

    ASSIGN = "assign"
    CLAIM = "claim"
    REASSIGN = "reassign"
    RETURN = "return"
    RELEASE = "release"
    RECEIVE = "receive"
    START = "start"
    ANSWER = "answer"
    CLOSE = "close"
    WITHDRAW = "withdraw"


FACTS = frozenset({Act.RECEIVE, Act.START, Act.ANSWER, Act.CLOSE, Act.WITHDRAW})
"""Intake has decided these already: each has a row for every state."""

# The whole life of a case; a pair that is absent is refused.
TRANSITIONS: dict[tuple[Status, Act], Status] = {
    (Status.QUEUED, Act.ASSIGN): Status.ASSIGNED,
    (Status.QUEUED, Act.CLAIM): Status.ASSIGNED,
    (Status.ASSIGNED, Act.REASSIGN): Status.ASSIGNED,
    (Status.STARTED, Act.REASSIGN): Status.ASSIGNED,
    (Status.ASSIGNED, Act.RETURN): Status.QUEUED,
    (Status.STARTED, Act.RETURN): Status.QUEUED,
    (Status.ASSIGNED, Act.RELEASE): Status.QUEUED,  # the holder is locked, absent or no longer permitted
    (Status.QUEUED, Act.RECEIVE): Status.QUEUED,  # nothing to do, because the case is known
    (Status.ASSIGNED, Act.RECEIVE): Status.ASSIGNED,  # the same, read again after a rewind
    (Status.STARTED, Act.RECEIVE): Status.STARTED,
    (Status.DONE, Act.RECEIVE): Status.DONE,
    (Status.ENDED, Act.RECEIVE): Status.ENDED,
    (Status.ASSIGNED, Act.START): Status.STARTED,  # by the holder of this epoch, not by a former one
    (Status.STARTED, Act.START): Status.STARTED,  # nothing to do, because answering starts as well
    (Status.QUEUED, Act.START): Status.QUEUED,  # nothing to do, because that assignment has been taken back
    (Status.DONE, Act.START): Status.DONE,  # late
    (Status.ENDED, Act.START): Status.ENDED,  # late
    (Status.QUEUED, Act.ANSWER): Status.DONE,  # a former holder was faster than the return
    (Status.ASSIGNED, Act.ANSWER): Status.DONE,  # whoever answered: the first answer ends any assignment
    (Status.STARTED, Act.ANSWER): Status.DONE,
    (
        Status.DONE,
        Act.ANSWER,
    ): Status.DONE,  # nothing to do, because it was closed before we heard of the answer
    (Status.ENDED, Act.ANSWER): Status.ENDED,  # nothing to do, because nobody is responsible any more
    (Status.QUEUED, Act.CLOSE): Status.DONE,
    (Status.ASSIGNED, Act.CLOSE): Status.DONE,
    (Status.STARTED, Act.CLOSE): Status.DONE,
    (Status.DONE, Act.CLOSE): Status.DONE,  # the usual way: answered first
    (Status.ENDED, Act.CLOSE): Status.ENDED,
    (Status.QUEUED, Act.WITHDRAW): Status.ENDED,
    (Status.ASSIGNED, Act.WITHDRAW): Status.ENDED,
    (Status.STARTED, Act.WITHDRAW): Status.ENDED,  # intake judges what is started, and it was not
    (Status.DONE, Act.WITHDRAW): Status.DONE,  # nothing to do, because it is done
    (Status.ENDED, Act.WITHDRAW): Status.ENDED,
}

OPEN = frozenset({Status.QUEUED, Status.ASSIGNED, Status.STARTED})
HELD = frozenset({Status.ASSIGNED, Status.STARTED})


class Case(Aggregate):
    """Whose a case is. `last_holder` is the most recent holder, also when nobody holds it any more."""

    __slots__ = (
        "as_loaded",
        "case_type",
        "changed_at",
        "changed_by",
        "clinic_id",
        "epoch",
        "holder",
        "id",
        "last_holder",
        "received_at",
        "returned",
        "status",
        "steps",
        "version",
    )

    def __init__(
        self,
        id_: UUID,
        clinic_id: str,
        case_type: str,
        received_at: datetime,
        status: Status,
        holder: str | None,
        last_holder: str | None,
        epoch: int,
        version: int,
        changed_at: datetime,
        changed_by: str,
        returned: bool,
    ) -> None:
        self.changed = False
        self.events = []
        self.id = id_
        self.clinic_id = clinic_id
        self.case_type = case_type
        self.received_at = received_at
        self.status = status
        self.holder = holder
        self.last_holder = last_holder
        self.epoch = epoch
        self.version = version
        self.changed_at = changed_at
        self.changed_by = changed_by
        self.returned = returned
        """The last holder gave it back, or had it taken away: no round gives it to the same person at once."""
        self.steps: list[Step] = []
        self.as_loaded = (status, holder, version, changed_at) if version else None
        """As the database has it, or None for a new case."""

    @classmethod
    def received(
        cls, id_: UUID, clinic_id: str, case_type: str, received_at: datetime, at: datetime
    ) -> "Case":
        """A new case, which waits in its clinic's queue."""
        case = cls(id_, clinic_id, case_type, received_at, Status.QUEUED, None, None, 0, 0, at, "", False)
        case._step("queued", at, "", QueueReason.RECEIVED)
        case.record(
            CaseQueued(case_id=id_, version=1, clinic_id=clinic_id, at=at, reason=QueueReason.RECEIVED)
        )
        return case

    def expect_version(self, seen: int) -> None:
        """Raises Conflict, which says who changed the case and when, unless it is as the actor saw it."""
        if seen != self.version:
            raise Conflict(
                faults.somebody_was_first(self.status, self.holder, self.changed_by, self.changed_at)
            )

    def give(self, holder: str, choice: Choice, at: datetime) -> None:
        """A round gives the queued case to a caregiver."""
        self.assign(holder, by="", at=at, reason="round")
        self.steps[-1] = self.steps[-1].chosen(choice)

    def assign(self, holder: str, *, by: str, at: datetime, act: Act = Act.ASSIGN, reason: str = "") -> None:
        """Give a queued case to a caregiver: by a receiver, by a round (`by` is empty), or by the caregiver's claim."""
        self.status = self.next_status(act)
        self.epoch += 1
        self.holder = self.last_holder = holder
        self.returned = False
        self._step("assigned", at, by, reason)
        self.record(
            CaseAssigned(
                case_id=self.id,
                version=self.version,
                clinic_id=self.clinic_id,
                at=at,
                holder=holder,
                epoch=self.epoch,
                by=by,
            )
        )

    def reassign(self, holder: str, *, by: str, at: datetime, reason: str) -> None:
        """Give a case that somebody holds to somebody else."""
        status = self.next_status(Act.REASSIGN)
        if holder == self.holder:
            raise Refused(faults.ALREADY_HOLDER)
        former, self.status = self.holder, status
        self.epoch += 1
        self.holder = self.last_holder = holder
        self._step("reassigned", at, by, reason, former)
        self.record(
            CaseReassigned(
                case_id=self.id,
                version=self.version,
                clinic_id=self.clinic_id,
                at=at,
                holder=holder,
                former_holder=former or "",
                epoch=self.epoch,
                by=by,
            )
        )

    def return_to_queue(self, *, by: str, at: datetime, reason: str) -> None:
        """The holder gives it back, or a receiver takes it back. It takes the place in the queue that it had."""
        self._to_queue(Act.RETURN, by, at, reason, QueueReason.RETURNED)

    def release(self, *, at: datetime, reason: QueueReason) -> None:
        """The holder can't work on it any more, and had not begun."""
        self._to_queue(Act.RELEASE, "", at, reason, reason)

    def receive_again(self) -> None:
        """Intake says what we know."""
        self.status = self.next_status(Act.RECEIVE)

    def start(self, epoch: int) -> None:
        """The holder has begun. A start under an earlier assignment changes nothing."""
        status = self.next_status(Act.START)
        if status is not self.status and epoch == self.epoch:
            self.status, self.changed = status, True

    def answer(self, by: str, at: datetime) -> None:
        """The first answer is accepted, whoever gave it: nobody is responsible any more."""
        self._finish(Act.ANSWER, EndReason.ANSWERED, by, at)

    def close(self, by: str, at: datetime) -> None:
        """The conversation is closed."""
        self._finish(Act.CLOSE, EndReason.CLOSED, by, at)

    def withdraw(self, at: datetime) -> None:
        """The citizen took the case back."""
        self._finish(Act.WITHDRAW, EndReason.WITHDRAWN, "", at)

    def next_status(self, act: Act) -> Status:
        """Where this act leads. Raises Refused if the table does not have it."""
        status = TRANSITIONS.get((self.status, act))
        if status is None:
            raise Refused(faults.not_now(act, self.status))
        return status

    def _to_queue(self, act: Act, by: str, at: datetime, why: str, reason: QueueReason) -> None:
        self.status = self.next_status(act)
        former, self.holder = self.holder, None
        self.returned = act is Act.RETURN
        self._step("returned", at, by, why, former)
        self.record(
            CaseReturned(
                case_id=self.id,
                version=self.version,
                clinic_id=self.clinic_id,
                at=at,
                former_holder=former or "",
                epoch=self.epoch,
                by=by,
                reason=reason,
            )
        )

    def _finish(self, act: Act, reason: EndReason, by: str, at: datetime) -> None:
        status = self.next_status(act)
        if status is self.status:
            return
        former, self.holder, self.status = self.holder, None, status
        self._step("ended", at, by, reason, former)
        self.record(
            CaseEnded(
                case_id=self.id,
                version=self.version,
                clinic_id=self.clinic_id,
                at=at,
                reason=reason,
                former_holder=former or "",
            )
        )

    def _step(self, act: str, at: datetime, by: str, reason: str, former: str | None = None) -> None:
        self.version += 1
        self.changed_at = at
        self.changed_by = by
        self.steps.append(Step(self.version, at, act, self.holder, former, self.epoch, by, reason))
