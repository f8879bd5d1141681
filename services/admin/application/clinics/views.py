"""How clinics are shown."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from services.admin.application.views import View
from services.admin.domain.calendar import STOCKHOLM
from services.admin.domain.clinic import Clinic
from services.admin.domain.readiness import Mark, Staffing, readiness
from services.admin.domain.regions import NAMES
from services.admin.domain.working_time import Day
from shared.contracts.clinic_settings import ClinicSettings, ClinicState, Holiday, LocalText, PublishedText
from shared.contracts.events.admin import Distribution


class ClinicView(View):
    """A clinic."""

    clinic_id: str
    name: str
    region: str = Field(description="County code of the region; empty where none is known")
    region_name: str = Field(description="What the region is called")
    active: bool = Field(description="Whether it takes new cases: only while it is open")
    state: ClinicState
    closing: LocalText = Field(description="What citizens are told while it is draining or closed")
    distribution: Distribution
    claim_allowed: bool
    case_types: list[str]
    administrators: int = Field(
        description="How many can administer it; with one left it is time to name another"
    )


class ItemView(BaseModel):
    """One item of a clinic's check list."""

    code: str
    mark: Mark = Field(description="`fail` keeps the clinic from opening, `warn` does not")
    sv: str = Field(description="What to do, in Swedish")
    en: str = Field(description="What to do, in English")


class ReadinessView(BaseModel):
    """Whether a clinic can take cases."""

    clinic_id: str
    ready: bool = Field(description="No item fails: it may be opened")
    items: list[ItemView]


def readiness_view(clinic: Clinic, staffing: Staffing) -> ReadinessView:
    """Show the check list."""
    items = readiness(clinic, staffing)
    return ReadinessView(
        clinic_id=clinic.id,
        ready=all(item.mark is not Mark.FAIL for item in items),
        items=[ItemView.model_validate(item, from_attributes=True) for item in items],
    )


class SettingsView(View):
    """A clinic's settings, and the texts that have versions: what counts, and what will."""

    clinic_id: str
    settings: ClinicSettings
    information: tuple[PublishedText, ...]
    terms: tuple[PublishedText, ...]


class TextVersionView(PublishedText):
    """A version of a text, with who published it."""

    published_by: str = Field(description="HSA-id, or operator")
    published_at: datetime


class IntervalView(BaseModel):
    """From when until when the clinic works; `closes` is not part of it."""

    opens: datetime
    closes: datetime


class DayView(BaseModel):
    """One day as the settings make it."""

    on: date
    open: list[IntervalView]
    holidays: list[Holiday] = Field(description="Why it is closed or closes early")
    closed_reason: LocalText | None = Field(description="What is said of a closed period; null outside one")


def day_view(day: Day) -> DayView:
    """Show a day, in Swedish time."""
    spans = [tuple(instant.astimezone(STOCKHOLM) for instant in span) for span in day.spans]
    return DayView(
        on=day.on,
        open=[IntervalView(opens=opens, closes=closes) for opens, closes in spans],
        holidays=sorted(day.holidays),
        closed_reason=day.closed.reason if day.closed is not None else None,
    )


def settings_view(clinic: Clinic) -> SettingsView:
    """Show a clinic's settings."""
    return SettingsView(
        clinic_id=clinic.id,
        version=clinic.version,
        changed_by=clinic.changed_by,
        changed_at=clinic.changed_at,
        settings=clinic.settings,
        information=clinic.information,
        terms=clinic.terms,
    )


def clinic_view(clinic: Clinic) -> ClinicView:
    """Show a clinic."""
    return ClinicView(
        clinic_id=clinic.id,
        version=clinic.version,
        changed_by=clinic.changed_by,
        changed_at=clinic.changed_at,
        name=clinic.name,
        region=clinic.region,
        region_name=NAMES.get(clinic.region, ""),
        active=clinic.active,
        state=clinic.state,
        closing=clinic.closing,
        distribution=clinic.distribution,
        claim_allowed=clinic.claim_allowed,
        case_types=sorted(clinic.case_types),
        administrators=clinic.administrators,
    )
