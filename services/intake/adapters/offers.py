"""What portals can offer to citizens: clinics that take cases, what they take, and what they tell, as of now."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.intake.domain.neighbours import STOCKHOLM, CaseType, Clinic, Portal
from services.intake.domain.offering import Adapted, adaptation_ids, offer_of
from services.intake.domain.page import shown_page
from shared.clock import Clock
from shared.database.pool import Database

_PORTAL = "SELECT id, version, active, scopes FROM portals WHERE id = $1"
_CLINICS = """
SELECT id, version, active, case_types, name, closing_sv, closing_en, region, approved_citizens_only FROM clinics
WHERE active AND id > $1 AND case_types ?| ARRAY(SELECT id FROM case_types WHERE active)
ORDER BY id LIMIT $2
"""
_PAGES = "SELECT id, page FROM clinic_pages WHERE id = ANY($1::text[])"
_TYPES = """
SELECT id, version, published_at, active, name_sv, name_en, limits FROM case_types
WHERE active AND id = ANY($1::text[]) ORDER BY id
"""
_ADAPTED = "SELECT id, version, adaptation, readable FROM adaptations WHERE id = ANY($1::text[])"
_TYPE = """
SELECT t.id, t.version, t.name_sv, t.name_en, f.question_form
FROM case_types t JOIN forms f ON f.case_type = t.id AND f.version = t.version
WHERE t.active AND t.id = $1
"""


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
                "approved_citizens_only": clinic.approved_citizens_only,
                **shown_page(pages.get(clinic.id, {}), today),
            }
            for clinic in clinics
            if (offered := self._offered(clinic, types, adapted))
        ]
        return {"clinics": shown, "next": clinics[-1].id if len(found) > size else None}

    async def case_type(self, case_type: str) -> dict[str, Any] | None:
        """The newest version of a case type with its question form; None where it takes no new cases."""
        for row in await self._database.fetch(_TYPE, case_type):
            return _named(row["id"], row["version"], row["name_sv"], row["name_en"]) | {
                "question_form": row["question_form"]
            }
        return None

    async def _types(self, wanted: Iterable[str]) -> dict[str, CaseType]:
        rows = await self._database.fetch(_TYPES, sorted(wanted))
        return {row["id"]: CaseType(*row) for row in rows}

    async def _adapted(self, clinics: Sequence[Clinic], types: Iterable[str]) -> dict[str, Adapted]:
        ids = {
            id_
            for clinic in clinics
            for name in set(types).intersection(clinic.case_types)
            for id_ in adaptation_ids(clinic, name)
        }
        return {row["id"]: Adapted(*row) for row in await self._database.fetch(_ADAPTED, sorted(ids))}

    def _offered(
        self, clinic: Clinic, types: Mapping[str, CaseType], adapted: Mapping[str, Adapted]
    ) -> list[dict[str, Any]]:
        """What is open at the clinic today; what is paused is shown with why and for how long."""
        now, offered = self._clock(), []
        for case_type in (types[name] for name in clinic.case_types if name in types):
            offer = offer_of(case_type, clinic, adapted)
            if offer is None or not offer.is_open_on(now.astimezone(STOCKHOLM).date()):
                continue
            names = _named(case_type.id, case_type.version, case_type.name_sv, case_type.name_en)
            paused = offer.pause if offer.pause is not None and offer.pause.holds(now) else None
            offered.append(
                names
                | {
                    "paused": paused and paused.model_dump(mode="json"),
                    "restricted": offer.restricted,
                }
            )
        return offered


def _named(id_: str, version: int, sv: str, en: str) -> dict[str, Any]:
    return {"case_type": id_, "version": version, "name": {"sv": sv, "en": en}}
