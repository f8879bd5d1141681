"""How clients say what a clinic shall be like."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticKnownError

from services.admin.application.wishes import Email, Line, Name, Wish
from services.admin.domain.person import key_of
from services.admin.domain.regions import NAMES, NOWHERE
from shared.contracts.events.admin import Distribution
from shared.contracts.ids import StaffId
from shared.contracts.message import GivenHsaId, HsaId, Slug


def _known_region(code: str) -> str:
    if code != NOWHERE and code not in NAMES:
        raise PydanticKnownError("enum", {"expected": ", ".join(sorted(NAMES))})
    return code


Region = Annotated[
    str,
    AfterValidator(_known_region),
    Field(json_schema_extra={"enum": ["", *NAMES]}),
]


class ClinicWish(Wish):
    """How a clinic shall be."""

    name: Name = Field(description="What people call it", examples=["Björkbackens vårdcentral"])
    active: bool | None = Field(
        default=None, description="True opens it, if it is ready; false switches it off; left out: as it is"
    )
    distribution: Distribution = Field(default=Distribution.MANUAL, description="How the queue is shared out")
    claim_allowed: bool = Field(default=False, description="Caregivers may take from the queue themselves")
    case_types: frozenset[Slug] = Field(
        default=frozenset(), description="Case types that are switched on", max_length=200
    )


class NewClinic(ClinicWish):
    """A clinic that does not exist yet."""

    clinic_id: HsaId = Field(description="HSA-id of the unit")
    region: Region = Field(default=NOWHERE, description="County code of its region, two digits (SCB)")


class FirstAdministrator(Wish):
    """Who shall administer a new clinic. The name and the rest count where the account is new."""

    staff_id: GivenHsaId = Field(
        description="HSA-id of the person; shown as it is given, compared without case"
    )
    name: Line = Field(default="", description="Given name and family name; needed where there is no account")
    title: Line = Field(default="", description="Professional title")
    email: Email = Field(default="", description="Where notifications go; empty means none")

    @property
    def key(self) -> StaffId:
        """What the account is found by."""
        return key_of(self.staff_id)


class OpenedClinic(NewClinic):
    """A new clinic, with its first administrator if there is somebody already."""

    administrator: FirstAdministrator | None = Field(
        default=None, description="Becomes clinic administrator in the same act"
    )


class Move(Wish):
    """Where a clinic belongs from now on."""

    region: Region = Field(description="County code, two digits (SCB); empty for none")
