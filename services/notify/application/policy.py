"""Who may do what here: deny by default."""

from services.notify.domain.notification import Notification
from shared.contracts.ids import StaffId

SEE_NOTIFICATION = "see_notification"


def may(actor_kind: str, actor_id: str, act: str, subject: Notification, *, locked: bool) -> bool:
    """Only a staff member whose account is open sees the state of a mail, and only of one to themselves."""
    return (
        act == SEE_NOTIFICATION
        and actor_kind == "staff"
        and not locked
        and StaffId(actor_id) == subject.staff_id
    )
