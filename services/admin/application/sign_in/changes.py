"""Take in who proved who they are, and publish the terms that they accept."""

from datetime import datetime

from services.admin.application.faults import INACTIVE_ACTOR, LOCKED_ACTOR
from services.admin.application.policy import Act, Subject, must
from services.admin.application.ports import Accounts, AllTerms
from services.admin.application.seed import OPERATOR
from services.admin.application.sign_in.commands import PublishTerms, TakeIn
from services.admin.application.sign_in.faults import terms_moved_on
from services.admin.application.sign_in.views import TermsView, terms_view
from services.admin.domain.account import Account
from services.admin.domain.terms import Terms
from shared.contracts.events.admin import LockReason
from shared.contracts.ids import StaffId
from shared.errors import Conflict, Forbidden


def take_in(command: TakeIn, account: Account | None, accounts: Accounts, now: datetime) -> None:
    """The first sign-in makes the account, without any role; later ones bring name and title up to date."""
    if account is None:
        if not command.active:
            raise Forbidden(INACTIVE_ACTOR)
        name = command.name or command.hsa_id
        account = Account(StaffId(command.staff_id), name, command.title, command.hsa_id)
        account.email, account.active_at = command.email, now
        account.publish(command.staff_id, now)
        accounts.add(account)
        return
    if account.locked is not None:
        raise Forbidden(INACTIVE_ACTOR if account.locked is LockReason.HSA_INACTIVE else LOCKED_ACTOR)
    void = account.signed_in(now)
    name, title = command.name or account.name, command.title or account.title
    if void or (name, title) != (account.name, account.title):
        account.name, account.title = name, title
        account.publish(command.staff_id, now)


def publish_terms(command: PublishTerms, actor: Account | None, terms: AllTerms, now: datetime) -> TermsView:
    """A new version, which everybody accepts at their next sign-in or act."""
    if command.actor != OPERATOR:
        must(actor, Act.PUBLISH_TERMS, Subject())
    seen, version = terms.get(command.expected_version), command.expected_version + 1
    newer = terms.get(version)
    if newer is not None or (seen is None and command.expected_version):
        raise Conflict(terms_moved_on(newer))
    published = Terms(version, command.wish.text_sv, command.wish.text_en, command.actor, now)
    terms.add(published)
    return terms_view(published)
