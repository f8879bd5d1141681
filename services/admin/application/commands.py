"""What every command has that reaches admin by HTTP or from its operator. They never travel on Kafka."""

from typing import ClassVar

from pydantic import Field

from shared.contracts.message import Command


class AdminCommand(Command):
    """Something that a member of staff, or the operator, asks for."""

    KEY: ClassVar[str] = "actor"
    TOPIC: ClassVar[str] = ""

    actor: str = Field(default="", description="HSA-id of the member of staff, as the token says")
