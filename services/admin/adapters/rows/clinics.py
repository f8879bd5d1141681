"""How clinics become rows and back."""

from typing import Any

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.tables.clinics import CLINICS
from services.admin.domain.clinic import Clinic
from shared.contracts.events.admin import Distribution
from shared.contracts.ids import ClinicId
from shared.database.rows import Rows


class ClinicRows(Rows[ClinicId, Clinic]):
    """Clinics, locked."""

    table = CLINICS
    columns = (
        "id",
        "name",
        "region",
        "active",
        "distribution",
        "claim_allowed",
        "case_types",
        "administrators",
        *LAST_CHANGE,
    )

    def from_row(self, row: Any) -> Clinic:
        id_, name, region, active, distribution, claim, types, *rest = row
        return Clinic(id_, name, region, active, Distribution(distribution), claim, frozenset(types), *rest)

    def to_row(self, entity: Clinic) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.name,
            entity.region,
            entity.active,
            entity.distribution.value,
            entity.claim_allowed,
            sorted(entity.case_types),
            entity.administrators,
            *last_change_of(entity),
        )
