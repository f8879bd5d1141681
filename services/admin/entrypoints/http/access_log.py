"""HTTP: the access log and its samples, for reviewers; reading them is itself an entry in the log."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import product
from typing import Annotated, Any
from uuid import UUID

import uuid_utils
from fastapi import APIRouter, Query, Request, Response

from services.admin.adapters.access_reading import AccessReading, Search
from services.admin.application.access_log.commands import JudgeAccess, ReadAccessLog, SignOffSample
from services.admin.application.access_log.views import EntryView, ExtractLine, SampleView, sample_view
from services.admin.application.access_log.wishes import Finding
from services.admin.application.faults import not_found
from services.admin.application.policy import Act, Subject
from services.admin.entrypoints.asking import PROBLEMS, Asking, tag
from services.admin.entrypoints.http.extract import as_csv, in_words
from shared.clock import Clock
from shared.contracts.commands.admin import AccessAct
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId
from shared.contracts.message import HsaId
from shared.faults import shaped
from shared.http.commands import VersionSeen

Reference = Annotated[str, Query(max_length=200, pattern=r"^[ -~]*$")]
References = Annotated[list[str], Query(min_length=1, max_length=10)]
Week = Annotated[
    str, Query(pattern=shaped(r"^(\d{4}-W\d{2})?$", "en vecka, såsom 2026-W47", "a week, such as 2026-W47"))
]


def access_log_routes(asking: Asking, reading: AccessReading, clock: Clock) -> APIRouter:
    """All routes about the access log."""
    routes = APIRouter(prefix="/access-log", tags=["access log"], responses=PROBLEMS)
    _searches(routes, asking, reading)
    _samples(routes, asking, reading, clock)
    _checks(routes, asking)
    return routes


def _searches(routes: APIRouter, asking: Asking, reading: AccessReading) -> None:
    @routes.get("", response_model=list[EntryView])
    async def read_access_log(
        request: Request,
        clinic_id: HsaId,
        citizen_ref: Reference = "",
        actor_id: Annotated[str, Query(max_length=63, pattern=r"^[ -~]*$")] = "",
        since: datetime | None = None,
        until: datetime | None = None,
        before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Any:
        """A clinic's entries, newest first (its reviewers); the next page is `before` the last number.

        `citizen_ref` comes from intake, which alone can tell the references of a person.
        """
        await _note(asking, request, [clinic_id], [citizen_ref], AccessAct.SEARCH)
        search = Search(clinic_id, citizen_ref, actor_id, since, until, before, limit)
        return await reading.entries(search)

    @routes.get(
        "/extract",
        response_model=list[ExtractLine],
        responses={200: {"content": {"text/csv": {}}}},
    )
    async def read_extract(
        request: Request,
        citizen_ref: References,
        before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
        limit: Annotated[int, Query(ge=1, le=5_000)] = 5_000,
    ) -> Any:
        """What a patient gets when they ask who has looked: units and times, at all clinics that the reviewer reviews.

        `citizen_ref`, once for each reference that intake tells of the person. `Accept: text/csv` gives a file.
        """
        reviewer = await asking.reader(request, Act.MAKE_EXTRACT)
        clinics = [clinic for clinic, roles in reviewer.in_force.items() if Role.REVIEWER in roles]
        await _note(asking, request, clinics, dict.fromkeys(citizen_ref), AccessAct.EXPORT)
        lines = [in_words(line) for line in await reading.extract(citizen_ref, clinics, before, limit)]
        if "text/csv" in request.headers.get("accept", ""):
            return as_csv(lines)
        return lines


def _samples(routes: APIRouter, asking: Asking, reading: AccessReading, clock: Clock) -> None:
    @routes.get("/samples", response_model=list[SampleView])
    async def list_samples(
        request: Request,
        clinic_id: HsaId,
        before: Week = "",
        open: bool = False,  # noqa: A002 -- the name that clients read
        deviations: bool = False,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
    ) -> Any:
        """The weekly samples of a clinic (its reviewers), newest first; the next page is `before` the last week.

        `open`: only those that are not signed off. `deviations`: only those in which something was not justified.
        """
        await asking.reader(request, Act.CHECK_ACCESSES, Subject(frozenset({ClinicId(clinic_id)})))
        found = await reading.samples(
            clinic_id, before, open_only=open, deviations_only=deviations, limit=limit
        )
        return [sample_view(sample, clock()) for sample in found]

    @routes.get("/samples/{clinic_id}/{week}", response_model=SampleView)
    async def read_sample(request: Request, response: Response, clinic_id: HsaId, week: str) -> Any:
        """One sample with its entries. Reading it is itself an access."""
        await asking.reader(request, Act.CHECK_ACCESSES, Subject(frozenset({ClinicId(clinic_id)})))
        sample = await reading.sample(f"{clinic_id}/{week}")
        if sample is None:
            raise not_found("week")
        await _note(asking, request, [clinic_id], [""], AccessAct.LIST)
        entries = await reading.entries_of(sample)
        view = sample_view(sample, clock())
        for item in view.items:
            item.access = EntryView(**entries[item.number]) if item.number in entries else None
        tag(response, sample.version)
        return view


def _checks(routes: APIRouter, asking: Asking) -> None:
    @routes.put("/samples/{clinic_id}/{week}/entries/{number}", response_model=SampleView)
    async def judge(
        request: Request,
        response: Response,
        clinic_id: HsaId,
        week: str,
        number: int,
        version: VersionSeen,
        wish: Finding,
    ) -> Any:
        """Say whether one access was justified (reviewers, never of their own)."""
        command = JudgeAccess(
            clinic_id=clinic_id,
            sample_id=f"{clinic_id}/{week}",
            expected_version=version,
            number=number,
            wish=wish,
        )
        return await asking.perform(request, response, command, line=command.sample_id)

    @routes.post("/samples/{clinic_id}/{week}/sign-off", response_model=SampleView)
    async def sign_off(
        request: Request, response: Response, clinic_id: HsaId, week: str, version: VersionSeen
    ) -> Any:
        """Every access is judged: the sample is done, and stays as it is."""
        sample_id = f"{clinic_id}/{week}"
        command = SignOffSample(clinic_id=clinic_id, sample_id=sample_id, expected_version=version)
        return await asking.perform(request, response, command, line=sample_id)


async def _note(
    asking: Asking, request: Request, clinics: Sequence[str], references: Iterable[str], act: AccessAct
) -> None:
    """Write down that somebody reads, before anything is shown, all in one act. Raises Forbidden."""
    refs = tuple(references)
    ids = tuple(UUID(bytes=uuid_utils.uuid7().bytes) for _ in product(clinics, refs))
    command = ReadAccessLog(access_ids=ids, clinic_ids=tuple(clinics), citizen_refs=refs, act=act)
    await asking.act(request, command, line=clinics[0])
