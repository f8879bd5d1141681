"""What the directory told: clinics, people, and who is a member of which clinic."""

from datetime import datetime
from operator import itemgetter
from typing import Any

from services.routing.adapters import tables
from services.routing.domain.directory import Clinic, Person
from shared.clock import utc_now
from shared.contracts.events.admin import Role
from shared.database.pool import Connection
from shared.database.rows import Rows
from shared.database.statements import columns_as_arrays, insert_many

_MEMBERS = insert_many(
    tables.members,
    ("clinic_id", "staff_id", "name", "receiver", "caregiver", "locked", "present", "ends_at"),
    """ON CONFLICT (clinic_id, staff_id) DO UPDATE SET name = excluded.name, receiver = excluded.receiver,
    caregiver = excluded.caregiver, locked = excluded.locked, present = excluded.present,
    ends_at = excluded.ends_at""",
)


class Clinics(Rows[str, Clinic]):
    """Clinics that the directory changes."""

    table = tables.clinics
    columns = ("clinic_id", "version", "name", "active", "distribution", "claim_allowed")

    def from_row(self, row: Any) -> Clinic:
        return Clinic(*row)

    def to_row(self, entity: Clinic) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.version,
            entity.name,
            entity.active,
            entity.distribution,
            entity.claim_allowed,
        )


class ClinicsRead(Clinics):
    """Clinics that an act only looks at."""

    table = tables.clinics
    lock = ""


class People(Rows[str, Person]):
    """People that the directory changes, and with them the members of clinics."""

    table = tables.staff
    columns = ("staff_id", "version", "name", "locked", "present", "roles", "ends")

    def from_row(self, row: Any) -> Person:
        return person_from(row)

    def to_row(self, entity: Person) -> tuple[Any, ...]:
        roles = {clinic_id: sorted(held) for clinic_id, held in entity.roles.items()}
        return entity.id, entity.version, entity.name, entity.locked, entity.present, roles, entity.ends

    async def write(self, connection: Connection) -> None:
        """Write the people, then one row for each clinic where they are or were."""
        await super().write(connection)
        rows = [
            (
                clinic_id,
                person.id,
                person.name,
                Role.RECEIVER.value in person.roles.get(clinic_id, ()),
                Role.CAREGIVER.value in person.roles.get(clinic_id, ()),
                person.locked is not None,
                person.present,
                _instant(person.ends.get(clinic_id)),
            )
            for person in self
            if person.changed
            for clinic_id in person.as_loaded | person.roles.keys()
        ]
        if rows:
            rows.sort(key=itemgetter(0, 1))
            await connection.execute(_MEMBERS, *columns_as_arrays(rows))


class PeopleRead(People):
    """People whose rights an act depends on: the directory can't change them before the act is committed."""

    table = tables.staff
    lock = "FOR SHARE"

    def from_row(self, row: Any) -> Person:
        return super().from_row(row).keep_to(utc_now())


def person_from(row: Any) -> Person:
    """The object of a row of staff, with all roles that the directory has told."""
    staff_id, version, name, locked, present, roles, ends = row
    by_clinic = {clinic_id: frozenset(held) for clinic_id, held in roles.items()}
    return Person(staff_id, version, name, locked, present, by_clinic, ends)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
