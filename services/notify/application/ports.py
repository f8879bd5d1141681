"""What the use cases need from their surroundings."""

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

from services.notify.domain.notification import Notification
from services.notify.domain.staff_member import Kind, StaffMember
from services.notify.domain.waiting_case import WaitingCase


class Cases(Protocol):
    """What waits for whom."""

    def get(self, key: UUID) -> WaitingCase | None: ...

    def add(self, entity: WaitingCase) -> None: ...


class Receivers(Protocol):
    """Who wants to know of new cases, by clinic."""

    def of(self, clinic_id: str) -> Sequence[str]:
        """Their ids."""


class StaffMembers(Protocol):
    """The projection of the directory."""

    def get(self, key: str) -> StaffMember | None: ...

    def add(self, entity: StaffMember) -> None: ...


class Keys(Protocol):
    """Keys that tokens are verified with."""

    def deny(self, key: str) -> bool:
        """Nothing signed with it counts any more. True if it was known."""


class Notifications(Protocol):
    """Mails by id, and those of a person that are not yet sent."""

    def get(self, key: UUID) -> Notification | None: ...

    def add(self, entity: Notification) -> None: ...

    def gathering(self, staff_id: str, kind: Kind) -> Notification | None:
        """The mail that a further case of this kind goes into."""

    def open_of(self, staff_id: str) -> Iterable[Notification]:
        """Every mail to this person that is not yet sent, failed or cancelled."""
