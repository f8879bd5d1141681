"""What portals can offer to citizens: clinics that take cases, and the case types that they take, as of now."""

from typing import Any

from services.intake.domain.neighbours import Portal
from shared.database.pool import Database

_PORTAL = "SELECT id, version, active, scopes FROM portals WHERE id = $1"
_CLINICS = """
SELECT id, name, case_types FROM clinics
WHERE active AND id > $1 AND case_types ?| ARRAY(SELECT id FROM case_types WHERE active)
ORDER BY id LIMIT $2
"""
_TYPES = (
    "SELECT id, version, name_sv, name_en FROM case_types WHERE active AND id = ANY($1::text[]) ORDER BY id"
)
_TYPE = """
SELECT t.id, t.version, t.name_sv, t.name_en, f.question_form
FROM case_types t JOIN forms f ON f.case_type = t.id AND f.version = t.version
WHERE t.active AND t.id = $1
"""


class Offers:
    """Reads without locks. Each raises Transient."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def portal(self, portal_id: str) -> Portal | None:
        """The portal that asks, as the directory knows it."""
        rows = await self._database.fetch(_PORTAL, portal_id)
        return Portal(*rows[0]) if rows else None

    async def clinics(self, after: str, size: int) -> dict[str, Any]:
        """A page of the clinics that take cases, by HSA-id, each with what it takes; and where the next page begins."""
        found = await self._database.fetch(_CLINICS, after, size + 1)
        rows = found[:size]
        wanted = {case_type for row in rows for case_type in row["case_types"]}
        types = {row["id"]: _case_type(row) for row in await self._database.fetch(_TYPES, sorted(wanted))}
        clinics = [
            {
                "clinic_id": row["id"],
                "name": row["name"] or row["id"],
                "case_types": [types[name] for name in row["case_types"] if name in types],
            }
            for row in rows
        ]
        return {"clinics": clinics, "next": rows[-1]["id"] if len(found) > size else None}

    async def case_type(self, case_type: str) -> dict[str, Any] | None:
        """The newest version of a case type with its question form; None where it takes no new cases."""
        for row in await self._database.fetch(_TYPE, case_type):
            return _case_type(row) | {"question_form": row["question_form"]}
        return None


def _case_type(row: Any) -> dict[str, Any]:
    name = {"sv": row["name_sv"], "en": row["name_en"]}
    return {"case_type": row["id"], "version": row["version"], "name": name}
