"""HTTP: tokens for portals (RFC 6749, section 4.4), and in development a sign-in without proof."""

import base64
import binascii
from typing import Any, Literal
from urllib.parse import parse_qs, unquote_plus

import orjson
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.admin.adapters.directory import Directory
from services.admin.adapters.portal_use import PortalUse
from services.admin.adapters.secrets import PortalSecrets
from services.admin.adapters.signing import SigningKeys
from services.admin.application.accounts.views import RolesView, account_view
from services.admin.application.faults import LOCKED_ACTOR, UNKNOWN_ACTOR
from shared.clock import Clock
from shared.contracts.message import HsaId
from shared.contracts.topics import SERVICES
from shared.errors import Forbidden
from shared.faults import Fault
from shared.http.problems import language_of, problem
from shared.http.rates import Rates
from shared.security.tokens import LIFETIME, Actor

PORTALS_SPEAK_TO = ("intake",)
"""The services that a portal's token is good for."""

_REFUSALS = (
    Fault(
        "",
        "invalid_request",
        "Något av grant_type, client_id och client_secret saknas. Skicka alla tre.",
        "One of grant_type, client_id and client_secret is missing. Send all three.",
    ),
    Fault(
        "grant_type",
        "unsupported_grant_type",
        "Tjänsten ger inte token på det sättet. Skicka grant_type=client_credentials.",
        "The service gives no tokens that way. Send grant_type=client_credentials.",
    ),
    Fault(
        "scope",
        "invalid_scope",
        "Portalen har inte alla de rättigheter som begärs. Utelämna scope för att få dem som den har.",
        "The portal does not have all the scopes that are asked for. Leave scope out to get those that it has.",
    ),
    Fault(
        "client_secret",
        "invalid_client",
        "Portalen är okänd eller avstängd, eller hemligheten fel. En administratör kan ge en ny hemlighet.",
        "The portal is unknown or switched off, or the secret is wrong. An administrator can give a new secret.",
    ),
)
TOKENS_A_MINUTE = 600
"""For each client from each address: who floods us under a portal's name makes only themselves wait."""
_BODY = {
    "type": "object",
    "required": ["grant_type", "client_id", "client_secret"],
    "properties": {
        "grant_type": {"const": "client_credentials"},
        "client_id": {"type": "string", "description": "The portal's id"},
        "client_secret": {"type": "string"},
        "scope": {"type": "string", "description": "Fewer scopes than the portal has, parted by blanks"},
    },
}


class TokenView(BaseModel):
    """A token (RFC 6749, section 5.1)."""

    access_token: str = Field(description="To be sent as `Authorization: Bearer …`")
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 -- not a secret
    expires_in: int = Field(default=int(LIFETIME.total_seconds()), description="Seconds")


class PortalTokenView(TokenView):
    """A portal's token, how far it reaches, and when its secret ends."""

    scope: str = Field(description="What it is good for, parted by blanks (RFC 6749, section 3.3)")
    client_secret_expires_at: int = Field(
        description="Seconds since 1970 (RFC 7591): have a new secret before"
    )


class SignIn(BaseModel):
    """Who wants to be signed in."""

    model_config = ConfigDict(extra="forbid")

    hsa_id: HsaId


class PersonView(BaseModel):
    """Somebody to sign in as."""

    staff_id: str
    name: str
    title: str
    locked: str | None
    permissions: list[RolesView]


def token_routes(
    directory: Directory, secrets: PortalSecrets, keys: SigningKeys, use: PortalUse, clock: Clock
) -> APIRouter:
    """The token endpoint of portals."""
    routes = APIRouter(tags=["tokens"])
    rates = Rates()
    body = {
        "required": True,
        "content": {
            kind: {"schema": _BODY} for kind in ("application/x-www-form-urlencoded", "application/json")
        },
    }

    @routes.post("/tokens", response_model=PortalTokenView, openapi_extra={"requestBody": body})
    async def give_token(request: Request) -> Any:
        """Client credentials of a portal, as a form, as JSON, or by HTTP Basic → a token for five minutes."""
        asked = await _asked(request)
        if asked.get("grant_type") != "client_credentials":
            return _refused(
                request, "unsupported_grant_type" if asked.get("grant_type") else "invalid_request"
            )
        portal_id, secret = asked.get("client_id", ""), asked.get("client_secret", "")
        if not portal_id or not secret or len(portal_id) > 63 or "\x00" in portal_id:
            return _refused(request, "invalid_request" if not portal_id or not secret else "invalid_client")
        source = request.client.host if request.client else ""
        rates.take(f"{portal_id} {source}", TOKENS_A_MINUTE)
        found, now = await directory.portals(portal_id), clock()
        if not found or not found[0].proves(secrets.hash_of(portal_id, secret), now):
            return _refused(request, "invalid_client")
        portal = found[0]
        scopes = frozenset(asked.get("scope", "").split()) or portal.scopes
        if not scopes <= portal.scopes:
            return _refused(request, "invalid_scope")
        await use.note(portal_id, now)
        actor = Actor("portal", portal_id, frozenset(map(str, scopes)), portal.per_minute)
        return PortalTokenView(
            access_token=await keys.token_for(actor, PORTALS_SPEAK_TO),
            scope=" ".join(sorted(scopes)),
            client_secret_expires_at=int(portal.secret_expires_at.timestamp()),
        )

    return routes


def development_routes(directory: Directory, keys: SigningKeys) -> APIRouter:
    """Routes that must not exist outside development."""
    routes = APIRouter(prefix="/development", tags=["development"])

    @routes.post("/sign-in", response_model=TokenView)
    async def sign_in(wish: SignIn) -> Any:
        """A token for a member of staff at every service, without any proof of who asks."""
        account = await directory.account(wish.hsa_id)
        if account is None:
            raise Forbidden(UNKNOWN_ACTOR)
        if account.locked is not None:
            raise Forbidden(LOCKED_ACTOR)
        return TokenView(access_token=await keys.token_for(Actor("staff", account.id), SERVICES))

    @routes.get("/people", response_model=list[PersonView])
    async def people() -> Any:
        """Whom one can sign in as."""
        return [account_view(account).model_dump() for account in await directory.accounts(None, "", 200)]

    return routes


async def _asked(request: Request) -> dict[str, str]:
    """The fields of the request: texts only, each once. Whatever can't be read is not there."""
    body = await request.body()
    fields: dict[str, str] = {}
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            sent = orjson.loads(body)
            fields = {k: v for k, v in sent.items() if isinstance(v, str)} if isinstance(sent, dict) else {}
        else:
            sent = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=20)
            fields = {name: values[0] for name, values in sent.items() if len(values) == 1}
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            client, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
            fields |= {"client_id": unquote_plus(client), "client_secret": unquote_plus(secret)}
    except (ValueError, binascii.Error):
        return {}
    return fields


def _refused(request: Request, code: str) -> Response:
    """A problem that OAuth clients can read too: `error` and `error_description` (RFC 6749, section 5.2).

    The description is English whatever is asked for: the RFC allows ASCII alone.
    """
    fault = next(fault for fault in _REFUSALS if fault.code == code)
    status = 401 if code == "invalid_client" else 400
    members = {"error": code, "error_description": fault.en}
    return problem(status, [fault], language=language_of(request), scheme="Basic", members=members)
