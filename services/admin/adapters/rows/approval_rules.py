"""How rules about approval become rows and back."""

from typing import Any

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.tables.catalogue import APPROVAL_RULES
from services.admin.domain.approval_rule import ApprovalRule
from shared.contracts.case_types import Owner
from shared.database.rows import Rows


class ApprovalRuleRows(Rows[str, ApprovalRule]):
    """Rules, locked."""

    table = APPROVAL_RULES
    columns = ("id", "place_kind", "place", "needed", "locked", *LAST_CHANGE)

    def from_row(self, row: Any) -> ApprovalRule:
        id_, kind, place, *rest = row
        return ApprovalRule(id_, Owner(kind=kind, place=place), *rest)

    def to_row(self, entity: ApprovalRule) -> tuple[Any, ...]:
        place = entity.place
        said = entity.needed, entity.locked
        return (entity.id, place.kind.value, place.place, *said, *last_change_of(entity))
