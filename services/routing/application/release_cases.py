"""Give back what somebody can't begin any more."""

from collections.abc import Iterable
from datetime import datetime

from services.routing.application.ports import Wanted
from services.routing.domain.case import Case, Status
from services.routing.domain.directory import Person
from shared.contracts.events.routing import QueueReason


def release_cases(person: Person, cases: Iterable[Case], wanted: Wanted, now: datetime) -> None:
    """What is assigned and not started returns to the queue. What is started stays, and the receivers see it."""
    for case in cases:
        if (
            case.holder == person.id
            and case.status is Status.ASSIGNED
            and not person.takes_part(case.clinic_id)
        ):
            case.release(at=now, reason=_why(person, case.clinic_id))
            wanted.want_round(case.clinic_id)


def _why(person: Person, clinic_id: str) -> QueueReason:
    if person.locked is not None:
        return QueueReason.HOLDER_LOCKED
    return QueueReason.HOLDER_ABSENT if person.can_hold(clinic_id) else QueueReason.HOLDER_NOT_PERMITTED
