"""How clients say what a staff account shall be like."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.admin.application.wishes import Email, Line, Lines, Name, Wish
from services.admin.domain.person import key_of
from shared.contracts.events.admin import LockReason, Role
from shared.contracts.ids import StaffId
from shared.contracts.message import GivenHsaId, HsaId

LAST_ON: Any = Field(
    default=None,
    le=date(2199, 12, 31),
    description="The last day of these roles, in Sweden: they end by themselves at the midnight after it. "
    "Null: until further notice. Who administers for a time does not count as an administrator to rely on",
)


class Profile(Wish):
    """Who somebody is."""

    name: Name = Field(description="Given name and family name")
    title: Line = Field(default="", description="Professional title")
    email: Email = Field(default="", description="Where notifications go; empty means none")


class MailWish(Wish):
    """What is wished at one clinic."""

    clinic_id: HsaId
    on_assignment: bool = Field(description="A mail when a case is assigned there")
    on_new_case: bool = Field(description="A mail when a case reaches the queue there")


class PersonalWishes(Wish):
    """What somebody decides for themselves."""

    signature: Lines = Field(
        default="", description="How answers are signed; empty means greeting, name, title, date"
    )
    language: Literal["sv", "en"] = Field(default="sv", description="Language of notifications")
    mail_on_assignment: bool = Field(default=True, description="A mail when a case is assigned")
    mail_on_new_case: bool = Field(default=False, description="A mail when a case reaches the clinic's queue")
    mail_at: tuple[MailWish, ...] = Field(
        default=(), max_length=100, description="Clinics where something else is wished than the two above"
    )
    sign_as_clinic: bool = Field(
        default=False,
        description="Without a signature, answers carry the clinic's name in place of one's own",
    )


class OtherAddress(Wish):
    """Another address for notifications."""

    email: Annotated[Email, StringConstraints(min_length=1)] = Field(
        description="A mail with a link is sent there; the address is used when its owner has followed the link"
    )


class Verification(Wish):
    """What the link in the mail carried."""

    code: UUID = Field(description="The parameter `n` of the link")


class AbsenceWish(Wish):
    """When somebody will be away, and who stands in."""

    first_on: date = Field(description="The first day, in Sweden", le=date(2199, 12, 31))
    last_on: date | None = Field(
        default=None, le=date(2199, 12, 31), description="The last day; null: until somebody ends it"
    )
    substitute: HsaId | None = Field(
        default=None, description="A caregiver of one of the same clinics, whom receivers see in their place"
    )


class Presence(Wish):
    """Whether somebody is there."""

    present: bool = Field(description="False during planned absence: no new cases are assigned")


class RolesAt(Wish):
    """The roles at one clinic."""

    clinic_id: HsaId = Field(description="HSA-id of the clinic")
    roles: frozenset[Role] = Field(description="All roles there from now on; none is removal")
    last_on: date | None = LAST_ON


class Permissions(Wish):
    """Roles at the named clinics, all set or none; other clinics stay as they are."""

    permissions: tuple[RolesAt, ...] = Field(min_length=1, max_length=100)


class GridRow(Wish):
    """One person's tick boxes, and the version of the account that whoever ticks has seen."""

    staff_id: HsaId = Field(description="HSA-id of the person")
    version: int = Field(ge=0, description="The account's version as it was read")
    roles: frozenset[Role] = Field(description="All that are ticked; none removes the person from the clinic")
    last_on: date | None = LAST_ON


class Grid(Wish):
    """A clinic's tick boxes. Whoever is absent stays as they are."""

    rows: tuple[GridRow, ...] = Field(min_length=1, max_length=500)


class NewAccount(Profile, PersonalWishes):
    """An account that does not exist yet."""

    staff_id: GivenHsaId = Field(
        description="HSA-id of the person; shown as it is given, compared without case"
    )
    present: bool = Field(default=True, description="False during planned absence")
    permissions: tuple[RolesAt, ...] = Field(
        default=(), max_length=100, description="What it gives from the start"
    )

    @property
    def key(self) -> StaffId:
        """What the account is found by."""
        return key_of(self.staff_id)


class Lock(Wish):
    """Why an account is locked."""

    reason: LockReason = Field(description="leave, security or manual; the other reasons are the system's")
