"""What other services ask of admin."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Command


class AccessAct(StrEnum):
    """What somebody did with patient data."""

    READ = "read"
    LIST = "list"
    SEARCH = "search"
    START = "start"
    ASK = "ask"
    ANSWER = "answer"
    CLOSE = "close"
    DOWNLOAD = "download"
    EXPORT = "export"
    GRANT = "grant"
    """Gave the patient a case type or the clinic as a whole, or took that back."""
    REFUSED = "refused"


class RecordAccess(Command):
    """Somebody saw or changed patient data, or was refused to (HSLF-FS 2016:40, chapter 4 section 9)."""

    TYPE: ClassVar[str] = "admin.record-access.v1"
    KEY: ClassVar[str] = "case_id"
    TOPIC: ClassVar[str] = "admin.access-log.commands"

    access_id: UUID = Field(description="One access, however often it is told")
    actor_kind: str = Field(description="staff or portal")
    actor_id: str = Field(description="HSA-id of the staff member, or the portal's id")
    clinic_id: str = Field(description="The unit that the access was made for")
    citizen_ref: str = Field(
        description="Keyed hash of the patient's identity, with key version; never the identity"
    )
    case_id: UUID = Field(description="The case")
    act: AccessAct = Field(description="What was done")
    accessed_at: datetime = Field(description="When, UTC")
