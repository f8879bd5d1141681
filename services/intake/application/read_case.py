"""Show a case, or the names for a list of cases. Each look is logged in the transaction that reads, or it fails."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake.application.commands import ListCases, ReadCase
from services.intake.application.policy import Act, may
from services.intake.application.ports import (
    AccessLog,
    Adaptations,
    Cases,
    CaseTypes,
    Colleagues,
    Forms,
    Messages,
)
from services.intake.application.refusing import refused
from services.intake.domain.case import Case
from services.intake.domain.message import CaseMessage, Kind
from services.intake.domain.neighbours import Clinic, Portal, Staff
from services.intake.domain.offering import adaptation_ids, said_of
from shared.contracts.commands.admin import AccessAct
from shared.contracts.envelope import derived_id
from shared.forms import Form, Language, render_answers


def read_case(
    command: ReadCase,
    portal: Portal | None,
    shown: Cases,
    staff: Colleagues,
    clinic: Clinic | None,
    case_types: CaseTypes,
    adaptations: Adaptations,
    forms: Forms,
    messages: Messages,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """The case with all that was said in it, as much as this actor may see."""
    case = shown.get(command.case_id)
    actor = portal if command.actor_kind == "portal" else staff.find(command.actor)
    if case is None or not may(actor, Act.READ, case):
        person = actor if isinstance(actor, Staff) else None
        raise refused(access_log, access_id, command.actor_kind, command.actor, case, now, person=person)
    access_log.log(access_id, command.actor_kind, command.actor, case, AccessAct.READ, now)
    case_type = case_types.find(case.case_type)
    view = _head(case) | {
        "case_type_name": {"sv": case_type.name_sv, "en": case_type.name_en} if case_type else None,
        "messages": [_message(message, case, forms, staff, command) for message in messages.of(case.id)],
    }
    if command.actor_kind == "portal":
        return view
    answer_form = forms.answer_form(case.case_type, case.case_type_version)
    return view | {
        "holder": case.holder,
        "holder_name": staff.name_of(case.holder) if case.holder else "",
        "epoch": case.epoch,
        "answered_by": case.answered_by,
        "answer_form": answer_form.to_questionnaire() if answer_form is not None else None,
        "standard_answers": _standard_answers(case, clinic, adaptations, forms),
    }


def _standard_answers(
    case: Case, clinic: Clinic | None, adaptations: Adaptations, forms: Forms
) -> list[dict[str, Any]]:
    """Texts to answer with: of the version that the case came with, as region and clinic want them now."""
    if clinic is None:
        return []
    ids = adaptation_ids(clinic, case.case_type)
    known = {id_: adapted for id_ in ids if (adapted := adaptations.find(id_)) is not None}
    said = said_of(forms.said(case.case_type, case.case_type_version), case.case_type, clinic, known)
    return [answer.model_dump(mode="json") for answer in said.get("standard_answers", ())]


def list_cases(
    command: ListCases, shown: Cases, staff: Colleagues, access_log: AccessLog, access_id: UUID, now: datetime
) -> list[dict[str, Any]]:
    """A row for each case that the actor may see; each row is logged, and so is each one that is left out."""
    actor = staff.find(command.actor)
    rows = []
    for case_id in command.case_ids:
        case = shown.get(case_id)
        if case is None:
            continue
        allowed = may(actor, Act.READ, case)
        act = AccessAct.LIST if allowed else AccessAct.REFUSED
        access_log.log(derived_id(access_id, case_id), "staff", command.actor, case, act, now)
        if allowed:
            rows.append(_row(case))
    return rows


def _row(case: Case) -> dict[str, Any]:
    """In a list the name is enough: an identity number has no place there."""
    row = _head(case) | {"citizen_name": case.citizen_name}
    del row["citizen"]
    return row


def _head(case: Case) -> dict[str, Any]:
    return {
        "case_id": str(case.id),
        "version": case.version,
        "state": case.state,
        "clinic_id": case.clinic_id,
        "case_type": case.case_type,
        "case_type_version": case.case_type_version,
        "citizen": {"kind": case.citizen_kind, "value": case.citizen_value, "name": case.citizen_name},
        "received_at": case.received_at.isoformat(),
        "reply_by": _time(case.reply_by),
        "answered_at": _time(case.answered_at),
        "closed_at": _time(case.closed_at),
    }


def _message(
    message: CaseMessage, case: Case, forms: Forms, staff: Colleagues, command: ReadCase
) -> dict[str, Any]:
    form = None
    if message.kind == Kind.QUESTION_FORM:
        form = forms.question_form(case.case_type, case.case_type_version)
    elif message.kind == Kind.ANSWER:
        form = forms.answer_form(case.case_type, case.case_type_version)
    told = {
        "message_id": str(message.id),
        "kind": message.kind,
        "sent_at": message.sent_at.isoformat(),
        "read_at": _time(message.read_at),
        "body": message.body,
        "answers": _answers(form, message, command.language),
    }
    if command.actor_kind == "staff":
        told |= {"by": message.said_by, "by_name": staff.name_of(message.said_by) if message.said_by else ""}
    return told


def _answers(form: Form | None, message: CaseMessage, language: Language) -> list[dict[str, Any]]:
    """Questions and answers as people read them."""
    if form is None:
        return []
    return [
        {"link_id": it.link_id, "headings": it.headings, "question": it.question, "answer": it.answer}
        for it in render_answers(form, message.body.get("form", {}), language)
    ]


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
