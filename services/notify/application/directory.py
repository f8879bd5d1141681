"""Learn from the directory where mail goes and who wants it."""

from datetime import datetime

from services.notify.application.ports import Keys, Notifications, StaffMembers
from services.notify.domain.staff_member import StaffMember
from shared.contracts.events.admin import StaffAccountPublished
from shared.messaging.states import StateUnreadable


def learn_staff_member(
    fact: StaffAccountPublished, staff: StaffMembers, notifications: Notifications, now: datetime
) -> None:
    """A staff account is so now. Another address lifts a suspension, and what waited for it is sent."""
    member = staff.get(fact.staff_id)
    if member is None:
        member = StaffMember(fact.staff_id)
        staff.add(member)
    if member.learn(fact):
        for notification in notifications.open_of(member.id):
            notification.resume(now, now)


def deny_entity(fact: StateUnreadable, staff: StaffMembers, keys: Keys, now: datetime) -> bool:
    """Nobody can read what is true of it now: it may nothing until a state comes that can be read."""
    member = staff.get(fact.entity)
    if member is not None:
        member.deny()
    return keys.deny(fact.entity) or member is not None
