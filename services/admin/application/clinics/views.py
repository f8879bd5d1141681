"""How clinics are shown."""

from pydantic import Field

from services.admin.application.views import View
from services.admin.domain.clinic import Clinic
from services.admin.domain.regions import NAMES
from shared.contracts.events.admin import Distribution


class ClinicView(View):
    """A clinic."""

    clinic_id: str
    name: str
    region: str = Field(description="County code of the region; empty where none is known")
    region_name: str = Field(description="What the region is called")
    active: bool
    distribution: Distribution
    claim_allowed: bool
    case_types: list[str]
    administrators: int = Field(
        description="How many can administer it; with one left it is time to name another"
    )


def clinic_view(clinic: Clinic) -> ClinicView:
    """Show a clinic."""
    return ClinicView(
        clinic_id=clinic.id,
        version=clinic.version,
        changed_by=clinic.changed_by,
        changed_at=clinic.changed_at,
        name=clinic.name,
        region=clinic.region,
        region_name=NAMES.get(clinic.region, ""),
        active=clinic.active,
        distribution=clinic.distribution,
        claim_allowed=clinic.claim_allowed,
        case_types=sorted(clinic.case_types),
        administrators=clinic.administrators,
    )
