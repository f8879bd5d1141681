"""How samples of the access log become rows and back."""

from dataclasses import asdict
from typing import Any

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.tables.access_log import ACCESS_SAMPLES
from services.admin.domain.access_sample import AccessSample, items_from
from shared.database.rows import Rows


class SampleRows(Rows[str, AccessSample]):
    """Samples, locked. They are drawn elsewhere and only changed here."""

    table = ACCESS_SAMPLES
    columns = (
        "id",
        "clinic_id",
        "week",
        "items",
        "deviations",
        "signed_off_by",
        "signed_off_at",
        *LAST_CHANGE,
    )

    def from_row(self, row: Any) -> AccessSample:
        id_, clinic_id, week, items, _, *rest = row
        return AccessSample(id_, clinic_id, week, items_from(items), *rest)

    def to_row(self, entity: AccessSample) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.clinic_id,
            entity.week,
            [asdict(item) for item in entity.items],
            entity.deviations,
            entity.signed_off_by,
            entity.signed_off_at,
            *last_change_of(entity),
        )
