"""How reviews of permissions are shown."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel, Field

from services.admin.application.views import View
from services.admin.domain.account import Account
from services.admin.domain.permission_review import PermissionReview, Reviewed, Verdict
from shared.contracts.events.admin import LockReason
from shared.contracts.ids import ClinicId


class PresentView(BaseModel):
    """The person as they are now."""

    name: str
    title: str
    locked: LockReason | None
    roles: list[str] = Field(description="At this clinic; empty: the person has left it")
    last_on: date | None


class ReviewedView(BaseModel):
    """One person: the roles at the clinic when the review was opened, and what was found."""

    staff_id: str
    roles: list[str]
    last_on: date | None
    verdict: Verdict | None
    judged_by: str | None
    judged_at: datetime | None
    present: PresentView | None = Field(
        default=None, description="The person as they are now, where one review is read"
    )


class ReviewView(View):
    """A review of a clinic's permissions."""

    clinic_id: str
    number: int
    opened_by: str = Field(description="HSA-id of who opened it, or system")
    opened_at: datetime
    items: list[ReviewedView]
    overdue: bool = Field(description="Not signed off within 30 days")
    signed_off_by: str | None
    signed_off_at: datetime | None


def review_view(
    review: PermissionReview, now: datetime, people: Mapping[str, Account] | None = None
) -> ReviewView:
    """Show a review, with the people as they are now where they are given."""
    return ReviewView(
        version=review.version,
        changed_by=review.changed_by,
        changed_at=review.changed_at,
        clinic_id=review.clinic_id,
        number=review.number,
        opened_by=review.opened_by,
        opened_at=review.opened_at,
        items=[_item(item, review.clinic_id, (people or {}).get(item.staff_id)) for item in review.items],
        overdue=review.overdue(now),
        signed_off_by=review.signed_off_by,
        signed_off_at=review.signed_off_at,
    )


def _item(item: Reviewed, clinic_id: ClinicId, account: Account | None) -> ReviewedView:
    return ReviewedView(
        staff_id=item.staff_id,
        roles=sorted(item.roles),
        last_on=item.last_on,
        verdict=item.verdict,
        judged_by=item.judged_by,
        judged_at=item.judged_at,
        present=_present(account, clinic_id) if account is not None else None,
    )


def _present(account: Account, clinic_id: ClinicId) -> PresentView:
    return PresentView(
        name=account.name,
        title=account.title,
        locked=account.locked,
        roles=sorted(account.roles_at(clinic_id)),
        last_on=account.last_on.get(clinic_id),
    )
