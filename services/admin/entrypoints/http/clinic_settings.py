"""HTTP: a clinic's settings, its texts that have versions, and the days that follow from them."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.admin.adapters.holidays import holidays_on
from services.admin.application.clinics.commands import ChangeSettings, PublishText
from services.admin.application.clinics.settings_wishes import NewText, SettingsWish
from services.admin.application.clinics.views import (
    DayView,
    SettingsView,
    TextVersionView,
    day_view,
    settings_view,
)
from services.admin.application.policy import Act
from services.admin.domain.calendar import today
from services.admin.domain.clinic import TextKind
from services.admin.domain.working_time import WorkingTime
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from services.admin.entrypoints.http.clinics import known_clinic
from shared.clock import utc_now
from shared.contracts.message import HsaId
from shared.http.commands import VersionSeen


def settings_routes(asking: Asking) -> APIRouter:
    """Routes about the settings of clinics; the version is the clinic's."""
    routes = APIRouter(prefix="/clinics/{clinic_id}", tags=["clinic settings"], responses=PROBLEMS)

    @routes.get("/settings", response_model=SettingsView)
    async def read_settings(request: Request, response: Response, clinic_id: HsaId) -> Any:
        """The settings, for every member of staff; the clinic's version as ETag."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        clinic = await known_clinic(asking, clinic_id)
        tag(response, clinic.version)
        return settings_view(clinic)

    @routes.put("/settings", response_model=SettingsView)
    async def change_settings(
        request: Request, response: Response, clinic_id: HsaId, version: VersionSeen, wish: SettingsWish
    ) -> Any:
        """Change all settings at once (its administrators). What is left out is emptied."""
        command = ChangeSettings(clinic_id=clinic_id, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=clinic_id)

    @routes.get("/texts/{kind}", response_model=list[TextVersionView])
    async def list_texts(request: Request, clinic_id: HsaId, kind: TextKind) -> Any:
        """Every version of a text, newest first, with who published it."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        await known_clinic(asking, clinic_id)
        return await asking.directory.clinic_texts(clinic_id, kind)

    @routes.post("/texts/{kind}", response_model=SettingsView, status_code=201)
    async def publish_text(
        request: Request,
        response: Response,
        clinic_id: HsaId,
        kind: TextKind,
        version: VersionSeen,
        wish: NewText,
    ) -> Any:
        """Publish the next version of a text, from a day on (its administrators). It never changes again."""
        command = PublishText(clinic_id=clinic_id, kind=kind, expected_version=version, wish=wish)
        return await asking.perform(request, response, command, line=clinic_id)

    @routes.get("/days", response_model=list[DayView])
    async def list_days(
        request: Request,
        clinic_id: HsaId,
        first_on: Annotated[date | None, Query(ge=date(1970, 1, 1), le=date(2199, 12, 31))] = None,
        count: Annotated[int, Query(ge=1, le=400)] = 14,
    ) -> Any:
        """What the settings make of the days to come: when the clinic works, and why it does not."""
        await asking.reader(request, Act.SEE_CATALOGUE)
        calendar = WorkingTime((await known_clinic(asking, clinic_id)).settings, holidays_on)
        first = first_on or today(utc_now())
        return [day_view(calendar.day(first + timedelta(days=n))) for n in range(count)]

    return routes
