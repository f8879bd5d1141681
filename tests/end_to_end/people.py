"""Who is who in the made-up region, and what a citizen sends."""

from typing import Any
from uuid import UUID, uuid4

from stdnum import luhn

from deploy.local.story import AN_ANSWER, a_submission
from shared.clock import utc_now

PORTAL, OTHER_PORTAL = "minvard", "karlavagnen"
CLINICS = {
    "manual": "SE2321000016-2C3D",
    "least_loaded": "SE2321000016-1A2B",
    "round_robin": "SE2321000016-3E4F",
}
NATIONAL_ADMINISTRATOR, ADMINISTRATOR = "SE2321000016-P001", "SE2321000016-P012"
PERMISSION_ADMINISTRATOR = "SE2321000016-P010"
RECEIVER, SECOND_RECEIVER = "SE2321000016-P013", "SE2321000016-P012"
FREJA, IVAR, OTTO = "SE2321000016-P014", "SE2321000016-P015", "SE2321000016-P016"
OTHER_CLINICS_RECEIVER = "SE2321000016-P004"
NURSES = {"SE2321000016-P018", "SE2321000016-P019", "SE2321000016-P020", "SE2321000016-P021"}
ANSWER = AN_ANSWER


def a_child() -> dict[str, str]:
    """Somebody who had their first birthday last year: the clinic of the nurses is for children."""
    digits = f"{utc_now().year - 2}0101238"
    return {"kind": "personnummer", "value": digits + luhn.calc_check_digit(digits[2:])}


def a_case(case_id: UUID | None = None) -> dict[str, Any]:
    """A valid SubmitCase body, to the clinic whose receivers assign by hand."""
    return a_submission(case_id or uuid4())


def a_question_to_the_nurses(case_id: UUID | None = None) -> dict[str, Any]:
    """A valid SubmitCase body, to the clinic that shares cases out in turn."""
    return {
        "case_id": str(case_id or uuid4()),
        "clinic_id": CLINICS["round_robin"],
        "case_type": "ask-nurse",
        "citizen": a_child(),
        "form": {
            "item": [
                {"linkId": "question", "answer": [{"valueString": "Får man bada med öroninflammation?"}]}
            ]
        },
    }
