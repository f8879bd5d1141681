"""Close what was answered long ago."""

from datetime import datetime

from services.intake.application.commands import CloseAnswered
from services.intake.application.ports import Cases
from services.intake.domain.life import State


def close_answered(command: CloseAnswered, cases: Cases, now: datetime) -> dict[str, int]:
    """Whatever is no longer merely answered by now is left alone."""
    closed = 0
    for case_id in command.case_ids:
        case = cases.get(case_id)
        if case is not None and case.state == State.ANSWERED:
            case.close("", None, now)
            closed += 1
    return {"closed": closed}
