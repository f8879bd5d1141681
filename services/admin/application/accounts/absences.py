"""Plan to be away, and let planned absences begin and end by themselves."""

from datetime import datetime

from services.admin.application.accounts.changes import to_change
from services.admin.application.accounts.commands import FollowAbsences, PlanAbsence
from services.admin.application.accounts.views import AccountView, account_view
from services.admin.application.accounts.wishes import AbsenceWish
from services.admin.application.faults import ABSENCE_BACKWARDS, ABSENCE_OVER, SUBSTITUTE_UNFIT
from services.admin.application.policy import Act
from services.admin.application.ports import Accounts
from services.admin.domain.absence import Absence
from services.admin.domain.account import BY_SYSTEM, Account
from services.admin.domain.calendar import today
from shared.contracts.events.admin import Role
from shared.contracts.ids import StaffId
from shared.errors import Refused


def plan_absence(
    command: PlanAbsence, actor: Account | None, account: Account | None, accounts: Accounts, now: datetime
) -> AccountView:
    """Say when somebody will be away and who stands in, or that they will not."""
    account = to_change(command, actor, account, Act.SET_PRESENCE)
    absence = None if command.wish is None else _absence(command.wish, account, accounts, now)
    account.plan_absence(absence, now)
    account.publish(command.actor, now)
    return account_view(account)


def follow_absences(command: FollowAbsences, accounts: Accounts, now: datetime) -> None:
    """Begin what begins today, end what ended yesterday; a repeat changes nothing."""
    for staff_id in command.staff_ids:
        account = accounts.get(StaffId(staff_id))
        if account is not None and account.follow_absence(now):
            account.publish(BY_SYSTEM, now)


def _absence(wish: AbsenceWish, account: Account, accounts: Accounts, now: datetime) -> Absence:
    if wish.last_on is not None and wish.last_on < wish.first_on:
        raise Refused(ABSENCE_BACKWARDS)
    substitute = StaffId(wish.substitute) if wish.substitute else None
    absence = Absence(wish.first_on, wish.last_on, substitute)
    if absence.is_over(today(now)):
        raise Refused(ABSENCE_OVER)
    if substitute is not None and not _can_stand_in(accounts.get(substitute), account):
        raise Refused(SUBSTITUTE_UNFIT)
    return absence


def _can_stand_in(other: Account | None, account: Account) -> bool:
    """A caregiver at a clinic of both, who is not locked and is somebody else."""
    if other is None or other is account or other.locked is not None:
        return False
    return any(Role.CAREGIVER in other.roles_at(clinic) for clinic in account.in_force)
