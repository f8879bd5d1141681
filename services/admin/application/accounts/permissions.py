"""Give and take roles at clinics, all at once or not at all; no clinic loses its last administrator by it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from services.admin.application.accounts.commands import SetPermissions
from services.admin.application.accounts.views import AccountView, CardView, account_view, card_view
from services.admin.application.accounts.wishes import RolesAt
from services.admin.application.faults import LAST_ADMINISTRATOR, UNKNOWN_CLINIC, not_found
from services.admin.application.policy import Act, Subject, about, may, must, must_be_staff
from services.admin.application.ports import Clinics
from services.admin.domain.account import Account, Roles
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId
from shared.errors import Refused

RolesByClinic: TypeAlias = Mapping[ClinicId, Roles]


def set_permissions(
    command: SetPermissions, actor: Account | None, account: Account | None, clinics: Clinics, now: datetime
) -> AccountView | CardView:
    """Set somebody's roles at the clinics that are named."""
    must_be_staff(actor)
    if account is None or not may(actor, Act.LOOK_UP_ACCOUNT, about(account)):
        raise not_found("staff_id")
    roles = wanted_roles(command.wish.permissions)
    who = must(actor, Act.SET_ROLES, Subject(frozenset(roles)))
    must_be_able_to_set(who, account, roles)
    account.expect_version(command.expected_version)
    must_be_known(roles, clinics)
    before = account.administers
    losing = {clinic for clinic in before if clinic in roles and Role.CLINIC_ADMIN not in roles[clinic]}
    must_leave_an_administrator(losing, clinics)
    account.set_permissions(roles)
    keep_count(before, account.administers, clinics)
    account.publish(command.actor, now)
    return account_view(account) if may(who, Act.SEE_ACCOUNT, about(account)) else card_view(account, who)


def wanted_roles(permissions: Iterable[RolesAt]) -> RolesByClinic:
    """Roles by clinic; of a clinic that is named twice, the last counts."""
    return {ClinicId(part.clinic_id): part.roles for part in permissions}


def must_be_able_to_set(actor: Account, account: Account, roles: RolesByClinic) -> None:
    """Raises Forbidden unless each role that is given or taken is the actor's to give, at that clinic."""
    for clinic, wanted in roles.items():
        must(actor, Act.SET_ROLES, Subject(frozenset({clinic}), roles=wanted ^ account.roles_at(clinic)))


def must_be_known(roles: RolesByClinic, clinics: Clinics) -> None:
    """Raises Refused if roles are given at a clinic that does not exist."""
    if any(clinics.get(clinic) is None for clinic in roles):
        raise Refused(UNKNOWN_CLINIC)


def must_leave_an_administrator(losing: Iterable[ClinicId], clinics: Clinics) -> None:
    """Raises Refused if one of the clinics would be left without anybody to administer it."""
    for clinic_id in losing:
        clinic = clinics.get(clinic_id)
        if clinic is not None and clinic.administrators <= 1:
            raise Refused(LAST_ADMINISTRATOR)


def keep_count(before: frozenset[ClinicId], after: frozenset[ClinicId], clinics: Clinics) -> None:
    """Tell the clinics who administers them now; the count is what guards the last one."""
    for clinic_id in sorted(before ^ after):
        clinic = clinics.get(clinic_id)
        if clinic is not None:
            clinic.count_administrators(1 if clinic_id in after else -1)
