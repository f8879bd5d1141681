"""How groups become rows and back."""

from typing import Any

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.tables.groups import GROUPS
from services.admin.domain.group import Group
from shared.database.rows import Rows


class GroupRows(Rows[str, Group]):
    """Groups, locked."""

    table = GROUPS
    columns = ("id", "clinic_id", "name_sv", "name_en", "members", "removed", *LAST_CHANGE)

    def from_row(self, row: Any) -> Group:
        id_, clinic_id, name_sv, name_en, members, *rest = row
        return Group(id_, clinic_id, name_sv, name_en, frozenset(members), *rest)

    def to_row(self, entity: Group) -> tuple[Any, ...]:
        names = (entity.name_sv, entity.name_en)
        members = sorted(entity.members)
        return (entity.id, entity.clinic_id, *names, members, entity.removed, *last_change_of(entity))
