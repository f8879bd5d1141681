"""Why a message was refused, as far as machinery can tell: one fault per field, in Swedish and English."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from shared.faults import Fault

TIME_OUT_OF_WINDOW = Fault(
    "ce_time",
    "time_out_of_window",
    "Tiden ligger för långt bort. Skicka meddelandet med aktuell tid.",
    "The time is too far away. Send the message with the current time.",
)
ID_REUSED = Fault(
    "ce_id",
    "id_reused",
    "Samma id har redan använts för ett annat innehåll. Använd ett nytt id.",
    "The same id was used before with other content. Use a new id.",
)
KEY_REUSED = Fault(
    "Idempotency-Key",
    "id_reused",
    "Samma Idempotency-Key har redan använts för ett annat innehåll. Använd en ny.",
    "The same Idempotency-Key was used before with other content. Use a new one.",
)
GIVEN_UP = Fault(
    "",
    "given_up",
    "Meddelandet kunde inte hanteras på grund av ett tekniskt fel hos oss. Det är sparat; skicka det igen senare.",
    "The message could not be handled after a technical fault of ours. It is kept; send it again later.",
)
PARKED = Fault(
    "case_id",
    "case_parked",
    "Ärendet är tillfälligt stoppat efter ett tekniskt fel och tas upp igen automatiskt. Försök igen senare.",
    "The case is held back after a technical fault and resumes by itself. Try again later.",
)

_TEXTS: dict[str, tuple[str, str, str]] = {
    "missing": ("required", "Uppgiften saknas. Fyll i den.", "The field is missing. Fill it in."),
    "extra_forbidden": (
        "unknown_field",
        "Uppgiften är okänd. Ta bort den.",
        "The field is unknown. Remove it.",
    ),
    "string_too_long": ("too_long", "Texten är för lång. Korta den.", "The text is too long. Shorten it."),
    "string_too_short": ("too_short", "Texten är för kort.", "The text is too short."),
    "string_pattern_mismatch": ("bad_format", "Uppgiften har fel format.", "The field has the wrong format."),
    "literal_error": (
        "not_an_option",
        "Värdet är inte ett av de tillåtna.",
        "The value is not one of the options.",
    ),
    "enum": ("not_an_option", "Värdet är inte ett av de tillåtna.", "The value is not one of the options."),
    "json_invalid": ("not_json", "Begäran är inte giltig JSON.", "The request is not valid JSON."),
    "uuid_parsing": ("bad_format", "Uppgiften ska vara ett UUID.", "The field must be a UUID."),
}
_OTHER = ("wrong_type", "Värdet är av fel slag.", "The value is of the wrong kind.")


def faults_of(error: ValidationError) -> tuple[Fault, ...]:
    """One fault per field that Pydantic found wrong. What was sent is never repeated."""
    return faults_of_pydantic(error.errors(include_url=False, include_context=False, include_input=False))


def faults_of_pydantic(errors: Sequence[Any]) -> tuple[Fault, ...]:
    """The same from Pydantic's list of errors, as web frameworks pass it on."""
    faults = []
    for found in errors:
        code, sv, en = _TEXTS.get(found["type"], _OTHER)
        place = [str(part) for part in found["loc"] if part not in ("body", "query", "path", "header")]
        faults.append(Fault(".".join(place), code, sv, en))
    return tuple(faults)
