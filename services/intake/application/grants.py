"""Give a citizen a case type, or the clinic as a whole; take it back; show who has been given what.

No case is opened, but that somebody is named here tells of care: each row, act and refusal is in the access log.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake.application.commands import GrantCitizen, ListGrants, RevokeGrant
from services.intake.application.person_id import fault_in
from services.intake.application.policy import Act, may
from services.intake.application.ports import AccessLog, CaseTypes, Colleagues, GrantLists, Grants
from services.intake.domain import faults
from services.intake.domain.grant import EVERY_TYPE, Grant, is_past
from services.intake.domain.neighbours import Clinic
from shared.contracts.commands.admin import AccessAct
from shared.contracts.commands.intake import PersonId
from shared.contracts.envelope import derived_id
from shared.errors import Forbidden, NotFound, Refused


def grant_citizen(
    command: GrantCitizen,
    staff: Colleagues,
    clinic: Clinic | None,
    case_types: CaseTypes,
    grants: Grants,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """The same grant twice is one; with another last day it is changed."""
    wrong = fault_in(command.citizen, now)
    if not may(staff.find(command.actor), Act.GRANT, command.clinic_id):
        if wrong is None:
            person = (command.citizen.kind, command.citizen.value)
            access_log.look_up(access_id, command.actor, command.clinic_id, *person, AccessAct.REFUSED, now)
        raise Forbidden(faults.ONLY_WHO_GRANTS)
    found = [wrong] if wrong is not None else []
    if clinic is None:
        found.append(faults.CLINIC_UNKNOWN)
    if command.case_type != EVERY_TYPE and case_types.find(command.case_type) is None:
        found.append(faults.CASE_TYPE_UNKNOWN)
    if is_past(command.until, now):
        found.append(faults.UNTIL_PASSED)
    if found:
        raise Refused(*found)
    grant = grants.find(command.clinic_id, command.citizen, command.case_type)
    if grant is None:
        grant = _new(command, derived_id("grant", access_id), now)
        grants.add(grant)
    grant.give(command.until, command.actor, now)
    _log(grant, command.actor, AccessAct.GRANT, access_log, access_id, now)
    return _told(grant)


def revoke_grant(
    command: RevokeGrant,
    staff: Colleagues,
    grant: Grant | None,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """Twice is once. Cases that have come already stay."""
    here = grant if grant is not None and grant.clinic_id == command.clinic_id else None
    if not may(staff.find(command.actor), Act.GRANT, command.clinic_id):
        if here is not None:
            _log(here, command.actor, AccessAct.REFUSED, access_log, access_id, now)
        raise Forbidden(faults.ONLY_WHO_GRANTS)
    if here is None:
        raise NotFound(faults.GRANT_UNKNOWN)
    here.revoke(command.actor, now)
    _log(here, command.actor, AccessAct.GRANT, access_log, access_id, now)
    return _told(here)


def list_grants(
    command: ListGrants,
    staff: Colleagues,
    lists: GrantLists,
    access_log: AccessLog,
    access_id: UUID,
    now: datetime,
) -> dict[str, Any]:
    """A page of what has been given and not taken back, by id, also what has ended; and where the next begins."""
    if not may(staff.find(command.actor), Act.GRANT, command.clinic_id):
        raise Forbidden(faults.ONLY_WHO_GRANTS)
    found = lists.page(command.clinic_id, command.after, command.size + 1)
    shown = found[: command.size]
    for grant in shown:
        _log(grant, command.actor, AccessAct.LIST, access_log, derived_id(access_id, grant.id), now)
    rows = [
        _told(grant) | {"citizen": _person(grant).model_dump(), "holds": grant.holds(now)} for grant in shown
    ]
    return {"grants": rows, "next": str(shown[-1].id) if len(found) > len(shown) else None}


def _new(command: GrantCitizen, id_: UUID, now: datetime) -> Grant:
    person = (command.citizen.kind, command.citizen.value)
    return Grant(id_, command.clinic_id, command.case_type, *person, command.until, command.actor, now)


def _person(grant: Grant) -> PersonId:
    return PersonId.model_validate({"kind": grant.citizen_kind, "value": grant.citizen_value})


def _log(
    grant: Grant, actor: str, act: AccessAct, access_log: AccessLog, access_id: UUID, now: datetime
) -> None:
    person = (grant.citizen_kind, grant.citizen_value)
    access_log.look_up(access_id, actor, grant.clinic_id, *person, act, now)


def _told(grant: Grant) -> dict[str, Any]:
    """Not whom it is for: who gave it knows, and answers are kept for repeats."""
    return {
        "grant_id": str(grant.id),
        "case_type": grant.case_type,
        "until": grant.until and grant.until.isoformat(),
        "granted_by": grant.granted_by,
        "granted_at": grant.granted_at.isoformat(),
        "revoked_at": grant.revoked_at and grant.revoked_at.isoformat(),
    }
