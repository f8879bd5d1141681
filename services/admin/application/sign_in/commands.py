"""Commands about sign-in."""

from typing import ClassVar

from pydantic import Field

from services.admin.application.commands import AdminCommand
from services.admin.application.sign_in.wishes import NewTerms
from shared.contracts.message import Command


class TakeIn(Command):
    """Somebody proved that they are the holder of this HSA-id."""

    TYPE: ClassVar[str] = "admin.take-in.v1"
    KEY: ClassVar[str] = "staff_id"
    TOPIC: ClassVar[str] = ""

    staff_id: str = Field(description="The account's key: the HSA-id in upper case")
    hsa_id: str = Field(description="The HSA-id as it was given")
    name: str
    title: str
    email: str = Field(default="", description="As the national directory has it, for a new account")
    active: bool = Field(default=True, description="False: does not work here any more, as it says")


class PublishTerms(AdminCommand):
    """A new version of the terms."""

    TYPE: ClassVar[str] = "admin.publish-terms.v1"

    expected_version: int
    wish: NewTerms
