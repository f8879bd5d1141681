"""Commands about staff accounts, and their use cases."""

from typing import Any

from services.admin.adapters.work import AdminWork
from services.admin.application.accounts.absences import follow_absences, plan_absence
from services.admin.application.accounts.addresses import choose_address, forget_addresses, verify_address
from services.admin.application.accounts.changes import (
    change_profile,
    change_wishes,
    lock_account,
    reactivate_account,
    register_account,
    set_presence,
)
from services.admin.application.accounts.commands import (
    ChangeProfile,
    ChangeWishes,
    ChooseAddress,
    EndPermissions,
    FollowAbsences,
    ForgetAddresses,
    LearnEntries,
    LockAccount,
    LockForFailures,
    LookAtInactivity,
    PlanAbsence,
    ReactivateAccount,
    RefreshAccount,
    RegisterAccount,
    SetGrid,
    SetPermissions,
    SetPresence,
    VerifyAddress,
)
from services.admin.application.accounts.grid import set_grid
from services.admin.application.accounts.locks import (
    learn_entries,
    lock_for_failures,
    look_at_inactivity,
    refresh_account,
)
from services.admin.application.accounts.permissions import end_permissions, set_permissions
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.contracts.ids import StaffId
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import on, row, rows


def _wished_account(arrival: Arrival, _: Any) -> str:
    key: str = body(arrival).wish.key
    return key


def _wished_permissions(arrival: Arrival, _: Any) -> list[str]:
    return [part.clinic_id for part in body(arrival).wish.permissions]


def _account_clinics(arrival: Arrival, work: AdminWork) -> list[str]:
    """The clinics that the account belongs to now: accounts are loaded before clinics."""
    account = work.accounts.get(body(arrival).staff_id)
    return list(account.permissions) if account is not None else []


def _both_clinics(arrival: Arrival, work: AdminWork) -> list[str]:
    return [*_wished_permissions(arrival, work), *_account_clinics(arrival, work)]


def _named(arrival: Arrival, _: Any) -> list[str]:
    """The accounts of a command that names many."""
    command = body(arrival)
    return (
        [entry.staff_id for entry in command.entries] if hasattr(command, "entries") else [*command.staff_ids]
    )


def _clinics_of_named(arrival: Arrival, work: AdminWork) -> list[str]:
    accounts = [work.accounts.get(StaffId(id_)) for id_ in _named(arrival, work)]
    return [clinic for account in accounts if account is not None for clinic in account.permissions]


def _entry_account(arrival: Arrival, _: Any) -> str:
    staff_id: str = body(arrival).entry.staff_id
    return staff_id


def _entry_clinics(arrival: Arrival, work: AdminWork) -> list[str]:
    account = work.accounts.get(StaffId(_entry_account(arrival, work)))
    return list(account.permissions) if account is not None else []


_MANY = {
    "accounts": rows("accounts", _named),
    "clinics": rows("clinics", _clinics_of_named),
    "alerts": rows("alerts"),
}
_ACCOUNT = row("accounts", "staff_id")
_ITS_CLINICS = rows("clinics", _account_clinics)

ACCOUNTS = (
    on(
        RegisterAccount,
        register_account,
        actor=ACTOR,
        accounts=rows("accounts", _wished_account),
        clinics=rows("clinics", _wished_permissions),
    ),
    on(ChangeProfile, change_profile, actor=ACTOR, account=_ACCOUNT),
    on(ChangeWishes, change_wishes, actor=ACTOR, account=_ACCOUNT),
    on(SetPresence, set_presence, actor=ACTOR, account=_ACCOUNT),
    on(LockAccount, lock_account, actor=ACTOR, account=_ACCOUNT, clinics=_ITS_CLINICS),
    on(ReactivateAccount, reactivate_account, actor=ACTOR, account=_ACCOUNT, clinics=_ITS_CLINICS),
    on(
        SetPermissions,
        set_permissions,
        actor=ACTOR,
        account=_ACCOUNT,
        clinics=rows("clinics", _both_clinics),
    ),
    on(
        SetGrid,
        set_grid,
        actor=ACTOR,
        accounts=rows("accounts", lambda a, _: [grid_row.staff_id for grid_row in body(a).wish.rows]),
        clinics=rows("clinics", "clinic_id"),
    ),
    on(ChooseAddress, choose_address, actor=ACTOR, account=_ACCOUNT),
    on(VerifyAddress, verify_address, actor=ACTOR, account=_ACCOUNT),
    on(
        PlanAbsence,
        plan_absence,
        actor=ACTOR,
        account=_ACCOUNT,
        accounts=rows("accounts", lambda a, _: body(a).substitutes),
    ),
    on(ForgetAddresses, forget_addresses, accounts=rows("accounts", _named)),
    on(FollowAbsences, follow_absences, accounts=rows("accounts", _named)),
    on(EndPermissions, end_permissions, accounts=rows("accounts", _named)),
    on(LookAtInactivity, look_at_inactivity, **_MANY),
    on(LearnEntries, learn_entries, **_MANY),
    on(LockForFailures, lock_for_failures, account=_ACCOUNT, clinics=_ITS_CLINICS, alerts=rows("alerts")),
    on(
        RefreshAccount,
        refresh_account,
        actor=ACTOR,
        account=row("accounts", _entry_account),
        clinics=rows("clinics", _entry_clinics),
        alerts=rows("alerts"),
    ),
)
