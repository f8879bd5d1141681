"""The bodies of requests. Unknown fields are refused."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.commands.intake import PersonId
from shared.contracts.message import HsaId, Slug


class Body(BaseModel):
    """What somebody sends."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Reply(Body):
    """A citizen's reply."""

    message_id: UUID = Field(description="Chosen by the portal; the same id twice is one reply")
    text: str = Field(min_length=1, max_length=16_000)


class Person(Body):
    """Whose references a reviewer asks for, and for which clinic."""

    clinic_id: HsaId = Field(description="The clinic whose log is reviewed")
    citizen: PersonId


class NewGrant(Body):
    """Whom the clinic gives what, and for how long."""

    citizen: PersonId
    case_type: Slug | None = Field(
        default=None, description="Id of the case type; null: the citizen is approved by the clinic"
    )
    until: date | None = Field(
        default=None, description="The last day, in Sweden; null: until further notice"
    )


class Start(Body):
    """Which assignment the holder acts on."""

    epoch: int = Field(ge=1, le=2**31 - 1, description="Number of the assignment, as routing told it")


class Question(Start):
    """A counter-question."""

    text: str = Field(min_length=1, max_length=16_000)
    reply_by: AwareDatetime | None = Field(default=None, description="Until when the citizen can reply")


class Answer(Start):
    """An answer: the type's answer form filled in, and more text if need be."""

    form: dict[str, Any] = Field(description="A FHIR R4 QuestionnaireResponse to the type's answer form")
    text: str = Field(default="", max_length=16_000)
