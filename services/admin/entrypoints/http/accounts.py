"""HTTP: staff accounts."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Query, Request, Response

from services.admin.application.accounts.commands import (
    ChangeProfile,
    ChangeWishes,
    ChooseAddress,
    LockAccount,
    PlanAbsence,
    ReactivateAccount,
    RegisterAccount,
    SetPermissions,
    SetPresence,
    VerifyAddress,
)
from services.admin.application.accounts.views import AccountView, CardView, account_view, card_view
from services.admin.application.accounts.wishes import (
    AbsenceWish,
    Lock,
    NewAccount,
    OtherAddress,
    Permissions,
    PersonalWishes,
    Presence,
    Profile,
    Verification,
)
from services.admin.application.faults import not_found
from services.admin.application.policy import Act, Subject, about, in_sight, may
from services.admin.domain.account import Account
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from shared.contracts.ids import ClinicId
from shared.contracts.message import HsaId
from shared.http.commands import VersionSeen


def account_routes(asking: Asking) -> APIRouter:
    """All routes about staff accounts."""
    routes = APIRouter(prefix="/staff-accounts", tags=["staff accounts"], responses=PROBLEMS)
    _reads(routes, asking)
    _changes(routes, asking)
    _personal(routes, asking)
    _locks(routes, asking)
    return routes


def _reads(routes: APIRouter, asking: Asking) -> None:
    @routes.get("", response_model=list[AccountView | CardView])
    async def list_accounts(
        request: Request,
        clinic_id: HsaId | None = None,
        after: Annotated[str, Query(max_length=31)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 100,
    ) -> Any:
        """Accounts at a clinic, in the order of their ids; the next page begins `after` the last id.

        Administrators see accounts, colleagues see cards. Without a clinic: all for national
        administrators, those of their regions for regional ones.
        """
        clinics = frozenset({ClinicId(clinic_id)}) if clinic_id else frozenset[ClinicId]()
        reader = await asking.reader(request, Act.LIST_ACCOUNTS, Subject(clinics))
        wanted = clinics or in_sight(reader)
        return [_shown(account, reader) for account in await asking.directory.accounts(wanted, after, limit)]

    @routes.get("/me", response_model=AccountView)
    async def read_own(request: Request, response: Response) -> Any:
        """The account of who asks, with all permissions."""
        own = await asking.account(request)
        tag(response, own.version)
        return account_view(own)

    @routes.get("/{staff_id}", response_model=AccountView | CardView)
    async def read_account(request: Request, response: Response, staff_id: HsaId) -> Any:
        """An account for its owner and its administrators; a card for other administrators."""
        reader = await asking.account(request)
        account = await asking.directory.account(staff_id)
        if account is None or not may(reader, Act.LOOK_UP_ACCOUNT, about(account)):
            raise not_found("staff_id")
        tag(response, account.version)
        return _shown(account, reader)


def _changes(routes: APIRouter, asking: Asking) -> None:
    @routes.post("", response_model=AccountView, status_code=201)
    async def register(request: Request, response: Response, wish: NewAccount) -> Any:
        """Register an account, with roles from the start (administrators of those clinics)."""
        response.headers["Location"] = f"/staff-accounts/{wish.key}"
        return await asking.perform(request, response, RegisterAccount(wish=wish), line=wish.key)

    @routes.put("/{staff_id}", response_model=AccountView)
    async def change_profile(
        request: Request, response: Response, staff_id: HsaId, version: VersionSeen, wish: Profile
    ) -> Any:
        """Change name, title and e-mail address (administrators)."""
        command = ChangeProfile(staff_id=staff_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=staff_id)


def _personal(routes: APIRouter, asking: Asking) -> None:
    @routes.put("/{staff_id}/wishes", response_model=AccountView)
    async def change_wishes(
        request: Request, response: Response, staff_id: HsaId, version: VersionSeen, wish: PersonalWishes
    ) -> Any:
        """Change signature, language and wishes for mail (the owner, administrators)."""
        command = ChangeWishes(staff_id=staff_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=staff_id)

    @routes.put("/{staff_id}/presence", response_model=AccountView)
    async def set_presence(
        request: Request, response: Response, staff_id: HsaId, version: VersionSeen, wish: Presence
    ) -> Any:
        """Say that somebody is away or back (the owner, receivers and administrators of the clinic)."""
        command = SetPresence(staff_id=staff_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=staff_id)

    @routes.put("/{staff_id}/other-address", response_model=AccountView)
    async def choose_address(
        request: Request, response: Response, staff_id: HsaId, version: VersionSeen, wish: OtherAddress
    ) -> Any:
        """Want notifications at another address (the owner). A mail with a link is sent there first."""
        command = ChooseAddress(staff_id=staff_id, expected_version=version, wish=wish, code=uuid4())
        return await asking.perform(request, response, command, line=staff_id)

    @routes.post("/{staff_id}/other-address/verification", response_model=AccountView)
    async def verify_address(
        request: Request, response: Response, staff_id: HsaId, version: VersionSeen, wish: Verification
    ) -> Any:
        """Show that the address is one's own, by what the link in the mail carried (the owner)."""
        command = VerifyAddress(staff_id=staff_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=staff_id)

    @routes.delete("/{staff_id}/other-address", response_model=AccountView)
    async def drop_address(
        request: Request, response: Response, staff_id: HsaId, version: VersionSeen
    ) -> Any:
        """Have notifications sent to the directory's address again (the owner)."""
        command = ChooseAddress(staff_id=staff_id, expected_version=version, wish=None, code=uuid4())
        return await asking.perform(request, response, command, line=staff_id)

    @routes.put("/{staff_id}/absence", response_model=AccountView)
    async def plan_absence(
        request: Request, response: Response, staff_id: HsaId, version: VersionSeen, wish: AbsenceWish
    ) -> Any:
        """Plan an absence, with a substitute (the same people). It begins and ends by itself."""
        command = PlanAbsence(staff_id=staff_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=staff_id)

    @routes.delete("/{staff_id}/absence", response_model=AccountView)
    async def end_absence(request: Request, response: Response, staff_id: HsaId, version: VersionSeen) -> Any:
        """End the absence, or call it off (the same people)."""
        command = PlanAbsence(staff_id=staff_id, expected_version=version, wish=None)
        return await asking.perform(request, response, command, line=staff_id)

    @routes.put("/{staff_id}/permissions", response_model=AccountView | CardView)
    async def set_permissions(
        request: Request, response: Response, staff_id: HsaId, version: VersionSeen, wish: Permissions
    ) -> Any:
        """Set the roles at the named clinics, all or none; no roles at a clinic is removal."""
        command = SetPermissions(staff_id=staff_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=staff_id)


def _locks(routes: APIRouter, asking: Asking) -> None:
    @routes.post("/{staff_id}/lock", response_model=AccountView)
    async def lock(
        request: Request, response: Response, staff_id: HsaId, version: VersionSeen, wish: Lock
    ) -> Any:
        """Lock an account, with the reason: it can't act any more, and its tokens are worth nothing."""
        command = LockAccount(staff_id=staff_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=staff_id)

    @routes.post("/{staff_id}/reactivation", response_model=AccountView)
    async def reactivate(request: Request, response: Response, staff_id: HsaId, version: VersionSeen) -> Any:
        """Open a locked account again."""
        command = ReactivateAccount(staff_id=staff_id, expected_version=version)
        return await asking.perform(request, response, command, line=staff_id)


def _shown(account: Account, reader: Account) -> AccountView | CardView:
    if may(reader, Act.SEE_ACCOUNT, about(account)):
        return account_view(account)
    return card_view(account, reader)
