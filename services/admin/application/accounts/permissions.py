"""Give and take roles at clinics, all at once or not at all; no clinic loses its last administrator by it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from services.admin.application.accounts.commands import EndPermissions, SetPermissions
from services.admin.application.accounts.views import (
    AccountView,
    CardView,
    account_view,
    card_view,
    one_left,
)
from services.admin.application.accounts.wishes import RolesAt
from services.admin.application.faults import UNKNOWN_CLINIC, last_administrator, not_found, over_already
from services.admin.application.policy import Act, Subject, about, may, must, must_be_staff
from services.admin.application.ports import Accounts, Clinics
from services.admin.domain.account import BY_SYSTEM, Account, Roles
from services.admin.domain.calendar import today
from services.admin.domain.clinic import Clinic
from shared.contracts.ids import ClinicId, StaffId
from shared.errors import Refused

RolesByClinic: TypeAlias = Mapping[ClinicId, Roles]
LastDays: TypeAlias = Mapping[ClinicId, date]


class Loss(NamedTuple):
    """A clinic loses one of its administrators; `field` is where that was asked for."""

    field: str
    staff_id: StaffId
    clinic_id: ClinicId


def set_permissions(
    command: SetPermissions, actor: Account | None, account: Account | None, clinics: Clinics, now: datetime
) -> AccountView | CardView:
    """Set somebody's roles at the clinics that are named."""
    must_be_staff(actor)
    if account is None or not may(actor, Act.LOOK_UP_ACCOUNT, about(account)):
        raise not_found("staff_id")
    roles, last_on = wanted_roles(command.wish.permissions)
    who = must(actor, Act.SET_ROLES, Subject(frozenset(roles)))
    must_be_able_to_set(who, account, roles, last_on)
    account.expect_version(command.expected_version)
    must_be_known(roles, clinics)
    must_not_be_over(last_on, now)
    before = account.administers
    losing = [
        Loss(f"permissions.{number}.roles", account.id, clinic)
        for number, clinic in enumerate(roles)
        if clinic in before and not account.would_administer(roles[clinic], last_on.get(clinic))
    ]
    must_leave_an_administrator(losing, clinics)
    account.set_permissions(roles, last_on)
    alone = keep_count(before, account.administers, clinics)
    account.publish(command.actor, now)
    if may(who, Act.SEE_ACCOUNT, about(account)):
        return account_view(account, one_left(alone))
    return card_view(account, who)


def end_permissions(command: EndPermissions, accounts: Accounts, now: datetime) -> None:
    """Take away what has come to its end. No administrator who is counted on is among that."""
    for staff_id in command.staff_ids:
        account = accounts.get(StaffId(staff_id))
        if account is not None and account.end_permissions(now):
            account.publish(BY_SYSTEM, now)


def wanted_roles(permissions: Iterable[RolesAt]) -> tuple[RolesByClinic, LastDays]:
    """Roles by clinic, and the last days of those that end; of a clinic that is named twice, the last counts."""
    wanted = {ClinicId(part.clinic_id): part for part in permissions}
    return (
        {clinic: part.roles for clinic, part in wanted.items()},
        {clinic: part.last_on for clinic, part in wanted.items() if part.last_on is not None and part.roles},
    )


def must_be_able_to_set(actor: Account, account: Account, roles: RolesByClinic, last_on: LastDays) -> None:
    """Raises Forbidden unless each role that is given or taken is the actor's to give, at that clinic.

    Another last day is another permission: it must be the actor's to give whole.
    """
    for clinic, wanted in roles.items():
        there = account.roles_at(clinic)
        changed = wanted ^ there
        if last_on.get(clinic) != account.last_on.get(clinic):
            changed |= wanted | there
        must(actor, Act.SET_ROLES, Subject(frozenset({clinic}), roles=changed))


def must_be_known(roles: RolesByClinic, clinics: Clinics) -> None:
    """Raises Refused if roles are given at a clinic that does not exist."""
    if any(clinics.get(clinic) is None for clinic in roles):
        raise Refused(UNKNOWN_CLINIC)


def must_not_be_over(last_on: LastDays, now: datetime) -> None:
    """Raises Refused if a permission would have ended before it began."""
    if any(day < today(now) for day in last_on.values()):
        raise Refused(over_already("last_on"))


def must_leave_an_administrator(losing: Sequence[Loss], clinics: Clinics) -> None:
    """Raises Refused if a clinic would be left without anybody to administer it, naming whoever must stay."""
    lost = Counter(loss.clinic_id for loss in losing)
    faults = [
        last_administrator(loss.field, loss.staff_id, clinic)
        for loss in losing
        if (clinic := clinics.get(loss.clinic_id)) is not None
        and clinic.administrators <= lost[loss.clinic_id]
    ]
    if faults:
        raise Refused(*faults)


def keep_count(before: frozenset[ClinicId], after: frozenset[ClinicId], clinics: Clinics) -> list[Clinic]:
    """Tell the clinics who administers them now; the count is what guards the last one.

    Gives the clinics that have one fewer.
    """
    fewer = []
    for clinic_id in sorted(before ^ after):
        clinic = clinics.get(clinic_id)
        if clinic is not None:
            clinic.count_administrators(1 if clinic_id in after else -1)
            if clinic_id not in after:
                fewer.append(clinic)
    return fewer
