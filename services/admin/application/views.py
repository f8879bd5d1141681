"""What admin shows: the answers of HTTP requests."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from services.admin.domain.account import Account, Language, Roles
from services.admin.domain.case_type import CaseType
from services.admin.domain.clinic import Clinic
from services.admin.domain.portal import Portal
from shared.contracts.events.admin import Distribution, LockReason


class View(BaseModel):
    """One thing as it is now. `version` is also its ETag."""

    version: int
    changed_by: str = Field(description="HSA-id of who changed it last, or operator")
    changed_at: datetime


class ClinicView(View):
    """A clinic."""

    clinic_id: str
    name: str
    active: bool
    distribution: Distribution
    claim_allowed: bool
    case_types: list[str]
    administrators: int = Field(
        description="How many can administer it; with one left it is time to name another"
    )


class RolesView(BaseModel):
    """The roles at one clinic."""

    clinic_id: str
    roles: list[str]


class CardView(BaseModel):
    """A colleague, as far as everybody who works together may know."""

    staff_id: str
    name: str
    title: str
    present: bool
    locked: bool
    permissions: list[RolesView] = Field(description="At the clinics that both belong to")
    version: int


class AccountView(View):
    """A staff account, whole."""

    staff_id: str
    name: str
    title: str
    signature: str
    email: str
    language: Language
    mail_on_assignment: bool
    mail_on_new_case: bool
    present: bool
    locked: LockReason | None
    permissions: list[RolesView]


class PortalView(View):
    """A portal, without its secret."""

    portal_id: str
    name: str
    active: bool


class PortalSecretView(PortalView):
    """A portal with a new secret, which is shown this once."""

    secret: str


class CaseTypeView(View):
    """The newest version of a case type."""

    case_type: str
    name_sv: str
    name_en: str
    active: bool
    question_form: dict[str, Any]
    answer_form: dict[str, Any]


class CaseTypeLine(View):
    """The newest version of a case type, without its forms."""

    case_type: str
    name_sv: str
    name_en: str
    active: bool


def clinic_view(clinic: Clinic) -> ClinicView:
    """Show a clinic."""
    return ClinicView(
        clinic_id=clinic.id,
        version=clinic.version,
        changed_by=clinic.changed_by,
        changed_at=clinic.changed_at,
        name=clinic.name,
        active=clinic.active,
        distribution=clinic.distribution,
        claim_allowed=clinic.claim_allowed,
        case_types=sorted(clinic.case_types),
        administrators=clinic.administrators,
    )


def account_view(account: Account) -> AccountView:
    """Show an account to its owner and its administrators."""
    return AccountView(
        staff_id=account.id,
        version=account.version,
        changed_by=account.changed_by,
        changed_at=account.changed_at,
        name=account.name,
        title=account.title,
        signature=account.signature,
        email=account.email,
        language=account.language,
        mail_on_assignment=account.mail_on_assignment,
        mail_on_new_case=account.mail_on_new_case,
        present=account.present,
        locked=account.locked,
        permissions=[_roles(clinic, roles) for clinic, roles in sorted(account.permissions.items())],
    )


def card_view(account: Account, seen_by: Account) -> CardView:
    """Show an account to a colleague."""
    shared = account.permissions.keys() & seen_by.permissions.keys()
    return CardView(
        staff_id=account.id,
        name=account.name,
        title=account.title,
        present=account.present,
        locked=account.locked is not None,
        permissions=[_roles(clinic, account.permissions[clinic]) for clinic in sorted(shared)],
        version=account.version,
    )


def portal_view(portal: Portal) -> PortalView:
    """Show a portal."""
    return PortalView(
        portal_id=portal.id,
        version=portal.version,
        changed_by=portal.changed_by,
        changed_at=portal.changed_at,
        name=portal.name,
        active=portal.active,
    )


def case_type_view(case_type: CaseType) -> CaseTypeView:
    """Show the newest version of a case type."""
    return CaseTypeView(
        case_type=case_type.id,
        version=case_type.version,
        changed_by=case_type.changed_by,
        changed_at=case_type.changed_at,
        name_sv=case_type.content.name_sv,
        name_en=case_type.content.name_en,
        active=case_type.content.active,
        question_form=case_type.content.question_form,
        answer_form=case_type.content.answer_form,
    )


def _roles(clinic: str, roles: Roles) -> RolesView:
    return RolesView(clinic_id=clinic, roles=sorted(roles))
