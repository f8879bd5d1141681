"""Who may do what, by the table of rights, denied by default. HTTP, lists and streams all ask here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from services.routing.domain import faults
from services.routing.domain.directory import Person
from shared.contracts.case_rights import RESPONSIBILITY, Tie
from shared.contracts.events.admin import Role
from shared.errors import Forbidden, NotFound
from shared.faults import Fault


class Act(StrEnum):
    """What somebody may want to do."""

    SEE_QUEUE = "see_queue"
    SEE_STRANDED = "see_stranded"
    SEE_CAREGIVERS = "see_caregivers"
    SEE_CASE = "see_case"
    SEE_HISTORY = "see_history"
    SEE_EXPLANATION = "see_explanation"
    ASSIGN = "assign"
    REASSIGN = "reassign"
    CLAIM = "claim"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is about: a clinic, or a case of it. `owner` is the holder, or the last one of a finished case."""

    clinic_id: str
    claim_allowed: bool = False
    queued: bool = False
    owner: str | None = None


_TIES: dict[Tie, Callable[[Person, Subject], bool]] = {
    Tie.NONE: lambda _, __: True,
    Tie.OWN: lambda actor, subject: subject.owner == actor.id,
    Tie.CLAIMABLE: lambda _, subject: subject.claim_allowed,
    Tie.QUEUED: lambda _, subject: subject.claim_allowed and subject.queued,
}


def may(actor: Person | None, act: Act, subject: Subject) -> bool:
    """Whether the actor may; never for somebody unknown or locked."""
    if actor is None or actor.locked is not None:
        return False
    return any(
        actor.has(right.role, subject.clinic_id) and _TIES[right.tie](actor, subject)
        for right in RESPONSIBILITY.get(act, ())
    )


def must(actor: Person | None, act: Act, subject: Subject, unseen: Fault = faults.NO_SUCH_CASE) -> None:
    """Raises Forbidden where the actor sees the subject but may not do this; NotFound where it is none of theirs."""
    if actor is not None and actor.locked is not None:
        raise Forbidden(faults.ACCOUNT_LOCKED)
    if may(actor, act, subject):
        return
    if actor is not None and _sees(actor, subject, unseen):
        raise Forbidden(faults.NOT_PERMITTED)
    raise NotFound(unseen)


def _sees(actor: Person, subject: Subject, unseen: Fault) -> bool:
    """A case is seen by who may see it; a clinic by its members."""
    if unseen is faults.NO_SUCH_CLINIC:
        return bool(actor.roles.get(subject.clinic_id))
    return may(actor, Act.SEE_CASE, subject)


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who listens to the stream, with the rights that they had when we last looked."""

    staff_id: str
    receiver_of: frozenset[str]
    caregiver_of: frozenset[str]


def listener_of(person: Person) -> Listener:
    """What this person may hear; nothing if the account is locked."""
    receiver_of, caregiver_of = person.clinics_with(Role.RECEIVER), person.clinics_with(Role.CAREGIVER)
    return Listener(person.id, receiver_of, caregiver_of)


def must_listen(person: Person | None) -> Person:
    """The person, if there is anything that they may hear. Raises Forbidden."""
    if person is not None and person.locked is not None:
        raise Forbidden(faults.ACCOUNT_LOCKED)
    if person is None or not (person.clinics_with(Role.RECEIVER) or person.clinics_with(Role.CAREGIVER)):
        raise Forbidden(faults.NOT_PERMITTED)
    return person


def hears(listener: Listener, clinic_id: str, holder: str | None, former_holder: str | None) -> bool:
    """Receivers hear all of their clinics; caregivers only steps by which they hold, held or lose a case."""
    if clinic_id in listener.receiver_of:
        return True
    return listener.staff_id in (holder, former_holder) and clinic_id in listener.caregiver_of
