"""Reads for HTTP."""

from uuid import UUID

from services.notify.adapters.rows import NotificationRows, StaffRows, member_from, notification_from
from services.notify.domain.notification import Notification
from services.notify.domain.staff_member import StaffMember
from shared.database.pool import Database

_NOTIFICATION = f"SELECT {', '.join(NotificationRows.columns)} FROM notifications WHERE id = $1"  # noqa: S608
_MEMBER = f"SELECT {', '.join(StaffRows.columns)} FROM staff WHERE id = $1"  # noqa: S608


class NotificationReader:
    """Reads without locks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(
        self, notification_id: UUID, staff_id: str
    ) -> tuple[Notification | None, StaffMember | None]:
        """The notification, and the account of who asks. Raises Transient."""
        async with self._database.transaction() as connection:
            notification = await connection.fetchrow(_NOTIFICATION, notification_id)
            member = await connection.fetchrow(_MEMBER, staff_id)
        return (
            notification_from(notification) if notification is not None else None,
            member_from(member) if member is not None else None,
        )
