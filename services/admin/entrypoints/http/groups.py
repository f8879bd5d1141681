"""HTTP: groups of caregivers."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from services.admin.application.groups.commands import ChangeGroup, CreateGroup, RemoveGroup
from services.admin.application.groups.views import GroupView, group_view
from services.admin.application.groups.wishes import GroupWish, NewGroup
from services.admin.application.policy import Act, Subject
from services.admin.domain.group import group_key
from services.admin.entrypoints.asking import PROBLEMS, Asking
from shared.contracts.ids import ClinicId
from shared.contracts.message import HsaId, Slug
from shared.http.commands import VersionSeen


def group_routes(asking: Asking) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/clinics/{clinic_id}/groups", tags=["groups"], responses=PROBLEMS)

    @routes.get("", response_model=list[GroupView])
    async def list_groups(
        request: Request,
        clinic_id: HsaId,
        after: Annotated[str, Query(max_length=63, pattern=r"^[a-z0-9-]*$")] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 100,
    ) -> Any:
        """The clinic's groups, for everybody there; the next page begins `after` the last id."""
        await asking.reader(request, Act.LIST_ACCOUNTS, Subject(frozenset({ClinicId(clinic_id)})))
        found = await asking.directory.groups(clinic_id, group_key(clinic_id, after), limit)
        return [group_view(group) for group in found]

    @routes.post("", response_model=GroupView, status_code=201)
    async def create(request: Request, response: Response, clinic_id: HsaId, wish: NewGroup) -> Any:
        """Make a group of the clinic's caregivers (its administrators and permission administrators)."""
        response.headers["Location"] = f"/clinics/{clinic_id}/groups/{wish.group_id}"
        command = CreateGroup(clinic_id=clinic_id, wish=wish)
        return await asking.perform(request, response, command, line=group_key(clinic_id, wish.group_id))

    @routes.put("/{group_id}", response_model=GroupView)
    async def change(
        request: Request,
        response: Response,
        clinic_id: HsaId,
        group_id: Annotated[Slug, Path()],
        version: VersionSeen,
        wish: GroupWish,
    ) -> Any:
        """Change a group's names and members, or remove it (administrators and permission administrators)."""
        command = ChangeGroup(clinic_id=clinic_id, group_id=group_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=group_key(clinic_id, group_id))

    @routes.delete("/{group_id}", response_model=GroupView)
    async def remove(
        request: Request,
        response: Response,
        clinic_id: HsaId,
        group_id: Annotated[Slug, Path()],
        version: VersionSeen,
    ) -> Any:
        """Remove a group (the same people); refused, naming them, while cases of some types go to it first."""
        command = RemoveGroup(clinic_id=clinic_id, group_id=group_id, expected_version=version)
        return await asking.perform(request, response, command, line=group_key(clinic_id, group_id))

    return routes
