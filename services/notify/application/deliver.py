"""Take the mails that are due, and note what became of each try."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notify.domain.notification import Notification
from services.notify.domain.outcome import Outcome, Patience, Verdict
from services.notify.domain.staff_member import Kind, StaffMember


@dataclass(slots=True, eq=False)
class Mail:
    """One mail to be handed over now. `lease_until` moves on while we hold it."""

    notification_id: UUID
    attempt: int
    kind: Kind
    cases: int
    address: str
    language: str
    staff_id: str
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """A mail, and what became of it."""

    mail: Mail
    outcome: Outcome


def take_due(
    due: Iterable[tuple[Notification, StaffMember | None]],
    patience: Patience,
    lease_until: datetime,
    now: datetime,
) -> list[Mail]:
    """The mails to send now; the others are cancelled, suspended or given up."""
    mails = []
    for notification, member in due:
        if notification.take(member, patience, lease_until, now) and member is not None:
            mails.append(
                Mail(
                    notification.id,
                    notification.attempts,
                    notification.kind,
                    notification.cases,
                    member.address_for(notification.kind),
                    member.language,
                    member.id,
                    lease_until,
                )
            )
    return mails


def note_outcome(
    tried: Tried,
    notification: Notification | None,
    member: StaffMember | None,
    patience: Patience,
    now: datetime,
) -> None:
    """One try is over. An address that refuses for good is suspended."""
    if notification is None:
        return
    notification.conclude(tried.mail.attempt, tried.outcome, patience, now)
    refused = tried.outcome.verdict is Verdict.NO_SUCH_ADDRESS
    if refused and member is not None and member.suspend(tried.mail.address):
        notification.address_refused(now)


def with_refused_address(tries: Sequence[Tried]) -> list[str]:
    """The people whose address is about to be suspended."""
    return [tried.mail.staff_id for tried in tries if tried.outcome.verdict is Verdict.NO_SUCH_ADDRESS]
