"""How staff accounts are shown."""

from pydantic import BaseModel, Field

from services.admin.application.views import View
from services.admin.domain.account import Account, Language, Roles
from shared.contracts.events.admin import LockReason


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


def _roles(clinic: str, roles: Roles) -> RolesView:
    return RolesView(clinic_id=clinic, roles=sorted(roles))
