"""Opens the reviews of permissions that are due, and counts those that wait too long."""

from prometheus_client import Gauge

from services.admin.adapters.rows.reviews import PAST, PEOPLE
from services.admin.domain.account import BY_SYSTEM
from services.admin.domain.calendar import today
from services.admin.domain.permission_review import TIME_TO_REVIEW
from shared.clock import Clock
from shared.database.pool import Database

PAGE = 100
"""So many reviews are opened in one transaction, which keeps their clinics locked."""

# A clinic without any review has its first when somebody who is there now was there so long ago: nobody can have been
# where there was no clinic, which spares looking at everybody. Clinics that somebody else has locked just now, perhaps
# to open a review, are for the next pass.
_OPEN = f"""
WITH due AS MATERIALIZED (
    SELECT c.id, past.reviews FROM clinics c CROSS JOIN LATERAL ({PAST}) past
    WHERE c.active AND NOT past.under_review
    AND CASE WHEN CASE
        WHEN past.last_at IS NOT NULL THEN past.last_at <= $2::timestamptz - make_interval(months => $4)
        WHEN NOT EXISTS (
            SELECT FROM history h WHERE h.kind = 'Clinic' AND h.id = c.id
            AND h.changed_at <= $2::timestamptz - make_interval(months => $4)) THEN false
        ELSE (
            SELECT min(h.changed_at) FROM accounts a JOIN history h ON h.kind = 'Account' AND h.id = a.id
            WHERE a.permissions ? c.id
            AND h.state -> 'permissions' @> jsonb_build_array(jsonb_build_object('clinic_id', c.id))
        ) <= $2::timestamptz - make_interval(months => $4) END
    THEN (
        SELECT count(*) FROM accounts a WHERE a.permissions ? c.id AND coalesce(a.last_on ->> c.id >= $1, true)
    ) > 0 END
    LIMIT $5 FOR UPDATE OF c SKIP LOCKED
)
INSERT INTO permission_reviews (id, clinic_id, number, items, opened_by, opened_at, version, changed_by, changed_at)
SELECT c.id || '/' || (c.reviews + 1), c.id, c.reviews + 1, present.people,
    $3::text, $2::timestamptz, 1, $3::text, $2::timestamptz
FROM due c CROSS JOIN LATERAL ({PEOPLE}) present
ON CONFLICT DO NOTHING RETURNING id
"""  # noqa: S608 -- our own statements
_OVERDUE = "SELECT count(*) FROM permission_reviews WHERE signed_off_at IS NULL AND opened_at < $1"

OVERDUE = Gauge(
    "vardvaxel_permission_reviews_overdue", "Reviews of permissions that nobody has signed off in time"
)


class ReviewOpening:
    """Called by schedule; `months` is how long after a clinic's last review the next one is opened."""

    def __init__(self, database: Database, clock: Clock, months: int) -> None:
        self._database = database
        self._clock = clock
        self._months = months

    async def look(self) -> None:
        """Open what is due, unless somebody has, and tell how many are overdue."""
        now = self._clock()
        day = today(now).isoformat()
        opened = PAGE
        while opened == PAGE:
            opened = len(await self._database.fetch(_OPEN, day, now, BY_SYSTEM, self._months, PAGE))
        [(overdue,)] = await self._database.fetch(_OVERDUE, now - TIME_TO_REVIEW)
        OVERDUE.set(overdue)
