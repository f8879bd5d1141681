"""One mail to one person: that something waits, and how much. It knows no case, no clinic and no patient."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.notify.domain.outcome import Outcome, Patience, Verdict
from services.notify.domain.staff_member import Kind, StaffMember
from shared.aggregate import Aggregate
from shared.contracts.events.notify import AddressSuspended, NotificationFailed, NotificationSent


class State(StrEnum):
    """Where the mail is."""

    WAITING = "waiting"
    """Due at `due_at`; until it is taken, further cases are gathered into it."""
    SENDING = "sending"
    """Somebody tries to hand it over; `due_at` is when their lease ends."""
    RETRY = "retry"
    """Put off; tried again at `due_at`."""
    SUSPENDED = "suspended"
    """The address refuses mail; it waits for another."""
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """Everything that it would have told of was handled first, or the person does not want it."""


class Act(StrEnum):
    """What can happen to it."""

    GATHER = "gather"
    CANCEL = "cancel"
    TAKE = "take"
    RELEASE = "release"
    ACCEPT = "accept"
    PUT_OFF = "put_off"
    GIVE_UP = "give_up"
    SUSPEND = "suspend"
    RESUME = "resume"


TRANSITIONS: dict[tuple[State, Act], State] = {
    (State.WAITING, Act.GATHER): State.WAITING,
    (State.RETRY, Act.GATHER): State.RETRY,
    (State.SUSPENDED, Act.GATHER): State.SUSPENDED,
    (State.WAITING, Act.TAKE): State.SENDING,
    (State.RETRY, Act.TAKE): State.SENDING,
    (State.SENDING, Act.TAKE): State.SENDING,  # whoever had it is gone: the lease ran out
    (State.SENDING, Act.RELEASE): State.RETRY,
    (State.SENDING, Act.PUT_OFF): State.RETRY,
    (State.SENDING, Act.GIVE_UP): State.FAILED,
    (State.WAITING, Act.SUSPEND): State.SUSPENDED,
    (State.RETRY, Act.SUSPEND): State.SUSPENDED,
    (
        State.SENDING,
        Act.SUSPEND,
    ): State.SUSPENDED,  # taken anew after a lease, and the address refused meanwhile
    (State.SUSPENDED, Act.RESUME): State.WAITING,
    # A case was handled: a neighbour's fact, so every state has a row.
    (State.WAITING, Act.CANCEL): State.CANCELLED,
    (State.RETRY, Act.CANCEL): State.CANCELLED,
    (State.SUSPENDED, Act.CANCEL): State.CANCELLED,
    (State.SENDING, Act.CANCEL): State.SENDING,  # too late, it is on the line
    (State.SENT, Act.CANCEL): State.SENT,
    (State.FAILED, Act.CANCEL): State.FAILED,
    (State.CANCELLED, Act.CANCEL): State.CANCELLED,
    # The server's 250 is a fact too, and may come late: from somebody whose lease ran out while the server thought.
    (State.SENDING, Act.ACCEPT): State.SENT,
    (State.WAITING, Act.ACCEPT): State.SENT,
    (State.RETRY, Act.ACCEPT): State.SENT,
    (State.SUSPENDED, Act.ACCEPT): State.SENT,
    (State.FAILED, Act.ACCEPT): State.SENT,
    (State.CANCELLED, Act.ACCEPT): State.SENT,
    (State.SENT, Act.ACCEPT): State.SENT,
}
"""The whole life of a notification; a pair that is absent is a mistake of ours."""

OPEN = (State.WAITING, State.RETRY, State.SUSPENDED)


class NotAllowed(Exception):
    """A transition that is not in the table was asked for: a programming error, never an answer to anybody."""


@dataclass(eq=False)
class Notification(Aggregate):
    """The aggregate. `attempts` numbers the tries: an outcome counts for the try that it belongs to."""

    __slots__ = (
        "attempts",
        "cases",
        "changed_at",
        "code",
        "created_at",
        "due_at",
        "id",
        "kind",
        "staff_id",
        "state",
        "uncertain",
    )

    id: UUID
    staff_id: str
    kind: Kind
    state: State
    cases: int
    """How many cases it tells of; handled ones are taken off."""
    attempts: int
    due_at: datetime
    uncertain: bool
    """A try ended so that the mail may have been taken: no further case may hide in it."""
    code: str
    """Why the last try failed, or empty."""
    created_at: datetime
    changed_at: datetime

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    @classmethod
    def about(
        cls, id_: UUID, member: StaffMember, kind: Kind, due_at: datetime, now: datetime
    ) -> "Notification":
        """A new one, which tells of no case yet."""
        state = State.SUSPENDED if member.suspended_for(kind) else State.WAITING
        return cls(id_, member.id, kind, state, 0, 0, due_at, False, "", now, now)

    @property
    def gathers(self) -> bool:
        """Whether a further case may be told of by this mail."""
        return self.state in OPEN and not self.uncertain

    def gather(self, now: datetime) -> None:
        """It tells of one case more."""
        self._apply(Act.GATHER, now)
        self.cases += 1

    def drop(self, now: datetime) -> None:
        """One of its cases was handled. A mail about nothing is not sent."""
        if self.state in (State.SENT, State.FAILED, State.CANCELLED):
            return
        self.cases -= 1
        self.changed = True
        if self.cases == 0:
            self._apply(Act.CANCEL, now)

    def take(
        self, member: StaffMember | None, patience: Patience, lease_until: datetime, now: datetime
    ) -> bool:
        """It is due. True if the mail is to be sent now, by whoever asked, until their lease ends."""
        if self.state is State.SENDING and self.attempts >= patience.attempts:
            self._give_up("interrupted", now)
            return False
        if member is None or not member.wants(self.kind) or self.cases == 0:
            self._cancel_taken(now)
            return False
        if member.suspended_for(self.kind):
            self._apply(Act.SUSPEND, now)
            return False
        self.uncertain = self.uncertain or self.state is State.SENDING
        self._apply(Act.TAKE, now)
        self.attempts += 1
        self.due_at = lease_until
        return True

    def conclude(self, attempt: int, outcome: Outcome, patience: Patience, now: datetime) -> None:
        """What became of a try. A 250 counts whenever it is told; anything else only for the try at hand."""
        if outcome.verdict is Verdict.ACCEPTED:
            self._accept(now)
        elif self.state is State.SENDING and attempt == self.attempts:
            self._failed_try(outcome, patience, now)

    def address_refused(self, now: datetime) -> None:
        """The address that this mail went to is suspended by it."""
        self.record(AddressSuspended(notification_id=self.id, staff_id=self.staff_id, at=now))

    def resume(self, due_at: datetime, now: datetime) -> None:
        """The directory has brought another address."""
        if self.state is State.SUSPENDED:
            self._apply(Act.RESUME, now)
            self.due_at = due_at
            self.attempts = 0

    def _failed_try(self, outcome: Outcome, patience: Patience, now: datetime) -> None:
        verdict = outcome.verdict
        self.uncertain = self.uncertain or verdict is Verdict.UNCERTAIN
        if self.cases == 0:
            self._cancel_taken(now)
        elif verdict is Verdict.NOT_TRIED:
            self._apply(Act.RELEASE, now)
            self.attempts -= 1
            self.due_at = now
        elif verdict in (Verdict.REFUSED, Verdict.NO_SUCH_ADDRESS) or self.attempts >= patience.attempts:
            self._give_up(outcome.code, now)
        else:
            self._apply(Act.PUT_OFF, now)
            self.code = outcome.code
            self.due_at = patience.next_try(self.attempts, self.id.int % 1000 / 1000, now)

    def _accept(self, now: datetime) -> None:
        news = self.state is not State.SENT
        self._apply(Act.ACCEPT, now)
        self.code = ""
        if news:
            self.record(NotificationSent(notification_id=self.id, staff_id=self.staff_id, at=now))

    def _give_up(self, code: str, now: datetime) -> None:
        self._apply(Act.GIVE_UP, now)
        self.code = code
        self.record(NotificationFailed(notification_id=self.id, staff_id=self.staff_id, at=now, code=code))

    def _cancel_taken(self, now: datetime) -> None:
        """Nobody has it on the line: a lease that ran out ends here."""
        if self.state is State.SENDING:
            self._apply(Act.RELEASE, now)
        self._apply(Act.CANCEL, now)

    def _apply(self, act: Act, now: datetime) -> None:
        try:
            self.state = TRANSITIONS[self.state, act]
        except KeyError:
            raise NotAllowed(f"{act} while {self.state}") from None
        self.changed_at = now
        self.changed = True


def mermaid() -> str:
    """TRANSITIONS as a diagram for the README; what changes nothing is left out."""
    lines = [
        f"    {before} --> {after}: {act}" for (before, act), after in TRANSITIONS.items() if before != after
    ]
    return "\n".join(["stateDiagram-v2", "    [*] --> waiting", *lines])
