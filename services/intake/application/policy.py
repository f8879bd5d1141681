"""Who may do what: denied unless a line here allows it."""

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.neighbours import Portal, Staff
from shared.contracts.case_rights import CONVERSATION, Tie
from shared.contracts.events.admin import Role, Scope


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
    GRANT = "grant"
    """Approve citizens, give them case types, and see who has been given what. Its subject is the clinic."""


SCOPES: dict[Act, Scope] = {
    Act.SEE_OFFERS: Scope.CATALOGUE,
    Act.SUBMIT: Scope.SUBMIT,
    Act.REPLY: Scope.REPLY,
    Act.WITHDRAW: Scope.REPLY,
    Act.MARK_READ: Scope.REPLY,
    Act.READ: Scope.READ,
}
"""What a portal must hold for each act of a portal."""


def _active(portal: Portal, _: Case | None) -> bool:
    return portal.active


def _own(portal: Portal, case: Case | None) -> bool:
    return portal.active and case is not None and case.portal_id == portal.id


_TIES: dict[Tie, Callable[[Staff, Case], bool]] = {
    Tie.NONE: lambda _, __: True,
    Tie.OWN: lambda staff, case: staff.id in (case.holder, case.answered_by),
    # Whoever held the case last may learn who holds it now, so they come this far; the epoch decides the rest.
    Tie.HELD: lambda staff, case: staff.id in (case.holder, case.former_holder, case.answered_by),
    Tie.ANSWERED: lambda staff, case: case.answered_by == staff.id,
}


def _by_right(act: Act) -> Callable[[Staff, Case | None], bool]:
    """As the table of rights says, for cases of clinics where the role is held."""

    def rule(staff: Staff, case: Case | None) -> bool:
        return case is not None and any(
            staff.is_at(case.clinic_id, right.role) and _TIES[right.tie](staff, case)
            for right in CONVERSATION[act]
        )

    return rule


def _at_clinic(*roles: Role) -> Callable[[Staff, object], bool]:
    """Whoever holds one of these roles at the clinic."""

    def rule(staff: Staff, clinic_id: object) -> bool:
        return isinstance(clinic_id, str) and any(staff.is_at(clinic_id, role) for role in roles)

    return rule


RULES: dict[tuple[type, Act], Callable[[Any, Any], bool]] = {
    (Portal, Act.SEE_OFFERS): _active,
    (Portal, Act.SUBMIT): _active,
    (Portal, Act.REPLY): _own,
    (Portal, Act.WITHDRAW): _own,
    (Portal, Act.MARK_READ): _own,
    (Portal, Act.READ): _own,
    (Staff, Act.READ): _by_right(Act.READ),
    (Staff, Act.WORK): _by_right(Act.WORK),
    (Staff, Act.CLOSE): _by_right(Act.CLOSE),
    (Staff, Act.FIND_REFERENCES): _at_clinic(Role.REVIEWER),
    (Staff, Act.GRANT): _at_clinic(Role.RECEIVER, Role.CLINIC_ADMIN),
}


def may(actor: Staff | Portal | None, act: Act, subject: Case | str | None = None) -> bool:
    """Whether the actor may do this to the case, or at the clinic. Nobody may do what no rule allows."""
    rule = RULES.get((type(actor), act))
    if isinstance(actor, Portal) and not holds(actor.scopes, act):
        return False
    return rule is not None and rule(actor, subject)


def holds(scopes: Collection[str], act: Act) -> bool:
    """Whether these scopes reach as far as this act."""
    return SCOPES.get(act, "") in scopes
