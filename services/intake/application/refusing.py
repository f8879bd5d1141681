"""Whoever may not touch a case is told that there is none, or that their account is locked; the access log has it."""

from datetime import datetime
from uuid import UUID

from services.intake.application.ports import AccessLog
from services.intake.domain import faults
from services.intake.domain.case import Case
from services.intake.domain.neighbours import Staff
from shared.contracts.commands.admin import AccessAct
from shared.errors import Forbidden, NotFound, Refused


def refused(
    access_log: AccessLog,
    access_id: UUID,
    kind: str,
    actor: str,
    case: Case | None,
    now: datetime,
    *,
    person: Staff | None = None,
) -> Refused:
    """The refusal, to be raised: it is logged in the transaction that answers, or the answer fails.

    A case that does not exist has no patient, so there is nothing to log. `person` is the account of a member of staff:
    that it is locked is told whichever case they ask for.
    """
    if case is not None:
        access_log.log(access_id, kind, actor, case, AccessAct.REFUSED, now)
    if person is not None and person.locked:
        return Forbidden(faults.ACCOUNT_LOCKED)
    return NotFound(faults.CASE_UNKNOWN)
