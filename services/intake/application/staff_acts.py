"""What the holder of a case does: start it, ask the citizen, answer; and closing, which receivers may do too."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.intake.application.commands import AnswerCase, AskCitizen, CloseCase, StartCase
from services.intake.application.policy import Act, may
from services.intake.application.ports import AccessLog, Colleagues, Forms, Messages
from services.intake.application.refusing import refused
from services.intake.application.submit_case import within_form
from services.intake.domain import faults
from services.intake.domain.case import Case, Seen
from services.intake.domain.files import BY_STAFF, faults_in_files
from services.intake.domain.message import CaseMessage, Kind
from services.intake.domain.neighbours import Clinic, Staff
from shared.contracts.commands.admin import AccessAct
from shared.contracts.events.admin import Role
from shared.errors import NotYetKnown, Refused
from shared.faults import Fault
from shared.forms.characters import is_unstorable

LONGEST_WAIT = timedelta(days=366)


def start_case(
    command: StartCase,
    staff: Colleagues,
    case: Case | None,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """Begin to work on the case; it can no longer be withdrawn."""
    actor, case = _worker(command, staff, case, access_log, access_id, now)
    case.start(Seen(actor.id, command.epoch, None, staff.name_of), now)
    access_log.log(access_id, "staff", actor.id, case, AccessAct.START, now)
    return _told(case)


def ask_citizen(
    command: AskCitizen,
    staff: Colleagues,
    clinic: Clinic | None,
    case: Case | None,
    messages: Messages,
    reply_within: timedelta,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """Send a counter-question; every one has a reply-by date, so that no case waits for ever."""
    actor, case = _worker(command, staff, case, access_log, access_id, now)
    reply_by = command.reply_by or now + reply_within
    if reply_by.tzinfo is None or not now < reply_by <= now + LONGEST_WAIT:
        raise Refused(faults.REPLY_BY_PASSED)
    if is_unstorable(command.text):
        raise Refused(faults.characters("text"))
    message_id = case.ask(Seen(actor.id, command.epoch, command.version, staff.name_of), reply_by, now)
    body = {"text": command.text, "signature": actor.sign(clinic, now)}
    messages.add(CaseMessage(case.id, message_id, Kind.COUNTER_QUESTION, body, now, actor.id))
    access_log.log(access_id, "staff", actor.id, case, AccessAct.ASK, now)
    return _told(case) | {"message_id": str(message_id), "reply_by": reply_by.isoformat()}


def answer_case(
    command: AnswerCase,
    staff: Colleagues,
    clinic: Clinic | None,
    case: Case | None,
    forms: Forms,
    messages: Messages,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """Answer once: the first accepted answer is the only one."""
    actor, case = _worker(command, staff, case, access_log, access_id, now)
    seen = Seen(actor.id, command.epoch, command.version, staff.name_of)
    case.must_be_answerable(seen, now)
    if found := _faults_in(command, case, forms):
        raise Refused(*found)
    message_id = case.answer(seen, now)
    body = {"form": command.form, "text": command.text, "signature": actor.sign(clinic, now)}
    messages.add(CaseMessage(case.id, message_id, Kind.ANSWER, body, now, actor.id))
    access_log.log(access_id, "staff", actor.id, case, AccessAct.ANSWER, now)
    return _told(case) | {"message_id": str(message_id)}


def close_case(
    command: CloseCase,
    staff: Colleagues,
    case: Case | None,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """An answered case is closed by a receiver, or by whoever answered it."""
    actor = staff.find(command.actor)
    if case is None or actor is None or not may(actor, Act.CLOSE, case):
        raise refused(access_log, access_id, "staff", command.actor, case, now, person=actor)
    case.close(actor.id, command.version, now)
    access_log.log(access_id, "staff", actor.id, case, AccessAct.CLOSE, now)
    return _told(case)


def _worker(
    command: StartCase | AskCitizen | AnswerCase,
    staff: Colleagues,
    case: Case | None,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> tuple[Staff, Case]:
    """Who may work on the case. A newer assignment than we know of may be theirs: it is waited for."""
    actor = staff.find(command.actor)
    if case is not None and actor is not None:
        if command.epoch > case.epoch and actor.is_at(case.clinic_id, Role.CAREGIVER):
            raise NotYetKnown(faults.ASSIGNMENT_NOT_YET_KNOWN)
        if may(actor, Act.WORK, case):
            return actor, case
    raise refused(access_log, access_id, "staff", command.actor, case, now, person=actor)


def _faults_in(command: AnswerCase, case: Case, forms: Forms) -> list[Fault]:
    form = forms.answer_form(case.case_type, case.case_type_version)
    wrong = form.check(command.form) if form is not None else ()
    found = within_form(wrong) if form is not None else [faults.CASE_TYPE_UNKNOWN]
    if form is not None and form.takes_files and not wrong:
        found += faults_in_files(form.files_in(command.form), BY_STAFF)
    if is_unstorable(command.text):
        found.append(faults.characters("text"))
    return found


def _told(case: Case) -> dict[str, Any]:
    return {"case_id": str(case.id), "version": case.version, "state": case.state, "epoch": case.epoch}
