"""The table of contents: which message or command goes to which use case, with which rows."""

from typing import Any

from services.admin.adapters.work import AdminWork
from services.admin.application.access_log import read_access_log, record_access
from services.admin.application.accounts import (
    change_profile,
    change_wishes,
    lock_account,
    reactivate_account,
    register_account,
    set_presence,
)
from services.admin.application.case_types import publish_case_type
from services.admin.application.clinics import change_clinic, create_clinic
from services.admin.application.commands import (
    ChangeClinic,
    ChangePortal,
    ChangeProfile,
    ChangeWishes,
    CreateClinic,
    CreatePortal,
    LockAccount,
    PublishCaseType,
    ReactivateAccount,
    ReadAccessLog,
    RegisterAccount,
    RotateSecret,
    SetPermissions,
    SetPresence,
)
from services.admin.application.permissions import set_permissions
from services.admin.application.portals import change_portal, create_portal, rotate_secret
from services.admin.application.seed import SeedRegion, seed_region
from shared.contracts.commands.admin import RecordAccess
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import Handlers, on, row, rows


def _body(arrival: Arrival) -> Any:
    """The message: each function below is bound to messages that have what it asks for."""
    return arrival.body


def _wished_clinic(arrival: Arrival, _: Any) -> str:
    clinic_id: str = _body(arrival).wish.clinic_id
    return clinic_id


def _wished_account(arrival: Arrival, _: Any) -> str:
    staff_id: str = _body(arrival).wish.staff_id
    return staff_id


def _wished_portal(arrival: Arrival, _: Any) -> str:
    portal_id: str = _body(arrival).wish.portal_id
    return portal_id


def _wished_types(arrival: Arrival, _: Any) -> list[str]:
    return list(_body(arrival).wish.case_types)


def _wished_permissions(arrival: Arrival, _: Any) -> list[str]:
    return [part.clinic_id for part in _body(arrival).wish.permissions]


def _account_clinics(arrival: Arrival, work: AdminWork) -> list[str]:
    """The clinics that the account belongs to now: accounts are loaded before clinics."""
    account = work.accounts.get(_body(arrival).staff_id)
    return list(account.permissions) if account is not None else []


def _both_clinics(arrival: Arrival, work: AdminWork) -> list[str]:
    return [*_wished_permissions(arrival, work), *_account_clinics(arrival, work)]


_ACTOR = row("accounts", "actor")
_ACCOUNT = row("accounts", "staff_id")
_ITS_CLINICS = rows("clinics", _account_clinics)

HANDLERS = Handlers(
    [
        on(
            CreateClinic,
            create_clinic,
            actor=_ACTOR,
            clinics=rows("clinics", lambda a, w: [_wished_clinic(a, w)]),
            case_types=rows("case_types", _wished_types),
        ),
        on(
            ChangeClinic,
            change_clinic,
            actor=_ACTOR,
            clinic=row("clinics", "clinic_id"),
            case_types=rows("case_types", _wished_types),
        ),
        on(
            RegisterAccount,
            register_account,
            actor=_ACTOR,
            accounts=rows("accounts", _wished_account),
            clinics=rows("clinics", _wished_permissions),
        ),
        on(ChangeProfile, change_profile, actor=_ACTOR, account=_ACCOUNT),
        on(ChangeWishes, change_wishes, actor=_ACTOR, account=_ACCOUNT),
        on(SetPresence, set_presence, actor=_ACTOR, account=_ACCOUNT),
        on(LockAccount, lock_account, actor=_ACTOR, account=_ACCOUNT, clinics=_ITS_CLINICS),
        on(ReactivateAccount, reactivate_account, actor=_ACTOR, account=_ACCOUNT, clinics=_ITS_CLINICS),
        on(
            SetPermissions,
            set_permissions,
            actor=_ACTOR,
            account=_ACCOUNT,
            clinics=rows("clinics", _both_clinics),
        ),
        on(CreatePortal, create_portal, actor=_ACTOR, portals=rows("portals", _wished_portal)),
        on(ChangePortal, change_portal, actor=_ACTOR, portal=row("portals", "portal_id")),
        on(RotateSecret, rotate_secret, actor=_ACTOR, portal=row("portals", "portal_id")),
        on(PublishCaseType, publish_case_type, actor=_ACTOR, case_types=rows("case_types", "case_type")),
        on(
            SeedRegion,
            seed_region,
            clinics=rows("clinics", lambda a, _: _body(a).clinic_ids()),
            accounts=rows("accounts", lambda a, _: _body(a).staff_ids()),
            portals=rows("portals", lambda a, _: _body(a).portal_ids()),
            case_types=rows("case_types", lambda a, _: _body(a).case_type_ids()),
        ),
        on(ReadAccessLog, read_access_log, actor=_ACTOR, accesses=rows("access_log", "access_id")),
        on(RecordAccess, record_access, accesses=rows("access_log", "access_id")),
    ]
)
