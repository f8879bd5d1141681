"""What portals can offer to citizens: clinics that take cases, what they take, and what they tell, as of now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.intake.domain.neighbours import STOCKHOLM, CaseType, Clinic, Portal
from services.intake.domain.offering import Adapted, adaptation_ids, offer_of, said_of
from services.intake.domain.page import shown_page
from shared.clock import Clock
from shared.contracts.case_types import NO_TEXT, AgeInterval
from shared.database.pool import Database

_PORTAL = "SELECT id, version, active, scopes FROM portals WHERE id = $1"
_CLINICS = """
SELECT id, version, active, case_types, name, closing_sv, closing_en, region, approved_citizens_only, service_area
FROM clinics
WHERE active AND id > $1 AND case_types ?| ARRAY(SELECT id FROM case_types WHERE active)
ORDER BY id LIMIT $2
"""
_CLINIC = """
SELECT id, version, active, case_types, name, closing_sv, closing_en, region, approved_citizens_only, service_area
FROM clinics WHERE active AND id = $1
"""
_PAGES = "SELECT id, page FROM clinic_pages WHERE id = ANY($1::text[])"
_TYPES = """
SELECT t.id, t.version, t.published_at, t.active, t.name_sv, t.name_en, t.limits, f.said
FROM case_types t LEFT JOIN forms f ON f.case_type = t.id AND f.version = t.version
WHERE t.active AND t.id = ANY($1::text[]) ORDER BY t.id
"""
_ADAPTED = "SELECT id, version, adaptation, readable FROM adaptations WHERE id = ANY($1::text[])"
_FORM = "SELECT question_form FROM forms WHERE case_type = $1 AND version = $2"
Types = dict[str, tuple[CaseType, dict[str, Any]]]
"""Case types, and what their newest versions say beside their forms."""


class Offers:
    """Reads without locks. Each raises Transient."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def portal(self, portal_id: str) -> Portal | None:
        """The portal that asks, as the directory knows it."""
        rows = await self._database.fetch(_PORTAL, portal_id)
        return Portal(*rows[0]) if rows else None

    async def clinics(self, after: str, size: int) -> dict[str, Any]:
        """A page of the clinics that take cases, by HSA-id, each with what it takes; and where the next page begins."""
        found = [Clinic(*row) for row in await self._database.fetch(_CLINICS, after, size + 1)]
        clinics = found[:size]
        types = await self._types({name for clinic in clinics for name in clinic.case_types})
        adapted = await self._adapted(clinics, types)
        told = await self._database.fetch(_PAGES, [clinic.id for clinic in clinics])
        pages = {row["id"]: row["page"] for row in told}
        today = self._clock().astimezone(STOCKHOLM).date()
        shown = [
            {
                "clinic_id": clinic.id,
                "name": clinic.name or clinic.id,
                "case_types": offered,
                "region": clinic.region,
                "approved_citizens_only": clinic.approved_citizens_only,
                **shown_page(pages.get(clinic.id, {}), today),
            }
            for clinic in clinics
            if (offered := self._offered(clinic, types, adapted))
        ]
        return {"clinics": shown, "next": clinics[-1].id if len(found) > size else None}

    async def case_type(self, case_type: str) -> dict[str, Any] | None:
        """The newest version of a case type with its question form; None where it takes no new cases."""
        for found, said in (await self._types([case_type])).values():
            return await self._with_form(_told(found, said))
        return None

    async def case_type_at(self, clinic_id: str, case_type: str) -> dict[str, Any] | None:
        """The same as the clinic offers it today; None where it does not."""
        types = await self._types([case_type])
        for clinic in [Clinic(*row) for row in await self._database.fetch(_CLINIC, clinic_id)]:
            for offered in self._offered(clinic, types, await self._adapted([clinic], types)):
                return await self._with_form(offered)
        return None

    async def _with_form(self, told: dict[str, Any]) -> dict[str, Any] | None:
        for row in await self._database.fetch(_FORM, told["case_type"], told["version"]):
            return told | {"question_form": row["question_form"]}
        return None

    async def _types(self, wanted: Iterable[str]) -> Types:
        rows = await self._database.fetch(_TYPES, sorted(wanted))
        return {row["id"]: (CaseType(*list(row)[:-1]), row["said"] or {}) for row in rows}

    async def _adapted(self, clinics: Sequence[Clinic], types: Iterable[str]) -> dict[str, Adapted]:
        ids = {
            id_
            for clinic in clinics
            for name in set(types).intersection(clinic.case_types)
            for id_ in adaptation_ids(clinic, name)
        }
        return {row["id"]: Adapted(*row) for row in await self._database.fetch(_ADAPTED, sorted(ids))}

    def _offered(self, clinic: Clinic, types: Types, adapted: Mapping[str, Adapted]) -> list[dict[str, Any]]:
        """What is open at the clinic today; what is paused is shown with why and for how long."""
        now, offered = self._clock(), []
        for case_type, said in (types[name] for name in clinic.case_types if name in types):
            offer = offer_of(case_type, clinic, adapted)
            if offer is None or not offer.is_open_on(now.astimezone(STOCKHOLM).date()):
                continue
            here = said_of(said, case_type.id, clinic, adapted)
            paused = offer.pause if offer.pause is not None and offer.pause.holds(now) else None
            offered.append(
                _told(case_type, said, here["description"].model_dump())
                | {
                    "paused": paused and paused.model_dump(mode="json"),
                    "restricted": offer.restricted,
                }
            )
        return offered


def _told(
    case_type: CaseType, said: Mapping[str, Any], description: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What citizens read of a type before they write; its own description, unless somebody has another."""
    return {
        "case_type": case_type.id,
        "version": case_type.version,
        "name": {"sv": case_type.name_sv, "en": case_type.name_en},
        "description": description or said.get("description") or NO_TEXT.model_dump(),
        "age": said.get("age") or AgeInterval().model_dump(),
    }
