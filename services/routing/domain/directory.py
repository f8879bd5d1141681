"""Clinics and people as routing knows them: what the directory says about who can hold a case."""

from datetime import datetime

from shared.aggregate import Aggregate
from shared.contracts.events.admin import ClinicPublished, Distribution, Role, StaffAccountPublished
from shared.contracts.permissions import ends_of, in_force


class Clinic(Aggregate):
    """How a clinic shares out its queue."""

    __slots__ = ("active", "claim_allowed", "distribution", "id", "name", "version")

    def __init__(
        self, id_: str, version: int, name: str, active: bool, distribution: str, claim_allowed: bool
    ) -> None:
        super().__init__()
        self.id = id_
        self.version = version
        self.name = name
        self.active = active
        self.distribution = distribution
        self.claim_allowed = claim_allowed

    def become(self, fact: ClinicPublished) -> None:
        """Take over the newer state."""
        self.version, self.name, self.active = fact.version, fact.name, fact.active
        self.distribution, self.claim_allowed = fact.distribution.value, fact.claim_allowed
        self.changed = True

    def deny(self) -> None:
        """Nobody can read what is true of it: nothing is shared out there, and nothing taken."""
        self.active, self.distribution, self.claim_allowed = False, Distribution.MANUAL.value, False
        self.changed = True


class Person(Aggregate):
    """A staff account. `roles` are by clinic; a clinic that is absent gives nothing.

    `ends` says when they end, by clinic. Whoever reads a person to decide what they may calls `keep_to` first.
    """

    __slots__ = ("as_loaded", "ends", "id", "locked", "name", "present", "roles", "version")

    def __init__(
        self,
        id_: str,
        version: int,
        name: str,
        locked: str | None,
        present: bool,
        roles: dict[str, frozenset[str]],
        ends: dict[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.id = id_
        self.version = version
        self.name = name
        self.locked = locked
        self.present = present
        self.roles = roles
        self.ends = ends or {}
        self.as_loaded: frozenset[str] = frozenset(roles)
        """Clinics that the database knows this person at."""

    def keep_to(self, now: datetime) -> "Person":
        """Without the roles that have ended by now, whether or not the directory has told."""
        self.roles = in_force(self.roles, self.ends, now)
        return self

    def has(self, role: Role, clinic_id: str) -> bool:
        """Whether the account is unlocked and has this role at this clinic."""
        return self.locked is None and role.value in self.roles.get(clinic_id, frozenset())

    def can_hold(self, clinic_id: str) -> bool:
        """Whether a receiver may give this person a case of this clinic."""
        return self.has(Role.CAREGIVER, clinic_id)

    def takes_part(self, clinic_id: str) -> bool:
        """Whether a round may give this person a case of this clinic."""
        return self.present and self.can_hold(clinic_id)

    def clinics_with(self, role: Role) -> frozenset[str]:
        """Where this person has this role now."""
        return frozenset(clinic_id for clinic_id in self.roles if self.has(role, clinic_id))

    def become(self, fact: StaffAccountPublished) -> None:
        """Take over the newer state."""
        self.version, self.name, self.present = fact.version, fact.name, fact.present
        self.locked = fact.locked.value if fact.locked is not None else None
        self.roles = {p.clinic_id: frozenset(role.value for role in p.roles) for p in fact.permissions}
        self.ends = ends_of(fact.permissions)
        self.changed = True

    def deny(self) -> None:
        """Nobody can read what is true of the account: it has no roles."""
        self.roles = {}
        self.changed = True
