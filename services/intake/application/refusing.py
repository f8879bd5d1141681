"""Whoever may not touch a case is told that there is none, and the attempt stands in the access log."""

from datetime import datetime
from uuid import UUID

from services.intake.application.ports import AccessLog
from services.intake.domain import faults
from services.intake.domain.case import Case
from shared.contracts.commands.admin import AccessAct
from shared.errors import NotFound


def refused(
    access_log: AccessLog, access_id: UUID, kind: str, actor: str, case: Case | None, now: datetime
) -> NotFound:
    """The refusal, to be raised: it is logged in the transaction that answers, or the answer fails.

    A case that does not exist has no patient, so there is nothing to log.
    """
    if case is not None:
        access_log.log(access_id, kind, actor, case, AccessAct.REFUSED, now)
    return NotFound(faults.CASE_UNKNOWN)
