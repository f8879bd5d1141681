"""Who may do what: denied unless a line here allows it."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.neighbours import Portal, Staff
from shared.contracts.events.admin import Role


class Act(StrEnum):
    """What somebody can ask for."""

    SEE_OFFERS = "see_offers"
    """Which clinics take cases, of which types, and the forms."""
    SUBMIT = "submit"
    REPLY = "reply"
    WITHDRAW = "withdraw"
    MARK_READ = "mark_read"
    READ = "read"
    WORK = "work"
    """Start, ask, answer."""
    CLOSE = "close"
    FIND_REFERENCES = "find_references"
    """Of a person, for the access log. Its subject is the clinic."""


def _active(portal: Portal, _: Case | None) -> bool:
    return portal.active


def _own(portal: Portal, case: Case | None) -> bool:
    return portal.active and case is not None and case.portal_id == portal.id


def _holder_or_receiver(staff: Staff, case: Case | None) -> bool:
    if case is None:
        return False
    holds = case.holder == staff.id and staff.is_at(case.clinic_id, Role.CAREGIVER)
    return holds or staff.is_at(case.clinic_id, Role.RECEIVER) or _answered(staff, case)


def _held(staff: Staff, case: Case | None) -> bool:
    """Whoever held the case last may learn who holds it now, so they come this far; the epoch decides the rest."""
    return (
        case is not None
        and staff.is_at(case.clinic_id, Role.CAREGIVER)
        and staff.id in (case.holder, case.former_holder, case.answered_by)
    )


def _answered(staff: Staff, case: Case) -> bool:
    return case.answered_by == staff.id and staff.is_at(case.clinic_id, Role.CAREGIVER)


def _answerer_or_receiver(staff: Staff, case: Case | None) -> bool:
    return case is not None and (_answered(staff, case) or staff.is_at(case.clinic_id, Role.RECEIVER))


def _reviewer(staff: Staff, clinic_id: object) -> bool:
    return isinstance(clinic_id, str) and staff.is_at(clinic_id, Role.REVIEWER)


RULES: dict[tuple[type, Act], Callable[[Any, Any], bool]] = {
    (Portal, Act.SEE_OFFERS): _active,
    (Portal, Act.SUBMIT): _active,
    (Portal, Act.REPLY): _own,
    (Portal, Act.WITHDRAW): _own,
    (Portal, Act.MARK_READ): _own,
    (Portal, Act.READ): _own,
    (Staff, Act.READ): _holder_or_receiver,
    (Staff, Act.WORK): _held,
    (Staff, Act.CLOSE): _answerer_or_receiver,
    (Staff, Act.FIND_REFERENCES): _reviewer,
}


def may(actor: Staff | Portal | None, act: Act, subject: Case | str | None = None) -> bool:
    """Whether the actor may do this to the case, or at the clinic. Nobody may do what no rule allows."""
    rule = RULES.get((type(actor), act))
    return rule is not None and rule(actor, subject)
