"""How adaptations of case types become rows and back."""

from typing import Any

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.tables.catalogue import ADAPTATIONS
from services.admin.domain.adaptation import CaseTypeAdaptation
from shared.contracts.case_types import Adaptation, Owner
from shared.database.rows import Rows


class AdaptationRows(Rows[str, CaseTypeAdaptation]):
    """Adaptations, locked."""

    table = ADAPTATIONS
    columns = ("id", "place_kind", "place", "case_type", "adaptation", *LAST_CHANGE)

    def from_row(self, row: Any) -> CaseTypeAdaptation:
        id_, kind, place, case_type, adaptation, *rest = row
        owner = Owner(kind=kind, place=place)
        return CaseTypeAdaptation(id_, owner, case_type, Adaptation.model_validate(adaptation), *rest)

    def to_row(self, entity: CaseTypeAdaptation) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.place.kind.value,
            entity.place.place,
            entity.case_type,
            entity.adaptation.model_dump(mode="json"),
            *last_change_of(entity),
        )
