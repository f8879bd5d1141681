"""Routes for portals: what a citizen can choose among, and the form to show. Made to be asked often: see ETag."""

from hashlib import blake2b
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from services.intake.adapters.offers import Offers
from services.intake.application.policy import Act, may
from services.intake.domain import faults
from shared.contracts.case_types import AgeInterval, Pause
from shared.contracts.clinic_settings import (
    AnswerPromise,
    ClosedPeriod,
    ContactCard,
    HolidayRule,
    LocalText,
    OpenInterval,
    ServiceArea,
)
from shared.contracts.message import HsaId
from shared.errors import Forbidden, NotFound
from shared.http.commands import ActorOf
from shared.http.json import json_response
from shared.messaging.heard import Freshness
from shared.security.tokens import Actor

LARGEST_PAGE = 200
After = Annotated[str, Query(max_length=64, description="`next` of the page before")]
Size = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Clinics of a page")]
At = Annotated[HsaId | None, Query(description="HSA-id of the clinic that the citizen writes to")]
Known = Annotated[str, Header(alias="If-None-Match", max_length=1000, description="The ETag that you have")]


class Names(BaseModel):
    """What citizens call it."""

    sv: str
    en: str


class NamedCaseType(BaseModel):
    """A case type in its newest version."""

    case_type: str = Field(description="For `case_type` of a submission")
    version: int = Field(description="Grows with each published version")
    name: Names
    description: LocalText = Field(
        description="What the citizen reads before writing, as the clinic wants it"
    )
    age: AgeInterval = Field(description="Whom the type is for")


class OfferedCaseType(NamedCaseType):
    """A case type that a clinic takes."""

    paused: Pause | None = Field(description="Why no case is taken for a while, and until when; or null")
    restricted: bool = Field(description="True: only for citizens to whom the clinic has granted it")


class TextInForce(BaseModel):
    """A text that counts today."""

    version: int = Field(description="Which version the citizen reads, or accepts")
    text: LocalText


class OfferedClinic(BaseModel):
    """A clinic that takes cases, and what citizens are told of it."""

    clinic_id: str = Field(description="HSA-id, for `clinic_id` of a submission")
    name: str = Field(description="What people call it")
    case_types: list[OfferedCaseType] = Field(description="Never empty")
    region: str = Field(description="County code of the clinic's region (SCB), or empty")
    service_area: ServiceArea = Field(description="Whom it is for; no municipalities: the whole region")
    approved_citizens_only: bool = Field(description="True: only for citizens whom the clinic has approved")
    contact: ContactCard = Field(description="How else to reach it")
    information: TextInForce | None = Field(description="To be read before writing, or null")
    terms: TextInForce | None = Field(description="To be accepted before writing, or null")
    opening_hours: list[OpenInterval] = Field(description="The week; none: the clinic has not said")
    holidays: list[HolidayRule] = Field(description="Days of the year on which it is closed, or closes early")
    closed_periods: list[ClosedPeriod] = Field(description="When it is closed otherwise, now or to come")
    acknowledgement: LocalText = Field(description="To be shown when a case has come in")
    out_of_hours: LocalText = Field(description="To be shown outside opening hours")
    answer_promise: AnswerPromise | None = Field(
        description="Within how much working time it answers, or null"
    )


class OfferedClinics(BaseModel):
    """A page of clinics."""

    clinics: list[OfferedClinic]
    next: str | None = Field(description="For `after`; null on the last page")


class OfferedForm(NamedCaseType):
    """A case type with what the citizen fills in."""

    paused: Pause | None = Field(default=None, description="At a clinic: as in the list of clinics")
    restricted: bool = Field(default=False, description="At a clinic: as in the list of clinics")
    question_form: dict[str, Any] = Field(description="A FHIR R4 Questionnaire, see docs/forms.md")


def add_offers(app: FastAPI, portal: ActorOf, offers: Offers, freshness: Freshness | None) -> None:
    """The two routes. `portal` finds out which portal asks."""
    unchanged: dict[int | str, dict[str, Any]] = {304: {"description": "What you have is what there is"}}

    async def active_portal(actor: Annotated[Actor, Depends(portal)]) -> None:
        if freshness is not None:
            freshness.must_be_fresh()
        known = await offers.portal(actor.id)
        if not may(known, Act.SEE_OFFERS):
            raise Forbidden(faults.portal_may_not(known))

    allowed = [Depends(active_portal)]

    @app.get("/clinics", dependencies=allowed, responses=unchanged | {200: {"model": OfferedClinics}})
    async def clinics(after: After = "", size: Size = 100, *, known: Known = "") -> Response:
        """The clinics that take cases now, by HSA-id, and the case types that each takes (portals)."""
        return _unless_known(known, await offers.clinics(after.strip().upper(), size))

    @app.get(
        "/case-types/{case_type}", dependencies=allowed, responses=unchanged | {200: {"model": OfferedForm}}
    )
    async def case_type(case_type: str, clinic_id: At = None, *, known: Known = "") -> Response:
        """A case type and the form that the citizen fills in: the version that a submission is checked by (portals).

        With `clinic_id` as this clinic offers it, with its own description.
        """
        if clinic_id is None:
            found, missing = await offers.case_type(case_type), faults.CASE_TYPE_UNKNOWN
        else:
            found, missing = await offers.case_type_at(clinic_id, case_type), faults.CASE_TYPE_OFF
        if found is None:
            raise NotFound(missing)
        return _unless_known(known, found)


def _unless_known(known: str, body: dict[str, Any]) -> Response:
    """The body with an ETag, or 304 for who has it already (RFC 9110, section 13.1.2)."""
    told = json_response(body)
    tag = f'"{blake2b(told.body, digest_size=12).hexdigest()}"'
    if tag in (it.strip().removeprefix("W/") for it in known.split(",")) or known.strip() == "*":
        told = Response(status_code=304)
    told.headers["ETag"] = tag
    told.headers["Cache-Control"] = "private, no-cache"
    return told
