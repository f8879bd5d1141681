"""What clients send about case types and templates alike."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from services.admin.application.clinics.wishes import Region
from services.admin.application.wishes import Line, Lines, Wish
from shared.contracts.case_types import CaseTypeOwner, Owner
from shared.contracts.message import HsaId, Slug
from shared.messaging.faults import unsound

_DEEPEST = 30


def _shallow(form: dict[str, Any]) -> dict[str, Any]:
    """Forms nest four levels of items, which is a dozen of JSON. What nests deeper only wears the machinery out."""
    level: list[Any] = [form]
    for _ in range(_DEEPEST):
        level = [part for value in level for part in (value.values() if isinstance(value, dict) else value)]
        level = [part for part in level if isinstance(part, dict | list)]
        if not level:
            return form
    raise unsound(
        "too_deep",
        f"Uppgiften har fler än {_DEEPEST} nivåer i varandra. Lägg det innersta på en högre nivå.",
        f"The field nests more than {_DEEPEST} levels. Move what is innermost to a higher one.",
    )


Questionnaire = Annotated[dict[str, Any], AfterValidator(_shallow)]


class LineWish(Wish):
    """A line of text in Swedish, and in English if there is one."""

    sv: Line = Field(default="", description="Swedish")
    en: Line = Field(default="", description="English; empty means that the Swedish one is shown")


class TextWish(Wish):
    """A text in Swedish, and in English if there is one. Some take `{{variables}}` and `[[prompts]]`."""

    sv: Lines = Field(default="", description="Swedish")
    en: Lines = Field(default="", description="English; empty means that the Swedish one is shown")


class OwnerWish(Wish):
    """Whose it shall be: `national`; `region` with a county code; `clinic` with its HSA-id."""

    kind: CaseTypeOwner = Field(default=CaseTypeOwner.NATIONAL, description="On which level")
    region: Region = Field(default="", description="County code, two digits, of a region's")
    clinic_id: HsaId | None = Field(default=None, description="HSA-id, of a clinic's")

    @model_validator(mode="after")
    def _names_its_place(self) -> Self:
        """A region's has a region, a clinic's a clinic, and nothing more is said."""
        said = (bool(self.region), self.clinic_id is not None)
        if said != (self.kind is CaseTypeOwner.REGION, self.kind is CaseTypeOwner.CLINIC):
            raise unsound(
                "wrong_place",
                "Plats och nivå stämmer inte. Ange region för regionens, clinic_id för mottagningens, annars inget.",
                "Place and level do not fit. Give region for a region's, clinic_id for a clinic's, else nothing.",
            )
        return self

    def owner(self) -> Owner:
        """As it is kept."""
        return Owner(kind=self.kind, place=self.region or self.clinic_id or "")


class Copy(Wish):
    """A new draft with the content of something that is there."""

    id: Slug = Field(description="Id of the copy")
    owner: OwnerWish = Field(default=OwnerWish(), description="Whose the copy is")


class RollBack(Wish):
    """Which version shall be in force again, as a new one."""

    to_version: int = Field(ge=1, le=2**31 - 1, description="The version whose content is taken")


class Import(Wish):
    """An exported file, and whose it shall be where there is no such thing yet."""

    owner: OwnerWish = Field(default=OwnerWish(), description="Counts where it is new")
    file: Annotated[dict[str, Any], AfterValidator(_shallow)] = Field(
        description="As `export` gave it: format, id, content", max_length=20
    )
