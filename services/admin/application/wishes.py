"""What clients send: the bodies of HTTP requests, which commands then carry. Unknown fields are refused."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.events.admin import Distribution, LockReason, Role
from shared.contracts.message import HsaId, Slug


def _plain(text: str) -> str:
    if any(
        (ord(character) < 32 and character not in "\n\t") or "\ud800" <= character <= "\udfff"
        for character in text
    ):
        raise ValueError("control characters are not allowed")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("line breaks are not allowed")
    return text


def _shallow(form: dict[str, Any]) -> dict[str, Any]:
    """Forms nest four levels of items, which is a dozen of JSON. What nests deeper only wears the machinery out."""
    level: list[Any] = [form]
    for _ in range(_DEEPEST):
        level = [part for value in level for part in (value.values() if isinstance(value, dict) else value)]
        level = [part for part in level if isinstance(part, dict | list)]
        if not level:
            return form
    raise ValueError("nests too deeply")


_DEEPEST = 30

Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=200),
    AfterValidator(_plain),
    AfterValidator(_one_line),
]
Name = Annotated[Line, StringConstraints(min_length=1)]
Lines = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_plain)]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=254,
        pattern=r"^$|^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+$",
    ),
]
Questionnaire = Annotated[dict[str, Any], AfterValidator(_shallow)]


class Wish(BaseModel):
    """A body."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ClinicWish(Wish):
    """How a clinic shall be."""

    name: Name = Field(description="What people call it", examples=["Björkbackens vårdcentral"])
    active: bool = Field(default=True, description="False: takes no new cases")
    distribution: Distribution = Field(default=Distribution.MANUAL, description="How the queue is shared out")
    claim_allowed: bool = Field(default=False, description="Caregivers may take from the queue themselves")
    case_types: frozenset[Slug] = Field(
        default=frozenset(), description="Case types that are switched on", max_length=200
    )


class NewClinic(ClinicWish):
    """A clinic that does not exist yet."""

    clinic_id: HsaId = Field(description="HSA-id of the unit")


class Profile(Wish):
    """Who somebody is."""

    name: Name = Field(description="Given name and family name")
    title: Line = Field(default="", description="Professional title")
    email: Email = Field(default="", description="Where notifications go; empty means none")


class PersonalWishes(Wish):
    """What somebody decides for themselves."""

    signature: Lines = Field(
        default="", description="How answers are signed; empty means greeting, name, title, date"
    )
    language: Literal["sv", "en"] = Field(default="sv", description="Language of notifications")
    mail_on_assignment: bool = Field(default=True, description="A mail when a case is assigned")
    mail_on_new_case: bool = Field(default=False, description="A mail when a case reaches the clinic's queue")


class Presence(Wish):
    """Whether somebody is there."""

    present: bool = Field(description="False during planned absence: no new cases are assigned")


class RolesAt(Wish):
    """The roles at one clinic."""

    clinic_id: HsaId = Field(description="HSA-id of the clinic")
    roles: frozenset[Role] = Field(description="All roles there from now on; none is removal")


class Permissions(Wish):
    """Roles at the named clinics, all set or none; other clinics stay as they are."""

    permissions: tuple[RolesAt, ...] = Field(min_length=1, max_length=100)


class NewAccount(Profile, PersonalWishes):
    """An account that does not exist yet."""

    staff_id: HsaId = Field(description="HSA-id of the person")
    present: bool = Field(default=True, description="False during planned absence")
    permissions: tuple[RolesAt, ...] = Field(
        default=(), max_length=100, description="What it gives from the start"
    )


class Lock(Wish):
    """Why an account is locked."""

    reason: LockReason = Field(description="leave, security or manual; the other reasons are the system's")


class PortalWish(Wish):
    """How a portal shall be."""

    name: Name = Field(description="What people call it")
    active: bool = Field(default=True, description="False: its commands and its secret are refused")


class NewPortal(PortalWish):
    """A portal that does not exist yet."""

    portal_id: Slug = Field(description="Its topics carry it")


class CaseTypeWish(Wish):
    """The next version of a case type, whole."""

    name_sv: Name = Field(description="Name in Swedish")
    name_en: Name = Field(description="Name in English")
    active: bool = Field(default=True, description="False: no new cases of this type")
    question_form: Questionnaire = Field(
        description="What the citizen fills in: a FHIR R4 Questionnaire, see docs/forms.md"
    )
    answer_form: Questionnaire = Field(description="What the caregiver fills in, in the same form")
