"""Tell staff that a case waits for them, and take it back where somebody was faster than the mail."""

from datetime import datetime, timedelta
from uuid import UUID

from services.notify.application.ports import Cases, Notifications, Receivers, StaffMembers
from services.notify.domain.notification import Notification
from services.notify.domain.staff_member import Kind
from services.notify.domain.waiting_case import WaitingCase
from shared.contracts.envelope import derived_id
from shared.contracts.events.routing import (
    CaseAssigned,
    CaseEnded,
    CaseQueued,
    CaseReassigned,
    CaseReturned,
    QueueReason,
    ResponsibilityEvent,
)

TOLD_OF = frozenset({QueueReason.RECEIVED, QueueReason.RETURNED})
"""Why a case stands in the queue, where receivers are told by mail."""


def tell_receivers(
    fact: CaseQueued,
    cases: Cases,
    receivers: Receivers,
    staff: StaffMembers,
    notifications: Notifications,
    cause: UUID,
    gather_within: timedelta,
    now: datetime,
) -> None:
    """A case waits in the queue: whoever assigns there and wants to know is told."""
    case = _moved(fact, "", cases, notifications, now)
    if case is None or fact.reason not in TOLD_OF:
        return
    for staff_id in receivers.of(fact.clinic_id):
        _tell(
            case, fact.clinic_id, staff_id, Kind.QUEUED, staff, notifications, cause, now + gather_within, now
        )


def tell_holder(
    fact: CaseAssigned | CaseReassigned,
    cases: Cases,
    staff: StaffMembers,
    notifications: Notifications,
    cause: UUID,
    gather_within: timedelta,
    now: datetime,
) -> None:
    """A case is somebody's now: the new holder is told, and nobody else."""
    case = _moved(fact, fact.holder, cases, notifications, now)
    if case is not None:
        _tell(
            case,
            fact.clinic_id,
            fact.holder,
            Kind.ASSIGNED,
            staff,
            notifications,
            cause,
            now + gather_within,
            now,
        )


def tell_new_holder(
    fact: CaseReassigned,
    cases: Cases,
    staff: StaffMembers,
    notifications: Notifications,
    cause: UUID,
    gather_within: timedelta,
    now: datetime,
) -> None:
    """The same after a change of holder; what was not yet sent to the old one never is."""
    tell_holder(fact, cases, staff, notifications, cause, gather_within, now)


def tell_of_return(
    fact: CaseReturned,
    cases: Cases,
    receivers: Receivers,
    staff: StaffMembers,
    notifications: Notifications,
    cause: UUID,
    gather_within: timedelta,
    now: datetime,
) -> None:
    """Nobody holds the case any more, so that it waits in the queue again."""
    case = _moved(fact, "", cases, notifications, now)
    if case is not None:
        for staff_id in receivers.of(fact.clinic_id):
            _tell(
                case,
                fact.clinic_id,
                staff_id,
                Kind.QUEUED,
                staff,
                notifications,
                cause,
                now + gather_within,
                now,
            )


def note_end(fact: CaseEnded, cases: Cases, notifications: Notifications, now: datetime) -> None:
    """The case waits for nobody any more."""
    _moved(fact, "", cases, notifications, now, ended=True)


def _moved(
    fact: ResponsibilityEvent,
    holder: str,
    cases: Cases,
    notifications: Notifications,
    now: datetime,
    *,
    ended: bool = False,
) -> WaitingCase | None:
    """The case where it is now, counted nowhere; None if the fact is late and changes nothing."""
    case = cases.get(fact.case_id)
    if case is None:
        case = WaitingCase(fact.case_id, fact.version, holder, ended, [], now)
        cases.add(case)
        return case
    if fact.version <= case.version:
        return None
    for notification_id in case.move(fact.version, holder, now, ended=ended):
        notification = notifications.get(notification_id)
        if notification is not None:
            notification.drop(now)
    return case


def _tell(
    case: WaitingCase,
    clinic_id: str,
    staff_id: str,
    kind: Kind,
    staff: StaffMembers,
    notifications: Notifications,
    cause: UUID,
    due_at: datetime,
    now: datetime,
) -> None:
    """Count the case in the mail that this person is about to get."""
    member = staff.get(staff_id)
    if member is None or not member.wants_at(kind, clinic_id):
        return
    notification = notifications.gathering(staff_id, kind)
    if notification is None:
        notification = Notification.about(
            derived_id("notification", cause, staff_id, kind), member, kind, due_at, now
        )
        notifications.add(notification)
    notification.gather(now)
    case.count_in(notification.id)
