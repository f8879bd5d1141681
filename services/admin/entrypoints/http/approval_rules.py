"""HTTP: whether templates of a region or a clinic need a second person's approval."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.admin.adapters.reading_by_id import ReadingById
from services.admin.application.catalogue.adapting import clinic_of, region_of
from services.admin.application.clinics.wishes import Region
from services.admin.application.policy import Act
from services.admin.application.templates.commands import SetApprovalRule
from services.admin.application.templates.rules import ApprovalRuleView, rule_view
from services.admin.application.templates.wishes import ApprovalWish, RegionalApprovalWish
from services.admin.domain.approval_rule import ApprovalRule, places_of, rule_id, what_counts
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from services.admin.entrypoints.http.clinics import known_clinic
from shared.contracts.case_types import Owner
from shared.contracts.message import HsaId
from shared.http.commands import VersionSeen


def approval_rule_routes(asking: Asking, reading: ReadingById[ApprovalRule]) -> APIRouter:
    """Routes about approval at a place."""
    routes = APIRouter(tags=["templates"], responses=PROBLEMS)

    async def shown(response: Response, place: Owner, region: str) -> ApprovalRuleView:
        ids = [rule_id(level) for level in places_of(place, region)]
        known = await reading.all_of(ids)
        rule = known.get(rule_id(place)) or ApprovalRule(rule_id(place), place)
        tag(response, rule.version)
        return rule_view(rule, what_counts(map(known.get, ids)))

    @routes.get("/clinics/{clinic_id}/template-approval", response_model=ApprovalRuleView)
    async def read_clinic(request: Request, response: Response, clinic_id: HsaId) -> Any:
        """Whether the clinic's templates need a second person's approval, and whose word it is; version as ETag."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        clinic = await known_clinic(asking, clinic_id)
        return await shown(response, clinic_of(clinic_id), clinic.region)

    @routes.put("/clinics/{clinic_id}/template-approval", response_model=ApprovalRuleView)
    async def set_clinic(
        request: Request, response: Response, clinic_id: HsaId, version: VersionSeen, wish: ApprovalWish
    ) -> Any:
        """Say whether it is needed (the clinic's administrators), unless the region has locked that."""
        command = SetApprovalRule(place=clinic_of(clinic_id), expected_version=version, needed=wish.needed)
        return await asking.perform(request, response, command, line=clinic_id)

    @routes.get("/regions/{region}/template-approval", response_model=ApprovalRuleView)
    async def read_region(request: Request, response: Response, region: Region) -> Any:
        """Whether templates in the region need a second person's approval; its version as ETag."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        return await shown(response, region_of(region), region)

    @routes.put("/regions/{region}/template-approval", response_model=ApprovalRuleView)
    async def set_region(
        request: Request, response: Response, region: Region, version: VersionSeen, wish: RegionalApprovalWish
    ) -> Any:
        """Say whether it is needed, and lock that for the region's clinics (the region's administrators)."""
        command = SetApprovalRule(place=region_of(region), expected_version=version, **dict(wish))
        return await asking.perform(request, response, command, line=f"region:{region}")

    return routes
