"""What admin tells: whole current states, so that a new reader can be built from the compacted topics alone."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.case_types import NATIONALLY, Adaptation, CaseTypeContent, Owner, adaptation_id
from shared.contracts.clinic_settings import ClinicSettings, ClinicState, LocalText, Part, PublishedText
from shared.contracts.distribution import Distribution as Distribution  # noqa: PLC0414 -- a word of its events
from shared.contracts.message import Event
from shared.contracts.templates import TemplateContent


class Role(StrEnum):
    """What somebody may be at a clinic; several at once."""

    RECEIVER = "receiver"
    CAREGIVER = "caregiver"
    CLINIC_ADMIN = "clinic_admin"
    PERMISSION_ADMIN = "permission_admin"
    REVIEWER = "reviewer"
    REGIONAL_ADMIN = "regional_admin"
    NATIONAL_ADMIN = "national_admin"


class LockReason(StrEnum):
    """Why a staff account is locked."""

    LEAVE = "leave"
    INACTIVITY = "inactivity"
    FAILED_SIGN_INS = "failed_sign_ins"
    HSA_INACTIVE = "hsa_inactive"
    SECURITY = "security"
    MANUAL = "manual"


class PortalKind(StrEnum):
    """What a system client is."""

    PORTAL = "portal"
    SYSTEM = "system"


class Scope(StrEnum):
    """What a system client may ask of intake: each route and each command needs one. To reply is also to withdraw
    and to mark as read."""

    SUBMIT = "cases:submit"
    REPLY = "cases:reply"
    READ = "cases:read"
    CATALOGUE = "catalogue:read"


class DirectoryEvent(Event):
    """The whole current state of one thing in the directory; the newest version counts."""

    KEY: ClassVar[str] = "entity"
    TOPIC: ClassVar[str] = "admin.directory.events"

    version: int = Field(description="Grows with each change; an older one is ignored", ge=1)
    at: datetime = Field(description="When it was decided, UTC")


class Permission(Part):
    """The roles of one account at one clinic."""

    clinic_id: str = Field(description="HSA-id of the clinic")
    roles: frozenset[Role] = Field(description="Never empty here; removal is a state without this part")
    ends_at: datetime | None = Field(
        default=None,
        description="From this instant on it gives nothing, by the reader's own clock, whether or not a newer state "
        "has come; null: until further notice",
    )


class MailAt(Part):
    """What somebody wants mail for at one clinic, in place of what they want elsewhere."""

    clinic_id: str = Field(description="HSA-id of the clinic")
    on_assignment: bool = Field(description="A mail when a case is assigned to them there")
    on_new_case: bool = Field(description="A mail when a case reaches the queue there")


class ClinicPublished(DirectoryEvent):
    """A clinic as it is now."""

    TYPE: ClassVar[str] = "admin.clinic-published.v1"
    KEY: ClassVar[str] = "clinic_id"

    clinic_id: str = Field(description="HSA-id")
    name: str = Field(description="What people call it")
    region: str = Field(
        default="", description="County code of the region, two digits (SCB); empty where none is known"
    )
    active: bool = Field(description="False: takes no new cases")
    state: ClinicState | None = Field(
        default=None, description="Why it takes none; null where it was not told"
    )
    closing: LocalText = Field(
        default=LocalText(), description="What citizens are told while it is draining or closed"
    )
    distribution: Distribution = Field(description="How the queue is shared out")
    claim_allowed: bool = Field(default=False, description="Caregivers may take from the queue themselves")
    case_types: frozenset[str] = Field(description="Ids of the case types that are switched on")
    settings: ClinicSettings = Field(
        default=ClinicSettings(), description="What its administrators have decided otherwise"
    )
    information: tuple[PublishedText, ...] = Field(
        default=(), description="What citizens are told before they write: what counts today, and what will"
    )
    terms: tuple[PublishedText, ...] = Field(
        default=(), description="What citizens accept before they write: what counts today, and what will"
    )


class StaffAccountPublished(DirectoryEvent):
    """A staff account as it is now."""

    TYPE: ClassVar[str] = "admin.staff-account-published.v1"
    KEY: ClassVar[str] = "staff_id"

    staff_id: str = Field(description="HSA-id in upper case")
    hsa_id: str = Field(
        default="", description="The same as it was given, to be shown; empty: as in `staff_id`"
    )
    name: str = Field(description="Given name and family name")
    title: str = Field(default="", description="Professional title")
    signature: str = Field(
        default="", description="How answers are signed; empty means greeting, name, title, date"
    )
    email: str = Field(default="", description="Where notifications go; empty means none")
    language: Literal["sv", "en"] = Field(default="sv", description="Language of notifications")
    locked: LockReason | None = Field(default=None, description="Why the account is locked, or null")
    reactivated_at: datetime | None = Field(
        default=None, description="When a lock was last lifted, UTC; the person is told"
    )
    locks_at: datetime | None = Field(
        default=None,
        description="When the account will be locked for inactivity unless the person signs in, UTC; they are warned",
    )
    present: bool = Field(default=True, description="False during planned absence")
    permissions: tuple[Permission, ...] = Field(
        description="All of them; a clinic that is absent gives nothing"
    )
    mail_on_assignment: bool = Field(default=True, description="Wants a mail when a case is assigned")
    mail_on_new_case: bool = Field(
        default=False, description="Wants a mail when a case reaches the clinic's queue"
    )
    mail_at: tuple[MailAt, ...] = Field(default=(), description="Clinics where other wishes for mail hold")
    sign_as_clinic: bool = Field(
        default=False,
        description="Without a signature of their own, answers are signed with the clinic's name",
    )
    unverified_email: str = Field(
        default="", description="An address that they want mail at, and have not yet shown to be theirs"
    )
    verification_id: UUID | None = Field(
        default=None,
        description="Of the mail to that address: whoever gets it can tell the id, and nobody else",
    )
    substitute: str = Field(
        default="",
        description="HSA-id of who stands in while they are away; empty: nobody, or they are there",
    )


class CaregiverGroupPublished(DirectoryEvent):
    """A group of caregivers as it is now. Who has lost the permission since counts as no member."""

    TYPE: ClassVar[str] = "admin.caregiver-group-published.v1"
    KEY: ClassVar[str] = "group"

    group: str = Field(description="The clinic's HSA-id, a slash, and the group's name for machines")
    clinic_id: str = Field(description="HSA-id of the clinic")
    name_sv: str = Field(description="Name in Swedish")
    name_en: str = Field(description="Name in English")
    members: frozenset[str] = Field(description="HSA-ids")
    removed: bool = Field(default=False, description="True: there is no such group any more")


class PortalPublished(DirectoryEvent):
    """A portal as it is now."""

    TYPE: ClassVar[str] = "admin.portal-published.v1"
    KEY: ClassVar[str] = "portal_id"

    portal_id: str = Field(description="Id; its topics carry it")
    name: str = Field(description="What people call it")
    active: bool = Field(description="False: its commands are refused")
    kind: PortalKind = Field(
        default=PortalKind.PORTAL, description="portal: speaks for citizens; system: for nobody"
    )
    scopes: frozenset[Scope] = Field(
        default=frozenset(Scope),
        description="What it may ask of intake, by HTTP and by Kafka",
    )


class SigningKeyPublished(DirectoryEvent):
    """A key that tokens are verified with."""

    TYPE: ClassVar[str] = "admin.signing-key-published.v1"
    KEY: ClassVar[str] = "key_id"

    key_id: str = Field(description="The `kid` of tokens")
    public_jwk: dict[str, Any] = Field(description="The public key, RFC 7517")
    revoked: bool = Field(default=False, description="True: nothing signed with it counts any more")


class HeartbeatSent(DirectoryEvent):
    """Admin is alive and this partition is heard: what makes silence different from calm."""

    TYPE: ClassVar[str] = "admin.heartbeat-sent.v1"
    KEY: ClassVar[str] = "beat"

    beat: str = Field(description="One per partition, named so that its key lands there")


class CatalogueHeartbeatSent(Event):
    """The same for the catalogue: this partition of it is heard."""

    TYPE: ClassVar[str] = "admin.catalogue-heartbeat-sent.v1"
    KEY: ClassVar[str] = "beat"
    TOPIC: ClassVar[str] = "admin.catalogue.events"

    version: int = Field(description="Grows with each beat", ge=1)
    at: datetime = Field(description="When it was sent, UTC")
    beat: str = Field(description="One per partition, named so that its key lands there")


class CatalogueEvent(Event):
    """Something of the catalogue, whole."""

    TOPIC: ClassVar[str] = "admin.catalogue.events"

    version: int = Field(description="1, 2, 3 …", ge=1)
    at: datetime = Field(description="When it was published, UTC")


class CaseTypePublished(CaseTypeContent, CatalogueEvent):
    """One published version of a case type, whole and immutable."""

    TYPE: ClassVar[str] = "admin.case-type-published.v1"
    KEY: ClassVar[str] = "case_type_version"

    case_type: str = Field(description="Id")
    owner: Owner = Field(default=NATIONALLY, description="Whose type it is")

    def key(self) -> str:
        """The case type, a slash and the version."""
        return f"{self.case_type}/{self.version}"


class CaseTypeAdaptationPublished(CatalogueEvent):
    """How a region or a clinic wants a case type to be, whole; the newest version counts.

    Whether a clinic has switched the type on at all, its own state says: `ClinicPublished.case_types`.
    """

    TYPE: ClassVar[str] = "admin.case-type-adaptation-published.v1"
    KEY: ClassVar[str] = "place_and_type"

    place: Owner = Field(description="The region or the clinic that adapts")
    case_type: str = Field(description="Id of the case type")
    adaptation: Adaptation = Field(description="What it wants")

    def key(self) -> str:
        """The place, a slash and the case type."""
        return adaptation_id(self.place, self.case_type)


class TemplatePublished(TemplateContent, CatalogueEvent):
    """One published version of a template, whole and immutable."""

    TYPE: ClassVar[str] = "admin.template-published.v1"
    KEY: ClassVar[str] = "template_version"

    template: str = Field(description="Id")
    owner: Owner = Field(description="Whose template it is")
    approved_by: str = Field(
        default="", description="HSA-id of the second person; empty where its owner asks for none"
    )

    def key(self) -> str:
        """`template:`, the template, a slash and the version."""
        return f"template:{self.template}/{self.version}"
