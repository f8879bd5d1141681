"""Grants in PostgreSQL: found by person, by id to be taken back, and in pages to be shown."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.intake.adapters.tables import grants
from services.intake.domain.grant import Grant
from shared.contracts.commands.intake import PersonId
from shared.database.pool import Connection
from shared.database.rows import Rows
from shared.database.statements import columns_as_arrays

COLUMNS = tuple(column.name for column in grants.columns)
_OF_PEOPLE = """
SELECT id, clinic_id, case_type, citizen_kind, citizen_value, until, granted_by, granted_at, revoked_by, revoked_at
FROM grants
JOIN unnest($1::text[], $2::text[], $3::text[]) AS asked(clinic_id, citizen_kind, citizen_value)
USING (clinic_id, citizen_kind, citizen_value)
"""
_LOCK_CLINICS = "SELECT id FROM clinics WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE"
"""Two who grant the same at once come one after the other, and the second finds what the first has given."""
_PAGE = """
SELECT id, clinic_id, case_type, citizen_kind, citizen_value, until, granted_by, granted_at, revoked_by, revoked_at
FROM grants WHERE clinic_id = $1 AND id > $2 AND revoked_at IS NULL ORDER BY id LIMIT $3
"""


class CitizenAt(NamedTuple):
    """Whose grants are wanted, at which clinic; `to_give`: one may be added."""

    clinic_id: str
    kind: str
    value: str
    to_give: bool = False


class Page(NamedTuple):
    """Which part of a clinic's grants is wanted."""

    clinic_id: str
    after: UUID
    size: int


class GrantRows(Rows[UUID, Grant]):
    """Grants to decide by and to act on, wanted by id or by citizen."""

    table = grants
    columns = COLUMNS

    def __init__(self) -> None:
        super().__init__()
        self._people: set[CitizenAt] = set()
        self._of: dict[tuple[str, str, str], dict[str, Grant]] = {}

    def want(self, key: UUID | CitizenAt) -> None:
        """Say that the batch needs this grant, or all of this citizen."""
        if isinstance(key, CitizenAt):
            self._people.add(key)
        else:
            super().want(key)

    async def load(self, connection: Connection) -> None:
        """Read what is wanted: one query for the people, one for the ids, none where nothing is."""
        people, self._people = sorted(self._people), set()
        if clinics := {it.clinic_id for it in people if it.to_give}:
            await connection.fetch(_LOCK_CLINICS, sorted(clinics))
        if people:
            asked = sorted({it[:3] for it in people})
            for row in await connection.fetch(_OF_PEOPLE, *columns_as_arrays(asked)):
                self._keep(self.from_row(row))
        await super().load(connection)

    def add(self, entity: Grant) -> None:
        """A new grant, which counts for what comes later in the batch."""
        super().add(entity)
        self._keep(entity)

    def find(self, clinic_id: str, citizen: PersonId, case_type: str) -> Grant | None:
        """The grant of this citizen, if there ever was one."""
        return self._of.get((clinic_id, citizen.kind, citizen.value), {}).get(case_type)

    def held_by(self, clinic_id: str, citizen: PersonId, now: datetime) -> Collection[str]:
        """The case types that this citizen has been granted, as of now."""
        found = self._of.get((clinic_id, citizen.kind, citizen.value))
        return () if found is None else [name for name, grant in found.items() if grant.holds(now)]

    def from_row(self, row: Any) -> Grant:
        return Grant(*row)

    def to_row(self, entity: Grant) -> tuple[Any, ...]:
        return tuple(getattr(entity, name) for name in COLUMNS)

    def _keep(self, grant: Grant) -> None:
        known = self._loaded.setdefault(grant.id, grant) or grant
        person = (grant.clinic_id, grant.citizen_kind, grant.citizen_value)
        self._of.setdefault(person, {})[grant.case_type] = known


class GrantPages:
    """Grants to look at, page by page: no lock, nothing written."""

    def __init__(self) -> None:
        self._pages: dict[Page, list[Grant]] = {}
        self._wanted: set[Page] = set()

    def want(self, key: Page) -> None:
        """Say that somebody wants to see this page."""
        self._wanted.add(key)

    async def load(self, connection: Connection) -> None:
        """Read the pages, nearly always one."""
        wanted, self._wanted = sorted(self._wanted), set()
        for page in wanted:
            self._pages[page] = [Grant(*row) for row in await connection.fetch(_PAGE, *page)]

    def page(self, clinic_id: str, after: UUID, size: int) -> list[Grant]:
        """The page, which must have been wanted."""
        return self._pages[Page(clinic_id, after, size)]

    async def write(self, connection: Connection) -> None:
        """Nothing."""
