"""What a portal may ask of intake, on its own topic `intake.<portal>.commands` or by HTTP."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.message import Command, HsaId, Slug

TOPIC = "intake.{portal_id}.commands"


class PersonId(BaseModel):
    """Who the citizen is. Twelve digits for the first two kinds, twelve characters for a reserve number."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: Literal["personnummer", "samordningsnummer", "nrid"] = Field(description="Kind of identity number")
    value: str = Field(description="Exchange form: YYYYMMDDNNNN, or the reserve number", max_length=20)


class PortalCommand(Command):
    """A portal's wish about one case."""

    KEY: ClassVar[str] = "case_id"
    TOPIC: ClassVar[str] = TOPIC

    case_id: UUID = Field(description="Chosen by the portal; the same id twice is one case")


class SubmitCase(PortalCommand):
    """A citizen writes to a clinic."""

    TYPE: ClassVar[str] = "intake.submit-case.v1"

    clinic_id: HsaId = Field(description="HSA-id of the clinic")
    case_type: Slug = Field(description="Id of a case type that the clinic has switched on")
    citizen: PersonId = Field(description="Whose case it is")
    citizen_name: str = Field(default="", description="Name as the portal knows it", max_length=200)
    form: dict[str, Any] = Field(
        description="The answers: a FHIR R4 QuestionnaireResponse, see docs/forms.md"
    )


class ReplyToCase(PortalCommand):
    """The citizen answers a counter-question."""

    TYPE: ClassVar[str] = "intake.reply-to-case.v1"

    message_id: UUID = Field(description="Chosen by the portal; the same id twice is one reply")
    text: str = Field(description="What the citizen writes", min_length=1, max_length=16_000)


class WithdrawCase(PortalCommand):
    """The citizen takes the case back, which is possible until somebody has started on it."""

    TYPE: ClassVar[str] = "intake.withdraw-case.v1"


class MarkMessageRead(PortalCommand):
    """The citizen has read a message."""

    TYPE: ClassVar[str] = "intake.mark-message-read.v1"

    message_id: UUID = Field(description="The message that was read")
