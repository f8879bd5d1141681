"""What every event and command is: one frozen Pydantic model with a type, a key and a topic."""

import re
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from shared.faults import shaped


class Message(BaseModel):
    """One event or command. `TYPE` carries the version: within it only additions are made."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    TYPE: ClassVar[str]
    KEY: ClassVar[str]
    """The field whose text is the Kafka key."""
    TOPIC: ClassVar[str]
    """The topic; `{portal_id}` in it is filled from the field of that name."""

    def topic(self) -> str:
        """The topic that this very message goes to."""
        return self.TOPIC

    def key(self) -> str:
        """The Kafka key: messages with the same key keep their order."""
        return str(getattr(self, self.KEY))


class Event(Message):
    """A fact, owned by who publishes it. Readers are tolerant: unknown fields are ignored."""


class Command(Message):
    """A wish, owned by who receives it. Unknown fields are refused, so that nothing is lost unseen."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _comparable(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


_AN_HSA_ID = ("ett HSA-id, såsom SE2321000016-1A2B", "an HSA-id, such as SE2321000016-1A2B")

HsaId = Annotated[
    str,
    StringConstraints(
        pattern=re.compile(shaped(r"^SE\d{10}-[A-Z0-9]{1,18}$", *_AN_HSA_ID), re.ASCII), max_length=31
    ),
    BeforeValidator(_comparable),
    Field(json_schema_extra={"example": "SE2321000016-1A2B"}),
]
"""An HSA-id, trimmed and in upper case: people paste them with blanks, and compare them without case."""

GivenHsaId = Annotated[
    str,
    StringConstraints(pattern=shaped(r"^[Ss][Ee][0-9]{10}-[A-Za-z0-9]{1,18}$", *_AN_HSA_ID), max_length=31),
    BeforeValidator(_trimmed),
    Field(json_schema_extra={"example": "SE2321000016-1a2b"}),
]
"""An HSA-id as it was given, but for blanks around it: kept like that to be shown."""

Slug = Annotated[
    str,
    StringConstraints(
        pattern=shaped(
            r"^[a-z0-9][a-z0-9-]{0,62}$",
            "små bokstäver a till z, siffror och bindestreck, högst 63",
            "lower-case letters a to z, digits and hyphens, at most 63",
        )
    ),
]
"""A name for machines: lower-case letters, digits and hyphens, at most 63."""
