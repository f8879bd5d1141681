"""What intake knows of staff, portals, clinics and case types: as much as its decisions need."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.contracts.events.admin import Role, Scope

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(slots=True)
class Portal:
    """A system through which citizens write."""

    id: str
    version: int
    active: bool
    scopes: Collection[str] = frozenset(Scope)
    """What it may ask for."""

    def denied(self) -> "Portal":
        """As long as nobody can read what is true of it."""
        return replace(self, active=False)


@dataclass(slots=True)
class Clinic:
    """An HSA unit."""

    id: str
    version: int
    active: bool
    case_types: Sequence[str]
    name: str = ""
    closing_sv: str = ""
    closing_en: str = ""
    """What citizens are told while it is draining or closed."""
    region: str = ""
    approved_citizens_only: bool = False
    service_area: Mapping[str, Any] = field(default_factory=dict)
    """Whom it is for, as far as an identity number tells: `sex`, `age_from`, `age_to`, where they exclude somebody."""

    def denied(self) -> "Clinic":
        """As long as nobody can read what is true of it."""
        return replace(self, active=False)


@dataclass(slots=True)
class CaseType:
    """The newest published version of a case type."""

    id: str
    version: int
    published_at: datetime
    active: bool
    name_sv: str
    name_en: str
    limits: Mapping[str, Any] = field(default_factory=dict)
    """When and to whom it is open, as far as its owner says something about it."""

    def denied(self, version: int = 0) -> "CaseType":
        """As long as nobody can read this version. An older one is not used in its stead: the newest may have been
        published because they must not be."""
        return self if version < self.version else replace(self, version=version, active=False)


@dataclass(slots=True)
class Staff:
    """A staff account. `permissions` holds the roles by clinic."""

    id: str
    version: int
    name: str
    title: str
    signature: str
    locked: bool
    permissions: Mapping[str, Sequence[str]]
    sign_as_clinic: bool = False
    ends: Mapping[str, str] = field(default_factory=dict)
    """When permissions end, by clinic. One that has ended is not loaded."""

    def denied(self) -> "Staff":
        """As long as nobody can read what is true of the account."""
        return replace(self, locked=True, permissions={})

    def is_at(self, clinic_id: str, role: Role) -> bool:
        """Whether this person has the role at the clinic now. A locked account has none."""
        return not self.locked and role in self.permissions.get(clinic_id, ())

    def sign(self, clinic: Clinic | None, at: datetime) -> str:
        """The person's own signature; or greeting, name and title, or the clinic's name if they want that; and date."""
        if self.signature:
            return self.signature
        who = (clinic.name,) if self.sign_as_clinic and clinic is not None else (self.name, self.title)
        lines = ("Med vänliga hälsningar", *who, f"{at.astimezone(STOCKHOLM):%Y-%m-%d}")
        return "\n".join(line for line in lines if line)
