"""A FastAPI app as every service has it: problems, limits, one log line per request, probes and metrics."""

import time
from collections.abc import Callable

import structlog
from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http import problems
from shared.http.json import json_response
from shared.observability.metrics import HTTP_SECONDS

log = structlog.get_logger()
_QUIET = {"/livez", "/readyz", "/metrics"}
_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"cache-control", b"no-store"),
]


def new_app(
    title: str, *, body_limit: int, alive: Callable[[], list[str]], ready: Callable[[], list[str]]
) -> FastAPI:
    """An app without routes of its own. `alive` and `ready` give what is wrong; nothing wrong is well."""
    app = FastAPI(title=title, docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    problems.install(app)

    @app.get("/livez", include_in_schema=False)
    async def livez() -> Response:
        return _probe(alive())

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        return _probe(ready())

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    app.add_middleware(_Edge, body_limit=body_limit)
    return app


def _probe(wrong: list[str]) -> Response:
    return json_response({"ok": not wrong, "wrong": wrong}, 503 if wrong else 200)


class _TooLarge(HTTPException):
    """The body goes on beyond the limit. An HTTPException, since FastAPI takes any other for a body that is no JSON."""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.faults = (problems.too_large(limit),)


class _Edge:
    """Around every request: the body's limit, security headers, one canonical log line, one measurement."""

    def __init__(self, app: ASGIApp, body_limit: int) -> None:
        self._app = app
        self._limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _QUIET:
            await self._app(scope, receive, send)
            return
        started, status, taken = time.perf_counter(), 500, 0
        language = problems.language_of(Request(scope))

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._limit:
                raise _TooLarge(self._limit)
            return message

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in _SECURITY if h[0] not in present)]
            await send(message)

        try:
            if (wrong := self._wrong_with(scope, language)) is not None:
                await wrong(scope, receive, watched)
            else:
                await self._app(scope, limited, watched)
        except Exception as error:
            log.error("request failed", exc_info=error)
            if status == 500:
                await problems.problem(500, language=language)(scope, receive, watched)
        finally:
            _account(scope, status, time.perf_counter() - started)

    def _wrong_with(self, scope: Scope, language: str) -> Response | None:
        """The answer to what no route needs to see: a body that says that it is too large, and NUL in an address,
        which no address of ours has and no text of PostgreSQL can hold."""
        length = dict(scope["headers"]).get(b"content-length", b"") or b"0"
        if not length.isdigit() or int(length) > self._limit:
            return problems.problem(413, (problems.too_large(self._limit),), language=language)
        return problems.problem(404, language=language) if "\x00" in scope["path"] else None


def _account(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "unknown")
    HTTP_SECONDS.labels(route, status).observe(seconds)
    log.info(
        "request", method=scope["method"], route=route, status=status, milliseconds=round(seconds * 1000, 2)
    )
