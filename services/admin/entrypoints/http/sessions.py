"""HTTP: the session of a browser that somebody signed in with. These routes alone ride on its cookie."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.admin.adapters.signing import SigningKeys
from services.admin.application.faults import not_found
from services.admin.application.sign_in.faults import (
    CHOOSE_ACCOUNT,
    CHOOSE_CLINIC,
    NO_ROLE_THERE,
    NOT_YOURS,
    OTHER_TERMS,
)
from services.admin.application.sign_in.views import OwnSessionView, SessionView, own_sessions, session_view
from services.admin.application.sign_in.wishes import Acceptance, AccountChoice, ClinicChoice, TokenWish
from services.admin.domain.account import Account
from services.admin.domain.person import key_of
from services.admin.entrypoints.browser import ATTEMPT, SESSION, forget
from services.admin.entrypoints.http.tokens import TokenView
from services.admin.entrypoints.signing_in import Current, SigningIn, must_be_in
from shared.contracts.ids import ClinicId
from shared.errors import Conflict, Forbidden
from shared.security.tokens import Actor

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {"application/problem+json": {}}}
    for status, text in (
        (401, "Not signed in, or the session is over"),
        (403, "What is missing: X-CSRF-Token, an account, the terms, a clinic"),
        (409, "The terms have changed"),
        (422, "What is wrong, field by field"),
    )
}


def session_routes(signing_in: SigningIn, keys: SigningKeys) -> APIRouter:
    """Who is signed in, what they choose, the tokens that they get, and the end of it."""
    routes = APIRouter(tags=["session"], responses=_PROBLEMS)
    _choices(routes, signing_in)
    _ends(routes, signing_in)

    @routes.post("/session/tokens", response_model=TokenView)
    async def give_token(request: Request, wish: TokenWish) -> Any:
        """A token for five minutes at one service. Those of patients need a chosen clinic; admin does not."""
        current = await signing_in.acting(request)
        account = must_be_in(current)
        if wish.audience != "admin" and current.session.clinic(account) is None:
            raise Forbidden(CHOOSE_CLINIC)
        actor, session = Actor("staff", account.id), str(current.session.id)
        return TokenView(access_token=await keys.token_for(actor, (wish.audience,), session=session))

    return routes


def _choices(routes: APIRouter, signing_in: SigningIn) -> None:
    @routes.get("/session", response_model=SessionView)
    async def read(request: Request) -> Any:
        """Who is signed in, and what comes next. Asking is no sign of life: the session goes idle all the same."""
        current = await signing_in.current(request)
        return await _shown(signing_in, current, current.secret)

    @routes.post("/session/account", response_model=SessionView)
    async def choose_account(request: Request, response: Response, wish: AccountChoice) -> Any:
        """Choose which of one's HSA-ids to act by; the first time makes the account. The cookie is a new one."""
        current = await signing_in.acting(request)
        given = current.session.person.own(wish.staff_id)
        if given is None:
            raise Forbidden(NOT_YOURS)
        await signing_in.take_in(request, current.session, given)
        return await _shown(signing_in, current, await signing_in.rotate(response, current, "choose_account"))

    @routes.post("/session/terms", response_model=SessionView)
    async def accept_terms(request: Request, wish: Acceptance) -> Any:
        """Accept the current terms: the version says which ones were read."""
        current = await signing_in.acting(request)
        if current.account is None:
            raise Forbidden(CHOOSE_ACCOUNT)
        if wish.version != current.terms:
            raise Conflict(OTHER_TERMS)
        if not current.accepted:
            await signing_in.sessions.accept(current.session, wish.version)
        return await _shown(signing_in, current, current.secret)

    @routes.post("/session/clinic", response_model=SessionView)
    async def choose_clinic(request: Request, response: Response, wish: ClinicChoice) -> Any:
        """Choose where to work, and as what. The cookie is a new one."""
        current = await signing_in.acting(request)
        account, clinic_id = must_be_in(current), ClinicId(wish.clinic_id)
        if not current.session.can_choose(account, clinic_id, wish.role):
            raise Forbidden(NO_ROLE_THERE)
        current.session.clinic_id, current.session.role = clinic_id, wish.role
        return await _shown(signing_in, current, await signing_in.rotate(response, current, "choose_clinic"))


def _ends(routes: APIRouter, signing_in: SigningIn) -> None:
    @routes.delete("/session", status_code=204)
    async def sign_out(request: Request, response: Response) -> None:
        """Sign out here."""
        current = await signing_in.acting(request)
        await signing_in.sessions.end([current.session.id], "ok", "sign_out")
        forget(response, SESSION, ATTEMPT)

    @routes.get("/sessions", response_model=list[OwnSessionView])
    async def list_sessions(request: Request) -> Any:
        """Where one is signed in: at most 200, the newest first."""
        current = await signing_in.current(request)
        account = must_be_in(current)
        return own_sessions(await signing_in.sessions.of(account.id), current.session)

    @routes.delete("/sessions/{session_id}", status_code=204)
    async def end_one(request: Request, session_id: UUID) -> None:
        """End one of one's sessions."""
        account = must_be_in(await signing_in.acting(request))
        own = [session.id for session in await signing_in.sessions.of(account.id)]
        if session_id not in own:
            raise not_found("session_id")
        await signing_in.sessions.end([session_id], "by_owner")

    @routes.delete("/sessions", status_code=204)
    async def end_all(request: Request, response: Response) -> None:
        """End all of one's sessions, this one too."""
        account = must_be_in(await signing_in.acting(request))
        own = [session.id for session in await signing_in.sessions.of(account.id)]
        await signing_in.sessions.end(own, "by_owner")
        forget(response, SESSION, ATTEMPT)


async def _shown(signing_in: SigningIn, current: Current, secret: str) -> SessionView:
    keys = [key_of(given) for given in current.session.person.hsa_ids]
    found = [await signing_in.directory.account(key) for key in keys]
    known: dict[str, Account] = {account.id: account for account in found if account is not None}
    account = known.get(current.session.staff_id or "")
    accepted = account is not None and await signing_in.sessions.accepted(account.id, current.terms)
    csrf_token = signing_in.cookies.csrf_token(secret)
    return session_view(
        current.session, account, known, terms=current.terms, accepted=accepted, csrf_token=csrf_token
    )
