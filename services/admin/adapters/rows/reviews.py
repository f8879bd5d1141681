"""How reviews of permissions become rows and back, and the roll that a review begins with."""

from typing import Any

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.tables.reviews import PERMISSION_REVIEWS
from services.admin.domain.calendar import today
from services.admin.domain.permission_review import PermissionReview, Reviewed, Roll, reviewed_from
from shared.clock import utc_now
from shared.contracts.ids import ClinicId
from shared.database.pool import Connection
from shared.database.rows import Rows

PAST = """
SELECT coalesce(max(r.number), 0) AS reviews, max(r.opened_at) AS last_at,
    coalesce(bool_or(r.signed_off_at IS NULL), false) AS under_review
FROM permission_reviews r WHERE r.clinic_id = c.id
"""
PEOPLE = """
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'staff_id', a.id, 'roles', a.permissions -> c.id, 'last_on', a.last_on -> c.id) ORDER BY a.id), '[]') AS people
FROM accounts a WHERE a.permissions ? c.id AND coalesce(a.last_on ->> c.id >= $1, true)
"""
_ROLLS = f"""
SELECT c.id, past.reviews, past.under_review, present.people
FROM unnest($2::text[]) AS c(id) CROSS JOIN LATERAL ({PAST}) past CROSS JOIN LATERAL ({PEOPLE}) present
"""  # noqa: S608 -- our own statements


class ReviewRows(Rows[str, PermissionReview]):
    """Reviews, locked."""

    table = PERMISSION_REVIEWS
    columns = (
        "id",
        "clinic_id",
        "number",
        "items",
        "opened_by",
        "opened_at",
        "signed_off_by",
        "signed_off_at",
        *LAST_CHANGE,
    )

    def from_row(self, row: Any) -> PermissionReview:
        id_, clinic_id, number, items, *rest = row
        return PermissionReview(id_, clinic_id, number, reviewed_from(items), *rest)

    def to_row(self, entity: PermissionReview) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.clinic_id,
            entity.number,
            [_kept(item) for item in entity.items],
            entity.opened_by,
            entity.opened_at,
            entity.signed_off_by,
            entity.signed_off_at,
            *last_change_of(entity),
        )


class RollRows(Rows[ClinicId, Roll]):
    """Rolls by clinic. The clinic's own row, locked before, lets nobody open a second review meanwhile."""

    async def load(self, connection: Connection) -> None:
        wanted, self._wanted = self._wanted, set()
        if wanted:
            day = today(utc_now()).isoformat()
            for id_, reviews, under_review, people in await connection.fetch(_ROLLS, day, sorted(wanted)):
                roll = Roll(ClinicId(id_), reviews, under_review, reviewed_from(people))
                self._loaded[roll.id] = roll


def _kept(item: Reviewed) -> dict[str, Any]:
    return {
        "staff_id": item.staff_id,
        "roles": sorted(item.roles),
        "last_on": item.last_on.isoformat() if item.last_on is not None else None,
        "verdict": item.verdict,
        "judged_by": item.judged_by,
        "judged_at": item.judged_at.isoformat() if item.judged_at is not None else None,
    }
