"""What staff ask of routing by HTTP. None of these travels on Kafka."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Command


class MoveReason(StrEnum):
    """Why a case gets another holder, or none. A code, never free text."""

    ILL = "ill"
    ABSENT = "absent"
    WRONG_PERSON = "wrong_person"
    WORKLOAD = "workload"
    CONTINUITY = "continuity"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    OTHER = "other"


class CaseCommand(Command):
    """Somebody wants something with a case, of which they saw a version."""

    KEY: ClassVar[str] = "case_id"
    TOPIC: ClassVar[str] = ""

    case_id: UUID = Field(description="The case")
    actor: str = Field(description="HSA-id of who asks")
    seen: int = Field(description="The version that the actor saw", ge=0)


class AssignCase(CaseCommand):
    """Give the case to a caregiver, or to another one."""

    TYPE: ClassVar[str] = "routing.assign-case.v1"

    holder: str = Field(description="HSA-id of the caregiver")
    reason: MoveReason | None = Field(
        default=None, description="Required when somebody holds the case already"
    )


class ClaimCase(CaseCommand):
    """Take the case from the queue."""

    TYPE: ClassVar[str] = "routing.claim-case.v1"


class ReturnCase(CaseCommand):
    """Put the case back into the queue."""

    TYPE: ClassVar[str] = "routing.return-case.v1"

    reason: MoveReason = Field(description="Why")
