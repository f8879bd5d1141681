"""What is read without a decision: one query each, no locks."""

from collections.abc import Set as AbstractSet
from typing import Any

from services.admin.adapters.rows.accounts import AccountRows, find_reach
from services.admin.adapters.rows.clinics import ClinicRows
from services.admin.adapters.rows.groups import GroupRows
from services.admin.adapters.rows.portals import PortalRows
from services.admin.adapters.rows.staffing import STAFFING
from services.admin.domain.account import Account
from services.admin.domain.clinic import Clinic
from services.admin.domain.group import Group
from services.admin.domain.portal import Portal
from services.admin.domain.readiness import Staffing
from shared.database.pool import Database

_TEXTS = """
SELECT DISTINCT ON ((text ->> 'version')::integer)
    text || jsonb_build_object('published_by', changed_by, 'published_at', changed_at)
FROM history, jsonb_array_elements(state -> $2::text) AS text
WHERE kind = 'Clinic' AND id = $1 ORDER BY (text ->> 'version')::integer DESC, version
"""


def _select(rows: type[Any], condition: str) -> str:
    return f"SELECT {', '.join(rows.columns)} FROM {rows.table.name} WHERE {condition}"  # noqa: S608 -- our own names


_CLINIC = _select(ClinicRows, "id = $1")
_CLINICS = _select(ClinicRows, "id > $1 ORDER BY id LIMIT $2")
_ACCOUNT = _select(AccountRows, "id = $1")
# Who is there comes first: a plan for any clinics would walk through the accounts of the whole nation in the order of
# their ids until the page is full, which it never is at one clinic.
_ACCOUNTS_AT = f"""
WITH there AS MATERIALIZED (
    SELECT DISTINCT a.id FROM unnest($1::text[]) AS c(id) JOIN accounts a ON a.permissions ? c.id)
{_select(AccountRows, "id IN (SELECT id FROM there WHERE id > $2 ORDER BY id LIMIT $3) ORDER BY id")}
"""  # noqa: S608 -- our own names
_ACCOUNTS = _select(AccountRows, "id > $1 ORDER BY id LIMIT $2")
_GROUPS = _select(GroupRows, "clinic_id = $1 AND id > $2 AND NOT removed ORDER BY id LIMIT $3")
_PORTALS = _select(PortalRows, "($1::text = '' OR id = $1) ORDER BY id")

_NATIONAL = """
SELECT id FROM accounts WHERE locked IS NULL AND jsonb_path_exists(permissions, '$.*[*] ? (@ == "national_admin")')
ORDER BY id LIMIT 3
"""


class Directory:
    """Reads of the service's own tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def clinic(self, clinic_id: str) -> Clinic | None:
        """The clinic with this id."""
        found: list[Clinic] = await self._read(ClinicRows, _CLINIC, clinic_id)
        return found[0] if found else None

    async def clinics(self, after: str, limit: int) -> list[Clinic]:
        """Clinics with ids after this one, in their order."""
        return await self._read(ClinicRows, _CLINICS, after, limit)

    async def staffing(self, clinic_id: str) -> Staffing:
        """Who can work at a clinic."""
        return Staffing(*(await self._database.fetch(STAFFING, [clinic_id]))[0])

    async def clinic_texts(self, clinic_id: str, kind: str) -> list[dict[str, Any]]:
        """Every version of a clinic's text, newest first, with who published it. The history never changes."""
        return [row[0] for row in await self._database.fetch(_TEXTS, clinic_id, kind)]

    async def account(self, staff_id: str) -> Account | None:
        """The account with this id."""
        found: list[Account] = await self._read(AccountRows, _ACCOUNT, staff_id)
        await find_reach(found, self._database.fetch)
        return found[0] if found else None

    async def national_administrators(self) -> list[str]:
        """Who can sign in and appoint others."""
        return [row[0] for row in await self._database.fetch(_NATIONAL)]

    async def accounts(self, clinics: AbstractSet[str] | None, after: str, limit: int) -> list[Account]:
        """Accounts with roles at one of the clinics, or anywhere for None; those with ids after this one."""
        if clinics is not None:
            return await self._read(AccountRows, _ACCOUNTS_AT, sorted(clinics), after, limit)
        return await self._read(AccountRows, _ACCOUNTS, after, limit)

    async def groups(self, clinic_id: str, after: str, limit: int) -> list[Group]:
        """A clinic's groups, without removed ones; those with keys after this one."""
        return await self._read(GroupRows, _GROUPS, clinic_id, after, limit)

    async def portals(self, portal_id: str = "") -> list[Portal]:
        """All portals, or the one with this id."""
        return await self._read(PortalRows, _PORTALS, portal_id)

    async def _read(self, rows: type[Any], statement: str, *arguments: Any) -> list[Any]:
        reader = rows()
        return [reader.from_row(row) for row in await self._database.fetch(statement, *arguments)]
