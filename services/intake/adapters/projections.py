"""What intake knows of its neighbours: whole states, written only where they are newer than what is there."""

from dataclasses import replace
from typing import Any, ClassVar, Protocol, Self, TypeVar

from services.intake.adapters import tables
from services.intake.adapters.remembered import Recall
from services.intake.domain.neighbours import CaseType, Clinic, Portal, Staff
from services.intake.domain.offering import Adapted
from services.intake.domain.page import ClinicPage
from shared.clock import utc_now
from shared.contracts.permissions import in_force
from shared.database.pool import Connection
from shared.database.rows import Rows
from shared.database.statements import insert_many


class Versioned(Protocol):
    """A state of a neighbour's entity."""

    id: str
    version: int

    def denied(self) -> Self:
        """As long as nobody can read what is true of it."""


E = TypeVar("E", bound=Versioned)


class Projection(Rows[str, E]):
    """Read without locks; added whole. An older state than the one that is there changes nothing."""

    lock: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if hasattr(cls, "table"):
            changes = ", ".join(f"{name} = excluded.{name}" for name in cls.columns[1:])
            name = cls.table.name
            newer = f"ON CONFLICT (id) DO UPDATE SET {changes} WHERE {name}.version <= excluded.version"
            cls._insert = insert_many(cls.table, cls.columns, newer)

    def add(self, entity: E) -> None:
        """The state as it is now. Of two in one batch the newer counts."""
        known = self._new.get(entity.id)
        if known is None or known.version <= entity.version:
            super().add(entity)

    def find(self, key: str) -> E | None:
        """The entity if it was wanted and is there."""
        return self._loaded.get(key)

    def deny(self, key: str) -> bool:
        """It may nothing from now on, until a state comes that can be read. True if it was known."""
        known = self.find(key)
        if known is not None:
            self.add(known.denied())
        return known is not None


class Remembered(Projection[E]):
    """States that a process remembers: they change seldom, and every submission needs them."""

    recall: Recall = Recall()

    def remember_by(self, recall: Recall) -> None:
        """Ask there first."""
        self.recall = recall
        recall.watch(self)

    def has_news(self) -> bool:
        """Whether something will be written."""
        return bool(self._new)

    async def load(self, connection: Connection) -> None:
        """Read what is not remembered."""
        if not self._wanted:
            return
        known = await self.recall.known(connection, self.table.name)
        remembered = self._wanted & known.keys()
        self._loaded.update((key, known[key]) for key in remembered)
        asked = self._wanted = self._wanted - remembered
        if asked:
            await super().load(connection)
            self.recall.remember(self.table.name, ((key, self._loaded[key]) for key in asked))


class PortalRows(Remembered[Portal]):
    """Portals by id."""

    table = tables.portals
    columns = ("id", "version", "active", "scopes")

    def from_row(self, row: Any) -> Portal:
        return Portal(*row)

    def to_row(self, entity: Portal) -> tuple[Any, ...]:
        return entity.id, entity.version, entity.active, sorted(entity.scopes)


class ClinicRows(Remembered[Clinic]):
    """Clinics by HSA-id."""

    table = tables.clinics
    columns = (
        "id",
        "version",
        "active",
        "case_types",
        "name",
        "closing_sv",
        "closing_en",
        "region",
        "approved_citizens_only",
        "service_area",
    )

    def from_row(self, row: Any) -> Clinic:
        return Clinic(*row)

    def to_row(self, entity: Clinic) -> tuple[Any, ...]:
        texts = (entity.name, entity.closing_sv, entity.closing_en, entity.region)
        head = (entity.id, entity.version, entity.active, list(entity.case_types))
        return *head, *texts, entity.approved_citizens_only, dict(entity.service_area)


class ClinicPageRows(Projection[ClinicPage]):
    """What citizens are shown of clinics, by HSA-id."""

    table = tables.clinic_pages
    columns = ("id", "version", "page")

    def from_row(self, row: Any) -> ClinicPage:
        return ClinicPage(*row)

    def to_row(self, entity: ClinicPage) -> tuple[Any, ...]:
        return entity.id, entity.version, dict(entity.page)


class StaffRows(Projection[Staff]):
    """Staff accounts by HSA-id."""

    table = tables.staff
    columns = (
        "id",
        "version",
        "name",
        "title",
        "signature",
        "locked",
        "permissions",
        "sign_as_clinic",
        "ends",
    )

    def from_row(self, row: Any) -> Staff:
        staff = Staff(*row)
        return replace(staff, permissions=in_force(staff.permissions, staff.ends, utc_now()))

    def to_row(self, entity: Staff) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.version,
            entity.name,
            entity.title,
            entity.signature,
            entity.locked,
            dict(entity.permissions),
            entity.sign_as_clinic,
            dict(entity.ends),
        )

    def name_of(self, staff_id: str) -> str:
        """What people call them; the HSA-id where the name is not known."""
        found = self.find(staff_id)
        return found.name if found is not None and found.name else staff_id


class CaseTypeRows(Remembered[CaseType]):
    """The newest version of each case type."""

    table = tables.case_types
    columns = ("id", "version", "published_at", "active", "name_sv", "name_en", "limits")

    def deny(self, key: str) -> bool:
        """The key is a version's, such as `renewal/3`."""
        name, _, version = key.rpartition("/")
        known = self.find(name)
        if known is not None:
            self.add(known.denied(int(version) if version.isdecimal() else known.version))
        return known is not None

    def from_row(self, row: Any) -> CaseType:
        return CaseType(*row)

    def to_row(self, entity: CaseType) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.version,
            entity.published_at,
            entity.active,
            entity.name_sv,
            entity.name_en,
            dict(entity.limits),
        )


class AdaptationRows(Remembered[Adapted]):
    """How regions and clinics adapt case types, by place and type."""

    table = tables.adaptations
    columns = ("id", "version", "adaptation", "readable")

    def __init__(self) -> None:
        super().__init__()
        self.any_restricted = False
        """Whether one of those loaded is only for citizens who have been granted the type."""

    def deny(self, key: str) -> bool:
        """Also one that was never heard of: without it the type would be open as if nobody had adapted it."""
        place, _, case_type = key.partition("/")
        if not case_type or not place.startswith(("SE", "region:")):
            return False
        self.add((self.find(key) or Adapted(key, 0, {})).denied())
        return True

    async def load(self, connection: Connection) -> None:
        await super().load(connection)
        self.any_restricted = any(adapted.adaptation.get("restricted") for adapted in self)

    def from_row(self, row: Any) -> Adapted:
        return Adapted(*row)

    def to_row(self, entity: Adapted) -> tuple[Any, ...]:
        return entity.id, entity.version, dict(entity.adaptation), entity.readable
