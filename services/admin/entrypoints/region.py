"""A region from a file, and its first administrator."""

from typing import Any

from pydantic import Field

from services.admin.adapters.directory import Directory
from services.admin.adapters.secrets import PortalSecrets
from services.admin.adapters.work import AdminWork
from services.admin.application.accounts.wishes import NewAccount, RolesAt
from services.admin.application.portals.wishes import NewPortal
from services.admin.application.seed import (
    OPERATOR,
    CaseTypeSeed,
    ClinicSeed,
    PortalSeed,
    SeedRegion,
    TemplateSeed,
)
from services.admin.application.sign_in.wishes import NewTerms
from services.admin.application.wishes import Wish
from services.admin.entrypoints.consumers import HANDLERS
from services.admin.entrypoints.performing import perform
from services.admin.settings import AdminSettings
from shared.clock import utc_now
from shared.contracts.events.admin import Role
from shared.contracts.message import Command
from shared.database.pool import Database
from shared.errors import Refused
from shared.faults import Fault
from shared.messaging.batch import NoReplies, Parts
from shared.messaging.runner import BatchRunner
from shared.settings import Environment

_FIXED_SECRET = Fault(
    "portals",
    "development_only",
    "En fast hemlighet får bara anges i utvecklingsmiljö. Ta bort development_secret.",
    "A fixed secret may be given in development only. Remove development_secret.",
)


class PortalInFile(NewPortal):
    """A portal; in development its secret may be fixed."""

    development_secret: str = Field(default="", max_length=200)


class RegionFile(Wish):
    """The file that `seed` reads."""

    region: str
    case_types: tuple[CaseTypeSeed, ...] = ()
    templates: tuple[TemplateSeed, ...] = ()
    clinics: tuple[ClinicSeed, ...] = ()
    accounts: tuple[NewAccount, ...] = ()
    portals: tuple[PortalInFile, ...] = ()
    terms: NewTerms | None = None

    def command(self, secrets: PortalSecrets, environment: Environment) -> tuple[SeedRegion, dict[str, str]]:
        """The command, and the secrets of the portals, to be shown if they turn out to be new.

        Raises Refused for a fixed secret outside development.
        """
        if environment is not Environment.DEVELOPMENT and any(
            portal.development_secret for portal in self.portals
        ):
            raise Refused(_FIXED_SECRET)
        shown = {portal.portal_id: portal.development_secret or secrets.new() for portal in self.portals}
        portals = tuple(
            PortalSeed(
                portal_id=portal.portal_id,
                name=portal.name,
                active=portal.active,
                kind=portal.kind,
                scopes=portal.scopes,
                requests_per_minute=portal.requests_per_minute,
                secret_hash=secrets.hash_of(portal.portal_id, shown[portal.portal_id]).hex(),
            )
            for portal in self.portals
        )
        command = SeedRegion(
            region=self.region,
            case_types=self.case_types,
            templates=self.templates,
            clinics=self.clinics,
            accounts=self.accounts,
            portals=portals,
            terms=self.terms,
        )
        return command, shown


async def first_administrator(
    database: Database, *, staff: str, name: str, email: str, unit: str, unit_name: str, region: str
) -> SeedRegion:
    """The command that makes somebody national administrator; what is there already keeps its other fields."""
    permissions = (RolesAt(clinic_id=unit, roles=frozenset({Role.NATIONAL_ADMIN, Role.CLINIC_ADMIN})),)
    wanted = NewAccount(staff_id=staff, name=name, email=email, permissions=permissions)
    directory = Directory(database)
    clinic_id = wanted.permissions[0].clinic_id
    account = await directory.account(wanted.key)
    if account is not None:
        roles = permissions[0].roles | account.roles_at(clinic_id)
        wanted = NewAccount(
            staff_id=account.id,
            name=account.name,
            title=account.title,
            email=account.email,
            signature=account.signature,
            language=account.language,
            mail_on_assignment=account.mail_on_assignment,
            mail_on_new_case=account.mail_on_new_case,
            present=account.present,
            permissions=(RolesAt(clinic_id=clinic_id, roles=roles),),
        )
    new_unit = ClinicSeed(clinic_id=clinic_id, name=unit_name or clinic_id, region=region, active=False)
    clinics = () if await directory.clinic(clinic_id) else (new_unit,)
    return SeedRegion(region=unit_name or unit, clinics=clinics, accounts=(wanted,))


async def perform_as_operator(database: Database, settings: AdminSettings, command: Command) -> Any:
    """Take a command through a batch runner of its own. Raises what refused it."""
    parts = Parts("admin", HANDLERS, AdminWork, NoReplies(), settings.release)
    return await perform(BatchRunner(parts, database, utc_now, lambda: None), command, OPERATOR)
