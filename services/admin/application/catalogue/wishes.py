"""How clients say what a case type shall be like."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from services.admin.application.documents.texts import faults_in_marks, local
from services.admin.application.documents.wishes import LineWish, OwnerWish, Questionnaire, TextWish
from services.admin.application.wishes import Name, Wish
from shared.contracts.case_types import (
    AdaptableField,
    AgeInterval,
    AttachmentKind,
    Attachments,
    CaseTypeContent,
    DefaultRouting,
    Priority,
    RetentionClass,
    StandardAnswer,
)
from shared.contracts.distribution import Distribution
from shared.contracts.message import Slug
from shared.errors import Refused
from shared.faults import Fault, shaped
from shared.forms import FormFaults, parse_form

MOST_ANSWERS = 50
MOST_HOURS = 2_000
Age = Annotated[int, Field(ge=0, le=130)]
Group = Annotated[
    str,
    StringConstraints(
        pattern=shaped(
            r"^$|^[a-z0-9][a-z0-9-]{0,62}$",
            "gruppens id, eller lämna tomt",
            "the group's id, or leave it empty",
        )
    ),
]
Hours = Annotated[int, Field(ge=1, le=MOST_HOURS)]

_TWO_ALIKE = Fault(
    "standard_answers",
    "duplicate_key",
    "Två standardsvar har samma nyckel. Ge varje sin egen.",
    "Two standard answers have the same key. Give each its own.",
)
_BACKWARDS = Fault(
    "ends_on",
    "before_start",
    "Slutdagen ligger före startdagen. Ändra en av dem.",
    "The last day comes before the first. Change one of them.",
)
_NOBODY = Fault(
    "age",
    "empty_interval",
    "Lägsta ålder är högre än högsta. Ändra en av dem.",
    "The youngest age is above the oldest. Change one of them.",
)

_FILES_ASKED_FOR = Fault(
    "attachments.allowed",
    "files_asked_for",
    "Formuläret ber om en fil, men inga bilagor är tillåtna. Tillåt dem, eller ta bort frågan.",
    "The form asks for a file, but no attachments are allowed. Allow them, or remove the question.",
)


class StandardAnswerWish(Wish):
    """A text to answer with. `[[…]]` is a prompt that whoever answers must fill in."""

    key: Slug = Field(description="Its name for machines, unique in the case type")
    title: LineWish = Field(description="What it is found by")
    text: TextWish = Field(description="What it says, with `[[prompts]]` and `{{variables}}`")

    def kept(self) -> StandardAnswer:
        """As it is kept."""
        return StandardAnswer(key=self.key, title=local(self.title), text=local(self.text))


class AttachmentsWish(Wish):
    """What citizens may attach."""

    allowed: bool = Field(default=True, description="False: nothing")
    most: int = Field(default=5, ge=1, le=5, description="Files per message")
    kinds: tuple[AttachmentKind, ...] = Field(
        default=tuple(AttachmentKind), min_length=1, max_length=10, description="Which kinds of file"
    )

    def kept(self) -> Attachments:
        """As it is kept."""
        return Attachments(allowed=self.allowed, most=self.most, kinds=tuple(sorted(set(self.kinds))))


class AgeWish(Wish):
    """Whom the type is for. Null excludes nobody."""

    least: Age | None = Field(default=None, description="The youngest age in years")
    most: Age | None = Field(default=None, description="The oldest age in years")


class RoutingWish(Wish):
    """Where a case of the type goes first."""

    group: Group = Field(default="", description="Id of a group of caregivers; empty: the clinic's queue")
    strategy: Distribution | None = Field(
        default=None, description="How it is shared out; null: as the clinic does otherwise"
    )


class CaseTypeWish(Wish):
    """The next version of a case type, whole."""

    name_sv: Name = Field(description="Name in Swedish")
    name_en: Name = Field(description="Name in English")
    active: bool = Field(default=True, description="False: no new cases of this type")
    description: TextWish = Field(default=TextWish(), description="What the citizen sees before writing")
    question_form: Questionnaire = Field(
        description="What the citizen fills in: a FHIR R4 Questionnaire, see docs/forms.md"
    )
    answer_form: Questionnaire = Field(description="What the caregiver fills in, in the same form")
    standard_answers: tuple[StandardAnswerWish, ...] = Field(
        default=(), max_length=MOST_ANSWERS, description="Texts to answer with"
    )
    attachments: AttachmentsWish = Field(default=AttachmentsWish(), description="What citizens may attach")
    age: AgeWish = Field(default=AgeWish(), description="Whom the type is for")
    proxy_allowed: bool = Field(default=True, description="A proxy or a guardian may write")
    priority: Priority = Field(default=Priority.NORMAL, description="How soon it wants somebody")
    routing: RoutingWish = Field(default=RoutingWish(), description="Where a case goes first")
    answer_within_hours: Hours | None = Field(default=None, description="Deadline in working hours")
    retention: RetentionClass = Field(default=RetentionClass.RECORD, description="How long cases are kept")
    starts_on: date | None = Field(default=None, description="The first day, in Sweden")
    ends_on: date | None = Field(default=None, description="The last day, in Sweden")
    locked: frozenset[AdaptableField] = Field(
        default=frozenset(), max_length=20, description="What no region or clinic may change"
    )

    def content(self) -> CaseTypeContent:
        """As it is kept, the forms in their one canonical way. Raises Refused with every fault."""
        faults: list[Fault] = []
        question = sound_form("question_form", self.question_form, faults)
        answer = sound_form("answer_form", self.answer_form, faults)
        faults += self._faults(takes_files=bool(question) and parse_form(question).takes_files)
        if faults:
            raise Refused(*faults)
        return CaseTypeContent(
            **{name: getattr(self, name) for name in _AS_SAID},
            description=local(self.description),
            question_form=question,
            answer_form=answer,
            standard_answers=tuple(answer.kept() for answer in self.standard_answers),
            attachments=self.attachments.kept(),
            locked=tuple(sorted(self.locked)),
            age=AgeInterval(**dict(self.age)),
            routing=DefaultRouting(**dict(self.routing)),
        )

    def _faults(self, takes_files: bool) -> Iterator[Fault]:
        yield from faults_in_marks("description", local(self.description), allowed=False)
        if takes_files and not self.attachments.allowed:
            yield _FILES_ASKED_FOR
        yield from faults_in_answers(self.standard_answers)
        yield from faults_in_days(self.starts_on, self.ends_on)
        if self.age.least is not None and self.age.most is not None and self.age.least > self.age.most:
            yield _NOBODY


_AS_SAID = (
    "name_sv",
    "name_en",
    "active",
    "proxy_allowed",
    "priority",
    "answer_within_hours",
    "retention",
    "starts_on",
    "ends_on",
)


def sound_form(name: str, questionnaire: Questionnaire, faults: list[Fault]) -> Questionnaire:
    """The form in its canonical way; what is wrong with it is added to the faults."""
    try:
        return parse_form(questionnaire).to_questionnaire()
    except FormFaults as refusal:
        faults += (Fault(f"{name}.{fault.field}", fault.code, fault.sv, fault.en) for fault in refusal.faults)
        return {}


def faults_in_answers(answers: tuple[StandardAnswerWish, ...]) -> Iterator[Fault]:
    """What is wrong with standard answers."""
    if len({answer.key for answer in answers}) < len(answers):
        yield _TWO_ALIKE
    for index, answer in enumerate(answers):
        yield from faults_in_marks(f"standard_answers.{index}.title", local(answer.title), allowed=False)
        yield from faults_in_marks(f"standard_answers.{index}.text", local(answer.text))


def faults_in_days(first: date | None, last: date | None) -> Iterator[Fault]:
    """A first and a last day the wrong way round."""
    if first is not None and last is not None and last < first:
        yield _BACKWARDS


class NewCaseType(Wish):
    """A case type that does not exist yet: its first draft."""

    id: Slug = Field(description="Its id, for good")
    owner: OwnerWish = Field(default=OwnerWish(), description="Whose it is")
    content: CaseTypeWish = Field(description="What the draft says")


class Look(Wish):
    """What shall be looked at, and the answers so far if only what they show is wanted."""

    content: CaseTypeWish
    answers: Questionnaire | None = Field(
        default=None, description="A QuestionnaireResponse, also a partial one"
    )
