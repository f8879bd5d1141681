"""A case, seen as a conversation: what was said, whether it is answered, closed or withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake.domain import faults
from services.intake.domain.life import TRANSITIONS, Act, State
from shared.aggregate import Aggregate
from shared.contracts.envelope import derived_id
from shared.contracts.events.intake import (
    CaseAnswered,
    CaseClosed,
    CaseProgressed,
    CaseReceived,
    CaseStarted,
    CaseWithdrawn,
    CitizenReplied,
    CounterQuestionSent,
    MessageRead,
)
from shared.errors import Conflict, NotYetKnown

NameOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Seen:
    """Who acts, on which assignment, and which version of the conversation they saw (None: any)."""

    by: str
    epoch: int
    version: int | None
    name_of: NameOf


class Case(Aggregate):
    """The conversation, and what routing has told about who holds the case."""

    __slots__ = (
        "answered_at",
        "answered_by",
        "case_type",
        "case_type_version",
        "citizen_kind",
        "citizen_name",
        "citizen_value",
        "clinic_id",
        "closed_at",
        "closed_by",
        "content_hash",
        "epoch",
        "former_holder",
        "held_since",
        "holder",
        "holder_changed",
        "id",
        "portal_id",
        "received_at",
        "reply_by",
        "routing_version",
        "said_version",
        "started_epoch",
        "state",
        "version",
    )

    def __init__(
        self,
        id_: UUID,
        portal_id: str,
        clinic_id: str,
        case_type: str,
        case_type_version: int,
        citizen_kind: str,
        citizen_value: str,
        citizen_name: str,
        content_hash: bytes,
        received_at: datetime,
        state: str = State.OPEN.value,
        version: int = 0,
        said_version: int = 0,
        reply_by: datetime | None = None,
        holder: str = "",
        former_holder: str = "",
        epoch: int = 0,
        held_since: datetime | None = None,
        routing_version: int = 0,
        started_epoch: int = 0,
        answered_by: str = "",
        answered_at: datetime | None = None,
        closed_by: str = "",
        closed_at: datetime | None = None,
    ) -> None:
        self.changed = self.holder_changed = False
        self.events = []
        self.id = id_
        self.portal_id = portal_id
        self.clinic_id = clinic_id
        self.case_type = case_type
        self.case_type_version = case_type_version
        self.citizen_kind = citizen_kind
        self.citizen_value = citizen_value
        self.citizen_name = citizen_name
        self.content_hash = content_hash
        self.received_at = received_at
        self.state = state
        self.version = version
        self.said_version = said_version
        self.reply_by = reply_by
        self.holder = holder
        self.former_holder = former_holder
        self.epoch = epoch
        self.held_since = held_since
        self.routing_version = routing_version
        self.started_epoch = started_epoch
        self.answered_by = answered_by
        self.answered_at = answered_at
        self.closed_by = closed_by
        self.closed_at = closed_at

    @property
    def has_just_come(self) -> bool:
        """Nothing has happened to it but that it came."""
        return self.version == 1 and self.routing_version == 0

    # ------------------------------------------------------------ what the citizen does

    def receive(self) -> None:
        """The case is new: its first fact."""
        self.version = self.said_version = 1
        self.record(
            CaseReceived(
                case_id=self.id,
                version=1,
                clinic_id=self.clinic_id,
                at=self.received_at,
                case_type=self.case_type,
                case_type_version=self.case_type_version,
                portal_id=self.portal_id,
            )
        )

    def take_reply(self, message_id: UUID, at: datetime) -> None:
        """The citizen answers the counter-question, in time."""
        self._must_allow(Act.REPLY)
        if self.reply_by is not None and at > self.reply_by:
            raise Conflict(faults.REPLY_TOO_LATE)
        self._apply(Act.REPLY)
        self.reply_by = None
        self.record(CitizenReplied(**self._step(at), message_id=message_id))
        self._tell_portal(at)

    def withdraw(self, at: datetime) -> None:
        """The citizen takes the case back, before anybody has started on it."""
        self._apply(Act.WITHDRAW)
        self.record(CaseWithdrawn(**self._step(at)))
        self._tell_portal(at)

    def note_read(self, message_id: UUID, at: datetime) -> None:
        """The citizen has read a message. What staff have seen of the conversation stays current."""
        said = self.said_version
        self._apply(Act.READ)
        self.record(MessageRead(**self._step(at), message_id=message_id))
        self.said_version = said

    # ------------------------------------------------------------ what the holder does

    def start(self, seen: Seen, at: datetime) -> None:
        """Begin to work on the case. To begin twice under one assignment is to have begun."""
        self._expect(seen)
        self._must_allow(Act.START)
        if self.started_epoch == seen.epoch:
            return
        self._begin(Act.START, seen, at)
        self._tell_portal(at)

    def ask(self, seen: Seen, reply_by: datetime, at: datetime) -> UUID:
        """Ask the citizen something; gives the question's id. The case waits until they reply."""
        self._expect(seen)
        self._must_allow(Act.ASK)
        self._begin(Act.ASK, seen, at)
        self._apply(Act.ASK)
        step = self._step(at)
        message_id = self._message_id()
        self.reply_by = reply_by
        self.record(
            CounterQuestionSent(
                **step, message_id=message_id, by=seen.by, epoch=seen.epoch, reply_by=reply_by
            )
        )
        self._tell_portal(at)
        return message_id

    def answer(self, seen: Seen, at: datetime) -> UUID:
        """Answer, once and for all; gives the answer's id."""
        self.must_be_answerable(seen, at)
        self._begin(Act.ANSWER, seen, at)
        self._apply(Act.ANSWER)
        step = self._step(at)
        message_id = self._message_id()
        self.reply_by = None
        self.answered_by, self.answered_at = seen.by, at
        self.record(CaseAnswered(**step, message_id=message_id, by=seen.by, epoch=seen.epoch))
        self._tell_portal(at)
        return message_id

    def must_be_answerable(self, seen: Seen, at: datetime) -> None:
        """Raises what stands against an answer, before anybody looks at what it says."""
        self._expect(seen)
        self._must_allow(Act.ANSWER)
        if self.state == State.WAITING and self.reply_by is not None and at <= self.reply_by:
            raise Conflict(faults.REPLY_AWAITED)

    def close(self, by: str, version: int | None, at: datetime) -> None:
        """End the conversation. `by` is empty for a timer."""
        self._must_allow(Act.CLOSE)
        self._expect_version(version)
        self._apply(Act.CLOSE)
        self.closed_by, self.closed_at = by, at
        self.record(CaseClosed(**self._step(at), by=by))
        self._tell_portal(at)

    # ------------------------------------------------------------ what routing tells, in whatever order

    def held_by(
        self, holder: str, former_holder: str, epoch: int, routing_version: int, at: datetime
    ) -> None:
        """Somebody holds the case, or (`holder` empty) nobody. Nothing to do if something newer is known."""
        if routing_version <= self.routing_version:
            return
        # Whoever answered is known by that: who had it before them may still learn that it is answered.
        left = former_holder or self.holder
        if left and left != self.answered_by:
            self.former_holder = left
        self.holder = holder
        self.epoch = max(epoch, self.epoch)
        self.held_since = at
        self.routing_version = routing_version
        self.holder_changed = True

    # ------------------------------------------------------------ guards and steps

    def _expect(self, seen: Seen) -> None:
        if seen.epoch > self.epoch:
            raise NotYetKnown(faults.ASSIGNMENT_NOT_YET_KNOWN)
        if self.answered_by:
            raise Conflict(faults.already_answered(seen.name_of(self.answered_by), self.answered_at))
        if self.state == State.WITHDRAWN:
            raise Conflict(faults.not_when(self.state))
        if seen.epoch < self.epoch or self.holder != seen.by:
            raise Conflict(faults.holder_is(self.holder and seen.name_of(self.holder), self.held_since))
        self._expect_version(seen.version)

    def _expect_version(self, seen: int | None) -> None:
        if seen is not None and not self.said_version <= seen <= self.version:
            raise Conflict(faults.version_is(self.version))

    def _must_allow(self, act: Act) -> None:
        if (self.state, act) not in TRANSITIONS:
            raise Conflict(faults.not_when(self.state))

    def _begin(self, act: Act, seen: Seen, at: datetime) -> None:
        """Whoever works on an open case starts it."""
        if act is not Act.START and self.state != State.OPEN:
            return
        self._apply(Act.START)
        self.started_epoch = seen.epoch
        self.record(CaseStarted(**self._step(at), by=seen.by, epoch=seen.epoch))

    def _apply(self, act: Act) -> None:
        self._must_allow(act)
        self.state = TRANSITIONS[self.state, act].value
        self.version += 1
        self.said_version = self.version

    def _step(self, at: datetime) -> dict[str, Any]:
        return {"case_id": self.id, "version": self.version, "clinic_id": self.clinic_id, "at": at}

    def _message_id(self) -> UUID:
        """The same in every repeat of the act."""
        return derived_id("intake message", self.id, self.version)

    def _tell_portal(self, at: datetime) -> None:
        self.record(
            CaseProgressed(
                portal_id=self.portal_id, at=at, case_id=self.id, version=self.version, status=self.state
            )
        )
