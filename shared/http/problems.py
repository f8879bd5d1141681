"""What is wrong, told in the form of RFC 9457 (problem+json), in Swedish or English as the client asks."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.errors import NotYetKnown, Refused, Transient
from shared.faults import Fault
from shared.http.json import json_response
from shared.messaging.faults import faults_of_pydantic
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


def problem(
    status: int, faults: Sequence[Fault] = (), *, language: str = "sv", retry_after: int = 0
) -> Response:
    """A problem response. Each fault says which field, what is wrong and what to do."""
    english = language == "en"
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
    headers = {"Cache-Control": "no-store", "Content-Language": "en" if english else "sv"}
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return json_response(body, status, headers, TYPE)


def language_of(request: Request) -> str:
    """`en` if the client prefers English to Swedish, else `sv`."""
    wanted = request.headers.get("accept-language", "").lower()
    english, swedish = wanted.find("en"), wanted.find("sv")
    return "en" if english >= 0 and (swedish < 0 or english < swedish) else "sv"


def install(app: FastAPI) -> None:
    """Make the app answer with problems, whatever goes wrong."""

    async def refused(request: Request, error: Any) -> Response:
        return problem(error.status, error.faults, language=language_of(request))

    async def invalid(request: Request, error: Any) -> Response:
        found = faults_of_pydantic(error.errors())
        unreadable = any(fault.code == "not_json" for fault in found)
        return problem(400 if unreadable else 422, found, language=language_of(request))

    async def busy(request: Request, _: Exception) -> Response:
        return problem(503, language=language_of(request), retry_after=2)

    async def unknown_token(request: Request, _: Exception) -> Response:
        return problem(401, language=language_of(request))

    async def of_framework(request: Request, error: Any) -> Response:
        return problem(error.status_code, language=language_of(request))

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(Transient, busy)
    app.add_exception_handler(NotYetKnown, busy)
    app.add_exception_handler(BadToken, unknown_token)
    app.add_exception_handler(HTTPException, of_framework)
