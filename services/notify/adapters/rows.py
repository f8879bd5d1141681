"""The rows of a batch: how cases, staff and notifications become objects and back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from services.notify.adapters.tables import CASES, NOTIFICATIONS, STAFF
from services.notify.domain.notification import OPEN, Notification, State
from services.notify.domain.staff_member import Kind, StaffMember
from services.notify.domain.waiting_case import WaitingCase
from shared.clock import utc_now
from shared.contracts.permissions import in_force
from shared.database.pool import Connection
from shared.database.rows import Rows

_RECEIVERS = """
SELECT id, receives_at, receives_until FROM staff
WHERE mail_on_new_case AND NOT locked AND email <> '' AND receives_at ?| $1::text[]
"""
_OPEN_STATES = ", ".join(f"'{state}'" for state in OPEN)


class CaseRows(Rows[UUID, WaitingCase]):
    """What waits for whom, locked."""

    table = CASES
    columns = ("id", "version", "holder", "ended", "counted_in", "changed_at")

    def from_row(self, row: Any) -> WaitingCase:
        id_, version, holder, ended, counted_in, changed_at = row
        return WaitingCase(id_, version, holder, ended, [UUID(text) for text in counted_in], changed_at)

    def to_row(self, entity: WaitingCase) -> tuple[Any, ...]:
        counted_in = [str(id_) for id_ in entity.counted_in]
        return entity.id, entity.version, entity.holder, entity.ended, counted_in, entity.changed_at

    def peek(self, case_id: UUID) -> WaitingCase | None:
        """The case as it was loaded, for finding what else a message needs."""
        return self._loaded[case_id]


class ReceiverRows:
    """Who wants to know of new cases, by clinic. Only read."""

    def __init__(self) -> None:
        self._wanted: set[str] = set()
        self._by_clinic: dict[str, list[str]] = {}

    def want(self, clinic_id: str) -> None:
        """Say that the batch needs this clinic's."""
        if clinic_id not in self._by_clinic:
            self._wanted.add(clinic_id)

    def of(self, clinic_id: str) -> Sequence[str]:
        """Ids of those who want to know."""
        return self._by_clinic[clinic_id]

    async def load(self, connection: Connection) -> None:
        """Read all wanted clinics in one query."""
        if not self._wanted:
            return
        wanted, self._wanted = self._wanted, set()
        self._by_clinic.update({clinic_id: [] for clinic_id in wanted})
        for staff_id, clinic_ids, until in await connection.fetch(_RECEIVERS, list(wanted)):
            for clinic_id in wanted.intersection(_still(clinic_ids, until)):
                self._by_clinic[clinic_id].append(staff_id)

    async def write(self, connection: Connection) -> None:
        """Nothing."""


class StaffRows(Rows[str, StaffMember]):
    """The projection of the directory, locked: whoever gathers mail for a person does so alone."""

    table = STAFF
    columns = (
        "id",
        "version",
        "email",
        "language",
        "locked",
        "mail_on_assignment",
        "mail_on_new_case",
        "receives_at",
        "refused_address",
        "other_wish_at",
        "receives_until",
        "reactivated_at",
        "locks_at",
        "unverified_email",
        "verification_id",
    )

    def from_row(self, row: Any) -> StaffMember:
        return member_from(row)

    def to_row(self, entity: StaffMember) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.version,
            entity.email,
            entity.language,
            entity.locked,
            entity.mail_on_assignment,
            entity.mail_on_new_case,
            list(entity.receives_at),
            entity.refused_address,
            list(entity.other_wish_at),
            entity.receives_until,
            entity.reactivated_at,
            entity.locks_at,
            entity.unverified_email,
            entity.verification_id,
        )


class NotificationRows(Rows[UUID, Notification]):
    """Mails, locked: those wanted by id, and those of a person that are not yet over."""

    table = NOTIFICATIONS
    columns = (
        "id",
        "staff_id",
        "kind",
        "state",
        "cases",
        "attempts",
        "due_at",
        "uncertain",
        "code",
        "created_at",
        "changed_at",
    )
    _open = (
        f"SELECT {', '.join(columns)} FROM notifications "  # noqa: S608
        f"WHERE id = ANY($1::uuid[]) OR (staff_id = ANY($2::text[]) AND state IN ({_OPEN_STATES})) "
        "ORDER BY id FOR UPDATE"
    )

    def __init__(self) -> None:
        super().__init__()
        self._people: set[str] = set()
        self._of: dict[str, list[Notification]] = {}

    def want(self, key: UUID | str) -> None:
        """A UUID is a mail; a text is a person, of whom all open mails are needed."""
        if isinstance(key, str):
            self._people.add(key)
        else:
            super().want(key)

    async def load(self, connection: Connection) -> None:
        """Both in one query, so that locks are taken in one order."""
        people, self._people = self._people - self._of.keys(), set()
        if not people and not self._wanted:
            return
        wanted, self._wanted = self._wanted, set()
        self._loaded.update(dict.fromkeys(wanted))
        self._of.update({person: [] for person in people})
        for row in await connection.fetch(self._open, list(wanted), list(people)):
            self.keep(self.from_row(row))

    def keep(self, entity: Notification) -> None:
        """Remember an object that somebody else has read and locked."""
        self._loaded[entity.id] = entity
        if entity.staff_id in self._of:
            self._of[entity.staff_id].append(entity)

    def add(self, entity: Notification) -> None:
        """A new one; later messages of the batch gather into it."""
        super().add(entity)
        self._of.setdefault(entity.staff_id, []).append(entity)

    def gathering(self, staff_id: str, kind: Kind) -> Notification | None:
        """The mail that a further case of this kind goes into."""
        found = (mail for mail in self._of.get(staff_id, ()) if mail.kind is kind and mail.gathers)
        return next(found, None)

    def open_of(self, staff_id: str) -> Iterable[Notification]:
        """Every mail to this person that is not yet over."""
        return self._open_now(staff_id)

    def _open_now(self, staff_id: str) -> Iterator[Notification]:
        for mail in self._of.get(staff_id, ()):
            if mail.state in OPEN:
                self.touched.append(mail)
                yield mail

    def from_row(self, row: Any) -> Notification:
        return notification_from(row)

    def to_row(self, entity: Notification) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.staff_id,
            entity.kind.value,
            entity.state.value,
            entity.cases,
            entity.attempts,
            entity.due_at,
            entity.uncertain,
            entity.code,
            entity.created_at,
            entity.changed_at,
        )


def notification_from(row: Any) -> Notification:
    """The object of the first eleven columns of a row."""
    id_, staff_id, kind, state, *rest = row[:11]
    return Notification(UUID(int=id_.int), staff_id, Kind(kind), State(state), *rest)


def member_from(row: Any) -> StaffMember:
    """The object of a row of staff."""
    id_, version, email, language, locked, on_assignment, on_new_case, receives_at, *rest = row
    refused, other_wish_at, until, reactivated_at, locks_at, unverified, verification_id = rest
    return StaffMember(
        id_,
        version,
        email,
        language,
        locked,
        on_assignment,
        on_new_case,
        _still(receives_at, until),
        refused,
        tuple(other_wish_at),
        until,
        reactivated_at,
        locks_at,
        unverified,
        UUID(int=verification_id.int) if verification_id is not None else None,
    )


def _still(clinic_ids: Iterable[str], until: dict[str, str]) -> tuple[str, ...]:
    """The clinics where a permission has not ended."""
    return tuple(in_force(dict.fromkeys(clinic_ids), until, utc_now()))
