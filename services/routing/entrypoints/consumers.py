"""Table of contents: which message or command goes to which use case, with which rows."""

from typing import Any

from services.routing.adapters.work import RoutingWork
from services.routing.application.commands import AssignCase, ClaimCase, ReturnCase
from services.routing.application.follow_conversation import (
    end_withdrawn,
    finish_answered,
    finish_closed,
    start_by_asking,
    start_case,
)
from services.routing.application.follow_directory import deny_entity, follow_clinic, follow_staff_account
from services.routing.application.move_case import assign_case, claim_case, return_case
from services.routing.application.queue_case import queue_case
from shared.contracts.events.admin import ClinicPublished, SigningKeyPublished, StaffAccountPublished
from shared.contracts.events.intake import (
    CaseAnswered,
    CaseClosed,
    CaseReceived,
    CaseStarted,
    CaseWithdrawn,
    CounterQuestionSent,
)
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import Handlers, on, row, rows
from shared.messaging.states import StateUnreadable
from shared.security.keys import learn_key


def _clinic_of_case(arrival: Arrival, work: Any) -> str | None:
    command: Any = arrival.body
    cases: RoutingWork = work
    case = cases.cases.get(command.case_id)
    return None if case is None else case.clinic_id


_CASE = row("cases", "case_id")
_CLINIC = row("clinics_read", _clinic_of_case)
_ACTOR = row("people_read", "actor")

HANDLERS = Handlers(
    (
        on(CaseReceived, queue_case, cases=rows("cases", "case_id"), wanted=rows("wanted", "clinic_id")),
        on(CaseStarted, start_case, case=_CASE),
        on(CounterQuestionSent, start_by_asking, case=_CASE),
        on(CaseAnswered, finish_answered, case=_CASE),
        on(CaseClosed, finish_closed, case=_CASE),
        on(CaseWithdrawn, end_withdrawn, case=_CASE),
        on(ClinicPublished, follow_clinic, clinics=rows("clinics", "clinic_id"), wanted=rows("wanted")),
        on(
            StaffAccountPublished,
            follow_staff_account,
            people=rows("people", "staff_id"),
            wanted=rows("wanted"),
        ),
        on(SigningKeyPublished, learn_key, keys=rows("keys")),
        on(
            StateUnreadable,
            deny_entity,
            clinics=rows("clinics", "entity"),
            people=rows("people", "entity"),
            keys=rows("keys", "entity"),
            wanted=rows("wanted"),
        ),
        on(
            AssignCase,
            assign_case,
            case=_CASE,
            clinic=_CLINIC,
            actor=_ACTOR,
            target=row("people_read", "holder"),
        ),
        on(ClaimCase, claim_case, case=_CASE, clinic=_CLINIC, actor=_ACTOR),
        on(ReturnCase, return_case, case=_CASE, clinic=_CLINIC, actor=_ACTOR),
    )
)
