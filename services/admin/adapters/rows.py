"""The rows of a batch: how clinics, accounts, portals and case types become objects and back."""

from typing import Any

from services.admin.adapters.tables import ACCOUNTS, CASE_TYPES, CLINICS, HISTORY, PORTALS
from services.admin.domain.account import Account
from services.admin.domain.case_type import CaseType, Content
from services.admin.domain.clinic import Clinic
from services.admin.domain.entity import Entity
from services.admin.domain.portal import Portal
from shared.contracts.events.admin import Distribution, LockReason, Role
from shared.contracts.ids import CaseTypeId, ClinicId, PortalId, StaffId
from shared.database.rows import Appended, Rows

_LAST = ("version", "changed_by", "changed_at")


class ClinicRows(Rows[ClinicId, Clinic]):
    """Clinics, locked."""

    table = CLINICS
    columns = (
        "id",
        "name",
        "active",
        "distribution",
        "claim_allowed",
        "case_types",
        "administrators",
        *_LAST,
    )

    def from_row(self, row: Any) -> Clinic:
        id_, name, active, distribution, claim, types, *rest = row
        return Clinic(id_, name, active, Distribution(distribution), claim, frozenset(types), *rest)

    def to_row(self, entity: Clinic) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.name,
            entity.active,
            entity.distribution.value,
            entity.claim_allowed,
            sorted(entity.case_types),
            entity.administrators,
            *_last(entity),
        )


class AccountRows(Rows[StaffId, Account]):
    """Accounts, locked: also the actor's, so that nobody acts while they lose the right to."""

    table = ACCOUNTS
    columns = (
        "id",
        "name",
        "title",
        "signature",
        "email",
        "language",
        "mail_on_assignment",
        "mail_on_new_case",
        "present",
        "locked",
        "permissions",
        *_LAST,
    )

    def from_row(self, row: Any) -> Account:
        values = dict(zip(self.columns, row, strict=True))
        values["locked"] = LockReason(values["locked"]) if values["locked"] else None
        values["permissions"] = {
            ClinicId(id_): frozenset(map(Role, names)) for id_, names in values["permissions"].items()
        }
        return Account(**values)

    def to_row(self, entity: Account) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.name,
            entity.title,
            entity.signature,
            entity.email,
            entity.language,
            entity.mail_on_assignment,
            entity.mail_on_new_case,
            entity.present,
            entity.locked.value if entity.locked else None,
            {id_: sorted(roles) for id_, roles in entity.permissions.items()},
            *_last(entity),
        )


class PortalRows(Rows[PortalId, Portal]):
    """Portals, locked."""

    table = PORTALS
    columns = ("id", "name", "active", "secret_hash", "former_hash", "former_until", *_LAST)

    def from_row(self, row: Any) -> Portal:
        return Portal(*row)

    def to_row(self, entity: Portal) -> tuple[Any, ...]:
        secrets = (entity.secret_hash, entity.former_hash, entity.former_until)
        return (entity.id, entity.name, entity.active, *secrets, *_last(entity))


class CaseTypeRows(Rows[CaseTypeId, CaseType]):
    """Case types as their newest versions have them, locked."""

    table = CASE_TYPES
    columns = ("id", "name_sv", "name_en", "active", "question_form", "answer_form", *_LAST)

    def from_row(self, row: Any) -> CaseType:
        id_, name_sv, name_en, active, question, answer, *rest = row
        return CaseType(id_, Content(name_sv, name_en, active, question, answer), *rest)

    def to_row(self, entity: CaseType) -> tuple[Any, ...]:
        content = entity.content
        forms = (content.question_form, content.answer_form)
        return (entity.id, content.name_sv, content.name_en, content.active, *forms, *_last(entity))


class HistoryRows(Appended[Entity]):
    """Every state that was published, with who made it so."""

    table = HISTORY
    columns = ("kind", "id", *_LAST, "state")


def _last(entity: Entity) -> tuple[Any, ...]:
    return entity.version, entity.changed_by, entity.changed_at
