"""Facts of neighbours, as routing hears them, and the records that carry them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID, uuid4

from shared.contracts.events.admin import (
    ClinicPublished,
    Distribution,
    LockReason,
    Permission,
    Role,
    StaffAccountPublished,
)
from shared.contracts.events.intake import (
    CaseAnswered,
    CaseClosed,
    CaseReceived,
    CaseStarted,
    CaseWithdrawn,
)
from shared.contracts.message import Message

CLINIC = "SE2321000016-1A2B"
OTHER_CLINIC = "SE2321000016-9Z9Z"
RITA = "SE2321000016-RITA"
ANNA = "SE2321000016-ANNA"
BERTIL = "SE2321000016-BERTIL"
CECILIA = "SE2321000016-CECILIA"


def a_clinic(
    clinic_id: str = CLINIC,
    distribution: Distribution = Distribution.ROUND_ROBIN,
    *,
    version: int = 1,
    claim_allowed: bool = False,
) -> ClinicPublished:
    """A clinic that is open."""
    return ClinicPublished(
        clinic_id=clinic_id,
        version=version,
        at=datetime.now(UTC),
        name="Testkliniken",
        active=True,
        distribution=distribution,
        claim_allowed=claim_allowed,
        case_types=frozenset({"ask"}),
    )


def somebody(
    staff_id: str,
    *roles: Role,
    clinics: Iterable[str] = (CLINIC,),
    version: int = 1,
    locked: LockReason | None = None,
    present: bool = True,
) -> StaffAccountPublished:
    """A staff account with the same roles at each clinic."""
    permissions = [Permission(clinic_id=clinic_id, roles=frozenset(roles)) for clinic_id in clinics if roles]
    return StaffAccountPublished(
        staff_id=staff_id,
        version=version,
        at=datetime.now(UTC),
        name=staff_id.rpartition("-")[2].title(),
        locked=locked,
        present=present,
        permissions=tuple(permissions),
    )


def a_caregiver(
    staff_id: str, version: int = 1, locked: LockReason | None = None, present: bool = True
) -> Message:
    """A caregiver at the clinic."""
    return somebody(staff_id, Role.CAREGIVER, version=version, locked=locked, present=present)


def a_receiver(staff_id: str = RITA) -> Message:
    """A receiver at the clinic."""
    return somebody(staff_id, Role.RECEIVER)


def received(case_id: UUID | None = None, clinic_id: str = CLINIC) -> CaseReceived:
    """A new case."""
    return CaseReceived(
        case_id=case_id or uuid4(),
        version=1,
        clinic_id=clinic_id,
        at=datetime.now(UTC),
        case_type="ask",
        case_type_version=1,
        portal_id="citizen",
    )


def started(case_id: UUID, by: str, epoch: int = 1) -> CaseStarted:
    """The holder began."""
    return CaseStarted(case_id=case_id, version=2, clinic_id=CLINIC, at=datetime.now(UTC), by=by, epoch=epoch)


def answered(case_id: UUID, by: str, epoch: int = 1) -> CaseAnswered:
    """Somebody answered."""
    at = datetime.now(UTC)
    return CaseAnswered(
        case_id=case_id, version=3, clinic_id=CLINIC, at=at, by=by, epoch=epoch, message_id=uuid4()
    )


def closed(case_id: UUID) -> CaseClosed:
    """The conversation is closed."""
    return CaseClosed(case_id=case_id, version=4, clinic_id=CLINIC, at=datetime.now(UTC), by="")


def withdrawn(case_id: UUID) -> CaseWithdrawn:
    """The citizen took the case back."""
    return CaseWithdrawn(case_id=case_id, version=2, clinic_id=CLINIC, at=datetime.now(UTC))
