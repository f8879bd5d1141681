"""Rows in memory, as a batch has them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.notify.domain.notification import OPEN, Notification
from services.notify.domain.staff_member import Kind, StaffMember
from services.notify.domain.waiting_case import WaitingCase


class FakeCases(dict[UUID, WaitingCase]):
    """What waits for whom."""

    def add(self, entity: WaitingCase) -> None:
        self[entity.id] = entity


class FakeStaff(dict[str, StaffMember]):
    """The projection of the directory."""

    def add(self, entity: StaffMember) -> None:
        self[entity.id] = entity


class FakeReceivers:
    """Everybody who receives anywhere, as the directory knows them."""

    def __init__(self, staff: FakeStaff) -> None:
        self._staff = staff

    def of(self, clinic_id: str) -> Sequence[str]:
        return [
            member.id
            for member in self._staff.values()
            if member.mail_on_new_case and not member.locked and clinic_id in member.receives_at
        ]


class FakeNotifications(dict[UUID, Notification]):
    """Mails."""

    def add(self, entity: Notification) -> None:
        self[entity.id] = entity

    def gathering(self, staff_id: str, kind: Kind) -> Notification | None:
        found = (mail for mail in self.open_of(staff_id) if mail.kind is kind and mail.gathers)
        return next(iter(found), None)

    def open_of(self, staff_id: str) -> Iterable[Notification]:
        return [mail for mail in self.values() if mail.staff_id == staff_id and mail.state in OPEN]
