"""What reviewers send."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.admin.application.wishes import Wish
from services.admin.domain.access_sample import Deviation, Verdict
from shared.faults import shaped


class Finding(Wish):
    """What was found about one access."""

    verdict: Verdict
    reason: Deviation | None = Field(default=None, description="Required for a deviation, and only for one")
    reference: Annotated[
        str,
        StringConstraints(
            pattern=shaped(
                r"^[A-Za-z0-9._/-]*$",
                "bokstäver a till z, siffror och . _ / -, såsom AVV-2026-17",
                "letters a to z, digits and . _ / -, such as AVV-2026-17",
            ),
            max_length=60,
        ),
    ] = Field(default="", description="An id in the clinic's own system for deviations; no words")
