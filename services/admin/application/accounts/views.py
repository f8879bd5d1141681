"""How staff accounts are shown."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date

from pydantic import BaseModel, Field

from services.admin.application.views import View
from services.admin.domain.account import Account, Language
from services.admin.domain.clinic import Clinic
from shared.contracts.events.admin import LockReason
from shared.contracts.ids import ClinicId

AS_GIVEN = "The HSA-id as it was given, to be shown; `staff_id` is what it is compared by"


class RolesView(BaseModel):
    """The roles at one clinic."""

    clinic_id: str
    roles: list[str]
    last_on: date | None = Field(default=None, description="Their last day, in Sweden; null: no end")


class WarningView(BaseModel):
    """Something that was done all the same, and that somebody should see to."""

    clinic_id: str
    code: str
    sv: str
    en: str


class CardView(BaseModel):
    """A colleague, as far as everybody who works together may know."""

    staff_id: str
    hsa_id: str = Field(description=AS_GIVEN)
    name: str
    title: str
    present: bool
    substitute: str | None = Field(default=None, description="Who stands in while they are away")
    locked: bool
    permissions: list[RolesView] = Field(description="At the clinics that both belong to")
    version: int


class AbsenceView(BaseModel):
    """A planned absence: whole days in Sweden."""

    first_on: date
    last_on: date | None
    substitute: str | None


class MailWishView(BaseModel):
    """What is wished at one clinic."""

    clinic_id: str
    on_assignment: bool
    on_new_case: bool


class AccountView(View):
    """A staff account, whole."""

    staff_id: str
    hsa_id: str = Field(description=AS_GIVEN)
    name: str
    title: str
    signature: str
    email: str
    language: Language
    mail_on_assignment: bool
    mail_on_new_case: bool
    other_email: str = Field(description="Of the person's own choice, and verified; empty: none")
    pending_email: str = Field(description="Asked for, and not yet verified; empty: none")
    mail_at: list[MailWishView]
    sign_as_clinic: bool
    present: bool = Field(description="Now: neither said to be away, nor in a planned absence")
    absence: AbsenceView | None
    locked: LockReason | None
    permissions: list[RolesView]
    warnings: list[WarningView] = Field(
        default_factory=list, description="What this act leads to, for its clinics"
    )


def one_left(clinics: Iterable[Clinic]) -> list[WarningView]:
    """A warning for each of these clinics that has one administrator to rely on, and no more."""
    return [
        WarningView(
            clinic_id=clinic.id,
            code="one_administrator_left",
            sv="Mottagningen har bara en administratör kvar. Ge någon mer den behörigheten.",
            en="The clinic has only one administrator left. Give somebody else that permission too.",
        )
        for clinic in clinics
        if clinic.administrators == 1
    ]


def account_view(account: Account, warnings: Sequence[WarningView] = ()) -> AccountView:
    """Show an account to its owner and its administrators."""
    return AccountView(
        staff_id=account.id,
        hsa_id=account.hsa_id,
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
        other_email=account.other_email,
        pending_email=account.pending_email.email if account.pending_email is not None else "",
        mail_at=[
            MailWishView(clinic_id=clinic, on_assignment=on_assignment, on_new_case=on_new_case)
            for clinic, (on_assignment, on_new_case) in sorted(account.mail_at.items())
        ],
        sign_as_clinic=account.sign_as_clinic,
        present=account.is_present,
        absence=AbsenceView(**asdict(account.absence)) if account.absence is not None else None,
        locked=account.locked,
        permissions=[_roles(account, clinic) for clinic in sorted(account.permissions)],
        warnings=list(warnings),
    )


def card_view(account: Account, seen_by: Account) -> CardView:
    """Show an account to a colleague."""
    shared = account.in_force.keys() & seen_by.in_force.keys()
    return CardView(
        staff_id=account.id,
        hsa_id=account.hsa_id,
        name=account.name,
        title=account.title,
        present=account.is_present,
        substitute=account.absence.substitute if account.absence is not None and account.away else None,
        locked=account.locked is not None,
        permissions=[_roles(account, clinic) for clinic in sorted(shared)],
        version=account.version,
    )


def _roles(account: Account, clinic: ClinicId) -> RolesView:
    roles = sorted(account.permissions[clinic])
    return RolesView(clinic_id=clinic, roles=roles, last_on=account.last_on.get(clinic))
