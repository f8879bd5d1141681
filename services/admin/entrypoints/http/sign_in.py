"""HTTP: the way to the identity provider and back (OpenID Connect, authorization code with PKCE), and in by card."""

import asyncio
import hmac
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from services.admin.adapters.cards import Cards
from services.admin.adapters.identity_provider import IdentityProvider
from services.admin.application.sign_in.faults import NO_PROVIDER
from services.admin.domain.person import NotProven, person_of_claims
from services.admin.entrypoints.browser import Attempt, allowed_return
from services.admin.entrypoints.signing_in import SigningIn
from shared.errors import NotFound

ReturnTo = Annotated[str, Query(max_length=500, description="A path to go on to; one that is allowed")]
_Answers: TypeAlias = dict[int | str, dict[str, Any]]
_FOUND: _Answers = {303: {"description": "On to where the browser wanted to go, with a session"}}
_REFUSED: _Answers = {
    403: {"description": "The reason is a code in `type`", "content": {"application/problem+json": {}}}
}
_LONGEST_CODE = 2_000


def sign_in_routes(
    signing_in: SigningIn,
    provider: IdentityProvider | None,
    cards: Cards | None,
    *,
    return_paths: Sequence[str],
    levels: Sequence[str],
    least_level: str,
) -> APIRouter:
    """Sign-in with the identity provider, and by card; what is not set up says so."""
    routes = APIRouter(tags=["sign-in"], responses=_REFUSED)

    @routes.get(
        "/sign-in",
        status_code=302,
        response_class=Response,
        responses={302: {"description": "To the provider"}},
    )
    async def begin(request: Request, return_to: ReturnTo = "") -> Response:
        """Begin to sign in with the identity provider."""
        attempt = Attempt.new(allowed_return(return_to, return_paths), signing_in.clock())
        try:
            url = await _there(provider).begin(attempt.state, attempt.nonce, attempt.verifier)
        except NotProven as why:
            raise await signing_in.refuse(request, "oidc", why, recorded=False) from why
        response = RedirectResponse(url, 302)
        signing_in.cookies.keep_attempt(response, attempt)
        return response

    @routes.get("/sign-in/callback", status_code=303, response_class=Response, responses=_FOUND)
    async def come_back(request: Request) -> Response:
        """Where the identity provider sends the browser back to."""
        ours = False
        try:
            attempt = await attempt_of(request)
            ours = True
            claims = await _claims(request, attempt, _there(provider))
            person = person_of_claims(claims, levels, least_level)
        except NotProven as why:
            raise await signing_in.refuse(request, "oidc", why, recorded=ours) from why
        return await signing_in.welcome(request, person, attempt.return_to)

    _by_card(routes, signing_in, cards, return_paths)

    async def attempt_of(request: Request) -> Attempt:
        """The attempt that comes back, which it may do once. Raises NotProven."""
        attempt = signing_in.cookies.attempt(request, signing_in.clock())
        if not hmac.compare_digest(_one(request, "state").encode(errors="replace"), attempt.state.encode()):
            raise NotProven("wrong_state")
        if not await signing_in.sessions.use_attempt(attempt.state):
            raise NotProven("attempt_used")
        return attempt

    return routes


def _by_card(
    routes: APIRouter, signing_in: SigningIn, cards: Cards | None, return_paths: Sequence[str]
) -> None:
    @routes.get("/sign-in/card", status_code=303, response_class=Response, responses=_FOUND)
    async def by_card(request: Request, return_to: ReturnTo = "") -> Response:
        """Sign in with the card that the proxy took in TLS; it alone can hand on what proves that."""
        if cards is None:
            raise NotFound(NO_PROVIDER)
        try:
            person = await asyncio.to_thread(cards.person, request.headers, signing_in.clock())
        except NotProven as why:
            ours = why.reason != "not_from_the_proxy"
            raise await signing_in.refuse(request, "card", why, recorded=ours) from why
        return await signing_in.welcome(request, person, allowed_return(return_to, return_paths))


def _there(provider: IdentityProvider | None) -> IdentityProvider:
    if provider is None:
        raise NotFound(NO_PROVIDER)
    return provider


async def _claims(request: Request, attempt: Attempt, provider: IdentityProvider) -> Mapping[str, Any]:
    """What the provider says about who comes back. Raises NotProven."""
    if error := _one(request, "error"):
        raise NotProven("cancelled" if error == "access_denied" else "provider_refused")
    code = _one(request, "code")
    if not code or len(code) > _LONGEST_CODE:
        raise NotProven("no_code")
    return await provider.finish(
        code, issuer=_one(request, "iss"), nonce=attempt.nonce, verifier=attempt.verifier
    )


def _one(request: Request, name: str) -> str:
    """A parameter that must not stand there twice. Raises NotProven."""
    values = request.query_params.getlist(name)
    if len(values) > 1:
        raise NotProven("ambiguous_callback")
    return values[0] if values else ""
