"""Whatever people do with permissions and locks, in whatever order: a clinic keeps somebody to rely on, and the count
is what counting gives."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.admin.application.accounts.changes import lock_account, reactivate_account, register_account
from services.admin.application.accounts.commands import (
    EndPermissions,
    EntryOf,
    LearnEntries,
    LockAccount,
    ReactivateAccount,
    RegisterAccount,
    SetGrid,
    SetPermissions,
)
from services.admin.application.accounts.grid import set_grid
from services.admin.application.accounts.locks import learn_entries
from services.admin.application.accounts.permissions import end_permissions, set_permissions
from services.admin.application.accounts.wishes import (
    Grid,
    GridRow,
    Lock,
    NewAccount,
    Permissions,
    RolesAt,
)
from services.admin.domain.account import BY_STAFF, Account
from services.admin.domain.clinic import Clinic
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId, StaffId
from shared.errors import Refused
from tests.unit.admin.builders import HILL, LAKE, NOW, FakeRows, a_clinic, an_account

PEOPLE = [f"SE2321000016-P{number}" for number in range(5)]
CLINICS = (HILL, LAKE)
WHO, WHERE = st.sampled_from(PEOPLE), st.sampled_from(CLINICS)
ROLES = st.frozensets(st.sampled_from((Role.CLINIC_ADMIN, Role.CAREGIVER, Role.REGIONAL_ADMIN)), max_size=2)
LAST_ON = st.none() | st.dates(date(2026, 3, 1), date(2026, 6, 1))


class Alerts:
    """Nobody listens."""

    def add(self, *_: Any) -> None:
        """Nothing."""


class Administration(RuleBasedStateMachine):
    """Two clinics, a handful of people, and everything that can be done to their permissions."""

    @initialize()
    def begin(self) -> None:
        self.now: datetime = NOW
        self.without: set[ClinicId] = set()
        """Clinics that an automatic lock left alone: that may happen, and is told to the region."""
        first = an_account("P0", hill=Role.CLINIC_ADMIN, lake=Role.CLINIC_ADMIN)
        self.accounts: FakeRows[StaffId, Account] = FakeRows(first)
        self.clinics: FakeRows[ClinicId, Clinic] = FakeRows(a_clinic(HILL), a_clinic(LAKE))
        self.nation = an_account("NATION", unit=Role.NATIONAL_ADMIN)

    def _actor(self, who: str) -> Account | None:
        return self.nation if who == PEOPLE[-1] else self.accounts.get(StaffId(who))

    def _try(self, use_case: Any, *arguments: Any) -> None:
        with suppress(Refused):
            use_case(*arguments)

    @rule(by=WHO, who=WHO, clinic=WHERE, roles=ROLES, last_on=LAST_ON)
    def register(
        self, by: str, who: str, clinic: ClinicId, roles: frozenset[Role], last_on: date | None
    ) -> None:
        part = RolesAt(clinic_id=clinic, roles=roles, last_on=last_on)
        wish = NewAccount(staff_id=who, name="N", permissions=(part,))
        command = RegisterAccount(actor=by, wish=wish)
        self._try(register_account, command, self._actor(by), self.accounts, self.clinics, self.now)

    @rule(by=WHO, who=WHO, clinic=WHERE, roles=ROLES, last_on=LAST_ON)
    def set_one(
        self, by: str, who: str, clinic: ClinicId, roles: frozenset[Role], last_on: date | None
    ) -> None:
        account = self.accounts.get(StaffId(who))
        part = RolesAt(clinic_id=clinic, roles=roles, last_on=last_on)
        command = SetPermissions(
            actor=by,
            staff_id=who,
            expected_version=account.version if account else 0,
            wish=Permissions(permissions=(part,)),
        )
        self._try(set_permissions, command, self._actor(by), account, self.clinics, self.now)

    @rule(by=WHO, clinic=WHERE, boxes=st.lists(st.tuples(WHO, ROLES, LAST_ON), min_size=1, max_size=4))
    def tick(self, by: str, clinic: ClinicId, boxes: list[tuple[str, frozenset[Role], date | None]]) -> None:
        rows = []
        for who, roles, last_on in boxes:
            account = self.accounts.get(StaffId(who))
            version = account.version if account else 0
            rows.append(GridRow(staff_id=who, version=version, roles=roles, last_on=last_on))
        command = SetGrid(actor=by, clinic_id=clinic, wish=Grid(rows=tuple(rows)))
        self._try(set_grid, command, self._actor(by), self.accounts, self.clinics, self.now)

    @rule(by=WHO, who=WHO, reason=st.sampled_from(sorted(BY_STAFF)))
    def lock(self, by: str, who: str, reason: Any) -> None:
        account = self.accounts.get(StaffId(who))
        version = account.version if account else 0
        command = LockAccount(actor=by, staff_id=who, expected_version=version, wish=Lock(reason=reason))
        self._try(lock_account, command, self._actor(by), account, self.clinics, self.now)

    @rule(by=WHO, who=WHO)
    def reactivate(self, by: str, who: str) -> None:
        account = self.accounts.get(StaffId(who))
        version = account.version if account else 0
        command = ReactivateAccount(actor=by, staff_id=who, expected_version=version)
        self._try(reactivate_account, command, self._actor(by), account, self.clinics, self.now)

    @rule(days=st.integers(1, 40))
    def time_goes_by(self, days: int) -> None:
        self.now += timedelta(days=days)
        end_permissions(EndPermissions(staff_ids=tuple(PEOPLE)), self.accounts, self.now)

    @rule(who=WHO, active=st.booleans())
    def the_directory_speaks(self, who: str, active: bool) -> None:
        command = LearnEntries(entries=(EntryOf(staff_id=who, name="N", active=active),))
        learn_entries(command, self.accounts, self.clinics, Alerts(), self.now)
        self.without |= {clinic for clinic in CLINICS if not self._counted(clinic)}

    def _counted(self, clinic: ClinicId) -> int:
        people = [self.accounts.get(StaffId(who)) for who in PEOPLE]
        return sum(
            person is not None
            and person.locked is None
            and Role.CLINIC_ADMIN in person.permissions.get(clinic, ())
            and clinic not in person.last_on
            for person in people
        )

    @invariant()
    def the_count_is_true(self) -> None:
        for clinic in CLINICS:
            assert self.clinics.the(clinic).administrators == self._counted(clinic)

    @invariant()
    def no_act_of_staff_leaves_a_clinic_alone(self) -> None:
        for clinic in CLINICS:
            if self._counted(clinic):
                self.without.discard(clinic)
            else:
                assert clinic in self.without, "only an automatic lock may do that"


TestAdministration = Administration.TestCase
TestAdministration.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
