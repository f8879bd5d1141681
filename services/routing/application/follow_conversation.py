"""What intake's facts mean for the responsibility. None is refused: late ones change nothing."""

from datetime import datetime

from services.routing.domain import faults
from services.routing.domain.case import Case
from shared.contracts.events.intake import (
    CaseAnswered,
    CaseClosed,
    CaseStarted,
    CaseWithdrawn,
    CounterQuestionSent,
)
from shared.errors import NotYetKnown


def start_case(fact: CaseStarted, case: Case | None, now: datetime) -> None:
    """The holder has begun."""
    _known(case).start(fact.epoch)


def start_by_asking(fact: CounterQuestionSent, case: Case | None, now: datetime) -> None:
    """Whoever asks the citizen has begun."""
    _known(case).start(fact.epoch)


def finish_answered(fact: CaseAnswered, case: Case | None, now: datetime) -> None:
    """The first answer ends the responsibility, also when it came from a former holder."""
    _known(case).answer(fact.by, now)


def finish_closed(fact: CaseClosed, case: Case | None, now: datetime) -> None:
    """A closed case is nobody's."""
    _known(case).close(fact.by, now)


def end_withdrawn(fact: CaseWithdrawn, case: Case | None, now: datetime) -> None:
    """The citizen took the case back."""
    _known(case).withdraw(now)


def _known(case: Case | None) -> Case:
    if case is None:
        raise NotYetKnown(faults.NO_SUCH_CASE)
    return case
