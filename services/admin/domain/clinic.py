"""A clinic: what it is called, how its queue is shared out, which case types it has switched on."""

from dataclasses import dataclass
from datetime import datetime

from services.admin.domain.entity import NEVER, Entity
from services.admin.domain.regions import NOWHERE
from shared.aggregate import Aggregate
from shared.contracts.events.admin import ClinicPublished, Distribution
from shared.contracts.ids import ClinicId


@dataclass(slots=True, eq=False)
class Clinic(Entity):
    """One clinic. `administrators` counts its clinic administrators who are not locked."""

    id: ClinicId
    name: str
    region: str = NOWHERE
    active: bool = True
    distribution: Distribution = Distribution.MANUAL
    claim_allowed: bool = False
    case_types: frozenset[str] = frozenset()
    administrators: int = 0
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    def count_administrators(self, gained: int) -> None:
        """So many became administrators here, or ceased to be. Nobody else needs to know."""
        if gained:
            self.administrators += gained
            self.changed = True

    def published(self) -> ClinicPublished:
        """The clinic as neighbours read it."""
        return ClinicPublished(
            clinic_id=self.id,
            version=self.version,
            at=self.changed_at,
            name=self.name,
            region=self.region,
            active=self.active,
            distribution=self.distribution,
            claim_allowed=self.claim_allowed,
            case_types=self.case_types,
        )
