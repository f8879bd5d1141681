"""What the citizen does after submitting: reply, take the case back, read a message."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake.application.policy import Act, holds, may
from services.intake.application.ports import AccessLog, Messages
from services.intake.application.refusing import refused
from services.intake.domain import faults
from services.intake.domain.case import Case
from services.intake.domain.message import FROM_STAFF, CaseMessage, Kind
from services.intake.domain.neighbours import Portal
from shared.contracts.commands.intake import MarkMessageRead, ReplyToCase, WithdrawCase
from shared.errors import Forbidden, NotYetKnown, Refused
from shared.forms.characters import is_unstorable


def reply_to_case(
    command: ReplyToCase,
    portal: Portal | None,
    by_http: bool,
    case: Case | None,
    messages: Messages,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """The same message id with the same text is the same reply."""
    case = _of_portal(portal, Act.REPLY, case, by_http, access_log, access_id, now)
    if is_unstorable(command.text):
        raise Refused(faults.characters("text"))
    known = messages.find(case.id, command.message_id)
    if known is not None:
        if known.kind != Kind.CITIZEN_REPLY or known.body != {"text": command.text}:
            raise Refused(faults.MESSAGE_ID_TAKEN)
        return _told(case)
    case.take_reply(command.message_id, now)
    messages.add(CaseMessage(case.id, command.message_id, Kind.CITIZEN_REPLY, {"text": command.text}, now))
    return _told(case)


def withdraw_case(
    command: WithdrawCase,
    portal: Portal | None,
    by_http: bool,
    case: Case | None,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """Possible until somebody has started on it."""
    case = _of_portal(portal, Act.WITHDRAW, case, by_http, access_log, access_id, now)
    case.withdraw(now)
    return _told(case)


def mark_message_read(
    command: MarkMessageRead,
    portal: Portal | None,
    by_http: bool,
    case: Case | None,
    messages: Messages,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """A message is read once; to read it again changes nothing."""
    case = _of_portal(portal, Act.MARK_READ, case, by_http, access_log, access_id, now)
    message = messages.find(case.id, command.message_id)
    if message is None or message.kind not in FROM_STAFF:
        raise Refused(faults.MESSAGE_UNKNOWN)
    if message.read_at is None:
        case.note_read(message.id, now)
        message.mark_read(now)
    return _told(case)


def _of_portal(
    portal: Portal | None,
    act: Act,
    case: Case | None,
    by_http: bool,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> Case:
    """The portal's own case. Another portal's is treated as one that does not exist: on Kafka it is waited for.

    The access log has each that ends as a refusal, also those of a portal that may do nothing, or not this.
    """
    if portal is None:
        raise Forbidden(faults.portal_may_not(portal))
    if case is not None and may(portal, act, case):
        return case
    refusal = refused(access_log, access_id, "portal", portal.id, case, now)
    if not portal.active or not holds(portal.scopes, act):
        raise Forbidden(faults.portal_may_not(portal))
    raise refusal if by_http else NotYetKnown(*refusal.faults)


def _told(case: Case) -> dict[str, Any]:
    return {"case_id": str(case.id), "version": case.version, "state": case.state}
