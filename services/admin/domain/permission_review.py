"""A clinic's permissions, looked through person by person at regular times and signed off (HSLF-FS 2016:40)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.admin.domain.account import Roles
from services.admin.domain.entity import NEVER
from services.admin.domain.judged import Judged
from shared.aggregate import Aggregate
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId
from shared.errors import Refused
from shared.faults import Fault

TIME_TO_REVIEW = timedelta(days=30)
"""How long after its opening a review may wait before it is overdue."""


class Verdict(StrEnum):
    """What becomes of somebody's permission."""

    KEEP = "keep"
    REMOVE = "remove"


_NOT_IN_REVIEW = Fault(
    "staff_id",
    "not_in_review",
    "Personen hör inte till genomgången. Ändra behörigheten direkt i stället.",
    "That person is not in the review. Change the permission itself instead.",
)
_OWN_PERMISSION = Fault(
    "staff_id",
    "own_permission",
    "Det är din egen behörighet. En annan administratör, eller regionens, måste bedöma den.",
    "That permission is your own. Another administrator, or the region's, must judge it.",
)
_OPEN_ALREADY = Fault(
    "",
    "open_already",
    "Mottagningen har redan en öppen genomgång. Signera den först.",
    "The clinic has an open review already. Sign that one off first.",
)


@dataclass(slots=True)
class Reviewed:
    """One person's roles as they were when the review was opened, and what was found."""

    staff_id: str
    roles: Roles
    last_on: date | None = None
    verdict: Verdict | None = None
    judged_by: str | None = None
    judged_at: datetime | None = None


@dataclass(slots=True, eq=False)
class PermissionReview(Judged):
    """One review of a clinic; they are numbered from 1."""

    id: str
    clinic_id: ClinicId
    number: int
    items: list[Reviewed]
    opened_by: str
    opened_at: datetime
    signed_off_by: str | None = None
    signed_off_at: datetime | None = None
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    def judge(self, staff_id: str, verdict: Verdict, by: str, at: datetime) -> None:
        """Say whether one person keeps their roles. Raises Refused; nobody judges their own."""
        self.must_be_open()
        item = next((item for item in self.items if item.staff_id == staff_id), None)
        if item is None:
            raise Refused(_NOT_IN_REVIEW)
        if staff_id == by:
            raise Refused(_OWN_PERMISSION)
        item.verdict, item.judged_by, item.judged_at = verdict, by, at
        self.step(by, at)

    @property
    def to_remove(self) -> list[str]:
        """Whose roles end with the sign-off."""
        return [item.staff_id for item in self.items if item.verdict is Verdict.REMOVE]

    def overdue(self, now: datetime) -> bool:
        """Whether it should have been signed off by now."""
        return self.signed_off_at is None and self.opened_at + TIME_TO_REVIEW < now


@dataclass(slots=True)
class Roll:
    """Who has roles at a clinic at this moment, and how many reviews it has had."""

    id: ClinicId
    reviews: int
    under_review: bool
    people: list[Reviewed]

    def open(self, by: str, at: datetime) -> PermissionReview:
        """The clinic's next review. Raises Refused while one is open: two would contradict each other."""
        if self.under_review:
            raise Refused(_OPEN_ALREADY)
        self.reviews, self.under_review = self.reviews + 1, True
        return PermissionReview(
            review_id(self.id, self.reviews),
            self.id,
            self.reviews,
            self.people,
            opened_by=by,
            opened_at=at,
            version=1,
            changed_by=by,
            changed_at=at,
        )


def review_id(clinic_id: str, number: int) -> str:
    """What one review is found by."""
    return f"{clinic_id}/{number}"


def reviewed_from(stored: Iterable[dict[str, Any]]) -> list[Reviewed]:
    """People as they are kept, as JSON."""
    return [
        Reviewed(
            one["staff_id"],
            frozenset(map(Role, one["roles"])),
            date.fromisoformat(one["last_on"]) if one.get("last_on") else None,
            Verdict(one["verdict"]) if one.get("verdict") else None,
            one.get("judged_by"),
            datetime.fromisoformat(one["judged_at"]) if one.get("judged_at") else None,
        )
        for one in stored
    ]
