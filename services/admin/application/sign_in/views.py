"""How sessions, terms and sign-ins are shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.admin.application.accounts.views import RolesView
from services.admin.domain.account import Account
from services.admin.domain.person import How, key_of
from services.admin.domain.session import Session, Step
from services.admin.domain.terms import Terms
from shared.contracts.events.admin import Role


class TermsView(BaseModel):
    """One version of the terms. `version` is also its ETag."""

    version: int
    text_sv: str
    text_en: str
    published_by: str
    published_at: datetime


class ChoiceView(BaseModel):
    """One of the accounts that the person may act by."""

    staff_id: str
    hsa_id: str = Field(description="As the identity provider or the card writes it")
    has_account: bool = Field(description="False: choosing it makes the account")
    locked: bool


class SessionView(BaseModel):
    """Who is signed in, and what comes next."""

    session_id: UUID
    step: Step
    name: str
    accounts: list[ChoiceView]
    staff_id: str | None
    clinics: list[RolesView] = Field(description="Where the account has roles")
    clinic_id: str | None
    roles: list[Role] = Field(description="Worn at the chosen clinic now")
    terms_version: int = Field(description="Current version of the terms; 0: there are none")
    terms_accepted: bool
    how: How
    level: str
    started_at: datetime
    idle_at: datetime = Field(description="When it ends if nothing is done; reading the session is nothing")
    ends_at: datetime
    csrf_token: str = Field(description="To be sent as X-CSRF-Token with what changes something")


class OwnSessionView(BaseModel):
    """One of one's sessions."""

    session_id: UUID
    this: bool
    how: How
    source: str = Field(description="Network address")
    agent: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime


class SignInView(BaseModel):
    """One entry of the record of sign-ins."""

    number: int
    at: datetime
    staff_id: str
    act: str
    how: str
    result: str
    session_id: UUID | None
    source: str
    agent: str


def terms_view(terms: Terms) -> TermsView:
    """Show a version of the terms."""
    return TermsView(
        version=terms.version,
        text_sv=terms.text_sv,
        text_en=terms.text_en,
        published_by=terms.published_by,
        published_at=terms.published_at,
    )


def session_view(
    session: Session,
    account: Account | None,
    known: Mapping[str, Account],
    *,
    terms: int,
    accepted: bool,
    csrf_token: str,
) -> SessionView:
    """Show a session to its owner; `known` are those of the person's accounts that exist."""
    keys = [(key_of(given), given) for given in session.person.hsa_ids]
    return SessionView(
        session_id=session.id,
        step=session.step(account, terms_accepted=accepted),
        name=account.name if account is not None else session.person.name,
        accounts=[
            ChoiceView(
                staff_id=key,
                hsa_id=given,
                has_account=key in known,
                locked=key in known and known[key].locked is not None,
            )
            for key, given in keys
        ],
        staff_id=session.staff_id,
        clinics=_clinics(account),
        clinic_id=session.clinic(account) if account is not None else None,
        roles=sorted(session.roles(account)) if account is not None else [],
        terms_version=terms,
        terms_accepted=accepted,
        how=session.person.how,
        level=session.person.level,
        started_at=session.started_at,
        idle_at=session.idle_at,
        ends_at=session.ends_at,
        csrf_token=csrf_token,
    )


def own_sessions(sessions: Sequence[Session], current: Session) -> list[OwnSessionView]:
    """Show somebody where they are signed in."""
    return [
        OwnSessionView(
            session_id=session.id,
            this=session.id == current.id,
            how=session.person.how,
            source=session.source,
            agent=session.agent,
            started_at=session.started_at,
            seen_at=session.seen_at,
            ends_at=session.ends_at,
        )
        for session in sessions
    ]


def _clinics(account: Account | None) -> list[RolesView]:
    return (
        [RolesView(clinic_id=id_, roles=sorted(roles)) for id_, roles in sorted(account.in_force.items())]
        if account is not None
        else []
    )
