"""What a template of a caregiver-initiated case says."""

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from shared.contracts.clinic_settings import LocalText, Part

NO_TEXT = LocalText()


class TemplateKind(StrEnum):
    """What is sent."""

    INFORMATION = "information"
    QUESTIONS = "questions"


class TemplateContent(Part):
    """What one version of a template says. Texts have `{{variables|fallback}}` and `[[prompts]]` (`texts.py`)."""

    name_sv: str = Field(description="Name in Swedish, for staff")
    name_en: str = Field(description="Name in English, for staff")
    active: bool = Field(default=True, description="False: not for new cases")
    kind: TemplateKind = Field(description="Information, or questions with a form")
    subject: LocalText = Field(description="What the citizen sees first")
    body: LocalText = Field(description="The message")
    form: dict[str, Any] | None = Field(
        default=None, description="Of questions: a FHIR R4 Questionnaire; else null"
    )
    sender: LocalText = Field(default=NO_TEXT, description="Who writes, as the citizen knows them")
    purpose: LocalText = Field(default=NO_TEXT, description="Why they write")
    contact: LocalText = Field(default=NO_TEXT, description="How to reach them otherwise")
    valid_until: date | None = Field(default=None, description="The last day, in Sweden, or null")
