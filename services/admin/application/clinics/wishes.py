"""How clients say what a clinic shall be like."""

from pydantic import Field

from services.admin.application.wishes import Name, Wish
from shared.contracts.events.admin import Distribution
from shared.contracts.message import HsaId, Slug


class ClinicWish(Wish):
    """How a clinic shall be."""

    name: Name = Field(description="What people call it", examples=["Björkbackens vårdcentral"])
    active: bool = Field(default=True, description="False: takes no new cases")
    distribution: Distribution = Field(default=Distribution.MANUAL, description="How the queue is shared out")
    claim_allowed: bool = Field(default=False, description="Caregivers may take from the queue themselves")
    case_types: frozenset[Slug] = Field(
        default=frozenset(), description="Case types that are switched on", max_length=200
    )


class NewClinic(ClinicWish):
    """A clinic that does not exist yet."""

    clinic_id: HsaId = Field(description="HSA-id of the unit")
