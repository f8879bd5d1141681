"""Commands about staff accounts."""

from typing import ClassVar

from services.admin.application.accounts.wishes import (
    Lock,
    NewAccount,
    Permissions,
    PersonalWishes,
    Presence,
    Profile,
)
from services.admin.application.commands import AdminCommand
from shared.contracts.message import HsaId


class RegisterAccount(AdminCommand):
    """A new account."""

    TYPE: ClassVar[str] = "admin.register-account.v1"

    wish: NewAccount


class AccountCommand(AdminCommand):
    """Something about one account."""

    staff_id: HsaId
    expected_version: int


class ChangeProfile(AccountCommand):
    """Name, title or address are other ones."""

    TYPE: ClassVar[str] = "admin.change-profile.v1"

    wish: Profile


class ChangeWishes(AccountCommand):
    """Signature, language or wishes for mail are other ones."""

    TYPE: ClassVar[str] = "admin.change-wishes.v1"

    wish: PersonalWishes


class SetPresence(AccountCommand):
    """Somebody is there, or away."""

    TYPE: ClassVar[str] = "admin.set-presence.v1"

    wish: Presence


class SetPermissions(AccountCommand):
    """Roles at some clinics, all set or none."""

    TYPE: ClassVar[str] = "admin.set-permissions.v1"

    wish: Permissions


class EndPermissions(AdminCommand):
    """Permissions of these accounts may have come to their end."""

    TYPE: ClassVar[str] = "admin.end-permissions.v1"

    staff_ids: tuple[str, ...]


class LockAccount(AccountCommand):
    """An account is closed for a while."""

    TYPE: ClassVar[str] = "admin.lock-account.v1"

    wish: Lock


class ReactivateAccount(AccountCommand):
    """A locked account is opened again."""

    TYPE: ClassVar[str] = "admin.reactivate-account.v1"
