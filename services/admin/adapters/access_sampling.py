"""Draws each week's sample of accesses, per clinic, once."""

from datetime import timedelta

from services.admin.domain.access_chain import NO_CASE
from services.admin.domain.access_sample import days_of, week_of
from shared.clock import Clock
from shared.database.pool import Database

_TURN = "INSERT INTO access_draws VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING week"
# The order is a hash of the access and of the week's last entry: nobody knows before the week is over which accesses
# will be looked at, and everybody can afterwards see that the draw was not steered.
_DRAW = """
WITH seed AS (
    SELECT hash FROM access_log WHERE recorded_on >= $2 AND recorded_on < $3
    ORDER BY recorded_on DESC, number DESC LIMIT 1
), ranked AS (
    SELECT l.clinic_id, l.number, l.actor_id, row_number() OVER (
        PARTITION BY l.clinic_id ORDER BY sha256((SELECT hash FROM seed) || uuid_send(l.access_id))) AS place
    FROM access_log l JOIN clinics c ON c.id = l.clinic_id
    WHERE l.recorded_on >= $2 AND l.recorded_on < $3 AND l.actor_kind = 'staff' AND l.case_id <> $6
)
INSERT INTO access_samples (id, clinic_id, week, items, deviations, version, changed_by, changed_at)
SELECT clinic_id || '/' || $1, clinic_id, $1,
       jsonb_agg(jsonb_build_object('number', number, 'actor_id', actor_id) ORDER BY number), 0, 1, 'schedule', $5
FROM ranked WHERE place <= $4 GROUP BY clinic_id
ON CONFLICT DO NOTHING
"""


class Sampling:
    """Called by schedule; `size` is how many accesses a week are looked at in each clinic."""

    def __init__(self, database: Database, clock: Clock, size: int) -> None:
        self._database = database
        self._clock = clock
        self._size = size

    async def draw(self) -> None:
        """Draw the sample of the week that is over, unless somebody has."""
        now = self._clock()
        # Entries of Sunday may be written down after midnight, by another clock: the draw waits for an hour.
        week = week_of((now - timedelta(days=7, hours=1)).date())
        first, after = days_of(week)
        async with self._database.transaction() as connection:
            if await connection.fetchval(_TURN, week, now) is not None:
                await connection.execute(_DRAW, week, first, after, self._size, now, NO_CASE)
