"""How the access log and its samples are shown."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.admin.application.views import View
from services.admin.domain.access_sample import AccessSample, Deviation, Item, Verdict


class EntryView(BaseModel):
    """One access."""

    number: int
    access_id: UUID
    actor_kind: str
    actor_id: str
    clinic_id: str
    citizen_ref: str
    case_id: UUID
    act: str
    accessed_at: datetime
    recorded_at: datetime


class ExtractLine(BaseModel):
    """What a patient is told of one access: which unit, when, and what was done, so that they can judge it."""

    accessed_at: datetime
    clinic_id: str
    clinic_name: str
    act: str
    act_sv: str
    act_en: str


class ItemView(BaseModel):
    """One access of a sample, and what was found."""

    number: int
    actor_id: str
    verdict: Verdict | None
    reason: Deviation | None
    reference: str
    access: EntryView | None = Field(default=None, description="The entry itself, where one sample is read")


class SampleView(View):
    """A week's random accesses at a clinic."""

    clinic_id: str
    week: str = Field(examples=["2026-W47"])
    items: list[ItemView]
    deviations: int
    overdue: bool = Field(description="Not signed off within two weeks")
    signed_off_by: str | None
    signed_off_at: datetime | None


def sample_view(sample: AccessSample, now: datetime) -> SampleView:
    """Show a sample without the entries themselves."""
    return SampleView(
        version=sample.version,
        changed_by=sample.changed_by,
        changed_at=sample.changed_at,
        clinic_id=sample.clinic_id,
        week=sample.week,
        items=[_item(item) for item in sample.items],
        deviations=sample.deviations,
        overdue=sample.overdue(now),
        signed_off_by=sample.signed_off_by,
        signed_off_at=sample.signed_off_at,
    )


def _item(item: Item) -> ItemView:
    return ItemView(
        number=item.number,
        actor_id=item.actor_id,
        verdict=item.verdict,
        reason=item.reason,
        reference=item.reference,
    )
