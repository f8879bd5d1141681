"""How clients say what a template shall be like."""

from collections.abc import Iterator
from datetime import date

from pydantic import Field

from services.admin.application.catalogue.wishes import sound_form
from services.admin.application.documents.texts import faults_in_marks, local
from services.admin.application.documents.wishes import LineWish, OwnerWish, Questionnaire, TextWish
from services.admin.application.wishes import LongLines, Name, Wish
from shared.contracts.message import Slug
from shared.contracts.templates import TemplateContent, TemplateKind
from shared.errors import Refused
from shared.faults import Fault

_TEXTS = ("subject", "body", "sender", "purpose", "contact")
_FORM_NEEDED = Fault(
    "form",
    "required",
    "En mall med frågor behöver ett formulär. Lägg till det.",
    "A template with questions needs a form. Add it.",
)
_NO_FORM = Fault(
    "form",
    "not_for_information",
    "Information har inget formulär. Ta bort det, eller välj questions.",
    "Information has no form. Remove it, or choose questions.",
)
_EMPTY = Fault("body.sv", "required", "Meddelandet är tomt. Skriv det.", "The message is empty. Write it.")


class LongTextWish(Wish):
    """A long text in Swedish, and in English if there is one."""

    sv: LongLines = Field(default="", description="Swedish")
    en: LongLines = Field(default="", description="English; empty means that the Swedish one is sent")


class TemplateWish(Wish):
    """The next version of a template, whole. Texts take `{{variables|fallback}}` and `[[prompts]]`."""

    name_sv: Name = Field(description="Name in Swedish, for staff")
    name_en: Name = Field(description="Name in English, for staff")
    active: bool = Field(default=True, description="False: not for new cases")
    kind: TemplateKind = Field(description="Information, or questions with a form")
    subject: LineWish = Field(description="What the citizen sees first")
    body: LongTextWish = Field(description="The message")
    form: Questionnaire | None = Field(default=None, description="Of questions: see docs/forms.md")
    sender: LineWish = Field(default=LineWish(), description="Who writes, as the citizen knows them")
    purpose: TextWish = Field(default=TextWish(), description="Why they write")
    contact: TextWish = Field(default=TextWish(), description="How to reach them otherwise")
    valid_until: date | None = Field(default=None, description="The last day, in Sweden")

    def content(self) -> TemplateContent:
        """As it is kept. Raises Refused with every fault, unknown variables with their positions."""
        faults: list[Fault] = []
        form = None if self.form is None else sound_form("form", self.form, faults)
        faults += self._faults()
        if faults:
            raise Refused(*faults)
        return TemplateContent(
            name_sv=self.name_sv,
            name_en=self.name_en,
            active=self.active,
            kind=self.kind,
            form=form,
            valid_until=self.valid_until,
            **{name: local(getattr(self, name)) for name in _TEXTS},
        )

    def _faults(self) -> Iterator[Fault]:
        for name in _TEXTS:
            yield from faults_in_marks(name, local(getattr(self, name)))
        if not self.body.sv.strip():
            yield _EMPTY
        if self.kind is TemplateKind.QUESTIONS and self.form is None:
            yield _FORM_NEEDED
        if self.kind is TemplateKind.INFORMATION and self.form is not None:
            yield _NO_FORM


class NewTemplate(Wish):
    """A template that does not exist yet: its first draft."""

    id: Slug = Field(description="Its id, for good")
    owner: OwnerWish = Field(default=OwnerWish(), description="Whose it is")
    content: TemplateWish = Field(description="What the draft says")


class TemplateLook(Wish):
    """What shall be looked at, and the answers so far if only what they show is wanted."""

    content: TemplateWish
    answers: Questionnaire | None = Field(
        default=None, description="A QuestionnaireResponse, also a partial one"
    )


class ApprovalWish(Wish):
    """Whether a second person must approve templates before they are published."""

    needed: bool | None = Field(default=None, description="null: as the level above says")


class RegionalApprovalWish(ApprovalWish):
    """What a region says, and whether its clinics may say otherwise."""

    locked: bool = Field(default=False, description="True: no clinic of the region may say otherwise")
