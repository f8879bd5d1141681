"""Who can work at a clinic, counted when somebody asks; nothing of it is kept."""

from typing import Any

from services.admin.domain.readiness import Staffing
from shared.contracts.ids import ClinicId
from shared.database.pool import Connection
from shared.database.rows import Rows

STAFFING = """
SELECT c.id,
    count(*) FILTER (WHERE a.permissions -> c.id ? 'receiver'),
    count(*) FILTER (WHERE a.permissions -> c.id ? 'caregiver'),
    count(*) FILTER (WHERE a.email = '' AND a.permissions -> c.id ?| ARRAY['receiver', 'caregiver'])
FROM unnest($1::text[]) AS c(id) LEFT JOIN accounts a ON a.permissions ? c.id AND a.locked IS NULL
GROUP BY c.id
"""


class StaffingRows(Rows[ClinicId, Staffing]):
    """Counts by clinic. They lock nobody: a clinic may open in the moment in which its receiver leaves."""

    async def load(self, connection: Connection) -> None:
        wanted, self._wanted = self._wanted, set()
        if wanted:
            counted: list[Any] = await connection.fetch(STAFFING, sorted(wanted))
            self._loaded.update((ClinicId(row[0]), Staffing(*row)) for row in counted)
