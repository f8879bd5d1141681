"""Create clinics and change how they work."""

from collections.abc import Iterable
from datetime import datetime

from services.admin.application.clinics.commands import ChangeClinic, CreateClinic
from services.admin.application.clinics.views import ClinicView, clinic_view
from services.admin.application.clinics.wishes import ClinicWish
from services.admin.application.faults import CLINIC_EXISTS, UNKNOWN_CASE_TYPE, not_found
from services.admin.application.policy import Act, Subject, must
from services.admin.application.ports import CaseTypes, Clinics
from services.admin.domain.account import Account
from services.admin.domain.clinic import Clinic
from shared.contracts.ids import CaseTypeId, ClinicId
from shared.errors import Conflict, Refused


def create_clinic(
    command: CreateClinic, actor: Account | None, clinics: Clinics, case_types: CaseTypes, now: datetime
) -> ClinicView:
    """A region's administrator opens a clinic."""
    clinic_id = ClinicId(command.wish.clinic_id)
    must(actor, Act.CREATE_CLINIC, Subject(frozenset({clinic_id})))
    must_be_new(clinics, clinic_id)
    must_be_published(command.wish.case_types, case_types)
    clinic = Clinic(clinic_id, command.wish.name)
    take_over(clinic, command.wish)
    clinic.publish(command.actor, now)
    clinics.add(clinic)
    return clinic_view(clinic)


def change_clinic(
    command: ChangeClinic, actor: Account | None, clinic: Clinic | None, case_types: CaseTypes, now: datetime
) -> ClinicView:
    """Its administrators decide its name, whether it takes cases, how, and which types."""
    must(actor, Act.CHANGE_CLINIC, Subject(frozenset({ClinicId(command.clinic_id)})))
    if clinic is None:
        raise not_found("clinic_id")
    clinic.expect_version(command.expected_version)
    must_be_published(command.wish.case_types - clinic.case_types, case_types)
    take_over(clinic, command.wish)
    clinic.publish(command.actor, now)
    return clinic_view(clinic)


def must_be_new(clinics: Clinics, clinic_id: ClinicId) -> None:
    """Raises Conflict if there is such a clinic."""
    if clinics.get(clinic_id) is not None:
        raise Conflict(CLINIC_EXISTS)


def must_be_published(wanted: Iterable[str], case_types: CaseTypes) -> None:
    """Raises Refused if one of the types does not exist."""
    if any(case_types.get(CaseTypeId(id_)) is None for id_ in wanted):
        raise Refused(UNKNOWN_CASE_TYPE)


def take_over(clinic: Clinic, wish: ClinicWish) -> None:
    """Make the clinic as it is wished; publishing is the caller's."""
    clinic.name = wish.name
    clinic.active = wish.active
    clinic.distribution = wish.distribution
    clinic.claim_allowed = wish.claim_allowed
    clinic.case_types = frozenset(wish.case_types)
