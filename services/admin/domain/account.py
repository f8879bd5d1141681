"""A staff account: who somebody is, what they may be at which clinic, whether they are locked or away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from services.admin.domain.entity import NEVER, Entity
from shared.aggregate import Aggregate
from shared.contracts.events.admin import LockReason, Permission, Role, StaffAccountPublished
from shared.contracts.ids import ClinicId, StaffId
from shared.errors import Refused
from shared.faults import Fault

Language: TypeAlias = Literal["sv", "en"]
Roles: TypeAlias = frozenset[Role]

CENTRAL: Roles = frozenset({Role.REGIONAL_ADMIN, Role.NATIONAL_ADMIN})
BY_STAFF = frozenset({LockReason.LEAVE, LockReason.SECURITY, LockReason.MANUAL})
"""Why a person may lock an account; the other reasons are found by the system."""

_ALREADY_LOCKED = Fault(
    "reason",
    "already_locked",
    "Kontot är redan låst. Återaktivera det först om skälet ska ändras.",
    "The account is locked already. Reactivate it first to change the reason.",
)
_NOT_LOCKED = Fault("", "not_locked", "Kontot är inte låst.", "The account is not locked.")
_NOT_BY_STAFF = Fault(
    "reason",
    "not_by_staff",
    "Det skälet sätts bara av systemet. Välj leave, security eller manual.",
    "Only the system sets that reason. Choose leave, security or manual.",
)
_HSA_INACTIVE = Fault(
    "",
    "hsa_inactive",
    "Personen är inte aktiv i HSA-katalogen. Kontot kan återaktiveras först när det är rättat där.",
    "The person is not active in the HSA directory. The account can be reactivated when that is mended there.",
)


@dataclass(slots=True, eq=False)
class Account(Entity):
    """One staff account. A clinic that is absent in `permissions` gives nothing; no set of roles is empty."""

    id: StaffId
    name: str
    title: str = ""
    signature: str = ""
    email: str = ""
    language: Language = "sv"
    mail_on_assignment: bool = True
    mail_on_new_case: bool = False
    present: bool = True
    locked: LockReason | None = None
    permissions: dict[ClinicId, Roles] = field(default_factory=dict)
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER
    reach: Mapping[ClinicId, str] = field(default_factory=dict)
    """Of a regional administrator: the clinics of their regions, each with its region. Found when the account is
    loaded, never kept with it."""

    def __post_init__(self) -> None:
        Aggregate.__init__(self)

    def roles_at(self, clinic_id: str) -> Roles:
        """What the account gives at this clinic, locked or not."""
        return self.permissions.get(ClinicId(clinic_id), frozenset())

    @property
    def central(self) -> bool:
        """Regional and national administrators: what they may does not end at a clinic."""
        return any(roles & CENTRAL for roles in self.permissions.values())

    @property
    def national(self) -> bool:
        """National administrators reach everywhere."""
        return any(Role.NATIONAL_ADMIN in roles for roles in self.permissions.values())

    @property
    def regional_units(self) -> frozenset[ClinicId]:
        """Where the account is a regional administrator: the regions of these clinics are what it reaches."""
        return frozenset(clinic for clinic, roles in self.permissions.items() if Role.REGIONAL_ADMIN in roles)

    @property
    def administers(self) -> frozenset[ClinicId]:
        """The clinics that count this account among their administrators: a locked one counts nowhere."""
        if self.locked is not None:
            return frozenset()
        return frozenset(clinic for clinic, roles in self.permissions.items() if Role.CLINIC_ADMIN in roles)

    def set_permissions(self, wanted: Mapping[ClinicId, Roles]) -> None:
        """Set the roles at the named clinics, all at once; no roles is removal. Others stay as they are."""
        for clinic, roles in wanted.items():
            if roles:
                self.permissions[clinic] = roles
            else:
                self.permissions.pop(clinic, None)

    def must_be_lockable(self, reason: LockReason) -> None:
        """Raises Refused unless a person may lock the account now, for this reason."""
        if reason not in BY_STAFF:
            raise Refused(_NOT_BY_STAFF)
        if self.locked is not None:
            raise Refused(_ALREADY_LOCKED)

    def must_be_liftable(self) -> None:
        """Raises Refused unless a person may lift the lock."""
        if self.locked is None:
            raise Refused(_NOT_LOCKED)
        if self.locked is LockReason.HSA_INACTIVE:
            raise Refused(_HSA_INACTIVE)

    def published(self) -> StaffAccountPublished:
        """The account as neighbours read it."""
        return StaffAccountPublished(
            staff_id=self.id,
            version=self.version,
            at=self.changed_at,
            name=self.name,
            title=self.title,
            signature=self.signature,
            email=self.email,
            language=self.language,
            locked=self.locked,
            present=self.present,
            permissions=tuple(
                Permission(clinic_id=clinic, roles=roles)
                for clinic, roles in sorted(self.permissions.items())
            ),
            mail_on_assignment=self.mail_on_assignment,
            mail_on_new_case=self.mail_on_new_case,
        )
