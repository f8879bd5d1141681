"""Create clinics and change how they work."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.admin.application.accounts.permissions import keep_count
from services.admin.application.clinics.commands import ChangeClinic, ClinicCommand, CreateClinic, MoveClinic
from services.admin.application.clinics.views import ClinicView, clinic_view
from services.admin.application.clinics.wishes import ClinicWish, FirstAdministrator
from services.admin.application.faults import (
    ADMINISTRATOR_LOCKED,
    CLINIC_EXISTS,
    NAME_NEEDED,
    OTHER_REGION,
    UNKNOWN_CASE_TYPE,
    not_found,
)
from services.admin.application.policy import Act, Subject, may, must
from services.admin.application.ports import Accounts, CaseTypes, Clinics
from services.admin.domain.account import Account
from services.admin.domain.clinic import Clinic
from services.admin.domain.clinic_life import Step
from services.admin.domain.readiness import Staffing, reasons_against
from shared.contracts.events.admin import Role
from shared.contracts.ids import CaseTypeId, ClinicId
from shared.errors import Conflict, Forbidden, Refused


def create_clinic(
    command: CreateClinic,
    actor: Account | None,
    accounts: Accounts,
    clinics: Clinics,
    case_types: CaseTypes,
    now: datetime,
) -> ClinicView:
    """A region's administrator opens a clinic, and names who shall administer it."""
    wish = command.wish
    clinic_id = ClinicId(wish.clinic_id)
    _must_reach(actor, wish.region)
    must_be_new(clinics, clinic_id)
    must_be_published(wish.case_types, case_types, clinic_id, wish.region)
    clinic = Clinic(clinic_id, wish.name, wish.region)
    take_over(clinic, wish)
    if wish.active:
        must_be_ready(clinic, None)
    administrator = _administrator(wish.administrator, accounts, now) if wish.administrator else None
    clinic.publish(command.actor, now)
    clinics.add(clinic)
    if administrator is not None:
        before = administrator.administers
        administrator.set_permissions({clinic_id: frozenset({Role.CLINIC_ADMIN})})
        keep_count(before, administrator.administers, clinics)
        administrator.publish(command.actor, now)
    return clinic_view(clinic)


def move_clinic(
    command: MoveClinic, actor: Account | None, clinic: Clinic | None, now: datetime
) -> ClinicView:
    """A clinic belongs to another region from now on, and to that region's administrators."""
    clinic = to_change(command, actor, clinic, Act.MOVE_CLINIC)
    clinic.region = command.wish.region
    clinic.publish(command.actor, now)
    return clinic_view(clinic)


def change_clinic(
    command: ChangeClinic,
    actor: Account | None,
    clinic: Clinic | None,
    case_types: CaseTypes,
    staffing: Staffing | None,
    now: datetime,
) -> ClinicView:
    """Its administrators decide its name, whether it takes cases, how, and which types."""
    clinic, wish = to_change(command, actor, clinic), command.wish
    must_be_published(wish.case_types - clinic.case_types, case_types, clinic.id, clinic.region)
    if wish.active not in (None, clinic.active):
        if wish.active:
            must_be_ready(replace(clinic, case_types=wish.case_types), staffing)
        clinic.take(Step.OPEN if wish.active else Step.SWITCH_OFF)
    take_over(clinic, wish)
    clinic.publish(command.actor, now)
    return clinic_view(clinic)


def _must_reach(actor: Account | None, region: str) -> None:
    """Raises Forbidden unless the actor may open clinics in the region."""
    who = must(actor, Act.CREATE_CLINIC, Subject())
    if not may(who, Act.CREATE_CLINIC, Subject(region=region)):
        raise Forbidden(OTHER_REGION)


def _administrator(wish: FirstAdministrator, accounts: Accounts, now: datetime) -> Account:
    """The account that is named, or a new one. Raises Refused if it can't administer anything."""
    account = accounts.get(wish.key)
    if account is None:
        if not wish.name:
            raise Refused(NAME_NEEDED)
        account = Account(wish.key, wish.name, wish.title, wish.staff_id, email=wish.email, active_at=now)
        accounts.add(account)
    elif account.locked is not None:
        raise Refused(ADMINISTRATOR_LOCKED)
    return account


def to_change(
    command: ClinicCommand, actor: Account | None, clinic: Clinic | None, act: Act = Act.CHANGE_CLINIC
) -> Clinic:
    """The clinic, if the actor may do this with it and saw its present version."""
    must(actor, act, Subject(frozenset({ClinicId(command.clinic_id)})))
    if clinic is None:
        raise not_found("clinic_id")
    clinic.expect_version(command.expected_version)
    return clinic


def must_be_new(clinics: Clinics, clinic_id: ClinicId) -> None:
    """Raises Conflict if there is such a clinic."""
    if clinics.get(clinic_id) is not None:
        raise Conflict(CLINIC_EXISTS)


def must_be_published(wanted: Iterable[str], case_types: CaseTypes, clinic_id: str, region: str) -> None:
    """Raises Refused if one of the types does not exist, or is another clinic's or another region's."""
    for id_ in wanted:
        case_type = case_types.get(CaseTypeId(id_))
        if case_type is None or not case_type.version or not case_type.is_for(clinic_id, region):
            raise Refused(UNKNOWN_CASE_TYPE)


def must_be_ready(clinic: Clinic, staffing: Staffing | None) -> None:
    """Raises Refused with everything that the check list still asks for."""
    if reasons := reasons_against(clinic, staffing or Staffing(clinic.id)):
        raise Refused(*reasons)


def take_over(clinic: Clinic, wish: ClinicWish) -> None:
    """Make the clinic as it is wished, but for whether it is open; publishing is the caller's."""
    clinic.name = wish.name
    clinic.distribution = wish.distribution
    clinic.claim_allowed = wish.claim_allowed
    clinic.case_types = frozenset(wish.case_types)
