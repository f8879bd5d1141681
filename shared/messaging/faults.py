"""Why a message was refused, as far as machinery can tell: one fault per field, in Swedish and English."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from shared.faults import Fault, shape_of

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

_LOOK = (
    "Se i API-beskrivningen vad fältet tar.",
    "See in the API's description what the field takes.",
)
_OPTION = (
    "not_an_option",
    "Värdet är inte ett av de tillåtna. Välj bland {expected}.",
    "The value is not one of the options. Choose among {expected}.",
)
_DATE = (
    "bad_format",
    "Uppgiften är inget datum. Skriv det som ÅÅÅÅ-MM-DD.",
    "The field is no date. Write it as YYYY-MM-DD.",
)
_INSTANT = (
    "bad_format",
    "Uppgiften är ingen tidpunkt med tidszon. Skriv den som 2026-03-02T08:00:00Z.",
    "The field is no instant with a time zone. Write it as 2026-03-02T08:00:00Z.",
)
_KINDS: dict[tuple[str, ...], tuple[str, str]] = {
    ("string_type",): ("en text", "a text"),
    ("int_type", "int_parsing", "int_from_float"): ("ett heltal", "a whole number"),
    ("bool_type", "bool_parsing"): ("true eller false", "true or false"),
    ("list_type", "tuple_type", "frozen_set_type"): ("en lista", "a list"),
    ("dict_type", "model_type", "model_attributes_type"): ("ett objekt med fält", "an object with fields"),
}
_OF_KIND = {
    type_: (
        "wrong_type",
        f"Värdet är av fel slag. Skriv {sv}.",
        f"The value is of the wrong kind. Write {en}.",
    )
    for types, (sv, en) in _KINDS.items()
    for type_ in types
}
_TEXTS: dict[str, tuple[str, str, str]] = {
    "missing": ("required", "Uppgiften saknas. Fyll i den.", "The field is missing. Fill it in."),
    "extra_forbidden": (
        "unknown_field",
        "Uppgiften är okänd. Ta bort den.",
        "The field is unknown. Remove it.",
    ),
    "string_too_long": (
        "too_long",
        "Texten är för lång. Korta den till högst {max_length} tecken.",
        "The text is too long. Shorten it to {max_length} characters at the most.",
    ),
    "string_too_short": (
        "too_short",
        "Texten är för kort. Skriv minst {min_length} tecken.",
        "The text is too short. Write at least {min_length} characters.",
    ),
    "too_long": (
        "too_long",
        "Det är för många. Skicka högst {max_length} åt gången.",
        "There are too many. Send {max_length} at the most at a time.",
    ),
    "too_short": (
        "too_short",
        "Det är för få. Skicka minst {min_length}.",
        "There are too few. Send at least {min_length}.",
    ),
    "string_pattern_mismatch": (
        "bad_format",
        f"Uppgiften har fel format. {_LOOK[0]}",
        f"The field has the wrong format. {_LOOK[1]}",
    ),
    "greater_than_equal": (
        "out_of_range",
        "Värdet är för litet. Det minsta som går är {ge}.",
        "The value is too small. The least that will do is {ge}.",
    ),
    "less_than_equal": (
        "out_of_range",
        "Värdet är för stort. Det största som går är {le}.",
        "The value is too large. The most that will do is {le}.",
    ),
    "date_from_datetime_parsing": _DATE,
    "date_parsing": _DATE,
    "literal_error": _OPTION,
    "enum": _OPTION,
    **_OF_KIND,
    "json_invalid": (
        "not_json",
        "Begäran är inte giltig JSON. Rätta den.",
        "The request is not valid JSON. Correct it.",
    ),
    "uuid_parsing": (
        "bad_format",
        "Uppgiften är inget UUID. Skriv det som 8-4-4-4-12 hexadecimala tecken.",
        "The field is no UUID. Write it as 8-4-4-4-12 hexadecimal characters.",
    ),
    "timezone_aware": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
}
_OTHER = (
    "wrong_type",
    f"Värdet är av fel slag. {_LOOK[0]}",
    f"The value is of the wrong kind. {_LOOK[1]}",
)


def unreadable(reason: str) -> Fault:
    """No machine will ever read the message; the reason is a code and never its content."""
    return Fault(
        "",
        "unreadable",
        f"Meddelandet kunde inte läsas: {reason}. Rätta det och skicka det igen med ett nytt id.",
        f"The message could not be read: {reason}. Correct it and send it again with a new id.",
    )


def unsound(code: str, sv: str, en: str) -> PydanticCustomError:
    """What a validator of ours raises: the code, and what is wrong and what to do. The field is where it stands."""
    return PydanticCustomError(code, "{en}", {"sv": sv, "en": en})


def faults_of(error: ValidationError) -> tuple[Fault, ...]:
    """One fault per field that Pydantic found wrong. What was sent is never repeated."""
    return _faults(error.errors(include_url=False, include_input=False))


def faults_of_request(errors: Sequence[Any]) -> tuple[Fault, ...]:
    """The same from a web framework's list of errors, where each place begins with the part of the request."""
    return _faults([found | {"loc": found["loc"][1:]} for found in errors])


def _faults(errors: Sequence[Any]) -> tuple[Fault, ...]:
    faults = []
    for found in errors:
        if found["type"] == "too_short" and _has_faults_within(found["loc"], errors):
            continue
        code, sv, en = _own(found) or _shape(found) or _TEXTS.get(found["type"], _OTHER)
        limits = _limits(found)
        # Of what is not JSON the place is a count of characters, and no field.
        field = "" if code == "not_json" else ".".join(map(str, found["loc"]))
        faults.append(Fault(field, code, sv.format_map(limits), en.format_map(limits)))
    return tuple(faults)


def _own(found: Any) -> tuple[str, str, str] | None:
    """What a validator of ours says, as `unsound` made it."""
    told = found.get("ctx", {})
    return (found["type"], told["sv"], told["en"]) if {"sv", "en"} <= told.keys() else None


def _shape(found: Any) -> tuple[str, str, str] | None:
    """What a pattern asks for, where that was said in words."""
    shape = shape_of(str(found.get("ctx", {}).get("pattern", "")))
    if shape is None:
        return None
    return (
        "bad_format",
        f"Uppgiften har fel format. Skriv {shape[0]}.",
        f"The field has the wrong format. Write {shape[1]}.",
    )


def _limits(found: Any) -> dict[str, str]:
    """What the field's own description allows; nothing of what was sent."""
    described = found.get("ctx", {})
    told = described.keys() & {"min_length", "max_length", "ge", "le"}
    limits = {name: str(described[name]) for name in told}
    return limits | {"expected": str(described.get("expected", "")).replace(" or ", ", ")}


def _has_faults_within(place: tuple[Any, ...], errors: Sequence[Any]) -> bool:
    """Whether a list is short only because what stands in it does not count: Pydantic tells both."""
    return any(len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in errors)
