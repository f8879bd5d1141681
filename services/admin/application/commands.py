"""Commands that reach admin by HTTP or from its operator. They never travel on Kafka."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from services.admin.application.wishes import (
    CaseTypeWish,
    ClinicWish,
    Lock,
    NewAccount,
    NewClinic,
    NewPortal,
    Permissions,
    PersonalWishes,
    PortalWish,
    Presence,
    Profile,
)
from shared.contracts.message import Command, HsaId, Slug


class AdminCommand(Command):
    """Something that a member of staff, or the operator, asks for."""

    KEY: ClassVar[str] = "actor"
    TOPIC: ClassVar[str] = ""

    actor: str = Field(default="", description="HSA-id of the member of staff, as the token says")


class CreateClinic(AdminCommand):
    """A new clinic."""

    TYPE: ClassVar[str] = "admin.create-clinic.v1"

    wish: NewClinic


class ChangeClinic(AdminCommand):
    """A clinic shall be like this."""

    TYPE: ClassVar[str] = "admin.change-clinic.v1"

    clinic_id: HsaId
    expected_version: int
    wish: ClinicWish


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


class LockAccount(AccountCommand):
    """An account is closed for a while."""

    TYPE: ClassVar[str] = "admin.lock-account.v1"

    wish: Lock


class ReactivateAccount(AccountCommand):
    """A locked account is opened again."""

    TYPE: ClassVar[str] = "admin.reactivate-account.v1"


class CreatePortal(AdminCommand):
    """A new portal. Only the keyed hash of its secret gets this far."""

    TYPE: ClassVar[str] = "admin.create-portal.v1"

    wish: NewPortal
    secret_hash: str = Field(description="HMAC, in hexadecimal")


class ChangePortal(AdminCommand):
    """A portal shall be like this."""

    TYPE: ClassVar[str] = "admin.change-portal.v1"

    portal_id: Slug
    expected_version: int
    wish: PortalWish


class RotateSecret(AdminCommand):
    """A portal gets a new secret."""

    TYPE: ClassVar[str] = "admin.rotate-secret.v1"

    portal_id: Slug
    expected_version: int
    secret_hash: str = Field(description="HMAC, in hexadecimal")


class PublishCaseType(AdminCommand):
    """The next version of a case type. Version 0 is seen where there is none yet."""

    TYPE: ClassVar[str] = "admin.publish-case-type.v1"

    case_type: Slug
    expected_version: int
    wish: CaseTypeWish


class ReadAccessLog(AdminCommand):
    """A reviewer looks into a clinic's log, which is itself an access."""

    TYPE: ClassVar[str] = "admin.read-access-log.v1"

    access_id: UUID
    clinic_id: HsaId
    citizen_ref: str
