"""A staff account: who somebody is, what they may be at which clinic, whether they are locked or away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal, TypeAlias

from services.admin.domain.absence import Absence
from services.admin.domain.calendar import end_of, today
from services.admin.domain.directory_entry import DirectoryEntry
from services.admin.domain.entity import NEVER, Entity
from services.admin.domain.other_address import PendingAddress
from shared.aggregate import Aggregate
from shared.contracts.events.admin import LockReason, MailAt, Permission, Role, StaffAccountPublished
from shared.contracts.ids import ClinicId, StaffId
from shared.errors import Refused
from shared.faults import Fault

Language: TypeAlias = Literal["sv", "en"]
Roles: TypeAlias = frozenset[Role]

CENTRAL: Roles = frozenset({Role.REGIONAL_ADMIN, Role.NATIONAL_ADMIN})
BY_STAFF = frozenset({LockReason.LEAVE, LockReason.SECURITY, LockReason.MANUAL})
"""Why a person may lock an account; the other reasons are found by the system."""

BY_SYSTEM = "system"
"""Who is named in the history where a schedule or the national directory decided."""
_WITHOUT_END: Mapping[ClinicId, date] = MappingProxyType({})

_ALREADY_LOCKED = Fault(
    "reason",
    "already_locked",
    "Kontot är redan låst. Återaktivera det först om skälet ska ändras.",
    "The account is locked already. Reactivate it first to change the reason.",
)
_NOT_LOCKED = Fault(
    "", "not_locked", "Kontot är inte låst. Läs det igen.", "The account is not locked. Read it again."
)
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


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an account may be unused: until a warning, until it is locked, and at the least between the two."""

    warn_after: timedelta
    lock_after: timedelta
    notice: timedelta


@dataclass(slots=True, eq=False)
class Account(Entity):
    """One staff account. A clinic that is absent in `permissions` gives nothing; no set of roles is empty.

    `last_on` is the last day of the roles at a clinic, in Sweden; a clinic that is absent there has no end. `ended`
    are those whose time was over when the account was read: they give nothing, though the row still has them.
    """

    id: StaffId
    name: str
    title: str = ""
    hsa_id: str = ""
    """The id as it was given: what people are shown, and never compared."""
    signature: str = ""
    email: str = ""
    language: Language = "sv"
    mail_on_assignment: bool = True
    mail_on_new_case: bool = False
    other_email: str = ""
    """An address of the person's own choice, verified: notifications go there."""
    pending_email: PendingAddress | None = None
    mail_at: dict[ClinicId, tuple[bool, bool]] = field(default_factory=dict)
    """Clinics with wishes of their own: a mail on assignment, and on a new case."""
    sign_as_clinic: bool = False
    present: bool = True
    absence: Absence | None = None
    away: bool = False
    """The absence has begun, and everybody has been told."""
    locked: LockReason | None = None
    permissions: dict[ClinicId, Roles] = field(default_factory=dict)
    last_on: dict[ClinicId, date] = field(default_factory=dict)
    active_at: datetime = NEVER
    """The last sign-in, or registration, or reactivation: from here on inactivity is counted."""
    locks_at: datetime | None = None
    """The person has been warned: at this instant the account is locked for inactivity, unless they sign in."""
    reactivated_at: datetime | None = None
    hsa_active: bool = True
    """False: the national directory says that this person does not work here any more."""
    ended: frozenset[ClinicId] = frozenset()
    version: int = 0
    changed_by: str = ""
    changed_at: datetime = NEVER
    reach: Mapping[ClinicId, str] = field(default_factory=dict)
    """Of a regional administrator: the clinics of their regions, each with its region. Found when the account is
    loaded, never kept with it."""

    def __post_init__(self) -> None:
        Aggregate.__init__(self)
        self.hsa_id = self.hsa_id or self.id

    @property
    def in_force(self) -> dict[ClinicId, Roles]:
        """The permissions whose time is not over."""
        return {clinic: roles for clinic, roles in self.permissions.items() if clinic not in self.ended}

    def roles_at(self, clinic_id: str) -> Roles:
        """What the account gives at this clinic now, locked or not."""
        clinic = ClinicId(clinic_id)
        return frozenset() if clinic in self.ended else self.permissions.get(clinic, frozenset())

    @property
    def central(self) -> bool:
        """Regional and national administrators: what they may does not end at a clinic."""
        return any(roles & CENTRAL for roles in self.in_force.values())

    @property
    def national(self) -> bool:
        """National administrators reach everywhere."""
        return any(Role.NATIONAL_ADMIN in roles for roles in self.in_force.values())

    @property
    def regional_units(self) -> frozenset[ClinicId]:
        """Where the account is a regional administrator: the regions of these clinics are what it reaches."""
        return frozenset(clinic for clinic, roles in self.in_force.items() if Role.REGIONAL_ADMIN in roles)

    @property
    def administers(self) -> frozenset[ClinicId]:
        """The clinics that count this account among their administrators.

        A locked one counts nowhere, and one whose time ends by itself is nobody to rely on.
        """
        if self.locked is not None:
            return frozenset()
        return frozenset(
            clinic
            for clinic, roles in self.permissions.items()
            if self.would_administer(roles, self.last_on.get(clinic))
        )

    @staticmethod
    def would_administer(roles: Roles, last_on: date | None) -> bool:
        """Whether somebody with these roles is an administrator to rely on."""
        return Role.CLINIC_ADMIN in roles and last_on is None

    def set_permissions(
        self, wanted: Mapping[ClinicId, Roles], last_on: Mapping[ClinicId, date] = _WITHOUT_END
    ) -> None:
        """Set the roles at the named clinics, all at once, each until its last day if it has one.

        No roles is removal. Other clinics stay as they are.
        """
        for clinic, roles in wanted.items():
            self.last_on.pop(clinic, None)
            self.ended -= {clinic}
            if not roles:
                self.permissions.pop(clinic, None)
                continue
            self.permissions[clinic] = roles
            if clinic in last_on:
                self.last_on[clinic] = last_on[clinic]

    @property
    def is_present(self) -> bool:
        """Whether new cases may come: neither said to be away, nor in a planned absence."""
        return self.present and not self.away

    def plan_absence(self, absence: Absence | None, now: datetime) -> None:
        """Be away as planned from now on; None ends what was planned."""
        self.absence = absence
        self.away = absence is not None and absence.covers(today(now))

    def follow_absence(self, now: datetime) -> bool:
        """Begin or end the planned absence, if its time has come. False if it has not."""
        before = self.absence, self.away
        if self.absence is not None:
            self.plan_absence(None if self.absence.is_over(today(now)) else self.absence, now)
        return (self.absence, self.away) != before

    def end_permissions(self, now: datetime) -> bool:
        """Take away what has ended by now. False if nothing has."""
        over = self.over(now)
        self.set_permissions(dict.fromkeys(over, frozenset[Role]()))
        return bool(over)

    def over(self, now: datetime) -> frozenset[ClinicId]:
        """The clinics where the time of the permission is over."""
        return frozenset(clinic for clinic, last_on in self.last_on.items() if end_of(last_on) <= now)

    def signed_in(self, at: datetime) -> bool:
        """The person proved who they are: inactivity is counted from here. True if a warning of it is void now."""
        warned, self.locks_at = self.locks_at is not None, None
        self.active_at, self.changed = max(self.active_at, at), True
        return warned

    def look_at_inactivity(self, patience: Patience, now: datetime) -> bool:
        """Warn the person, or lock the account, if it has not been used for so long. False if there is nothing to do.

        Nobody is locked who was not warned `notice` before.
        """
        if self.locked is not None or self.active_at + patience.warn_after > now:
            return False
        if self.locks_at is None:
            self.locks_at = max(self.active_at + patience.lock_after, now + patience.notice)
            return True
        if self.locks_at > now:
            return False
        self.locked, self.locks_at = LockReason.INACTIVITY, None
        return True

    def learn(self, entry: DirectoryEntry, at: datetime) -> None:
        """Be as the national directory says: who somebody is, and whether they work here at all.

        Whoever does not is locked for that, and comes back by that alone. Another lock stays, and can't be lifted
        meanwhile.
        """
        self.name, self.title = entry.name, entry.title
        self.email = entry.email or self.email
        self.hsa_active = entry.active
        if not entry.active and self.locked is None:
            self.locked = LockReason.HSA_INACTIVE
        elif entry.active and self.locked is LockReason.HSA_INACTIVE:
            self._open(at)

    def reactivate(self, at: datetime) -> None:
        """Somebody lifts the lock, and the person is told. Raises Refused where that is not theirs to do."""
        self.must_be_liftable()
        self._open(at)

    def _open(self, at: datetime) -> None:
        self.locked = self.locks_at = None
        self.active_at = self.reactivated_at = at

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
        if self.locked is LockReason.HSA_INACTIVE or not self.hsa_active:
            raise Refused(_HSA_INACTIVE)

    def published(self) -> StaffAccountPublished:
        """The account as neighbours read it."""
        return StaffAccountPublished(
            staff_id=self.id,
            hsa_id=self.hsa_id,
            version=self.version,
            at=self.changed_at,
            name=self.name,
            title=self.title,
            signature=self.signature,
            email=self.other_email or self.email,
            unverified_email=self.pending_email.email if self.pending_email is not None else "",
            verification_id=self.pending_email.code if self.pending_email is not None else None,
            language=self.language,
            locked=self.locked,
            reactivated_at=self.reactivated_at,
            locks_at=self.locks_at,
            present=self.is_present,
            substitute=(self.absence.substitute or "") if self.absence is not None and self.away else "",
            permissions=tuple(
                Permission(clinic_id=clinic, roles=roles, ends_at=self._end_at(clinic))
                for clinic, roles in sorted(self.permissions.items())
            ),
            mail_on_assignment=self.mail_on_assignment,
            mail_on_new_case=self.mail_on_new_case,
            mail_at=tuple(
                MailAt(clinic_id=clinic, on_assignment=on_assignment, on_new_case=on_new_case)
                for clinic, (on_assignment, on_new_case) in sorted(self.mail_at.items())
            ),
            sign_as_clinic=self.sign_as_clinic,
        )

    def _end_at(self, clinic: ClinicId) -> datetime | None:
        last_on = self.last_on.get(clinic)
        return end_of(last_on) if last_on is not None else None
