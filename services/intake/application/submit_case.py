"""Take a citizen's case, or say everything that is wrong with it at once."""

import unicodedata
from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson

from services.intake.application.person_id import fault_in, traits_of
from services.intake.application.policy import Act, may
from services.intake.application.ports import Adaptations, Cases, Forms, Grants, Messages
from services.intake.domain import faults
from services.intake.domain.case import Case
from services.intake.domain.files import faults_in_files, files_of_citizen
from services.intake.domain.neighbours import CaseType, Clinic, Portal
from services.intake.domain.offering import adaptation_ids, faults_in_offer
from shared.contracts.commands.intake import SubmitCase
from shared.errors import Forbidden, Refused
from shared.faults import Fault
from shared.forms.characters import is_unstorable


def submit_case(
    command: SubmitCase,
    portal: Portal | None,
    clinic: Clinic | None,
    case_type: CaseType | None,
    adaptations: Adaptations,
    grants: Grants,
    forms: Forms,
    cases: Cases,
    messages: Messages,
    now: datetime,
) -> dict[str, Any]:
    """The same case id with the same content is the same case; with other content it is refused."""
    if portal is None or not may(portal, Act.SUBMIT):
        raise Forbidden(faults.portal_may_not(portal))
    form, content_hash = _content(command)
    known = cases.get(command.case_id)
    if known is not None:
        if known.portal_id != portal.id or known.content_hash != content_hash:
            raise Refused(faults.CASE_ID_TAKEN)
    else:
        found = _faults_in(command, clinic, case_type, adaptations, grants, forms, now)
        if found or case_type is None:
            raise Refused(*found)
        case = Case(
            command.case_id,
            portal.id,
            command.clinic_id,
            command.case_type,
            case_type.version,
            command.citizen.kind,
            command.citizen.value,
            unicodedata.normalize("NFC", command.citizen_name),
            content_hash,
            now,
        )
        case.receive()
        cases.add(case)
        messages.open(case.id, form, now)
    return {"case_id": str(command.case_id)}


def _faults_in(
    command: SubmitCase,
    clinic: Clinic | None,
    case_type: CaseType | None,
    adaptations: Adaptations,
    grants: Grants,
    forms: Forms,
    now: datetime,
) -> list[Fault]:
    found: list[Fault] = []
    if clinic is None:
        found.append(faults.CLINIC_UNKNOWN)
    elif not clinic.active:
        found.append(faults.clinic_inactive(clinic))
    elif command.case_type not in clinic.case_types and case_type is not None:
        found.append(faults.CASE_TYPE_OFF)
    elif case_type is not None:
        ids = adaptation_ids(clinic, case_type.id)
        known = {id_: adapted for id_ in ids if (adapted := adaptations.find(id_)) is not None}
        granted = grants.held_by(clinic.id, command.citizen, now)
        found += faults_in_offer(case_type, clinic, known, traits_of(command.citizen), granted, now)
    if (fault := fault_in(command.citizen, now)) is not None:
        found.append(fault)
    if is_unstorable(command.citizen_name):
        found.append(faults.characters("citizen_name"))
    if case_type is None:
        found.append(faults.CASE_TYPE_UNKNOWN)
        return found
    form = forms.question_form(case_type.id, case_type.version)
    if form is None or not case_type.active:
        found.append(faults.CASE_TYPE_INACTIVE)
    wrong = form.check(command.form) if form is not None else ()
    found += within_form(wrong)
    if form is not None and form.takes_files and not wrong:
        allowed = files_of_citizen(forms.said(case_type.id, case_type.version))
        found += faults_in_files(form.files_in(command.form), allowed)
    return found


def within_form(wrong: tuple[Fault, ...]) -> list[Fault]:
    """A form's faults, with their paths as seen from the command."""
    return [Fault(f"form.{fault.field}", fault.code, fault.sv, fault.en) for fault in wrong]


def _content(command: SubmitCase) -> tuple[str, bytes]:
    """The form as JSON text, and a hash of everything that the citizen sent."""
    try:
        form = orjson.dumps(command.form, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # nested deeper than anything that a form takes
        form = b"{}"
    citizen = command.citizen
    head = "\n".join(
        (command.clinic_id, command.case_type, citizen.kind, citizen.value, command.citizen_name)
    )
    return form.decode(), blake2b(head.encode(errors="replace") + b"\n" + form, digest_size=16).digest()
