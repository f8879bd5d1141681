"""What people send while they sign in."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.admin.application.wishes import Wish
from shared.contracts.events.admin import Role
from shared.contracts.message import HsaId

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50_000)]


class NewTerms(Wish):
    """The terms for staff, in both languages."""

    text_sv: _Text
    text_en: _Text


class AccountChoice(Wish):
    """Which of one's accounts to act by."""

    staff_id: HsaId = Field(description="One of the HSA-ids that the sign-in proved")


class ClinicChoice(Wish):
    """Where to work now."""

    clinic_id: HsaId
    role: Role | None = Field(default=None, description="One of one's roles there; all of them if left out")


class Acceptance(Wish):
    """The terms are accepted."""

    version: int = Field(ge=1, description="The version that was read")


class TokenWish(Wish):
    """Which service a token shall be good at."""

    audience: Literal["intake", "routing", "notify", "admin"]
