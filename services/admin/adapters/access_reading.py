"""Reads of the access log, newest first, by keyset; and of its samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.admin.adapters.access_log import FIELDS
from services.admin.adapters.rows.access_log import SampleRows
from services.admin.domain.access_chain import NO_CASE
from services.admin.domain.access_sample import AccessSample, days_of
from shared.database.pool import Database

_ENTRY = f"number, {', '.join(FIELDS)}"
# Days come first in the order, so that PostgreSQL reads one day after the other and stops when the page is full.
_SEARCH = f"""
SELECT {_ENTRY} FROM access_log
WHERE clinic_id = $1 AND ($2::text = '' OR citizen_ref = $2) AND ($3::text = '' OR actor_id = $3)
  AND ($4::timestamptz IS NULL OR (accessed_at >= $4 AND recorded_on >= ($4 AT TIME ZONE 'UTC')::date - 1))
  AND ($5::timestamptz IS NULL OR accessed_at < $5)
  AND ($6::bigint IS NULL OR number < $6)
ORDER BY recorded_on DESC, number DESC LIMIT $7
"""  # noqa: S608 -- our own names
_EXTRACT = """
SELECT l.number, l.accessed_at, l.clinic_id, coalesce(c.name, l.clinic_id) AS clinic_name, l.act FROM access_log l
LEFT JOIN clinics c ON c.id = l.clinic_id
WHERE l.citizen_ref = ANY($1::text[]) AND l.clinic_id = ANY($2::text[]) AND l.case_id <> $3
  AND ($4::bigint IS NULL OR l.number < $4)
ORDER BY l.recorded_on DESC, l.number DESC LIMIT $5
"""
_OF_SAMPLE = f"""
SELECT {_ENTRY} FROM access_log WHERE number = ANY($1::bigint[]) AND recorded_on >= $2 AND recorded_on <= $3
"""  # noqa: S608 -- our own names
_SAMPLES = f"""
SELECT {", ".join(SampleRows.columns)} FROM access_samples
WHERE clinic_id = $1 AND ($2::text = '' OR week < $2) AND (NOT $3::boolean OR signed_off_at IS NULL)
  AND (NOT $4::boolean OR deviations > 0)
ORDER BY week DESC LIMIT $5
"""  # noqa: S608 -- our own names
_SAMPLE = f"SELECT {', '.join(SampleRows.columns)} FROM access_samples WHERE id = $1"  # noqa: S608 -- our own names


@dataclass(frozen=True, slots=True)
class Search:
    """What a reviewer looks for at a clinic; what is empty or None does not matter."""

    clinic_id: str
    citizen_ref: str = ""
    actor_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 100


class AccessReading:
    """One query each, no locks. That somebody reads is noted before any of these is asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def entries(self, search: Search) -> list[dict[str, Any]]:
        """A clinic's entries."""
        rows = await self._database.fetch(
            _SEARCH,
            search.clinic_id,
            search.citizen_ref,
            search.actor_id,
            search.since,
            search.until,
            search.before,
            search.limit,
        )
        return [_entry(row) for row in rows]

    async def extract(
        self, citizen_refs: Sequence[str], clinic_ids: Sequence[str], before: int | None, limit: int
    ) -> list[dict[str, Any]]:
        """The accesses to one patient's cases at these clinics: which unit, when, what; never who."""
        rows = await self._database.fetch(
            _EXTRACT, list(citizen_refs), list(clinic_ids), NO_CASE, before, limit
        )
        return [dict(row) for row in rows]

    async def samples(
        self, clinic_id: str, before: str, *, open_only: bool, deviations_only: bool, limit: int
    ) -> list[AccessSample]:
        """A clinic's samples, newest week first."""
        rows = await self._database.fetch(_SAMPLES, clinic_id, before, open_only, deviations_only, limit)
        return [SampleRows().from_row(row) for row in rows]

    async def sample(self, id_: str) -> AccessSample | None:
        """One sample."""
        rows = await self._database.fetch(_SAMPLE, id_)
        return SampleRows().from_row(rows[0]) if rows else None

    async def entries_of(self, sample: AccessSample) -> dict[int, dict[str, Any]]:
        """The entries that a sample was drawn of, by number."""
        first, after = days_of(sample.week)
        numbers = [item.number for item in sample.items]
        rows = await self._database.fetch(_OF_SAMPLE, numbers, first, after - timedelta(days=1))
        return {row["number"]: _entry(row) for row in rows}


def _entry(row: Any) -> dict[str, Any]:
    return {**row, "access_id": str(row["access_id"]), "case_id": str(row["case_id"])}
