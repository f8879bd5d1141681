"""How a region or a clinic wants a case type to be."""

from dataclasses import dataclass, field
from datetime import datetime

from services.admin.domain.entity import NEVER, Entity
from shared.aggregate import Aggregate
from shared.contracts.case_types import Adaptation, Owner
from shared.contracts.events.admin import CaseTypeAdaptationPublished

AS_ABOVE = Adaptation()


@dataclass(slots=True, eq=False)
class CaseTypeAdaptation(Entity):
    """Of one type at one place. `id` is `adaptation_id` of both."""

    id: str
    place: Owner
    case_type: str
    adaptation: Adaptation = field(default=AS_ABOVE)
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    def published(self) -> CaseTypeAdaptationPublished:
        """The adaptation as neighbours read it."""
        return CaseTypeAdaptationPublished(
            place=self.place,
            case_type=self.case_type,
            version=self.version,
            at=self.changed_at,
            adaptation=self.adaptation,
        )
