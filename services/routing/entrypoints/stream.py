"""`GET /stream`: live steps as server-sent events (WHATWG HTML, section 9.2), cheap enough for thousands of clients.

Plain ASGI rather than a framework's route and response: these keep 43 KB for each open stream, this keeps 21.
"""

import asyncio
import contextlib
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from services.routing.application.policy import listener_of, must_listen
from services.routing.entrypoints.hub import Hub, Stream
from services.routing.entrypoints.viewing import Viewing
from services.routing.settings import RoutingSettings
from shared.http import problems
from shared.http.commands import Commands


def add_stream(
    app: FastAPI, commands: Commands, viewing: Viewing, hub: Hub, settings: RoutingSettings
) -> None:
    """The one route of the live stream."""
    endpoint = StreamRoute(commands, viewing, hub, settings)
    app.router.routes.append(Route(endpoint.path, endpoint=endpoint, methods=["GET"]))
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        described = generated()
        described["paths"][endpoint.path] = {"get": DOCUMENTED}
        return described

    app.openapi = openapi  # type: ignore[method-assign]


DOCUMENTED: dict[str, Any] = {
    "summary": "Stream",
    "description": """Live steps of responsibility as server-sent events: a receiver hears the clinics where they
are one, a caregiver the steps by which they get, hold or lose a case.

Each event is named by its step (`queued`, `assigned`, `reassigned`, `returned`, `ended`) and carries the step as JSON.
`ready` comes when the client has everything up to now; `reset` says that it missed too much and must load its lists
again. The stream ends when the reader's rights change, when the service stops, and after some minutes in any case: come
again with a new token and the id that came last, and nothing is missed. An event may come twice, never too seldom.""",
    "operationId": "stream_stream_get",
    "parameters": [
        {
            "name": "Last-Event-ID",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "maxLength": 20},
            "description": "The id that came last on the stream before. Without it the stream begins now",
        }
    ],
    "responses": {
        "200": {
            "description": "The stream (WHATWG HTML, section 9.2)",
            "content": {
                "text/event-stream": {
                    "schema": {"type": "string"},
                    "example": "event: ready\ndata: {}\nid: 74210\n\n",
                }
            },
        },
        "401": problems.RESPONSE | {"description": "No token, or one that proves nothing"},
        "403": problems.RESPONSE
        | {"description": "Neither receiver nor caregiver anywhere, or a locked account"},
        "503": problems.RESPONSE
        | {"description": "The directory was not heard for too long; see Retry-After"},
        "default": problems.RESPONSE,
    },
}
"""What the framework would say if it knew of the route."""


class StreamRoute:
    """Opens streams: a receiver hears their clinics, a caregiver the steps of own cases."""

    path = "/stream"

    def __init__(self, commands: Commands, viewing: Viewing, hub: Hub, settings: RoutingSettings) -> None:
        self._commands = commands
        self._viewing = viewing
        self._hub = hub
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self  # what logs and metrics call it
        response = await self.open(Request(scope))
        await response(scope, receive, send)

    async def open(self, request: Request) -> "EventStream":
        """A stream for whoever asks. Raises BadToken, Forbidden, Unavailable."""
        actor = await self._commands.actor(request)
        person = must_listen(await self._viewing.reader(actor))
        last_seen = _last_seen(request.headers.get("last-event-id"))
        return EventStream(self._hub, await self._hub.open(listener_of(person), last_seen), self._settings)


class EventStream(Response):
    """Sends one stream for as long as it lasts."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, stream: Stream, settings: RoutingSettings) -> None:
        super().__init__(None, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._hub = hub
        self._stream = stream
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._settings.stream_seconds
        gone = loop.create_task(_gone(receive, self._stream))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while (left := until - loop.time()) > 0:
                chunk = await self._stream.take(min(self._settings.stream_keep_alive_seconds, left))
                if chunk is None:
                    break
                body = chunk or b"id: %d\n\n" % self._hub.cursor
                await send({"type": "http.response.body", "body": body, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            self._hub.leave(self._stream)


async def _gone(receive: Receive, stream: Stream) -> None:
    """Ends the stream when the client hangs up."""
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()


def _last_seen(text: str | None) -> int | None:
    """The transaction that a client has everything up to; 0, which is long ago, for what no stream of ours said."""
    if not text:
        return None
    with contextlib.suppress(ValueError):
        return min(max(0, int(text[:20])), 2**63)
    return 0
