"""Who may do what in admin: one table, deny by default, used by HTTP reads and use cases alike.

A rule names the roles that suffice at a clinic which the act is about, whether everybody may do it to
their own account, and whether the central administrators may do it: national ones everywhere, regional ones at the
clinics of their regions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.admin.application.faults import LOCKED_ACTOR, UNKNOWN_ACTOR, forbidden
from services.admin.domain.account import CENTRAL, Account, Roles
from services.admin.domain.regions import NOWHERE
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId
from shared.errors import Forbidden


class Act(StrEnum):
    """Everything that staff can ask of admin."""

    CREATE_CLINIC = "create_clinic"
    MOVE_CLINIC = "move_clinic"
    CHANGE_CLINIC = "change_clinic"
    REGISTER_ACCOUNT = "register_account"
    CHANGE_PROFILE = "change_profile"
    CHANGE_WISHES = "change_wishes"
    CHOOSE_ADDRESS = "choose_address"
    SET_PRESENCE = "set_presence"
    LOCK_ACCOUNT = "lock_account"
    REACTIVATE_ACCOUNT = "reactivate_account"
    REFRESH_ACCOUNT = "refresh_account"
    CHANGE_GROUP = "change_group"
    SEE_ALERTS = "see_alerts"
    SEE_PERMISSIONS = "see_permissions"
    REVIEW_PERMISSIONS = "review_permissions"
    SET_ROLES = "set_roles"
    SEE_ACCOUNT = "see_account"
    LOOK_UP_ACCOUNT = "look_up_account"
    LIST_ACCOUNTS = "list_accounts"
    SEE_CATALOGUE = "see_catalogue"
    SEE_PORTALS = "see_portals"
    CREATE_PORTAL = "create_portal"
    CHANGE_PORTAL = "change_portal"
    PUBLISH_NATIONALLY = "publish_nationally"
    PUBLISH_LOCALLY = "publish_locally"
    ADAPT_CASE_TYPE = "adapt_case_type"
    READ_ACCESS_LOG = "read_access_log"
    PUBLISH_TERMS = "publish_terms"
    READ_SIGN_INS = "read_sign_ins"
    CHECK_ACCESSES = "check_accesses"
    MAKE_EXTRACT = "make_extract"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is about: these clinics; this account, if it is one; the roles that are given or taken."""

    clinics: frozenset[ClinicId] = frozenset()
    region: str | None = None
    """Where a clinic shall be that does not exist yet."""
    account_id: str = ""
    central_account: bool = False
    national_account: bool = False
    roles: Roles = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may: these roles at one of the clinics, the account's owner, central administrators."""

    at_clinic: Roles = frozenset()
    own: bool = False
    central: bool = True
    regional: bool = True
    """False: of the central administrators only the national ones."""
    anywhere: bool = False
    """The roles suffice at any clinic, not only at those that the act is about."""


_ANY_ROLE: Roles = frozenset(Role)
_ADMIN: Roles = frozenset({Role.CLINIC_ADMIN})
_PERMISSIONS: Roles = frozenset({Role.CLINIC_ADMIN, Role.PERMISSION_ADMIN})

RULES: Mapping[Act, Rule] = {
    Act.CREATE_CLINIC: Rule(),
    # A unit's region is what its regional administrators reach: nobody widens their own.
    Act.MOVE_CLINIC: Rule(regional=False),
    Act.CHANGE_CLINIC: Rule(_ADMIN),
    # What is given with the registration is judged by SET_ROLES; without a role at a clinic of theirs it is refused.
    Act.REGISTER_ACCOUNT: Rule(_PERMISSIONS),
    Act.CHANGE_PROFILE: Rule(_ADMIN),
    Act.CHANGE_WISHES: Rule(_ADMIN, own=True),
    # Nobody turns another person's mail away.
    Act.CHOOSE_ADDRESS: Rule(own=True, central=False),
    # A receiver has the morning's phone call: somebody is ill, and nobody shall be given new cases that day.
    Act.SET_PRESENCE: Rule(_ADMIN | {Role.RECEIVER}, own=True),
    Act.LOCK_ACCOUNT: Rule(_ADMIN),
    Act.REACTIVATE_ACCOUNT: Rule(_ADMIN),
    # Who somebody is, and whether they work here, is the national directory's word, whoever asks for it.
    Act.REFRESH_ACCOUNT: Rule(_PERMISSIONS, own=True),
    Act.CHANGE_GROUP: Rule(_PERMISSIONS),
    Act.SEE_ALERTS: Rule(),
    Act.SEE_PERMISSIONS: Rule(_PERMISSIONS),
    # To sign off is to answer for everybody's roles, also those that a permission administrator can't take.
    Act.REVIEW_PERMISSIONS: Rule(_ADMIN),
    Act.SET_ROLES: Rule(_PERMISSIONS),
    Act.SEE_ACCOUNT: Rule(_PERMISSIONS, own=True),
    # To give somebody from elsewhere a role, one must find them by their HSA-id: a card, not the account.
    Act.LOOK_UP_ACCOUNT: Rule(_PERMISSIONS | {Role.REGIONAL_ADMIN}, own=True, anywhere=True),
    Act.LIST_ACCOUNTS: Rule(_ANY_ROLE),
    Act.SEE_CATALOGUE: Rule(_ANY_ROLE, anywhere=True),
    Act.SEE_PORTALS: Rule(_ADMIN | {Role.REGIONAL_ADMIN}, anywhere=True),
    Act.CREATE_PORTAL: Rule(),
    Act.CHANGE_PORTAL: Rule(),
    # What is national is nobody's in a region; what belongs to a region or a clinic is its administrators'.
    Act.PUBLISH_NATIONALLY: Rule(regional=False),
    Act.PUBLISH_LOCALLY: Rule(_ADMIN),
    Act.ADAPT_CASE_TYPE: Rule(_ADMIN),
    Act.PUBLISH_TERMS: Rule(regional=False),
    Act.READ_SIGN_INS: Rule(frozenset({Role.REVIEWER}), own=True, central=False),
    # Not by being central: who reads the log is chosen clinic by clinic.
    Act.READ_ACCESS_LOG: Rule(frozenset({Role.REVIEWER}), central=False),
    Act.CHECK_ACCESSES: Rule(frozenset({Role.REVIEWER}), central=False),
    # A patient's extract covers the clinics that its maker reviews, and no others.
    Act.MAKE_EXTRACT: Rule(frozenset({Role.REVIEWER}), central=False, anywhere=True),
}

GRANTS: Mapping[Role, Roles] = {
    Role.NATIONAL_ADMIN: _ANY_ROLE,
    Role.REGIONAL_ADMIN: _ANY_ROLE - {Role.NATIONAL_ADMIN},
    Role.CLINIC_ADMIN: _ANY_ROLE - CENTRAL,
    Role.PERMISSION_ADMIN: frozenset({Role.RECEIVER, Role.CAREGIVER}),
}
"""Which roles each role may give and take: the national one everywhere, the regional one in its regions, the others
at their clinic."""

_ON_ACCOUNTS = frozenset(
    {Act.CHANGE_PROFILE, Act.CHANGE_WISHES, Act.SET_PRESENCE, Act.LOCK_ACCOUNT, Act.REACTIVATE_ACCOUNT}
)


def may(actor: Account | None, act: Act, subject: Subject) -> bool:
    """Whether the actor may do this now. Unknown and locked actors may nothing."""
    if actor is None or actor.locked is not None:
        return False
    rule = RULES.get(act)
    if rule is None or not _may_give(actor, subject):
        return False
    if rule.own and subject.account_id == actor.id:
        return True
    if actor.national:
        return rule.central or _at_clinic(actor, rule, subject)
    # Who may less shall not lock, or sign for, who may more.
    higher = subject.national_account if actor.central else subject.central_account
    if higher and act in _ON_ACCOUNTS:
        return False
    if rule.central and rule.regional and _in_own_region(actor, subject):
        return True
    return _at_clinic(actor, rule, subject)


def must(actor: Account | None, act: Act, subject: Subject) -> Account:
    """The actor, who may. Raises Forbidden with the reason otherwise."""
    must_be_staff(actor)
    if actor is None or not may(actor, act, subject):
        raise forbidden()
    return actor


def must_be_staff(actor: Account | None) -> None:
    """Raises Forbidden for an actor without an account, or with a locked one."""
    if actor is None:
        raise Forbidden(UNKNOWN_ACTOR)
    if actor.locked is not None:
        raise Forbidden(LOCKED_ACTOR)


def about(account: Account) -> Subject:
    """An account as the subject of an act."""
    return Subject(
        frozenset(account.permissions),
        account_id=account.id,
        central_account=account.central,
        national_account=account.national,
    )


def in_sight(actor: Account) -> frozenset[ClinicId] | None:
    """The clinics that somebody's central role reaches; None is all of them."""
    return None if actor.national else frozenset(actor.reach)


def _in_own_region(actor: Account, subject: Subject) -> bool:
    """Whether a regional administrator reaches it. What is about no clinic is everybody's in the regions."""
    if not actor.regional_units:
        return False
    if subject.region is not None:
        return subject.region != NOWHERE and subject.region in actor.reach.values()
    return not subject.clinics or not subject.clinics.isdisjoint(actor.reach)


def _at_clinic(actor: Account, rule: Rule, subject: Subject) -> bool:
    clinics = actor.in_force.keys() if rule.anywhere else subject.clinics
    return any(actor.roles_at(clinic) & rule.at_clinic for clinic in clinics)


def _may_give(actor: Account, subject: Subject) -> bool:
    """Each role that is given or taken must be the actor's to give, at every clinic that it is about."""
    if not subject.roles:
        return True
    return all(subject.roles <= _grants(_roles_over(actor, clinic)) for clinic in subject.clinics)


def _roles_over(actor: Account, clinic: ClinicId) -> Roles:
    """What somebody is at a clinic, and by reaching it from elsewhere."""
    roles = actor.roles_at(clinic)
    if actor.national:
        roles |= {Role.NATIONAL_ADMIN}
    if clinic in actor.reach:
        roles |= {Role.REGIONAL_ADMIN}
    return roles


def _grants(roles: Roles) -> Roles:
    return frozenset[Role]().union(*(GRANTS.get(role, frozenset()) for role in roles))
