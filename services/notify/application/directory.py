"""Learn from the directory where mail goes and who wants it."""

from datetime import datetime
from uuid import UUID

from services.notify.application.ports import Keys, Notifications, StaffMembers
from services.notify.domain.notification import Notification
from services.notify.domain.staff_member import Kind, StaffMember
from shared.contracts.envelope import derived_id
from shared.contracts.events.admin import StaffAccountPublished
from shared.messaging.states import StateUnreadable


def learn_staff_member(
    fact: StaffAccountPublished, staff: StaffMembers, notifications: Notifications, now: datetime
) -> None:
    """A staff account is so now. Another address lifts a suspension, and what waited for it is sent.

    Whoever was reactivated, will be locked for inactivity, or has to verify an address is told by mail, whatever else
    they wish to hear of.
    """
    member = staff.get(fact.staff_id)
    if member is None:
        member = StaffMember(fact.staff_id)
        staff.add(member)
    notices = member.notices(fact, now)
    another_address = member.learn(fact)
    ids = _ids(fact)
    for kind in notices:
        id_ = ids[kind]
        if member.wants(kind) and notifications.get(id_) is None:
            notice = Notification.about(id_, member, kind, now, now)
            notice.gather(now)
            notifications.add(notice)
    if another_address:
        for notification in notifications.open_of(member.id):
            notification.resume(now, now)


def notices_of(fact: StaffAccountPublished) -> list[UUID]:
    """The ids of all mails that this state may ask for: the same however often it is told."""
    return [*_ids(fact).values()]


def _ids(fact: StaffAccountPublished) -> dict[Kind, UUID]:
    told = ((Kind.REACTIVATED, fact.reactivated_at), (Kind.INACTIVE, fact.locks_at))
    ids = {kind: notice_id(fact.staff_id, kind, at) for kind, at in told if at is not None}
    # The link of a mail carries the mail's id, so that coming back with it shows that the mail was read.
    return ids if fact.verification_id is None else ids | {Kind.VERIFY_ADDRESS: fact.verification_id}


def notice_id(staff_id: str, kind: Kind, at: datetime) -> UUID:
    """One mail for one such event."""
    return derived_id("notice", staff_id, kind, at.isoformat())


def deny_entity(fact: StateUnreadable, staff: StaffMembers, keys: Keys, now: datetime) -> bool:
    """Nobody can read what is true of it now: it may nothing until a state comes that can be read."""
    member = staff.get(fact.entity)
    if member is not None:
        member.deny()
    return keys.deny(fact.entity) or member is not None
