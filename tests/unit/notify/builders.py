"""People, cases and mails for notify's tests."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

from services.notify.domain.notification import Notification, State
from services.notify.domain.outcome import Patience
from services.notify.domain.staff_member import Kind, StaffMember
from shared.contracts.events.admin import LockReason, Permission, Role, StaffAccountPublished
from shared.contracts.events.routing import (
    CaseAssigned,
    CaseEnded,
    CaseQueued,
    CaseReassigned,
    CaseReturned,
    EndReason,
    QueueReason,
)

CLINIC = "SE2321000016-1A2B"
OTHER_CLINIC = "SE2321000016-9Z9Z"
ANNA = "SE2321000016-ANNA"
BERTIL = "SE2321000016-BERTIL"
RITA = "SE2321000016-RITA"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOON = timedelta(seconds=2)
PATIENCE = Patience(attempts=3, first=timedelta(seconds=2), longest=timedelta(hours=1))


def account(
    staff_id: str = ANNA,
    *,
    version: int = 1,
    email: str | None = None,
    language: Literal["sv", "en"] = "sv",
    locked: LockReason | None = None,
    on_assignment: bool = True,
    receives_at: Iterable[str] = (),
) -> StaffAccountPublished:
    """What the directory says of a staff member; receivers want to know of new cases."""
    clinics = list(receives_at)
    return StaffAccountPublished(
        staff_id=staff_id,
        version=version,
        at=NOW,
        name=f"{staff_id.rpartition('-')[2].title()} Testsson",
        email=f"{staff_id.rpartition('-')[2].lower()}@example.org" if email is None else email,
        language=language,
        locked=locked,
        permissions=tuple(
            Permission(clinic_id=clinic, roles=frozenset({Role.RECEIVER})) for clinic in clinics
        ),
        mail_on_assignment=on_assignment,
        mail_on_new_case=bool(clinics),
    )


def member(staff_id: str = ANNA, **facts: Any) -> StaffMember:
    """The same, learned."""
    found = StaffMember(staff_id)
    found.learn(account(staff_id, **facts))
    return found


def a_mail(state: State = State.WAITING, cases: int = 1, attempts: int = 0) -> Notification:
    """A mail to Anna in this state."""
    return Notification(uuid4(), ANNA, Kind.ASSIGNED, state, cases, attempts, NOW, False, "", NOW, NOW)


def queued(
    case_id: UUID, version: int = 1, reason: QueueReason = QueueReason.RECEIVED, clinic: str = CLINIC
) -> CaseQueued:
    """The case is in the queue."""
    return CaseQueued(case_id=case_id, version=version, clinic_id=clinic, at=NOW, reason=reason)


def assigned(case_id: UUID, holder: str = ANNA, version: int = 1) -> CaseAssigned:
    """The case is somebody's."""
    return CaseAssigned(
        case_id=case_id, version=version, clinic_id=CLINIC, at=NOW, holder=holder, epoch=1, by=RITA
    )


def reassigned(case_id: UUID, holder: str, former: str, version: int = 2) -> CaseReassigned:
    """The case is somebody else's."""
    return CaseReassigned(
        case_id=case_id,
        version=version,
        clinic_id=CLINIC,
        at=NOW,
        holder=holder,
        former_holder=former,
        epoch=2,
        by=RITA,
    )


def returned(case_id: UUID, former: str = ANNA, version: int = 2) -> CaseReturned:
    """The case is nobody's again."""
    return CaseReturned(
        case_id=case_id, version=version, clinic_id=CLINIC, at=NOW, former_holder=former, epoch=1, by=former
    )


def ended(case_id: UUID, version: int = 2) -> CaseEnded:
    """The case is over."""
    return CaseEnded(case_id=case_id, version=version, clinic_id=CLINIC, at=NOW, reason=EndReason.ANSWERED)
