"""Bring a region to what a description says. The same description twice changes nothing the second time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from typing import ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from services.admin.application.accounts.changes import take_profile, take_wishes
from services.admin.application.accounts.permissions import keep_count, wanted_roles
from services.admin.application.accounts.wishes import NewAccount
from services.admin.application.catalogue.wishes import CaseTypeWish
from services.admin.application.clinics.changes import take_over
from services.admin.application.clinics.settings import sound_settings, sound_text
from services.admin.application.clinics.settings_wishes import LongTextWish, SettingsWish
from services.admin.application.clinics.wishes import NewClinic
from services.admin.application.faults import UNKNOWN_CASE_TYPE, UNKNOWN_CLINIC
from services.admin.application.portals.changes import new_portal
from services.admin.application.portals.changes import take_over as take_over_portal
from services.admin.application.portals.wishes import NewPortal
from services.admin.application.ports import (
    Accounts,
    AllTerms,
    CaseTypes,
    Clinics,
    Loaded,
    Portals,
    Templates,
)
from services.admin.application.sign_in.wishes import NewTerms
from services.admin.application.templates.wishes import TemplateWish
from services.admin.domain.account import Account
from services.admin.domain.calendar import today
from services.admin.domain.case_type import CaseType
from services.admin.domain.clinic import Clinic, TextKind
from services.admin.domain.clinic_life import Step
from services.admin.domain.entity import Entity
from services.admin.domain.template import Template
from services.admin.domain.terms import Terms
from shared.contracts.ids import CaseTypeId, ClinicId, PortalId
from shared.contracts.message import Command, Slug
from shared.errors import Refused

K = TypeVar("K")
E = TypeVar("E", bound=Entity)

AT_ONCE = 1_000
"""So many clinics, or accounts, are one transaction: it holds locks, and its outbox rows wait for its commit."""

OPERATOR = "operator"
"""Who has a shell and the database's password acts under this name, and is asked for no permission."""
FIRST = 1
"""The first version of the terms."""


class CaseTypeSeed(CaseTypeWish):
    """A case type as it shall be."""

    case_type: Slug


class ClinicSeed(NewClinic):
    """A clinic as it shall be. What is null stays as it is."""

    settings: SettingsWish | None = None
    active: bool = True
    information: LongTextWish | None = None
    terms: LongTextWish | None = None


class TemplateSeed(TemplateWish):
    """A national template as it shall be. The operator is believed, and no second person asked."""

    template: Slug


class PortalSeed(NewPortal):
    """A portal as it shall be. The hash counts where the portal is new."""

    secret_hash: str


class SeedRegion(Command):
    """A region as it shall be. What the description does not name stays as it is."""

    TYPE: ClassVar[str] = "admin.seed-region.v1"
    KEY: ClassVar[str] = "region"
    TOPIC: ClassVar[str] = ""

    region: str = Field(description="What it is called")
    case_types: tuple[CaseTypeSeed, ...] = ()
    templates: tuple[TemplateSeed, ...] = ()
    clinics: tuple[ClinicSeed, ...] = ()
    accounts: tuple[NewAccount, ...] = ()
    portals: tuple[PortalSeed, ...] = ()
    terms: NewTerms | None = Field(default=None, description="For staff; they count where there are none yet")

    def in_parts(self, most: int = AT_ONCE) -> "Iterator[SeedRegion]":
        """The same as several, to be taken one after the other: each needs those before, none of them is large.

        Whatever is small is one part, and so all or nothing. What is cut off in between goes on from the beginning.
        """
        if max(len(self.clinics), len(self.accounts)) <= most:
            yield self
            return
        yield self.model_copy(update={"clinics": (), "accounts": ()})
        rest = SeedRegion(region=self.region)
        for name, many in (("clinics", self.clinics), ("accounts", self.accounts)):
            for first in range(0, len(many), most):
                yield rest.model_copy(update={name: many[first : first + most]})

    def clinic_ids(self) -> list[str]:
        """All clinics that the description speaks of."""
        named = (part.clinic_id for account in self.accounts for part in account.permissions)
        return [*(clinic.clinic_id for clinic in self.clinics), *named]

    def staff_ids(self) -> list[str]:
        """All accounts."""
        return [account.key for account in self.accounts]

    def portal_ids(self) -> list[str]:
        """All portals."""
        return [portal.portal_id for portal in self.portals]

    def template_ids(self) -> list[str]:
        """All templates."""
        return [template.template for template in self.templates]

    def case_type_ids(self) -> list[str]:
        """All case types that the description speaks of."""
        named = (id_ for clinic in self.clinics for id_ in clinic.case_types)
        return [*(case_type.case_type for case_type in self.case_types), *named]


class Seeded(BaseModel):
    """What became different, by id."""

    model_config = ConfigDict(frozen=True)

    changed: list[str]
    new_portals: list[str]


def seed_region(
    command: SeedRegion,
    clinics: Clinics,
    accounts: Accounts,
    portals: Portals,
    case_types: CaseTypes,
    templates: Templates,
    terms: AllTerms,
    now: datetime,
) -> Seeded:
    """Bring everything to what it shall be, or refuse all of it."""
    _must_hold_together(command, clinics, case_types)
    contents = {CaseTypeId(wish.case_type): wish.content() for wish in command.case_types}
    settle = _Settling(now)
    for type_id, content in contents.items():
        with settle.one(case_types, type_id, partial(CaseType, type_id)) as case_type:
            case_type.content = content
    for template_wish in command.templates:
        with settle.one(
            templates, template_wish.template, partial(Template, template_wish.template)
        ) as template:
            template.content = template_wish.content()
    for clinic_wish in command.clinics:
        clinic_id = ClinicId(clinic_wish.clinic_id)
        with settle.one(clinics, clinic_id, partial(Clinic, clinic_id, "")) as clinic:
            _take_clinic(clinic, clinic_wish, today(now))
    for account_wish in command.accounts:
        staff_id, given = account_wish.key, account_wish.staff_id
        with settle.one(
            accounts, staff_id, partial(Account, staff_id, "", hsa_id=given, active_at=now)
        ) as account:
            before = account.administers
            _take_account(account, account_wish)
            keep_count(before, account.administers, clinics)
    new_portals = []
    for portal_wish in command.portals:
        portal_id = PortalId(portal_wish.portal_id)
        with settle.one(portals, portal_id, partial(new_portal, portal_wish)) as portal:
            take_over_portal(portal, portal_wish)
            if portal.version == 0:
                portal.get_secret(bytes.fromhex(portal_wish.secret_hash), now)
                new_portals.append(portal_id)
    if command.terms is not None and terms.get(FIRST) is None:
        terms.add(Terms(FIRST, command.terms.text_sv, command.terms.text_en, OPERATOR, now))
        settle.changed.append("terms")
    return Seeded(changed=settle.changed, new_portals=new_portals)


class _Settling:
    """Publishes what became different, and only that."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.changed: list[str] = []

    @contextmanager
    def one(self, rows: Loaded[K, E], id_: K, new: Callable[[], E]) -> Iterator[E]:
        """The object, or a new one; within the block it becomes what it shall be."""
        found = rows.get(id_)
        before = found.published() if found is not None and found.version else None
        entity = found if found is not None else new()
        yield entity
        if found is None:
            rows.add(entity)
        if before is None or entity.published() != before:
            entity.publish(OPERATOR, self._now)
            self.changed.append(str(id_))


def _take_clinic(clinic: Clinic, wish: ClinicSeed, day: date) -> None:
    clinic.region = wish.region
    take_over(clinic, wish)
    # The operator is believed: a region from a file may open before its people are there.
    if wish.active != clinic.active:
        clinic.take(Step.OPEN if wish.active else Step.SWITCH_OFF)
    if wish.settings is not None:
        clinic.settings = sound_settings(wish.settings)
    for kind, wanted in ((TextKind.INFORMATION, wish.information), (TextKind.TERMS, wish.terms)):
        versions = clinic.texts(kind)
        if wanted is not None and (not versions or versions[-1].text != sound_text(wanted)):
            valid_from = max([day, *(version.valid_from for version in versions[-1:])])
            clinic.publish_text(kind, sound_text(wanted), valid_from, day)


def _take_account(account: Account, wish: NewAccount) -> None:
    take_profile(account, wish)
    take_wishes(account, wish)
    account.present = wish.present
    account.set_permissions(*wanted_roles(wish.permissions))


def _must_hold_together(command: SeedRegion, clinics: Clinics, case_types: CaseTypes) -> None:
    """Raises Refused if something is named that exists neither here nor in the description."""
    types = {case_type.case_type for case_type in command.case_types}
    known = {clinic.clinic_id for clinic in command.clinics}
    wanted_types = {id_ for clinic in command.clinics for id_ in clinic.case_types} - types
    wanted_clinics = {part.clinic_id for account in command.accounts for part in account.permissions} - known
    if any(case_types.get(CaseTypeId(id_)) is None for id_ in wanted_types):
        raise Refused(UNKNOWN_CASE_TYPE)
    if any(clinics.get(ClinicId(id_)) is None for id_ in wanted_clinics):
        raise Refused(UNKNOWN_CLINIC)
