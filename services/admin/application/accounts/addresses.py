"""Choose another address for notifications, and show that it is one's own."""

from datetime import datetime

from services.admin.application.accounts.changes import to_change
from services.admin.application.accounts.commands import ChooseAddress, ForgetAddresses, VerifyAddress
from services.admin.application.accounts.views import AccountView, account_view
from services.admin.application.policy import Act
from services.admin.application.ports import Accounts
from services.admin.domain.account import BY_SYSTEM, Account
from services.admin.domain.other_address import PendingAddress, verified
from shared.contracts.ids import StaffId


def choose_address(
    command: ChooseAddress, actor: Account | None, account: Account | None, now: datetime
) -> AccountView:
    """Until the new address is verified, notifications go where they went before."""
    account = to_change(command, actor, account, Act.CHOOSE_ADDRESS)
    if command.wish is None:
        account.other_email, account.pending_email = "", None
    else:
        if account.pending_email is not None:
            account.pending_email.must_not_be_too_soon(now)
        account.pending_email = PendingAddress(command.wish.email, command.code, now)
    account.publish(command.actor, now)
    return account_view(account)


def verify_address(
    command: VerifyAddress, actor: Account | None, account: Account | None, now: datetime
) -> AccountView:
    """The link was followed by whoever asked for it: from now on the address is used."""
    account = to_change(command, actor, account, Act.CHOOSE_ADDRESS)
    account.other_email = verified(account.pending_email, command.wish.code, now)
    account.pending_email = None
    account.publish(command.actor, now)
    return account_view(account)


def forget_addresses(command: ForgetAddresses, accounts: Accounts, now: datetime) -> None:
    """A link that was not followed in time is over, and so is what is known of the address."""
    for staff_id in command.staff_ids:
        account = accounts.get(StaffId(staff_id))
        if account is None or account.pending_email is None or not account.pending_email.is_over(now):
            continue
        account.pending_email = None
        account.publish(BY_SYSTEM, now)
