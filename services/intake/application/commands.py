"""What staff and portals ask of intake by HTTP, and timers from within. None of these ever travels on Kafka."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.commands.intake import PersonId
from shared.contracts.message import Command


class HttpCommand(Command):
    """A wish of somebody who has signed in: the token says who, never the body."""

    KEY: ClassVar[str] = "actor"
    TOPIC: ClassVar[str] = ""

    actor: str = Field(description="HSA-id of a staff member, or a portal's id")


class StartCase(HttpCommand):
    """The holder begins to work on a case."""

    TYPE: ClassVar[str] = "intake.start-case.v1"

    case_id: UUID
    epoch: int = Field(ge=1)


class AskCitizen(HttpCommand):
    """The holder asks the citizen something."""

    TYPE: ClassVar[str] = "intake.ask-citizen.v1"

    case_id: UUID
    epoch: int = Field(ge=1)
    version: int
    text: str = Field(min_length=1, max_length=16_000)
    reply_by: datetime | None = None


class AnswerCase(HttpCommand):
    """The holder answers."""

    TYPE: ClassVar[str] = "intake.answer-case.v1"

    case_id: UUID
    epoch: int = Field(ge=1)
    version: int
    form: dict[str, Any]
    text: str = Field(default="", max_length=16_000)


class CloseCase(HttpCommand):
    """An answered case is closed."""

    TYPE: ClassVar[str] = "intake.close-case.v1"

    case_id: UUID
    version: int


class ReadCase(HttpCommand):
    """Show one case."""

    TYPE: ClassVar[str] = "intake.read-case.v1"

    actor_kind: Literal["staff", "portal"]
    case_id: UUID
    language: Literal["sv", "en"] = "sv"


class ListCases(HttpCommand):
    """Show the citizens' names for a list of cases."""

    TYPE: ClassVar[str] = "intake.list-cases.v1"

    case_ids: tuple[UUID, ...]


class FindReferences(HttpCommand):
    """A reviewer needs the references that the access log knows a person by."""

    TYPE: ClassVar[str] = "intake.find-references.v1"

    clinic_id: str
    citizen: PersonId


class GrantCitizen(HttpCommand):
    """A citizen may write to the clinic, or write cases of a type that others may not."""

    TYPE: ClassVar[str] = "intake.grant-citizen.v1"

    clinic_id: str
    case_type: str
    citizen: PersonId
    until: date | None


class RevokeGrant(HttpCommand):
    """A grant is taken back."""

    TYPE: ClassVar[str] = "intake.revoke-grant.v1"

    clinic_id: str
    grant_id: UUID


class ListGrants(HttpCommand):
    """Show a page of a clinic's grants."""

    TYPE: ClassVar[str] = "intake.list-grants.v1"

    clinic_id: str
    after: UUID
    size: int


class CloseAnswered(HttpCommand):
    """The timer's turn: these cases were answered long enough ago."""

    TYPE: ClassVar[str] = "intake.close-answered.v1"

    case_ids: tuple[UUID, ...]
