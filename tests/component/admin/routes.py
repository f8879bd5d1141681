"""Every route of admin: which act it is, what it is about, and a request that is sound but for who asks.

A route without a line here fails the tests. Requests name a version that nothing has, and things that exist: whoever
is let through meets a conflict, and nothing is changed, but that a review of the clinic's permissions is opened.
"""

from dataclasses import dataclass, field
from typing import Any

from services.admin.application.policy import Act, Subject
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId

CLINIC, SAME_REGION, OTHER_REGION = (f"SE2321000016-MX{name}" for name in ("OWN", "NEAR", "FAR"))
TARGET = "SE2321000016-MXTARGET"
REGIONS = {CLINIC: "01", SAME_REGION: "01", OTHER_REGION: "14"}
NAMED = {
    "clinic_id": CLINIC,
    "staff_id": TARGET,
    "portal_id": "minvard",
    "document_id": "renew-prescription",
    "case_type": "renew-prescription",
    "region": "01",
    "kind": "terms",
    "group_id": "no-such",
    "week": "2026-W47",
    "number": "1",
}
"""What stands in the addresses."""

NOTHING = Subject()
AT_CLINIC = Subject(frozenset({ClinicId(CLINIC)}))
ACCOUNT = Subject(frozenset({ClinicId(CLINIC)}), account_id=TARGET)


@dataclass(frozen=True, slots=True)
class Line:
    """One route. Without an act it is for every member of staff who has an account."""

    act: Act | None
    about: Subject = NOTHING
    body: dict[str, Any] | None = None
    query: dict[str, str] = field(default_factory=dict)


_FORM = {
    "resourceType": "Questionnaire",
    "language": "sv",
    "item": [{"linkId": "a", "text": "A", "type": "text"}],
}
_CASE_TYPE = {"name_sv": "X", "name_en": "X", "question_form": _FORM, "answer_form": _FORM}
A_TEMPLATE = {
    "name_sv": "X",
    "name_en": "X",
    "kind": "information",
    "subject": {"sv": "X"},
    "body": {"sv": "X"},
}
_CAREGIVER = [{"clinic_id": CLINIC, "roles": ["caregiver"]}]
_GIVING = Subject(frozenset({ClinicId(CLINIC)}), roles=frozenset({Role.CAREGIVER}))
_A_PERSON = "/staff-accounts/{staff_id}"
_A_SAMPLE = "/access-log/samples/{clinic_id}/{week}"
_REVIEWS = "/clinics/{clinic_id}/permission-reviews"
_OF_CLINIC = {"clinic_id": CLINIC}

OPEN_TO_ALL = {"POST /tokens", "POST /development/sign-in", "GET /development/people"}
"""These prove who somebody is, and ask for no token."""
OPEN_TO_ALL |= {
    "GET /sign-in",
    "GET /sign-in/callback",
    "GET /sign-in/card",
    "GET /terms",
    "GET /terms/{version}",
}
ON_THE_COOKIE = {
    "GET /session",
    "DELETE /session",
    "POST /session/account",
    "POST /session/terms",
    "POST /session/clinic",
    "POST /session/tokens",
    "GET /sessions",
    "DELETE /sessions",
    "DELETE /sessions/{session_id}",
}
"""These take a session's cookie and no token; test_sign_in.py has what they refuse."""


def documents(path: str, content: dict[str, Any]) -> dict[str, Line]:
    """The routes that case types and templates both have, about a national one."""
    one = f"{path}/{{document_id}}"
    named = {"id": "renew-prescription"}
    file = {"file": {"format": f"vardvaxel.{path[1:-1]}.v1", "content": content}}
    return {
        f"GET {path}": Line(Act.SEE_CATALOGUE),
        f"POST {path}": Line(Act.PUBLISH_NATIONALLY, NOTHING, named | {"content": content}),
        f"GET {one}": Line(Act.SEE_CATALOGUE),
        f"GET {one}/preview": Line(Act.SEE_CATALOGUE, query={"version": "1"}),
        f"GET {one}/versions": Line(Act.SEE_CATALOGUE),
        f"GET {one}/differences": Line(Act.SEE_CATALOGUE, query={"before": "1", "after": "1"}),
        f"GET {one}/export": Line(Act.SEE_CATALOGUE, query={"version": "1"}),
        f"GET {one}/draft": Line(Act.PUBLISH_NATIONALLY),
        f"PUT {one}/draft": Line(Act.PUBLISH_NATIONALLY, NOTHING, content),
        f"DELETE {one}/draft": Line(Act.PUBLISH_NATIONALLY),
        f"POST {one}/draft/publication": Line(Act.PUBLISH_NATIONALLY),
        f"POST {one}/retirement": Line(Act.PUBLISH_NATIONALLY),
        f"POST {one}/rollback": Line(Act.PUBLISH_NATIONALLY, NOTHING, {"to_version": 1}),
        f"POST {one}/copies": Line(Act.PUBLISH_NATIONALLY, NOTHING, named),
        f"POST {one}/import": Line(Act.PUBLISH_NATIONALLY, NOTHING, file),
    }


LINES: dict[str, Line] = {
    "GET /clinics": Line(Act.SEE_CATALOGUE),
    "POST /clinics": Line(
        Act.CREATE_CLINIC, Subject(region="01"), {"clinic_id": CLINIC, "name": "X", "region": "01"}
    ),
    "GET /clinics/{clinic_id}": Line(Act.SEE_CATALOGUE),
    "PUT /clinics/{clinic_id}": Line(Act.CHANGE_CLINIC, AT_CLINIC, {"name": "X"}),
    "PUT /clinics/{clinic_id}/region": Line(Act.MOVE_CLINIC, AT_CLINIC, {"region": "01"}),
    "GET /clinics/{clinic_id}/settings": Line(Act.SEE_CATALOGUE),
    "PUT /clinics/{clinic_id}/settings": Line(Act.CHANGE_CLINIC, AT_CLINIC, {}),
    "GET /clinics/{clinic_id}/texts/{kind}": Line(Act.SEE_CATALOGUE),
    "POST /clinics/{clinic_id}/texts/{kind}": Line(Act.CHANGE_CLINIC, AT_CLINIC, {"text": {"sv": "X"}}),
    "GET /clinics/{clinic_id}/days": Line(Act.SEE_CATALOGUE),
    "GET /clinics/{clinic_id}/readiness": Line(Act.CHANGE_CLINIC, AT_CLINIC),
    "POST /clinics/{clinic_id}/opening": Line(Act.CHANGE_CLINIC, AT_CLINIC),
    "POST /clinics/{clinic_id}/draining": Line(Act.CHANGE_CLINIC, AT_CLINIC, {"text": {"sv": "X"}}),
    "POST /clinics/{clinic_id}/closing": Line(Act.CHANGE_CLINIC, AT_CLINIC),
    "GET /staff-accounts": Line(Act.LIST_ACCOUNTS, AT_CLINIC, query=_OF_CLINIC),
    "POST /staff-accounts": Line(
        Act.REGISTER_ACCOUNT, _GIVING, {"staff_id": TARGET, "name": "X", "permissions": _CAREGIVER}
    ),
    "GET /staff-accounts/me": Line(None),
    f"GET {_A_PERSON}": Line(Act.LOOK_UP_ACCOUNT, ACCOUNT),
    f"PUT {_A_PERSON}": Line(Act.CHANGE_PROFILE, ACCOUNT, {"name": "X"}),
    f"PUT {_A_PERSON}/wishes": Line(Act.CHANGE_WISHES, ACCOUNT, {}),
    f"PUT {_A_PERSON}/presence": Line(Act.SET_PRESENCE, ACCOUNT, {"present": False}),
    f"PUT {_A_PERSON}/other-address": Line(Act.CHOOSE_ADDRESS, ACCOUNT, {"email": "x@example.org"}),
    f"POST {_A_PERSON}/other-address/verification": Line(
        Act.CHOOSE_ADDRESS, ACCOUNT, {"code": "0b0f3a0e-58b8-4a3e-9a51-1b6c5b7c2f10"}
    ),
    f"DELETE {_A_PERSON}/other-address": Line(Act.CHOOSE_ADDRESS, ACCOUNT),
    f"PUT {_A_PERSON}/absence": Line(Act.SET_PRESENCE, ACCOUNT, {"first_on": "2190-01-01"}),
    f"DELETE {_A_PERSON}/absence": Line(Act.SET_PRESENCE, ACCOUNT),
    f"PUT {_A_PERSON}/permissions": Line(Act.SET_ROLES, _GIVING, {"permissions": _CAREGIVER}),
    f"POST {_A_PERSON}/lock": Line(Act.LOCK_ACCOUNT, ACCOUNT, {"reason": "manual"}),
    f"POST {_A_PERSON}/reactivation": Line(Act.REACTIVATE_ACCOUNT, ACCOUNT),
    f"POST {_A_PERSON}/refresh": Line(Act.REFRESH_ACCOUNT, ACCOUNT),
    f"GET {_A_PERSON}/history": Line(Act.SEE_ACCOUNT, ACCOUNT),
    "GET /clinics/{clinic_id}/permissions": Line(Act.SEE_PERMISSIONS, AT_CLINIC),
    "GET /clinics/{clinic_id}/permissions/{staff_id}/explanation": Line(Act.SEE_PERMISSIONS, AT_CLINIC),
    "PUT /clinics/{clinic_id}/permissions": Line(
        Act.SET_ROLES,
        _GIVING,
        {"rows": [{"staff_id": TARGET, "version": 999_999, "roles": ["caregiver"]}]},
    ),
    f"GET {_REVIEWS}": Line(Act.REVIEW_PERMISSIONS, AT_CLINIC),
    f"POST {_REVIEWS}": Line(Act.REVIEW_PERMISSIONS, AT_CLINIC),
    f"GET {_REVIEWS}/{{number}}": Line(Act.REVIEW_PERMISSIONS, AT_CLINIC),
    f"PUT {_REVIEWS}/{{number}}/items/{{staff_id}}": Line(
        Act.REVIEW_PERMISSIONS, AT_CLINIC, {"verdict": "keep"}
    ),
    f"POST {_REVIEWS}/{{number}}/sign-off": Line(Act.REVIEW_PERMISSIONS, AT_CLINIC),
    "GET /clinics/{clinic_id}/groups": Line(Act.LIST_ACCOUNTS, AT_CLINIC),
    "POST /clinics/{clinic_id}/groups": Line(
        Act.CHANGE_GROUP,
        AT_CLINIC,
        {"group_id": "x", "name_sv": "X", "name_en": "X", "members": ["SE2321000016-MXNOBODY"]},
    ),
    "PUT /clinics/{clinic_id}/groups/{group_id}": Line(
        Act.CHANGE_GROUP, AT_CLINIC, {"name_sv": "X", "name_en": "X"}
    ),
    "DELETE /clinics/{clinic_id}/groups/{group_id}": Line(Act.CHANGE_GROUP, AT_CLINIC),
    "GET /administrator-alerts": Line(Act.SEE_ALERTS),
    "POST /terms": Line(Act.PUBLISH_TERMS, NOTHING, {"text_sv": "X", "text_en": "X"}),
    "GET /sign-ins": Line(Act.READ_SIGN_INS, ACCOUNT, query={"staff_id": TARGET}),
    "GET /portals": Line(Act.SEE_PORTALS),
    "POST /portals": Line(Act.CREATE_PORTAL, NOTHING, {"portal_id": "minvard", "name": "X"}),
    "GET /portals/{portal_id}": Line(Act.SEE_PORTALS),
    "PUT /portals/{portal_id}": Line(Act.CHANGE_PORTAL, NOTHING, {"name": "X"}),
    "POST /portals/{portal_id}/secret": Line(Act.CHANGE_PORTAL),
    **documents("/case-types", _CASE_TYPE),
    **documents("/templates", A_TEMPLATE),
    "POST /templates/preview": Line(Act.SEE_CATALOGUE, body={"content": A_TEMPLATE}),
    "GET /templates/variables": Line(Act.SEE_CATALOGUE),
    "GET /clinics/{clinic_id}/template-approval": Line(Act.SEE_CATALOGUE),
    "PUT /clinics/{clinic_id}/template-approval": Line(Act.PUBLISH_LOCALLY, AT_CLINIC, {}),
    "GET /regions/{region}/template-approval": Line(Act.SEE_CATALOGUE),
    "PUT /regions/{region}/template-approval": Line(Act.PUBLISH_LOCALLY, Subject(region="01"), {}),
    "POST /templates/{document_id}/draft/submission": Line(Act.PUBLISH_NATIONALLY),
    "DELETE /templates/{document_id}/draft/submission": Line(Act.PUBLISH_NATIONALLY),
    "POST /templates/{document_id}/draft/approval": Line(Act.PUBLISH_NATIONALLY),
    "POST /case-types/preview": Line(Act.SEE_CATALOGUE, body={"content": _CASE_TYPE}),
    "POST /case-types/{document_id}/versions": Line(Act.PUBLISH_NATIONALLY, NOTHING, _CASE_TYPE),
    "GET /clinics/{clinic_id}/case-types/{case_type}": Line(Act.SEE_CATALOGUE),
    "GET /clinics/{clinic_id}/case-types/{case_type}/effective": Line(Act.SEE_CATALOGUE),
    "PUT /clinics/{clinic_id}/case-types/{case_type}": Line(Act.ADAPT_CASE_TYPE, AT_CLINIC, {"on": True}),
    "GET /regions/{region}/case-types/{case_type}": Line(Act.SEE_CATALOGUE),
    "PUT /regions/{region}/case-types/{case_type}": Line(Act.ADAPT_CASE_TYPE, Subject(region="01"), {}),
    "GET /access-log": Line(Act.READ_ACCESS_LOG, AT_CLINIC, query=_OF_CLINIC),
    "GET /access-log/extract": Line(Act.MAKE_EXTRACT, query={"citizen_ref": "1:x"}),
    "GET /access-log/samples": Line(Act.CHECK_ACCESSES, AT_CLINIC, query=_OF_CLINIC),
    f"GET {_A_SAMPLE}": Line(Act.CHECK_ACCESSES, AT_CLINIC),
    f"PUT {_A_SAMPLE}/entries/{{number}}": Line(Act.CHECK_ACCESSES, AT_CLINIC, {"verdict": "justified"}),
    f"POST {_A_SAMPLE}/sign-off": Line(Act.CHECK_ACCESSES, AT_CLINIC),
}
