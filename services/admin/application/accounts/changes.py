"""Register staff accounts, change them, lock and reactivate them, say who is present."""

from datetime import datetime

from services.admin.application.accounts.commands import (
    AccountCommand,
    ChangeProfile,
    ChangeWishes,
    LockAccount,
    ReactivateAccount,
    RegisterAccount,
    SetPresence,
)
from services.admin.application.accounts.permissions import (
    Loss,
    keep_count,
    must_be_able_to_set,
    must_be_known,
    must_leave_an_administrator,
    must_not_be_over,
    wanted_roles,
)
from services.admin.application.accounts.views import AccountView, account_view, one_left
from services.admin.application.accounts.wishes import PersonalWishes, Profile
from services.admin.application.faults import ACCOUNT_EXISTS, not_found
from services.admin.application.policy import Act, Subject, about, may, must, must_be_staff
from services.admin.application.ports import Accounts, Clinics
from services.admin.domain.account import Account
from shared.contracts.ids import ClinicId
from shared.errors import Conflict


def register_account(
    command: RegisterAccount, actor: Account | None, accounts: Accounts, clinics: Clinics, now: datetime
) -> AccountView:
    """Somebody new, with what they may do from the start."""
    wish = command.wish
    staff_id, (roles, last_on) = wish.key, wanted_roles(wish.permissions)
    who = must(actor, Act.REGISTER_ACCOUNT, Subject(frozenset(roles)))
    account = Account(staff_id, wish.name, hsa_id=wish.staff_id, active_at=now)
    must_be_able_to_set(who, account, roles, last_on)
    if accounts.get(staff_id) is not None:
        raise Conflict(ACCOUNT_EXISTS)
    must_be_known(roles, clinics)
    must_not_be_over(last_on, now)
    take_profile(account, wish)
    take_wishes(account, wish)
    account.present = wish.present
    account.set_permissions(roles, last_on)
    keep_count(frozenset(), account.administers, clinics)
    account.publish(command.actor, now)
    accounts.add(account)
    return account_view(account)


def change_profile(
    command: ChangeProfile, actor: Account | None, account: Account | None, now: datetime
) -> AccountView:
    """Another name, title or address."""
    account = to_change(command, actor, account, Act.CHANGE_PROFILE)
    take_profile(account, command.wish)
    account.publish(command.actor, now)
    return account_view(account)


def change_wishes(
    command: ChangeWishes, actor: Account | None, account: Account | None, now: datetime
) -> AccountView:
    """Another signature, language, or wish for mail."""
    account = to_change(command, actor, account, Act.CHANGE_WISHES)
    take_wishes(account, command.wish)
    account.publish(command.actor, now)
    return account_view(account)


def set_presence(
    command: SetPresence, actor: Account | None, account: Account | None, now: datetime
) -> AccountView:
    """Somebody is away, or back."""
    account = to_change(command, actor, account, Act.SET_PRESENCE)
    account.present = command.wish.present
    account.publish(command.actor, now)
    return account_view(account)


def lock_account(
    command: LockAccount, actor: Account | None, account: Account | None, clinics: Clinics, now: datetime
) -> AccountView:
    """Close an account, with the reason; its clinics keep at least one administrator."""
    account = to_change(command, actor, account, Act.LOCK_ACCOUNT)
    account.must_be_lockable(command.wish.reason)
    before = account.administers
    must_leave_an_administrator([Loss("staff_id", account.id, clinic) for clinic in before], clinics)
    account.locked = command.wish.reason
    alone = keep_count(before, account.administers, clinics)
    account.publish(command.actor, now)
    return account_view(account, one_left(alone))


def reactivate_account(
    command: ReactivateAccount,
    actor: Account | None,
    account: Account | None,
    clinics: Clinics,
    now: datetime,
) -> AccountView:
    """Open a locked account again."""
    account = to_change(command, actor, account, Act.REACTIVATE_ACCOUNT)
    before = account.administers
    account.reactivate(now)
    keep_count(before, account.administers, clinics)
    account.publish(command.actor, now)
    return account_view(account)


def take_profile(account: Account, wish: Profile) -> None:
    """Who somebody is; publishing is the caller's."""
    account.name, account.title, account.email = wish.name, wish.title, wish.email


def take_wishes(account: Account, wish: PersonalWishes) -> None:
    """What somebody wants; publishing is the caller's."""
    account.signature, account.language = wish.signature, wish.language
    account.mail_on_assignment, account.mail_on_new_case = wish.mail_on_assignment, wish.mail_on_new_case
    account.mail_at = {ClinicId(one.clinic_id): (one.on_assignment, one.on_new_case) for one in wish.mail_at}
    account.sign_as_clinic = wish.sign_as_clinic


def to_change(command: AccountCommand, actor: Account | None, account: Account | None, act: Act) -> Account:
    """The account, if the actor may do this with it and saw its present version.

    Whoever may not even look it up is told that it does not exist.
    """
    must_be_staff(actor)
    if account is None or (
        not may(actor, Act.LOOK_UP_ACCOUNT, about(account)) and not may(actor, act, about(account))
    ):
        raise not_found("staff_id")
    must(actor, act, about(account))
    account.expect_version(command.expected_version)
    return account
