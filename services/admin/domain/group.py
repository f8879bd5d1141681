"""A group of caregivers at a clinic, such as a team, that cases can be meant for."""

from dataclasses import dataclass
from datetime import datetime

from services.admin.domain.entity import NEVER, Entity
from shared.aggregate import Aggregate
from shared.contracts.events.admin import CaregiverGroupPublished
from shared.contracts.ids import ClinicId, StaffId


@dataclass(slots=True, eq=False)
class Group(Entity):
    """One group. Its id is the clinic's, a slash and its own; a removed one stays, so that everybody is told."""

    id: str
    clinic_id: ClinicId
    name_sv: str
    name_en: str
    members: frozenset[StaffId]
    removed: bool = False
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    def published(self) -> CaregiverGroupPublished:
        """The group as neighbours read it."""
        return CaregiverGroupPublished(
            group=self.id,
            version=self.version,
            at=self.changed_at,
            clinic_id=self.clinic_id,
            name_sv=self.name_sv,
            name_en=self.name_en,
            members=self.members,
            removed=self.removed,
        )


def group_key(clinic_id: str, group_id: str) -> str:
    """What a group is found by: its name for machines is unique at its clinic."""
    return f"{clinic_id}/{group_id}"
