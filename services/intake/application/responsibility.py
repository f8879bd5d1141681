"""What routing tells about who holds a case. Facts are never refused; the newest counts, whatever their order.

CaseQueued is not heard: routing tells it when it has received a case from us, and nobody holds it then.
"""

from datetime import datetime

from services.intake.domain import faults
from services.intake.domain.case import Case
from shared.contracts.events.routing import CaseAssigned, CaseEnded, CaseReassigned, CaseReturned
from shared.errors import NotYetKnown


def note_assigned(fact: CaseAssigned, case: Case | None, now: datetime) -> None:
    """Somebody holds it."""
    _known(case).held_by(fact.holder, "", fact.epoch, fact.version, fact.at)


def note_reassigned(fact: CaseReassigned, case: Case | None, now: datetime) -> None:
    """Somebody else holds it."""
    _known(case).held_by(fact.holder, fact.former_holder, fact.epoch, fact.version, fact.at)


def note_returned(fact: CaseReturned, case: Case | None, now: datetime) -> None:
    """Nobody holds it any more."""
    _known(case).held_by("", fact.former_holder, fact.epoch, fact.version, fact.at)


def note_ended(fact: CaseEnded, case: Case | None, now: datetime) -> None:
    """Nobody will hold it: the conversation is over."""
    _known(case).held_by("", fact.former_holder, 0, fact.version, fact.at)


def _known(case: Case | None) -> Case:
    """Routing hears of a case from us. If we don't know it, our database was restored and the case comes again."""
    if case is None:
        raise NotYetKnown(faults.CASE_UNKNOWN)
    return case
