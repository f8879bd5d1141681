"""Acts of staff on whose a case is: assign, reassign, claim, return."""

from datetime import datetime
from typing import Any

from services.routing.application import policy
from services.routing.application.commands import AssignCase, ClaimCase, ReturnCase
from services.routing.domain import faults
from services.routing.domain.case import HELD, OPEN, Act, Case, Status
from services.routing.domain.directory import Clinic, Person
from shared.contracts.events.admin import Role
from shared.errors import NotFound, Refused


def assign_case(
    command: AssignCase,
    case: Case | None,
    clinic: Clinic | None,
    actor: Person | None,
    target: Person | None,
    now: datetime,
) -> dict[str, Any]:
    """Hand a case to the caregiver who shall answer it; from the queue, or from a colleague."""
    held = case is not None and case.status in HELD
    case = _permitted(case, clinic, actor, policy.Act.REASSIGN if held else policy.Act.ASSIGN)
    case.expect_version(command.seen)
    _must_be_able_to_hold(target, case.clinic_id)
    if not held:
        case.assign(command.holder, by=command.actor, at=now, reason=command.reason or "")
    elif command.reason is None:
        raise Refused(faults.REASON_REQUIRED)
    else:
        case.reassign(command.holder, by=command.actor, at=now, reason=command.reason)
    return view_of(case)


def claim_case(
    command: ClaimCase, case: Case | None, clinic: Clinic | None, actor: Person | None, now: datetime
) -> dict[str, Any]:
    """A caregiver takes a case from the queue, where the clinic allows it."""
    case = _permitted(case, clinic, actor, policy.Act.CLAIM)
    case.expect_version(command.seen)
    case.assign(command.actor, by=command.actor, at=now, act=Act.CLAIM, reason="claimed")
    return view_of(case)


def return_case(
    command: ReturnCase, case: Case | None, clinic: Clinic | None, actor: Person | None, now: datetime
) -> dict[str, Any]:
    """The holder, or a receiver, puts a case back into the queue."""
    case = _permitted(case, clinic, actor, policy.Act.RETURN)
    case.expect_version(command.seen)
    case.return_to_queue(by=command.actor, at=now, reason=command.reason)
    return view_of(case)


def subject_of(case: Case, clinic: Clinic | None) -> policy.Subject:
    """A case as the policy looks at it. The last holder of a finished case still sees it."""
    owner = case.holder if case.status in OPEN else case.last_holder
    allowed = clinic is not None and clinic.claim_allowed
    return policy.Subject(case.clinic_id, allowed, case.status is Status.QUEUED, owner)


def view_of(case: Case) -> dict[str, Any]:
    """The responsibility as people and programs see it."""
    return {
        "case_id": str(case.id),
        "clinic_id": case.clinic_id,
        "case_type": case.case_type,
        "received_at": case.received_at.isoformat(),
        "status": case.status.value,
        "holder": case.holder,
        "last_holder": case.last_holder,
        "epoch": case.epoch,
        "version": case.version,
        "changed_at": case.changed_at.isoformat(),
        "changed_by": case.changed_by,
    }


def _permitted(case: Case | None, clinic: Clinic | None, actor: Person | None, act: policy.Act) -> Case:
    """The case, if the actor may. A case that nobody knows and a case of others look the same."""
    if case is None:
        raise NotFound(faults.NO_SUCH_CASE)
    policy.must(actor, act, subject_of(case, clinic))
    return case


def _must_be_able_to_hold(target: Person | None, clinic_id: str) -> None:
    if target is None or Role.CAREGIVER.value not in target.roles.get(clinic_id, ()):
        raise Refused(faults.HOLDER_UNKNOWN)
    if not target.can_hold(clinic_id):
        raise Refused(faults.HOLDER_LOCKED)
