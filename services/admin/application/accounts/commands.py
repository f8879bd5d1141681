"""Commands about staff accounts."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from services.admin.application.accounts.wishes import (
    AbsenceWish,
    Grid,
    Lock,
    NewAccount,
    OtherAddress,
    Permissions,
    PersonalWishes,
    Presence,
    Profile,
    Verification,
)
from services.admin.application.commands import AdminCommand
from services.admin.application.wishes import Email, Line, Name, Wish
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


class SetGrid(AdminCommand):
    """A clinic's tick boxes, all set or none."""

    TYPE: ClassVar[str] = "admin.set-grid.v1"

    clinic_id: HsaId
    wish: Grid


class ChooseAddress(AccountCommand):
    """Notifications shall go to another address; without a wish, to the directory's again."""

    TYPE: ClassVar[str] = "admin.choose-address.v1"

    wish: OtherAddress | None
    code: UUID = Field(description="What the mail will carry")


class VerifyAddress(AccountCommand):
    """The person has read the mail."""

    TYPE: ClassVar[str] = "admin.verify-address.v1"

    wish: Verification


class PlanAbsence(AccountCommand):
    """Somebody will be away; without a wish, what was planned is off."""

    TYPE: ClassVar[str] = "admin.plan-absence.v1"

    wish: AbsenceWish | None

    @property
    def substitutes(self) -> list[str]:
        """Who would stand in."""
        return [self.wish.substitute] if self.wish is not None and self.wish.substitute else []


class FollowAbsences(AdminCommand):
    """The clock's turn: these people's absences may begin or end today."""

    TYPE: ClassVar[str] = "admin.follow-absences.v1"

    staff_ids: tuple[str, ...]


class ForgetAddresses(AdminCommand):
    """The clock's turn: these people may not have verified the address that they asked for in time."""

    TYPE: ClassVar[str] = "admin.forget-addresses.v1"

    staff_ids: tuple[str, ...]


class EndPermissions(AdminCommand):
    """Permissions of these accounts may have come to their end."""

    TYPE: ClassVar[str] = "admin.end-permissions.v1"

    staff_ids: tuple[str, ...]


class LookAtInactivity(AdminCommand):
    """These accounts may not have been used for long. Times are in days."""

    TYPE: ClassVar[str] = "admin.look-at-inactivity.v1"

    staff_ids: tuple[str, ...]
    warn_after: int
    lock_after: int
    notice: int


class LockForFailures(AdminCommand):
    """Somebody who has this person's card, or says so by proof, was refused too often."""

    TYPE: ClassVar[str] = "admin.lock-for-failures.v1"

    staff_id: HsaId


class EntryOf(Wish):
    """A person as the national directory has them."""

    staff_id: HsaId = Field(description="HSA-id of the person")
    name: Name = Field(description="Given name and family name")
    title: Line = Field(default="", description="Professional title")
    email: Email = Field(default="", description="E-mail address; empty: the directory knows none")
    active: bool = Field(default=True, description="False: does not work here any more")


class LearnEntries(AdminCommand):
    """What the national directory says of these people."""

    TYPE: ClassVar[str] = "admin.learn-entries.v1"

    entries: tuple[EntryOf, ...]


class RefreshAccount(AdminCommand):
    """An administrator asks what the national directory says of somebody."""

    TYPE: ClassVar[str] = "admin.refresh-account.v1"

    entry: EntryOf


class LockAccount(AccountCommand):
    """An account is closed for a while."""

    TYPE: ClassVar[str] = "admin.lock-account.v1"

    wish: Lock


class ReactivateAccount(AccountCommand):
    """A locked account is opened again."""

    TYPE: ClassVar[str] = "admin.reactivate-account.v1"
