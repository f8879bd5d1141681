"""A staff member as far as notify needs to know: where mail goes, in which language, and whether it is wanted."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.aggregate import Aggregate
from shared.contracts.events.admin import Role, StaffAccountPublished
from shared.contracts.permissions import ends_of


class Kind(StrEnum):
    """What a notification is about."""

    ASSIGNED = "assigned"
    """Cases that the person is to answer."""
    QUEUED = "queued"
    """Cases in the queue of a clinic where the person assigns."""
    REACTIVATED = "reactivated"
    """The person's account, which was locked, is open again."""
    INACTIVE = "inactive"
    """The person's account will be locked unless they sign in."""
    VERIFY_ADDRESS = "verify_address"
    """The person wants mail at another address, and has to show that it is theirs."""


TOLD_WITHIN = timedelta(days=1)
"""Who was reactivated longer ago has found out, and a projection that is built anew tells nobody again."""


class StaffMember(Aggregate):
    """A projection of the directory, and one thing of our own: the address that refuses mail for good."""

    __slots__ = (
        "email",
        "id",
        "language",
        "locked",
        "locks_at",
        "mail_on_assignment",
        "mail_on_new_case",
        "other_wish_at",
        "reactivated_at",
        "receives_at",
        "receives_until",
        "refused_address",
        "unverified_email",
        "verification_id",
        "version",
    )

    def __init__(
        self,
        id_: str,
        version: int = 0,
        email: str = "",
        language: str = "sv",
        locked: bool = False,
        mail_on_assignment: bool = False,
        mail_on_new_case: bool = False,
        receives_at: tuple[str, ...] = (),
        refused_address: str = "",
        other_wish_at: tuple[str, ...] = (),
        receives_until: dict[str, str] | None = None,
        reactivated_at: datetime | None = None,
        locks_at: datetime | None = None,
        unverified_email: str = "",
        verification_id: UUID | None = None,
    ) -> None:
        super().__init__()
        self.id = id_
        self.version = version
        self.email = email
        self.language = language
        self.locked = locked
        self.mail_on_assignment = mail_on_assignment
        self.mail_on_new_case = mail_on_new_case
        self.receives_at = receives_at
        self.refused_address = refused_address
        self.other_wish_at = other_wish_at
        """The clinics where mail on assignment is wanted if it is not elsewhere, and not wanted if it is."""
        self.receives_until = receives_until or {}
        self.reactivated_at = reactivated_at
        self.locks_at = locks_at
        self.unverified_email = unverified_email
        self.verification_id = verification_id

    def learn(self, fact: StaffAccountPublished) -> bool:
        """Take over the directory's word unless it is older. True if mail can be sent again, to another address."""
        if fact.version < self.version:
            return False
        self.version = fact.version
        self.email = fact.email.strip()
        self.language = fact.language
        self.locked = fact.locked is not None
        self.mail_on_assignment = fact.mail_on_assignment
        self.reactivated_at, self.locks_at = fact.reactivated_at, fact.locks_at
        self.unverified_email, self.verification_id = fact.unverified_email, fact.verification_id
        self._learn_wishes(fact)
        self.changed = True
        if self.refused_address and self.email != self.refused_address:
            self.refused_address = ""
            return True
        return False

    def _learn_wishes(self, fact: StaffAccountPublished) -> None:
        """`receives_at`: where they are told of new cases, as receivers who want to know."""
        special = {wish.clinic_id: wish for wish in fact.mail_at}
        self.other_wish_at = tuple(
            sorted(id_ for id_, wish in special.items() if wish.on_assignment != fact.mail_on_assignment)
        )
        self.receives_at = tuple(
            sorted(
                part.clinic_id
                for part in fact.permissions
                if Role.RECEIVER in part.roles
                and (
                    special[part.clinic_id].on_new_case
                    if part.clinic_id in special
                    else fact.mail_on_new_case
                )
            )
        )
        self.receives_until = ends_of(fact.permissions)
        self.mail_on_new_case = bool(self.receives_at)

    def notices(self, fact: StaffAccountPublished, now: datetime) -> list[Kind]:
        """What this state says about the account that the person has not been told.

        To be asked before the state is learned.
        """
        if fact.version < self.version:
            return []
        news: list[Kind] = []
        again, locks = fact.reactivated_at, fact.locks_at
        if again is not None and again != self.reactivated_at and again > now - TOLD_WITHIN:
            news.append(Kind.REACTIVATED)
        if locks is not None and locks != self.locks_at and locks > now:
            news.append(Kind.INACTIVE)
        if fact.verification_id is not None and fact.verification_id != self.verification_id:
            news.append(Kind.VERIFY_ADDRESS)
        return news

    def deny(self) -> None:
        """Nobody can read what is true of the account: nothing is sent, nothing shown."""
        self.locked, self.receives_at, self.changed = True, (), True

    def wants(self, kind: Kind) -> bool:
        """Whether mail of this kind is wanted at any clinic, and there is somewhere to send it."""
        if self.locked or not self.address_for(kind):
            return False
        if kind in (Kind.REACTIVATED, Kind.VERIFY_ADDRESS):
            return True
        if kind is Kind.INACTIVE:
            return self.locks_at is not None
        if kind is Kind.ASSIGNED:
            return self.mail_on_assignment or bool(self.other_wish_at)
        return bool(self.receives_at)

    def wants_at(self, kind: Kind, clinic_id: str) -> bool:
        """The same for what happens at this clinic."""
        if not self.wants(kind):
            return False
        if kind is Kind.ASSIGNED:
            return self.mail_on_assignment is not (clinic_id in self.other_wish_at)
        return clinic_id in self.receives_at

    def address_for(self, kind: Kind) -> str:
        """Where mail of this kind goes; empty: nowhere."""
        return self.unverified_email if kind is Kind.VERIFY_ADDRESS else self.email

    def suspended_for(self, kind: Kind) -> bool:
        """Whether mail of this kind has to wait for another address."""
        return self.suspended and kind is not Kind.VERIFY_ADDRESS

    @property
    def suspended(self) -> bool:
        """The address refuses mail; nothing is sent until the directory brings another."""
        return bool(self.refused_address) and self.refused_address == self.email

    def suspend(self, address: str) -> bool:
        """The mail server says that this address will never take mail. False if it is not the address any more."""
        if address != self.email or self.suspended:
            return False
        self.refused_address = address
        self.changed = True
        return True
