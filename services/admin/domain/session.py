"""A session: somebody proved who they are, and goes on until they are idle, a working day is over, or it is ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.admin.domain.account import Account, Roles
from services.admin.domain.person import Person
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId, StaffId

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)


class Step(StrEnum):
    """What a session waits for."""

    CHOOSE_ACCOUNT = "choose_account"
    ACCEPT_TERMS = "accept_terms"
    CHOOSE_CLINIC = "choose_clinic"
    WAIT_FOR_PERMISSION = "wait_for_permission"
    """The account has no role anywhere: an administrator gives one."""
    READY = "ready"


@dataclass(slots=True)
class Session:
    """One session. `source` is the network address, `agent` a coarse word for the browser."""

    id: UUID
    person: Person
    source: str
    agent: str
    started_at: datetime
    seen_at: datetime
    staff_id: StaffId | None = None
    clinic_id: ClinicId | None = None
    role: Role | None = None
    """The hat that the person wears at the clinic; None is all that they have there."""

    @property
    def ends_at(self) -> datetime:
        """When it is over whatever the person does."""
        return self.started_at + LONGEST

    @property
    def idle_at(self) -> datetime:
        """When it is over unless the person does something."""
        return min(self.seen_at + IDLE, self.ends_at)

    def choose_account(self, account: Account) -> None:
        """Act by this account; where it has one clinic, at that one."""
        self.staff_id, self.role = account.id, None
        only = tuple(account.in_force) if len(account.in_force) == 1 else ()
        self.clinic_id = only[0] if only else None

    def broken_by(self, account: Account) -> bool:
        """Whether the account is locked, or was since the session's last sign of life and is not any more."""
        lifted = account.reactivated_at
        return account.locked is not None or (lifted is not None and lifted >= self.seen_at)

    def can_choose(self, account: Account, clinic_id: ClinicId, role: Role | None) -> bool:
        """Whether the account has anything at the clinic, and this role if one is named."""
        roles = account.roles_at(clinic_id)
        return bool(roles) and (role is None or role in roles)

    def clinic(self, account: Account) -> ClinicId | None:
        """The clinic that was chosen, as long as the account has what was chosen there."""
        if self.clinic_id is None or not self.can_choose(account, self.clinic_id, self.role):
            return None
        return self.clinic_id

    def roles(self, account: Account) -> Roles:
        """What the person is at the chosen clinic now."""
        clinic = self.clinic(account)
        if clinic is None:
            return frozenset()
        return frozenset({self.role}) if self.role is not None else account.roles_at(clinic)

    def step(self, account: Account | None, *, terms_accepted: bool) -> Step:
        """What comes next."""
        if account is None:
            return Step.CHOOSE_ACCOUNT
        if not terms_accepted:
            return Step.ACCEPT_TERMS
        if not account.in_force:
            return Step.WAIT_FOR_PERMISSION
        return Step.READY if self.clinic(account) is not None else Step.CHOOSE_CLINIC
