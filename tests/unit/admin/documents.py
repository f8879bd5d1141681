"""Case types and what else has drafts and versions, to build tests from."""

from typing import Any

from services.admin.application.catalogue.wishes import CaseTypeWish
from services.admin.domain.case_type import CaseType
from services.admin.domain.document import Version
from shared.contracts.case_types import NATIONALLY, CaseTypeOwner, Owner
from shared.contracts.events.admin import Role
from tests.unit.admin.builders import HILL, NOW, a_form, an_account

NATIONAL = an_account("NINA", unit=Role.NATIONAL_ADMIN)
REGIONAL = an_account("REGINA", unit=Role.REGIONAL_ADMIN)
CLINICAL = an_account("KLARA", hill=Role.CLINIC_ADMIN)
OF_REGION = Owner(kind=CaseTypeOwner.REGION, place="01")
OF_HILL = Owner(kind=CaseTypeOwner.CLINIC, place=HILL)


def a_wish(**fields: Any) -> CaseTypeWish:
    forms = {"question_form": a_form(), "answer_form": a_form("answer")}
    return CaseTypeWish.model_validate({"name_sv": "Fråga", "name_en": "Ask", **forms, **fields})


def a_case_type(id_: str = "ask", owner: Owner = NATIONALLY, published: int = 1, **fields: Any) -> CaseType:
    """A type with this many versions."""
    case_type = CaseType(id_, owner)
    for _ in range(published):
        case_type.publish_content(a_wish(**fields).content(), NATIONAL.id, NOW)
    case_type.events.clear()
    return case_type


class FakeVersions:
    """What was published once."""

    def __init__(self, *events: Any) -> None:
        self._by_key = {
            event.key(): Version(event.key(), event.version, "x", NOW, event.model_dump(mode="json"))
            for event in events
        }

    def get(self, key: str) -> Version | None:
        return self._by_key.get(key)
