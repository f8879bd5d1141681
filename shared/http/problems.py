"""What is wrong, told in the form of RFC 9457 (problem+json), in Swedish or English as the client asks."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.errors import NotYetKnown, Refused, Transient
from shared.faults import Fault
from shared.http.json import json_response
from shared.messaging.faults import faults_of_request
from shared.security.tokens import BadToken

TYPE = "application/problem+json"
_TITLES: dict[int, tuple[str, str]] = {
    400: ("Begäran kan inte läsas", "The request can't be read"),
    401: ("Du är inte inloggad", "You are not signed in"),
    403: ("Du får inte göra detta", "You may not do this"),
    404: ("Det finns inte", "There is no such thing"),
    405: ("Så kan adressen inte användas", "The address can't be used like that"),
    409: ("Någon hann före", "Somebody was first"),
    413: ("Begäran är för stor", "The request is too large"),
    415: ("Begäran ska vara JSON", "The request must be JSON"),
    422: ("Uppgifterna kan inte godtas", "The content can't be accepted"),
    428: ("Säg vilken version du såg", "Say which version you saw"),
    429: ("För många försök", "Too many attempts"),
    500: ("Något gick fel hos oss", "Something went wrong here"),
    503: ("Tjänsten är tillfälligt upptagen. Försök igen", "The service is busy for a moment. Try again"),
}
NO_VALID_TOKEN = Fault(
    "Authorization",
    "no_valid_token",
    "Tokenen saknas, gäller inte här eller har gått ut. Logga in, eller hämta en ny, och försök igen.",
    "The token is missing, is not meant for this service or is over. Sign in, or get a new one, and try again.",
)
_OF_STATUS: dict[int, Fault] = {
    400: Fault(
        "",
        "unreadable",
        "Begäran kunde inte läsas. Skicka JSON i UTF-8, som API-beskrivningen säger.",
        "The request could not be read. Send JSON in UTF-8, as the API's description says.",
    ),
    404: Fault(
        "",
        "no_such_address",
        "Adressen finns inte. Kontrollera den mot API-beskrivningen.",
        "There is no such address. Check it against the API's description.",
    ),
    405: Fault(
        "",
        "method_not_allowed",
        "Adressen tar inte den metoden. Använd en av dem i huvudet Allow.",
        "The address does not take that method. Use one of those in the header Allow.",
    ),
    415: Fault(
        "Content-Type",
        "not_json_type",
        "Innehållet är inte märkt som JSON. Skicka huvudet Content-Type: application/json.",
        "The content is not marked as JSON. Send the header Content-Type: application/json.",
    ),
    500: Fault(
        "",
        "fault_of_ours",
        "Något gick fel hos oss. Försök igen; händer det igen, säg till den som driver systemet.",
        "Something went wrong here. Try again; if it stays so, tell whoever runs the system.",
    ),
    503: Fault(
        "",
        "busy",
        "Tjänsten är tillfälligt upptagen eller startar. Skicka samma sak igen om en stund.",
        "The service is busy or starting. Send the same again in a moment.",
    ),
}
"""What is wrong where nobody has said more than the status."""


def too_large(limit: int) -> Fault:
    """A request's body may have `limit` bytes."""
    return Fault(
        "",
        "too_large",
        f"Innehållet får vara högst {limit} byte. Skicka mindre.",
        f"The content may have at most {limit} bytes. Send less.",
    )


class ProblemReason(BaseModel):
    """One thing that is wrong."""

    field: str = Field(description="Path of the field, name of the header, or empty for the whole request")
    code: str = Field(description="Stable code for machines")
    message: str = Field(description="For people, in the language of the response")


class Problem(BaseModel):
    """What is wrong, and what to do (RFC 9457). In Swedish, or in English where Accept-Language prefers it."""

    type: str = Field(description="urn:vardvaxel:problem: and the first reason's code, or the status")
    title: str = Field(description="The kind of problem, for people")
    status: int = Field(description="The HTTP status again")
    detail: str = Field(default="", description="All reasons in one text")
    reasons: list[ProblemReason] = Field(default=[], description="What is wrong, field by field")


RESPONSE: dict[str, Any] = {
    "description": "A problem: what is wrong, and what to do",
    "content": {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def problem(
    status: int,
    faults: Sequence[Fault] = (),
    *,
    language: str = "sv",
    retry_after: int = 0,
    scheme: str = "Bearer",
    members: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """A problem response. Each fault says which field, what is wrong and what to do; without any, the status does.

    `scheme` is how to prove who one is, where that is what is wrong; `members` are added for readers of another format.
    """
    english = language == "en"
    if not faults and status in _OF_STATUS:
        faults = (_OF_STATUS[status],)
    sv, en = _TITLES.get(status, _TITLES[500])
    body: dict[str, Any] = {
        "type": f"urn:vardvaxel:problem:{faults[0].code if faults else status}",
        "title": en if english else sv,
        "status": status,
    }
    if faults:
        body["detail"] = " ".join(fault.en if english else fault.sv for fault in faults)
        body["reasons"] = [
            {"field": fault.field, "code": fault.code, "message": fault.en if english else fault.sv}
            for fault in faults
        ]
    body |= members
    headers = {"Cache-Control": "no-store", "Content-Language": "en" if english else "sv"}
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    if status == 401:
        headers["WWW-Authenticate"] = scheme
    return json_response(body, status, headers, TYPE)


def language_of(request: Request) -> str:
    """`en` if the client prefers English to Swedish, else `sv`."""
    wanted = request.headers.get("accept-language", "").lower()
    english, swedish = wanted.find("en"), wanted.find("sv")
    return "en" if english >= 0 and (swedish < 0 or english < swedish) else "sv"


def _is_other_than_json(request: Request) -> bool:
    """Whether a body came that does not say that it is JSON: nobody tried to read it as such."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    sent = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    return sent and not (kind == "application/json" or (kind[:12] == "application/" and kind[-5:] == "+json"))


def document(app: FastAPI) -> None:
    """Let the app's OpenAPI document say that whatever goes wrong is a problem, in place of the framework's word."""
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        described = generated()
        for path in described["paths"].values():
            for operation in path.values():
                for status, told in operation["responses"].items():
                    if status[0] in "45":
                        told["content"] = RESPONSE["content"]
                operation["responses"]["default"] = RESPONSE
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        problem_schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem_schema.pop("$defs") | {"Problem": problem_schema}
        return described

    app.openapi = openapi  # type: ignore[method-assign]


def install(app: FastAPI) -> None:
    """Make the app answer with problems, whatever goes wrong."""

    async def refused(request: Request, error: Any) -> Response:
        wait = getattr(error, "retry_after", 0)
        return problem(error.status, error.faults, language=language_of(request), retry_after=wait)

    async def invalid(request: Request, error: Any) -> Response:
        found = faults_of_request(error.errors())
        unreadable = any(fault.code == "not_json" for fault in found)
        if _is_other_than_json(request) and any(wrong["loc"] == ("body",) for wrong in error.errors()):
            return problem(415, language=language_of(request))
        return problem(400 if unreadable else 422, found, language=language_of(request))

    async def busy(request: Request, _: Exception) -> Response:
        return problem(503, language=language_of(request), retry_after=2)

    async def unknown_token(request: Request, _: Exception) -> Response:
        return problem(401, (NO_VALID_TOKEN,), language=language_of(request))

    async def of_framework(request: Request, error: Any) -> Response:
        answer = problem(error.status_code, getattr(error, "faults", ()), language=language_of(request))
        answer.headers.update(error.headers or {})
        return answer

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Transient, busy)
    app.add_exception_handler(NotYetKnown, busy)
    app.add_exception_handler(BadToken, unknown_token)
    app.add_exception_handler(HTTPException, of_framework)
    document(app)
