"""Open a clinic that is ready, drain it before it closes, close it, and open it again."""

from datetime import datetime

from services.admin.application.clinics.changes import must_be_ready, to_change
from services.admin.application.clinics.commands import CloseClinic, DrainClinic, OpenClinic
from services.admin.application.clinics.settings import sound_text
from services.admin.application.clinics.views import ClinicView, clinic_view
from services.admin.application.faults import TEXT_NEEDED
from services.admin.domain.account import Account
from services.admin.domain.clinic import Clinic
from services.admin.domain.clinic_life import Step
from services.admin.domain.readiness import Staffing
from shared.errors import Refused


def open_clinic(
    command: OpenClinic,
    actor: Account | None,
    clinic: Clinic | None,
    staffing: Staffing | None,
    now: datetime,
) -> ClinicView:
    """It takes cases from now on. Refused with everything that its check list still asks for."""
    clinic = to_change(command, actor, clinic)
    must_be_ready(clinic, staffing)
    clinic.take(Step.OPEN)
    clinic.publish(command.actor, now)
    return clinic_view(clinic)


def drain_clinic(
    command: DrainClinic, actor: Account | None, clinic: Clinic | None, now: datetime
) -> ClinicView:
    """It takes no new cases, and citizens are told why; those that it has are worked off."""
    clinic = to_change(command, actor, clinic)
    text = sound_text(command.wish.text)
    if not text.sv:
        raise Refused(TEXT_NEEDED)
    clinic.take(Step.DRAIN, text)
    clinic.publish(command.actor, now)
    return clinic_view(clinic)


def close_clinic(
    command: CloseClinic, actor: Account | None, clinic: Clinic | None, now: datetime
) -> ClinicView:
    """It is worked off. Citizens still read why; a case that comes back all the same can be handled."""
    clinic = to_change(command, actor, clinic)
    clinic.take(Step.CLOSE, clinic.closing)
    clinic.publish(command.actor, now)
    return clinic_view(clinic)
