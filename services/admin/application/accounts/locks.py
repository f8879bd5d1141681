"""Locks that the system sets: for inactivity, for failures by proof, and as the national directory says."""

from datetime import datetime, timedelta

from services.admin.application.accounts.commands import (
    EntryOf,
    LearnEntries,
    LockForFailures,
    LookAtInactivity,
    RefreshAccount,
)
from services.admin.application.accounts.permissions import keep_count
from services.admin.application.accounts.views import AccountView, account_view
from services.admin.application.faults import not_found
from services.admin.application.policy import Act, about, may, must, must_be_staff
from services.admin.application.ports import Accounts, Alerts, Clinics
from services.admin.domain.account import BY_SYSTEM, Account, Patience
from services.admin.domain.directory_entry import DirectoryEntry
from shared.contracts.events.admin import LockReason
from shared.contracts.ids import ClinicId, StaffId


def look_at_inactivity(
    command: LookAtInactivity, accounts: Accounts, clinics: Clinics, alerts: Alerts, now: datetime
) -> None:
    """Warn those who have not signed in for long, and lock those who were warned. Who signed in meanwhile is left."""
    days = (command.warn_after, command.lock_after, command.notice)
    patience = Patience(*(timedelta(days=number) for number in days))
    for staff_id in command.staff_ids:
        account = accounts.get(StaffId(staff_id))
        if account is None:
            continue
        before = account.administers
        if account.look_at_inactivity(patience, now):
            _publish(account, before, clinics, alerts, now)


def lock_for_failures(
    command: LockForFailures, account: Account | None, clinics: Clinics, alerts: Alerts, now: datetime
) -> None:
    """Close the account of a person whose card somebody uses who can't sign in with it."""
    if account is None or account.locked is not None:
        return
    before = account.administers
    account.locked = LockReason.FAILED_SIGN_INS
    _publish(account, before, clinics, alerts, now)


def learn_entries(
    command: LearnEntries, accounts: Accounts, clinics: Clinics, alerts: Alerts, now: datetime
) -> int:
    """Take over what the national directory says of these people; gives how many became different."""
    changed = 0
    for entry in command.entries:
        account = accounts.get(StaffId(entry.staff_id))
        if account is not None:
            changed += _learn(account, entry, clinics, alerts, now)
    return changed


def refresh_account(
    command: RefreshAccount,
    actor: Account | None,
    account: Account | None,
    clinics: Clinics,
    alerts: Alerts,
    now: datetime,
) -> AccountView:
    """The same for one person, at an administrator's wish. Nothing but the directory decides what comes of it."""
    account = refreshable(actor, account)
    _learn(account, command.entry, clinics, alerts, now)
    return account_view(account)


def refreshable(actor: Account | None, account: Account | None) -> Account:
    """The account, if the actor may ask the directory about it. Raises NotFound and Forbidden."""
    must_be_staff(actor)
    if account is None or not may(actor, Act.LOOK_UP_ACCOUNT, about(account)):
        raise not_found("staff_id")
    must(actor, Act.REFRESH_ACCOUNT, about(account))
    return account


def _learn(account: Account, entry: EntryOf, clinics: Clinics, alerts: Alerts, now: datetime) -> bool:
    before, told, known = account.administers, account.published(), account.hsa_active
    account.learn(DirectoryEntry(entry.name, entry.title, entry.email, entry.active), now)
    if account.published() != told:
        _publish(account, before, clinics, alerts, now)
        return True
    account.changed = account.changed or account.hsa_active is not known
    return False


def _publish(
    account: Account, before: frozenset[ClinicId], clinics: Clinics, alerts: Alerts, now: datetime
) -> None:
    """Tell it, and never silently that a clinic has lost its last administrator by it."""
    for clinic in keep_count(before, account.administers, clinics):
        if clinic.administrators == 0:
            alerts.add(clinic.id, account.id, str(account.locked), now)
    account.publish(BY_SYSTEM, now)
