"""From a request to the batch runner and back: who asks, which version they saw, and the same answer to a repeat."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import uuid_utils
from fastapi import Depends, Header, Request

from shared.clock import Clock
from shared.contracts.envelope import Envelope, derived_id
from shared.contracts.message import Message
from shared.errors import NotYetKnown, Refused, Unavailable
from shared.faults import Fault
from shared.messaging.arrival import Arrival
from shared.messaging.group_commit import GroupCommit
from shared.messaging.heard import Freshness
from shared.security.keys import Verifier
from shared.security.tokens import Actor, BadToken

PATIENCE_SECONDS = 2.0
"""How long an act waits for a neighbour's fact that the actor has already seen."""
_PAUSE_SECONDS = 0.05
_LONGEST_VERSION = 10

_NO_VERSION = Fault(
    "If-Match",
    "version_required",
    'Huvudet If-Match saknas eller är inget nummer. Skicka den version du såg, till exempel "3".',
    'The header If-Match is missing or no number. Send the version that you saw, such as "3".',
)
_BAD_KEY = Fault(
    "Idempotency-Key",
    "bad_format",
    "Idempotency-Key har fel form. Skicka 1 till 100 skrivbara tecken, till exempel ett UUID.",
    "Idempotency-Key has the wrong form. Send 1 to 100 printable characters, such as a UUID.",
)


class VersionRequired(Refused):
    """The act needs to know which version the actor saw (RFC 6585)."""

    status = 428


class Commands:
    """What every route of a service uses. Routes get it by `Depends`, see `actor` and `perform`."""

    def __init__(
        self, group: GroupCommit, verifier: Verifier, freshness: Freshness | None, clock: Clock
    ) -> None:
        self._group = group
        self._verifier = verifier
        self._freshness = freshness
        self._clock = clock

    async def actor(self, request: Request) -> Actor:
        """Who asks, by the bearer token. Raises BadToken."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise BadToken("none")
        return await self._verifier.verify(token.strip())

    async def perform(self, request: Request, command: Message, actor: Actor, *, line: str) -> Any:
        """Take one command through the batch runner; gives the use case's answer as plain JSON.

        `line` is the case (or entity) that the command is about. Waits up to two seconds for a neighbour's fact.
        Raises Refused, and Unavailable when waiting did not help.
        """
        if self._freshness is not None:
            self._freshness.must_be_fresh()
        arrival = self._arrival(request, command, actor, line)
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await self._group.perform(arrival)
            except NotYetKnown as wait:
                if time.monotonic() > until:
                    raise Unavailable(str(wait)) from None
                await asyncio.sleep(_PAUSE_SECONDS)
                arrival.answer = None

    def _arrival(self, request: Request, command: Message, actor: Actor, line: str) -> Arrival:
        key = request.headers.get("idempotency-key", "").strip('"')
        if key and (len(key) > 100 or not key.isprintable()):
            raise Refused(_BAD_KEY)
        id_ = str(derived_id(actor, key) if key else uuid_utils.uuid7())
        envelope = Envelope(
            id_,
            command.TYPE,
            f"http:{actor.kind}",
            self._clock(),
            correlation_id=id_,
            traceparent=request.headers.get("traceparent", "")[:64],
        )
        return Arrival(envelope, line, command, actor=actor, idempotency_key=key)


def version_seen(if_match: Annotated[str | None, Header()] = None) -> int:
    """The version in `If-Match`. Raises VersionRequired where it is missing or no number."""
    text = (if_match or "").removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_VERSION):
        raise VersionRequired(_NO_VERSION)
    return int(text)


VersionSeen = Annotated[int, Depends(version_seen)]
ActorOf = Callable[[Request], Awaitable[Actor]]
