"""How clinics become rows and back."""

from typing import Any

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.tables.clinics import CLINICS
from services.admin.domain.clinic import Clinic
from shared.contracts.clinic_settings import ClinicSettings, ClinicState, LocalText, PublishedText
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
        "state",
        "closing",
        "distribution",
        "claim_allowed",
        "case_types",
        "administrators",
        "settings",
        "information",
        "terms",
        *LAST_CHANGE,
    )

    def from_row(self, row: Any) -> Clinic:
        values = dict(zip(self.columns, row, strict=True))
        # A former release, which runs beside this one during an upgrade, knows `active` alone.
        if values.pop("active"):
            values["state"] = ClinicState.OPEN
        elif values["state"] in ("", ClinicState.OPEN):
            values["state"] = ClinicState.INACTIVE
        values["state"] = ClinicState(values["state"])
        values["closing"] = LocalText.model_validate(values["closing"])
        values["distribution"] = Distribution(values["distribution"])
        values["case_types"] = frozenset(values["case_types"])
        values["settings"] = ClinicSettings.model_validate(values["settings"])
        for kind in ("information", "terms"):
            values[kind] = tuple(map(PublishedText.model_validate, values[kind]))
        return Clinic(**values)

    def to_row(self, entity: Clinic) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.name,
            entity.region,
            entity.active,
            entity.state.value,
            entity.closing.model_dump(),
            entity.distribution.value,
            entity.claim_allowed,
            sorted(entity.case_types),
            entity.administrators,
            entity.settings.model_dump(mode="json"),
            [text.model_dump(mode="json") for text in entity.information],
            [text.model_dump(mode="json") for text in entity.terms],
            *last_change_of(entity),
        )
