"""The mails that are due, as a queue that instances share: taken with a lease, renewed, concluded in bulk."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services.notify.adapters.rows import NotificationRows, StaffRows, member_from, notification_from
from services.notify.adapters.work import NotifyWork
from services.notify.application.deliver import Mail, Tried, note_outcome, take_due, with_refused_address
from services.notify.domain.notification import Notification
from services.notify.domain.outcome import Patience, Verdict
from services.notify.domain.staff_member import StaffMember
from shared.clock import Clock
from shared.contracts.envelope import Envelope
from shared.crash_points import reached
from shared.database.pool import Connection, Database
from shared.outbox.rows import Outbox

_ONE_STATE = "state IN ('waiting', 'retry', 'sending')"
_COLUMNS = ", ".join(
    [f"n.{name}" for name in NotificationRows.columns] + [f"s.{name}" for name in StaffRows.columns]
)
_DUE = f"""
SELECT {_COLUMNS} FROM notifications n LEFT JOIN staff s ON s.id = n.staff_id
WHERE n.{_ONE_STATE} AND n.due_at <= $1
ORDER BY n.due_at LIMIT $2 FOR UPDATE OF n SKIP LOCKED
"""  # noqa: S608
_RENEW = """
UPDATE notifications n SET due_at = $3
FROM unnest($1::uuid[], $2::int[]) AS held(id, attempts)
WHERE n.id = held.id AND n.attempts = held.attempts AND n.state = 'sending'
RETURNING n.id
"""
_DEPTH = f"""
SELECT (SELECT count(*) FROM (SELECT FROM notifications WHERE {_ONE_STATE} AND due_at <= $1 LIMIT 10001) due),
       coalesce(extract(epoch FROM $1 - (SELECT min(due_at) FROM notifications WHERE {_ONE_STATE})), 0)
"""  # noqa: S608
_FORGET = """
DELETE FROM notifications WHERE id = ANY(ARRAY(
    SELECT id FROM notifications WHERE state IN ('sent', 'failed', 'cancelled') AND changed_at < $1 LIMIT 5000))
"""
_FORGET_CASES = (
    "DELETE FROM cases WHERE id = ANY(ARRAY(SELECT id FROM cases WHERE ended AND changed_at < $1 LIMIT 5000))"
)
_STAFF_STARTS = len(NotificationRows.columns)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class DueMails:
    """The queue. Every method is a transaction of its own; each raises Transient when the database is away."""

    def __init__(self, database: Database, clock: Clock, patience: Patience, lease: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._patience = patience
        self._lease = lease

    async def take(self, most: int) -> tuple[list[Mail], bool]:
        """Mails to send now, ours until the lease ends; and whether there may be more."""
        now = self._clock()
        work = NotifyWork()
        async with self._database.transaction() as connection:
            rows = await connection.fetch(_DUE, now, most)
            if not rows:
                return [], False
            due = [(notification_from(row), _member_beside(row)) for row in rows]
            for notification, _ in due:
                work.notifications.keep(notification)
            mails = take_due(due, self._patience, now + self._lease, now)
            await _write(work, [notification for notification, _ in due], now, connection)
        return mails, len(rows) == most

    async def conclude(self, tries: Sequence[Tried]) -> None:
        """Note what became of these mails, and publish it."""
        reached("smtp_before_recorded")
        now = self._clock()
        work = NotifyWork()
        for staff_id in with_refused_address(tries):
            work.staff.want(staff_id)
        for tried in tries:
            work.notifications.want(tried.mail.notification_id)
        async with self._database.transaction() as connection:
            await work.staff.load(connection)
            await work.notifications.load(connection)
            concluded = []
            for tried in tries:
                notification = work.notifications.get(tried.mail.notification_id)
                refused = tried.outcome.verdict is Verdict.NO_SUCH_ADDRESS
                member = work.staff.get(tried.mail.staff_id) if refused else None
                note_outcome(tried, notification, member, self._patience, now)
                if notification is not None:
                    concluded.append(notification)
            await _write(work, concluded, now, connection)

    async def renew(self, mails: Sequence[Mail]) -> None:
        """Hold on to these for another lease. What somebody else has by now gets a lease that is over."""
        if not mails:
            return
        until = self._clock() + self._lease
        held = [[mail.notification_id for mail in mails], [mail.attempt for mail in mails]]
        ours = {row[0] for row in await self._database.fetch(_RENEW, *held, until)}
        for mail in mails:
            mail.lease_until = until if mail.notification_id in ours else _LONG_AGO

    async def depth(self) -> tuple[int, float]:
        """How many mails are due (counted up to 10,001), and for how many seconds the oldest has been."""
        [(count, age)] = await self._database.fetch(_DEPTH, self._clock())
        return count, max(0.0, float(age))

    async def forget(self, older_than: timedelta) -> None:
        """Delete what has been over for so long, a few thousand rows at a time."""
        before = self._clock() - older_than
        await self._database.fetch(_FORGET, before)
        await self._database.fetch(_FORGET_CASES, before)


def _member_beside(row: Any) -> StaffMember | None:
    return member_from(tuple(row)[_STAFF_STARTS:]) if row[_STAFF_STARTS] is not None else None


async def _write(
    work: NotifyWork, notifications: Sequence[Notification], now: datetime, connection: Connection
) -> None:
    """Write what changed, then what is published: ids come from the notification, so that a repeat gives the same."""
    outbox = Outbox("notify")
    for notification in notifications:
        if notification.events:
            cause = Envelope(str(notification.id), "", "", now)
            outbox.add(notification.events, cause=cause, handler=notification.state.value, now=now)
            notification.events.clear()
    await work.write(connection)
    await outbox.write(connection)
