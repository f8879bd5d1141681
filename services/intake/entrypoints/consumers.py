"""The table of contents: which message goes to which use case, and with which rows."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.intake.adapters.grants import CitizenAt, Page
from services.intake.adapters.work import IntakeWork
from services.intake.application.citizen_acts import mark_message_read, reply_to_case, withdraw_case
from services.intake.application.close_answered import close_answered
from services.intake.application.commands import (
    AnswerCase,
    AskCitizen,
    CloseAnswered,
    CloseCase,
    FindReferences,
    GrantCitizen,
    ListCases,
    ListGrants,
    ReadCase,
    RevokeGrant,
    StartCase,
)
from services.intake.application.find_references import find_references
from services.intake.application.grants import grant_citizen, list_grants, revoke_grant
from services.intake.application.learn_directory import (
    deny_entity,
    learn_adaptation,
    learn_case_type,
    learn_clinic,
    learn_portal,
    learn_staff,
)
from services.intake.application.read_case import list_cases, read_case
from services.intake.application.responsibility import (
    note_assigned,
    note_ended,
    note_reassigned,
    note_returned,
)
from services.intake.application.staff_acts import answer_case, ask_citizen, close_case, start_case
from services.intake.application.submit_case import submit_case
from services.intake.domain.case import Case
from services.intake.domain.offering import adaptation_ids
from services.intake.entrypoints.outcomes import portal_by_topic
from shared.contracts.commands.intake import MarkMessageRead, ReplyToCase, SubmitCase, WithdrawCase
from shared.contracts.envelope import derived_id
from shared.contracts.events.admin import (
    CaseTypeAdaptationPublished,
    CaseTypePublished,
    ClinicPublished,
    PortalPublished,
    SigningKeyPublished,
    StaffAccountPublished,
)
from shared.contracts.events.routing import (
    CaseAssigned,
    CaseEnded,
    CaseReassigned,
    CaseReturned,
)
from shared.messaging.arrival import Arrival
from shared.messaging.handlers import Binding, Handlers, on, row, rows, value
from shared.messaging.states import StateUnreadable
from shared.security.keys import learn_key


def _portal_id(arrival: Arrival, _: Any = None) -> str | None:
    """The topic is the portal's identity; by HTTP the token is."""
    if arrival.record is not None:
        return portal_by_topic(arrival.record.topic) or None
    return arrival.actor.id if arrival.actor is not None and arrival.actor.kind == "portal" else None


def _form_of_type(arrival: Arrival, work: IntakeWork) -> list[tuple[str, int]]:
    """The newest version of the case type."""
    found = work.case_types.find(arrival.body.case_type)  # type: ignore[union-attr]
    return [] if found is None else [(found.id, found.version)]


def _adaptations_of_type(arrival: Arrival, work: IntakeWork) -> list[str]:
    """The clinic's, and its region's: clinics are loaded before."""
    command: Any = arrival.body
    clinic = work.clinics.find(command.clinic_id)
    return [] if clinic is None else adaptation_ids(clinic, command.case_type)


def _grants_of_citizen(arrival: Arrival, work: IntakeWork) -> list[CitizenAt]:
    """Only where somebody among these submissions may need one: mostly nobody does."""
    command: Any = arrival.body
    clinic = work.clinics.find(command.clinic_id)
    if clinic is None or not (clinic.approved_citizens_only or work.adaptations.any_restricted):
        return []
    return _citizen_at(command)


def _grants_to_give(arrival: Arrival, _: Any) -> list[CitizenAt]:
    return _citizen_at(arrival.body, to_give=True)


def _citizen_at(command: Any, *, to_give: bool = False) -> list[CitizenAt]:
    """Nobody, where the number has characters that no number has: the database might not take them."""
    person = command.citizen
    return (
        [CitizenAt(command.clinic_id, person.kind, person.value, to_give)] if person.value.isalnum() else []
    )


def _page_of_grants(arrival: Arrival, _: Any) -> list[Page]:
    """One row more than is shown tells whether there is another page."""
    command: Any = arrival.body
    return [Page(command.clinic_id, command.after, command.size + 1)]


def _form_of_case(arrival: Arrival, work: IntakeWork) -> list[tuple[str, int]]:
    """The version that the case keeps."""
    case = _case(arrival, work)
    return [] if case is None else [(case.case_type, case.case_type_version)]


def _actor_and_others(arrival: Arrival, work: IntakeWork) -> list[str]:
    """Who acts, and who may have to be named."""
    command: Any = arrival.body
    case = _case(arrival, work)
    named = () if case is None else (case.holder, case.answered_by, case.former_holder)
    return [command.actor, *filter(None, named)]


def _type_of_case(arrival: Arrival, work: IntakeWork) -> list[str]:
    case = _case(arrival, work)
    return [] if case is None else [case.case_type]


def _type_in_key(arrival: Arrival, _: Any) -> str:
    """The case type in the key of one of its versions."""
    return arrival.body.entity.rpartition("/")[0]  # type: ignore[union-attr, no-any-return]


def _clinic_of_case(arrival: Arrival, work: IntakeWork) -> str | None:
    case = _case(arrival, work)
    return None if case is None else case.clinic_id


def _adaptations_of_case(arrival: Arrival, work: IntakeWork) -> list[str]:
    case = _case(arrival, work)
    clinic = None if case is None else work.clinics.find(case.clinic_id)
    return [] if case is None or clinic is None else adaptation_ids(clinic, case.case_type)


def _case(arrival: Arrival, work: IntakeWork) -> Case | None:
    """The case, to act on or only shown."""
    case_id = getattr(arrival.body, "case_id", None)
    return None if case_id is None else work.cases.peek(case_id) or work.shown.peek(case_id)


def _access_id(arrival: Arrival) -> UUID:
    """One for each time that somebody asks: on Kafka ids are the portal's to choose, so the rest counts too."""
    told = (arrival.topic, arrival.line, arrival.envelope.time) if arrival.topic else ()
    return derived_id("access", arrival.envelope.id, *told)


def _by_http(arrival: Arrival) -> bool:
    return arrival.record is None


PORTAL = row("portals", _portal_id)
CASE = row("cases", "case_id")
STAFF = rows("staff", _actor_and_others)
ITS_CLINIC = row("clinics", _clinic_of_case)
MESSAGES = rows("messages", "case_id")
BY_HTTP = value(_by_http)
LOGGED: dict[str, Binding] = {"access_log": rows("access_log"), "access_id": value(_access_id)}


def handlers(reply_within: timedelta) -> Handlers:
    """The whole table. `reply_within` is how long a citizen has where a question names no date."""

    def within(_: Arrival) -> timedelta:
        return reply_within

    return Handlers(
        (
            on(
                SubmitCase,
                submit_case,
                portal=PORTAL,
                clinic=row("clinics", "clinic_id"),
                case_type=row("case_types", "case_type"),
                adaptations=rows("adaptations", _adaptations_of_type),
                grants=rows("grants", _grants_of_citizen),
                forms=rows("forms", _form_of_type),
                cases=rows("cases", "case_id"),
                messages=rows("messages"),
            ),
            on(
                ReplyToCase,
                reply_to_case,
                portal=PORTAL,
                by_http=BY_HTTP,
                case=CASE,
                messages=MESSAGES,
                **LOGGED,
            ),
            on(WithdrawCase, withdraw_case, portal=PORTAL, by_http=BY_HTTP, case=CASE, **LOGGED),
            on(
                MarkMessageRead,
                mark_message_read,
                portal=PORTAL,
                by_http=BY_HTTP,
                case=CASE,
                messages=MESSAGES,
                **LOGGED,
            ),
            on(StartCase, start_case, staff=STAFF, case=CASE, **LOGGED),
            on(
                AskCitizen,
                ask_citizen,
                staff=STAFF,
                clinic=ITS_CLINIC,
                case=CASE,
                messages=rows("messages"),
                reply_within=value(within),
                **LOGGED,
            ),
            on(
                AnswerCase,
                answer_case,
                staff=STAFF,
                clinic=ITS_CLINIC,
                case=CASE,
                forms=rows("forms", _form_of_case),
                messages=rows("messages"),
                **LOGGED,
            ),
            on(CloseCase, close_case, staff=STAFF, case=CASE, **LOGGED),
            on(
                ReadCase,
                read_case,
                portal=PORTAL,
                shown=rows("shown", "case_id"),
                staff=STAFF,
                clinic=row("clinics", _clinic_of_case),
                case_types=rows("case_types", _type_of_case),
                adaptations=rows("adaptations", _adaptations_of_case),
                forms=rows("forms", _form_of_case),
                messages=MESSAGES,
                **LOGGED,
            ),
            on(
                ListCases,
                list_cases,
                shown=rows("shown", "case_ids"),
                staff=STAFF,
                **LOGGED,
            ),
            on(
                FindReferences,
                find_references,
                staff=STAFF,
                access_log=rows("access_log"),
                access_id=value(_access_id),
            ),
            on(
                GrantCitizen,
                grant_citizen,
                staff=STAFF,
                clinic=row("clinics", "clinic_id"),
                case_types=rows("case_types", "case_type"),
                grants=rows("grants", _grants_to_give),
                **LOGGED,
            ),
            on(RevokeGrant, revoke_grant, staff=STAFF, grant=row("grants", "grant_id"), **LOGGED),
            on(ListGrants, list_grants, staff=STAFF, lists=rows("grant_pages", _page_of_grants), **LOGGED),
            on(CloseAnswered, close_answered, cases=rows("cases", "case_ids")),
            on(CaseAssigned, note_assigned, case=CASE),
            on(CaseReassigned, note_reassigned, case=CASE),
            on(CaseReturned, note_returned, case=CASE),
            on(CaseEnded, note_ended, case=CASE),
            on(ClinicPublished, learn_clinic, clinics=rows("clinics"), pages=rows("clinic_pages")),
            on(StaffAccountPublished, learn_staff, staff=rows("staff")),
            on(PortalPublished, learn_portal, portals=rows("portals")),
            on(CaseTypeAdaptationPublished, learn_adaptation, adaptations=rows("adaptations")),
            on(CaseTypePublished, learn_case_type, case_types=rows("case_types"), forms=rows("forms")),
            on(SigningKeyPublished, learn_key, keys=rows("keys")),
            on(
                StateUnreadable,
                deny_entity,
                portals=rows("portals", "entity"),
                clinics=rows("clinics", "entity"),
                staff=rows("staff", "entity"),
                adaptations=rows("adaptations", "entity"),
                case_types=rows("case_types", _type_in_key),
                keys=rows("keys", "entity"),
            ),
        )
    )
