"""From somebody who proved who they are to a session, and from a cookie back to that session."""

from dataclasses import dataclass
from uuid import UUID

import structlog
import uuid_utils
from fastapi import Request
from starlette.responses import RedirectResponse, Response

from services.admin.adapters.directory import Directory
from services.admin.adapters.national_directory import NationalDirectory
from services.admin.adapters.sessions import Sessions, SignInAct
from services.admin.adapters.sign_in_tries import SignInTries
from services.admin.application.accounts.commands import EntryOf, LearnEntries
from services.admin.application.faults import LOCKED_ACTOR
from services.admin.application.sign_in.commands import TakeIn
from services.admin.application.sign_in.faults import (
    ACCEPT_TERMS,
    CHOOSE_ACCOUNT,
    NO_CSRF_TOKEN,
    SIGNED_OUT,
    SignedOut,
    unproven,
)
from services.admin.domain.account import BY_SYSTEM, Account
from services.admin.domain.person import How, NotProven, Person, key_of
from services.admin.domain.session import Session
from services.admin.entrypoints.browser import (
    ATTEMPT,
    SESSION,
    Cookies,
    client_of,
    forget,
    keep_session,
    new_secret,
)
from services.admin.entrypoints.performing import perform
from shared.clock import Clock
from shared.contracts.ids import StaffId
from shared.errors import Forbidden, Unavailable
from shared.messaging.runner import BatchRunner

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Current:
    """A session that a request rides on, the account that it acts by, and what the terms are to it."""

    session: Session
    secret: str
    account: Account | None
    terms: int
    accepted: bool


@dataclass(frozen=True, slots=True)
class SigningIn:
    """Makes sessions and finds them."""

    runner: BatchRunner
    directory: Directory
    sessions: Sessions
    tries: SignInTries
    cookies: Cookies
    clock: Clock
    national: NationalDirectory | None = None

    async def welcome(self, request: Request, person: Person, return_to: str) -> Response:
        """A new session, whatever the browser had before; on to where it wanted to go. Raises Forbidden if locked."""
        now, client = self.clock(), client_of(request)
        session = Session(UUID(int=uuid_utils.uuid4().int), person, client.source, client.agent, now, now)
        if len(person.hsa_ids) == 1:
            await self.take_in(request, session, person.hsa_ids[0])
        former = await self.sessions.find(request.cookies.get(SESSION, ""))
        if former is not None:
            await self.sessions.end([former.id], "signed_in_again")
        secret = new_secret()
        await self.sessions.open(session, secret)
        response = RedirectResponse(return_to, 303)
        keep_session(response, secret)
        forget(response, ATTEMPT)
        return response

    async def take_in(self, request: Request, session: Session, hsa_id: str) -> None:
        """Act by this account, which is made if there is none. Raises Forbidden if it is locked, and records that.

        Raises TooManyTries where too many failed from here.
        """
        person, staff_id = session.person, key_of(hsa_id)
        await self.tries.begin(staff_id, session.source)
        command = TakeIn(staff_id=staff_id, hsa_id=hsa_id, name=person.name, title=person.title)
        if (entry := await self._entry_of(staff_id)) is not None:
            await perform(self.runner, LearnEntries(entries=(entry,)), BY_SYSTEM)
            command = command.model_copy(update=entry.model_dump(exclude={"staff_id"}))
        session.seen_at = self.clock()  # a lock that is set and lifted from here on ends it
        try:
            await perform(self.runner, command, staff_id)
        except Forbidden:
            await self.sessions.refused(staff_id, person.how, "account_locked", client_of(request))
            raise
        await self.tries.succeeded(staff_id, session.source)
        account = await self.directory.account(staff_id)
        if account is not None:
            session.choose_account(account)

    async def _entry_of(self, staff_id: StaffId) -> EntryOf | None:
        """What the national directory says of them. Nobody is kept out because it does not answer."""
        try:
            found = await self.national.find([staff_id]) if self.national is not None else []
        except Unavailable as error:
            log.warning("the national directory does not answer", detail=str(error)[:200])
            return None
        return found[0] if found else None

    async def refuse(self, request: Request, how: How, why: NotProven, *, recorded: bool) -> Forbidden:
        """What to answer. Recorded is what came from somebody who really began to sign in, and not any noise.

        What is genuine and still not enough counts against its holder's account. Raises TooManyTries.
        """
        if recorded and why.holder is not None:
            await self.tries.begin(why.holder, client_of(request).source)
            await self.tries.refused_with_proof(why.holder)
        if recorded:
            await self.sessions.refused(why.holder or "", how, why.reason, client_of(request))
        return unproven(why.reason)

    async def current(self, request: Request) -> Current:
        """The session of this request; reading is no sign of life. Raises SignedOut; a locked account ends it."""
        secret = request.cookies.get(SESSION, "")
        session = await self.sessions.find(secret) if secret else None
        if session is None:
            raise SignedOut(SIGNED_OUT)
        account = await self.directory.account(session.staff_id) if session.staff_id else None
        if account is not None and session.broken_by(account):
            await self.sessions.end([session.id], "locked")
            raise SignedOut(LOCKED_ACTOR if account.locked is not None else SIGNED_OUT)
        terms = await self.sessions.terms_version()
        accepted = account is not None and await self.sessions.accepted(account.id, terms)
        return Current(session, secret, account, terms, accepted)

    async def acting(self, request: Request) -> Current:
        """The same for what changes something: it must be meant, and is a sign of life. Raises Forbidden."""
        current = await self.current(request)
        if not self.cookies.meant(request, current.secret):
            raise Forbidden(NO_CSRF_TOKEN)
        await self.sessions.seen(current.session)
        return current

    async def rotate(self, response: Response, current: Current, act: SignInAct) -> str:
        """Keep what was chosen, under a new cookie; gives its secret. Raises SignedOut if somebody was first."""
        secret = new_secret()
        if not await self.sessions.rotate(current.session, current.secret, secret, act):
            raise SignedOut(SIGNED_OUT)
        keep_session(response, secret)
        return secret


def must_be_in(current: Current) -> Account:
    """The account of a session that may do more than read and accept the terms. Raises Forbidden."""
    if current.account is None:
        raise Forbidden(CHOOSE_ACCOUNT)
    if not current.accepted:
        raise Forbidden(ACCEPT_TERMS)
    return current.account
