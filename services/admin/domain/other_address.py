"""An address for notifications that somebody chose, and how they show that it is theirs."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Refused
from shared.faults import Fault

VALID_WITHIN = timedelta(hours=24)
"""How long the link in the mail can be used."""
ASKED_AGAIN_AFTER = timedelta(minutes=1)
"""Nobody's mailbox is filled by asking again and again."""

_WRONG_CODE = Fault(
    "code",
    "wrong_code",
    "Koden hör inte till den senaste adressen, eller är för gammal. Ange adressen igen, så kommer ett nytt mejl.",
    "The code is not of the latest address, or too old. Give the address again, and a new mail will come.",
)
_TOO_SOON = Fault(
    "email",
    "asked_just_now",
    "Ett mejl är redan på väg. Vänta en minut innan du ber om ett nytt.",
    "A mail is on its way. Wait for a minute before you ask for another.",
)


@dataclass(frozen=True, slots=True)
class PendingAddress:
    """Asked for, and not yet verified. `code` stands in the link of the mail to it."""

    email: str
    code: UUID
    asked_at: datetime

    def must_not_be_too_soon(self, now: datetime) -> None:
        """Raises Refused if somebody asks again while the mail is hardly sent."""
        if now < self.asked_at + ASKED_AGAIN_AFTER:
            raise Refused(_TOO_SOON)

    def is_over(self, now: datetime) -> bool:
        """Whether the link in the mail counts no more."""
        return now > self.asked_at + VALID_WITHIN


def verified(pending: PendingAddress | None, code: UUID, now: datetime) -> str:
    """The address that the code proves. Raises Refused."""
    if pending is None or pending.is_over(now):
        raise Refused(_WRONG_CODE)
    if not hmac.compare_digest(pending.code.bytes, code.bytes):
        raise Refused(_WRONG_CODE)
    return pending.email
