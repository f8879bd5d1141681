"""What a case type says beside its forms, what regions and clinics adapt, and what then counts at a clinic."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from shared.contracts.clinic_settings import LocalText, Part
from shared.contracts.distribution import Distribution

NO_TEXT = LocalText()


class CaseTypeOwner(StrEnum):
    """Who makes and publishes a case type or a template."""

    NATIONAL = "national"
    REGION = "region"
    CLINIC = "clinic"


class Owner(Part):
    """Whose a case type or a template is."""

    kind: CaseTypeOwner = Field(default=CaseTypeOwner.NATIONAL, description="On which level")
    place: str = Field(
        default="", description="County code of the region, or HSA-id of the clinic; empty nationally"
    )


NATIONALLY = Owner()


class Priority(StrEnum):
    """How soon a case of the type wants somebody."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class RetentionClass(StrEnum):
    """How long cases of the type are kept."""

    RECORD = "record"
    """As the patient record is."""
    ADMINISTRATIVE = "administrative"
    SHORT = "short"


class AttachmentKind(StrEnum):
    """Files that can be taken, by content and not by name."""

    PDF = "pdf"
    GIF = "gif"
    JPEG = "jpeg"
    PNG = "png"


class StandardAnswer(Part):
    """A text to answer with. `[[…]]` is a prompt that whoever answers must fill in."""

    key: str = Field(description="Its name for machines, unique in the case type")
    title: LocalText = Field(default=NO_TEXT, description="What it is found by")
    text: LocalText = Field(description="What it says, with prompts")


class Attachments(Part):
    """What citizens may attach."""

    allowed: bool = Field(default=True, description="False: nothing")
    most: int = Field(default=5, description="Files per message, at most 5")
    kinds: tuple[AttachmentKind, ...] = Field(
        default=tuple(AttachmentKind), description="Which kinds of file"
    )


class AgeInterval(Part):
    """Whom the type is for, by age on the day of writing. Null excludes nobody."""

    least: int | None = Field(default=None, description="The youngest age in years, or null")
    most: int | None = Field(default=None, description="The oldest age in years, or null")


class DefaultRouting(Part):
    """Where a case of the type goes first."""

    group: str = Field(default="", description="Id of a group of caregivers; empty: the clinic's queue")
    strategy: Distribution | None = Field(
        default=None, description="How it is shared out; null: as the clinic does otherwise"
    )


class Pause(Part):
    """The clinic takes no cases of the type for a while."""

    message: LocalText = Field(description="What citizens are told")
    until: datetime | None = Field(default=None, description="When it ends by itself, UTC; or null")

    def holds(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.until is None or now < self.until


class AdaptableField(StrEnum):
    """What regions and clinics can change about a type, and what the levels above them can lock."""

    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    PAUSE = "pause"
    DESCRIPTION = "description"
    STANDARD_ANSWERS = "standard_answers"
    ROUTING = "routing"
    PRIORITY = "priority"
    ANSWER_WITHIN_HOURS = "answer_within_hours"


class Adaptable(Part):
    """The fields that can be adapted, as the type itself has them."""

    starts_on: date | None = Field(default=None, description="The first day, in Sweden, or null")
    ends_on: date | None = Field(default=None, description="The last day, in Sweden, or null")
    description: LocalText = Field(default=NO_TEXT, description="What the citizen sees before writing")
    standard_answers: tuple[StandardAnswer, ...] = Field(default=(), description="Texts to answer with")
    routing: DefaultRouting = Field(default=DefaultRouting(), description="Where a case goes first")
    priority: Priority = Field(default=Priority.NORMAL, description="How soon it wants somebody")
    answer_within_hours: int | None = Field(
        default=None, description="Deadline, in hours of the clinic's working time; or null"
    )
    locked: tuple[AdaptableField, ...] = Field(default=(), description="What no level below may change")


class CaseTypeContent(Adaptable):
    """What one version of a case type says."""

    name_sv: str = Field(description="Name in Swedish")
    name_en: str = Field(description="Name in English")
    active: bool = Field(default=True, description="False: no new cases of this type")
    question_form: dict[str, Any] = Field(description="What the citizen fills in: a FHIR R4 Questionnaire")
    answer_form: dict[str, Any] = Field(description="What the caregiver fills in: a FHIR R4 Questionnaire")
    attachments: Attachments = Field(default=Attachments(), description="What citizens may attach")
    age: AgeInterval = Field(default=AgeInterval(), description="Whom the type is for")
    proxy_allowed: bool = Field(default=True, description="A proxy or a guardian may write")
    retention: RetentionClass = Field(default=RetentionClass.RECORD, description="How long cases are kept")


class Adaptation(Part):
    """How a region or a clinic wants a type to be. What is null is as the level above says."""

    starts_on: date | None = Field(default=None, description="The first day, in Sweden")
    ends_on: date | None = Field(default=None, description="The last day, in Sweden")
    pause: Pause | None = Field(default=None, description="No new cases for a while")
    description: LocalText | None = Field(default=None, description="What the citizen sees before writing")
    standard_answers: tuple[StandardAnswer, ...] | None = Field(
        default=None, description="Texts to answer with"
    )
    routing: DefaultRouting | None = Field(default=None, description="Where a case goes first")
    priority: Priority | None = Field(default=None, description="How soon it wants somebody")
    answer_within_hours: int | None = Field(default=None, description="Deadline in working hours")
    restricted: bool = Field(
        default=False, description="Only for citizens to whom the clinic has granted the type"
    )
    locked: tuple[AdaptableField, ...] = Field(default=(), description="What no level below may change")


class Effective(Part):
    """The value of one field that counts, whose word it is, and who has locked it."""

    value: Any
    origin: Owner
    locked_by: Owner | None


def effective_fields(
    content: Adaptable, owner: Owner, adaptations: Iterable[tuple[Owner, Adaptation]]
) -> dict[AdaptableField, Effective]:
    """What counts, field by field; the adaptations from the highest level to the lowest.

    A level's word about a field that a level above it has locked does not count, whenever it was said.
    """
    layers: list[tuple[Owner, Adaptable | Adaptation]] = [(owner, content), *adaptations]
    return {field: _effective(field, layers) for field in AdaptableField}


def _effective(field: AdaptableField, layers: list[tuple[Owner, Adaptable | Adaptation]]) -> Effective:
    value, origin, locked_by = None, layers[0][0], None
    for owner, layer in layers:
        said = getattr(layer, field, None)
        if said is not None and locked_by in (None, owner):
            value, origin = said, owner
        if locked_by is None and field in layer.locked:
            locked_by = owner
    return Effective(value=value, origin=origin, locked_by=locked_by)


def effective_values(fields: Mapping[AdaptableField, Effective]) -> dict[str, Any]:
    """The values alone."""
    return {field.value: found.value for field, found in fields.items()}


def adaptation_id(place: Owner, case_type: str) -> str:
    """What an adaptation is known by: its place, a slash and the case type. No id of a type has a colon."""
    where = place.place if place.kind is CaseTypeOwner.CLINIC else f"region:{place.place}"
    return f"{where}/{case_type}"
