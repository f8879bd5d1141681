"""Commands about staff accounts, and their use cases."""

from typing import Any

from services.admin.adapters.work import AdminWork
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
    EndPermissions,
    LockAccount,
    ReactivateAccount,
    RegisterAccount,
    SetPermissions,
    SetPresence,
)
from services.admin.application.accounts.permissions import end_permissions, set_permissions
from services.admin.entrypoints.handling.keys import ACTOR, body
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import on, row, rows


def _wished_account(arrival: Arrival, _: Any) -> str:
    staff_id: str = body(arrival).wish.staff_id
    return staff_id


def _wished_permissions(arrival: Arrival, _: Any) -> list[str]:
    return [part.clinic_id for part in body(arrival).wish.permissions]


def _account_clinics(arrival: Arrival, work: AdminWork) -> list[str]:
    """The clinics that the account belongs to now: accounts are loaded before clinics."""
    account = work.accounts.get(body(arrival).staff_id)
    return list(account.permissions) if account is not None else []


def _both_clinics(arrival: Arrival, work: AdminWork) -> list[str]:
    return [*_wished_permissions(arrival, work), *_account_clinics(arrival, work)]


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
    on(EndPermissions, end_permissions, accounts=rows("accounts", lambda a, _: list(body(a).staff_ids))),
)
