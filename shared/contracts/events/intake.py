"""What intake tells: the conversation. Ids, codes and decisions only, never what anybody wrote."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.message import Event


class Origin(StrEnum):
    """Who opened a case."""

    CITIZEN = "citizen"
    CAREGIVER = "caregiver"


class CaseEvent(Event):
    """One step in the conversation about a case."""

    KEY: ClassVar[str] = "case_id"
    TOPIC: ClassVar[str] = "intake.case.events"

    case_id: UUID = Field(description="The case")
    version: int = Field(description="1, 2, 3 … without gaps, in the order of the case's conversation", ge=1)
    clinic_id: str = Field(description="HSA-id of the clinic")
    at: datetime = Field(description="When it was decided, UTC")


class CaseReceived(CaseEvent):
    """A citizen's case is stored."""

    TYPE: ClassVar[str] = "intake.case-received.v1"

    case_type: str = Field(description="Id of the case type")
    case_type_version: int = Field(description="The version that the case keeps", ge=1)
    portal_id: str = Field(description="The portal that it came through")
    origin: Origin = Field(default=Origin.CITIZEN, description="Who opened it")


class CaseStarted(CaseEvent):
    """The holder has begun to work on the case; it can no longer be withdrawn."""

    TYPE: ClassVar[str] = "intake.case-started.v1"

    by: str = Field(description="HSA-id of the holder")
    epoch: int = Field(description="The assignment that was acted on")


class CounterQuestionSent(CaseEvent):
    """The holder asked the citizen something; the case waits for the citizen."""

    TYPE: ClassVar[str] = "intake.counter-question-sent.v1"

    message_id: UUID = Field(description="The question")
    by: str = Field(description="HSA-id of the holder")
    epoch: int = Field(description="The assignment that was acted on")
    reply_by: datetime | None = Field(default=None, description="Until when the citizen can reply, UTC")


class CitizenReplied(CaseEvent):
    """The citizen answered a counter-question."""

    TYPE: ClassVar[str] = "intake.citizen-replied.v1"

    message_id: UUID = Field(description="The reply")


class CaseAnswered(CaseEvent):
    """The answer to the citizen is accepted: the first one, and the only one."""

    TYPE: ClassVar[str] = "intake.case-answered.v1"

    message_id: UUID = Field(description="The answer")
    by: str = Field(description="HSA-id of who answered")
    epoch: int = Field(description="The assignment that was acted on")


class CaseClosed(CaseEvent):
    """The conversation is closed."""

    TYPE: ClassVar[str] = "intake.case-closed.v1"

    by: str = Field(description="HSA-id of who closed it, or empty for a timer")


class CaseWithdrawn(CaseEvent):
    """The citizen took the case back before anybody had started on it."""

    TYPE: ClassVar[str] = "intake.case-withdrawn.v1"


class MessageRead(CaseEvent):
    """The citizen has read a message."""

    TYPE: ClassVar[str] = "intake.message-read.v1"

    message_id: UUID = Field(description="What was read")


class Reason(BaseModel):
    """Why a command was refused: which field, what is wrong, what to do."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    field: str = Field(description="Path of the field, or empty for the whole command")
    code: str = Field(description="Stable code for machines")
    sv: str = Field(description="For people, in Swedish")
    en: str = Field(description="For people, in English")


class PortalEvent(Event):
    """What a portal is told about its own commands and cases."""

    KEY: ClassVar[str] = "case_id"
    TOPIC: ClassVar[str] = "intake.{portal_id}.outcomes"

    portal_id: str = Field(description="The portal that is told")
    at: datetime = Field(description="When it was decided, UTC")

    def topic(self) -> str:
        return f"intake.{self.portal_id}.outcomes"


class CommandAccepted(PortalEvent):
    """A command took effect, now or the first time it came."""

    TYPE: ClassVar[str] = "intake.command-accepted.v1"

    case_id: UUID = Field(description="The case")
    command_id: str = Field(description="The ce_id of the command")
    command_type: str = Field(description="The ce_type of the command")


class CommandRefused(PortalEvent):
    """A command took no effect, and why."""

    TYPE: ClassVar[str] = "intake.command-refused.v1"

    case_id: UUID | None = Field(description="The case, where the command said which")
    command_id: str = Field(
        description="The ce_id of the command; topic, partition and offset where it had none"
    )
    command_type: str = Field(description="The ce_type of the command")
    reasons: tuple[Reason, ...] = Field(description="At least one")

    def key(self) -> str:
        """The case's id, or the command's where it named no case."""
        return str(self.case_id or self.command_id)


class CaseProgressed(PortalEvent):
    """The citizen's case has a new status. What was written is read by HTTP."""

    TYPE: ClassVar[str] = "intake.case-progressed.v1"

    case_id: UUID = Field(description="The case")
    version: int = Field(description="Version of the conversation")
    status: str = Field(description="started, waiting, answered, closed or withdrawn")
