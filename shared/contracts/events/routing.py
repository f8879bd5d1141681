"""What routing tells: whose a case is. Public to staff back-ends that are trusted for all clinics."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Event


class ResponsibilityEvent(Event):
    """One step in the responsibility for a case."""

    KEY: ClassVar[str] = "case_id"
    TOPIC: ClassVar[str] = "routing.case.events"

    case_id: UUID = Field(description="The case")
    version: int = Field(
        description="1, 2, 3 … without gaps, in the order of the case's responsibility", ge=1
    )
    clinic_id: str = Field(description="HSA-id of the clinic")
    at: datetime = Field(description="When it was decided, UTC")


class QueueReason(StrEnum):
    """Why a case stands in its clinic's queue."""

    RECEIVED = "received"
    RETURNED = "returned"
    HOLDER_LOCKED = "holder_locked"
    HOLDER_ABSENT = "holder_absent"
    HOLDER_NOT_PERMITTED = "holder_not_permitted"
    REOPENED = "reopened"


class CaseQueued(ResponsibilityEvent):
    """The case waits in its clinic's queue."""

    TYPE: ClassVar[str] = "routing.case-queued.v1"

    reason: QueueReason = Field(description="Why it waits")


class CaseAssigned(ResponsibilityEvent):
    """A caregiver holds the case."""

    TYPE: ClassVar[str] = "routing.case-assigned.v1"

    holder: str = Field(description="HSA-id of the caregiver")
    epoch: int = Field(description="Number of the assignment; acts on the conversation carry it", ge=1)
    by: str = Field(description="HSA-id of the receiver, or empty when a distribution round decided")


class CaseReassigned(ResponsibilityEvent):
    """Another caregiver holds the case."""

    TYPE: ClassVar[str] = "routing.case-reassigned.v1"

    holder: str = Field(description="HSA-id of the new holder")
    former_holder: str = Field(description="HSA-id of the earlier holder")
    epoch: int = Field(description="Number of the assignment", ge=1)
    by: str = Field(description="HSA-id of who reassigned")


class CaseReturned(ResponsibilityEvent):
    """The case is back in the queue; nobody holds it."""

    TYPE: ClassVar[str] = "routing.case-returned.v1"

    former_holder: str = Field(description="HSA-id of the earlier holder")
    epoch: int = Field(description="The assignment that ended", ge=1)
    by: str = Field(description="HSA-id of who returned it, or empty for the system")
    reason: QueueReason = Field(default=QueueReason.RETURNED, description="Why it waits again")


class EndReason(StrEnum):
    """Why nobody is responsible any more."""

    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class CaseEnded(ResponsibilityEvent):
    """Nobody is responsible for the case any more."""

    TYPE: ClassVar[str] = "routing.case-ended.v1"

    reason: EndReason = Field(description="Why")
    former_holder: str = Field(default="", description="HSA-id of the last holder, or empty")
