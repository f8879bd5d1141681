"""How groups are shown."""

from services.admin.application.views import View
from services.admin.domain.group import Group


class GroupView(View):
    """A group of caregivers."""

    group_id: str
    clinic_id: str
    name_sv: str
    name_en: str
    members: list[str]
    removed: bool


def group_view(group: Group) -> GroupView:
    """Show a group."""
    return GroupView(
        group_id=group.id.partition("/")[2],
        version=group.version,
        changed_by=group.changed_by,
        changed_at=group.changed_at,
        clinic_id=group.clinic_id,
        name_sv=group.name_sv,
        name_en=group.name_en,
        members=sorted(group.members),
        removed=group.removed,
    )
