"""How staff accounts become rows and back."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.sessions import end_locked
from services.admin.adapters.tables.accounts import ACCOUNTS, ALERTS
from services.admin.domain.absence import Absence
from services.admin.domain.account import Account
from services.admin.domain.other_address import PendingAddress
from shared.clock import utc_now
from shared.contracts.events.admin import LockReason, Role
from shared.contracts.ids import ClinicId, StaffId
from shared.database.pool import Connection
from shared.database.rows import Appended, Rows

_REACH = """
SELECT id, region FROM clinics WHERE id = ANY($1::text[])
UNION SELECT c.id, c.region FROM clinics unit JOIN clinics c ON c.region = unit.region
WHERE unit.id = ANY($1::text[]) AND unit.region <> ''
"""


async def find_reach(accounts: Iterable[Account], fetch: Callable[..., Awaitable[Any]]) -> None:
    """Regional administrators learn which clinics are theirs; one query for each of them, none for others."""
    for account in accounts:
        if account.regional_units:
            account.reach = dict(await fetch(_REACH, sorted(account.regional_units)))


class AccountRows(Rows[StaffId, Account]):
    """Accounts, locked: also the actor's, so that nobody acts while they lose the right to."""

    table = ACCOUNTS
    columns = (
        "id",
        "name",
        "title",
        "signature",
        "email",
        "language",
        "mail_on_assignment",
        "mail_on_new_case",
        "present",
        "locked",
        "permissions",
        "last_on",
        "active_at",
        "locks_at",
        "reactivated_at",
        "hsa_id",
        "hsa_active",
        "other_email",
        "pending_email",
        "mail_at",
        "sign_as_clinic",
        "absence",
        "away",
        *LAST_CHANGE,
    )

    async def load(self, connection: Connection) -> None:
        wanted = set(self._wanted)
        await super().load(connection)
        await find_reach((account for account in self if account.id in wanted), connection.fetch)

    async def write(self, connection: Connection) -> None:
        """Whoever is locked, for whatever reason, is signed out everywhere by the same commit."""
        await super().write(connection)
        locked = sorted(account.id for account in self if account.changed and account.locked is not None)
        if locked:
            await end_locked(connection, locked, utc_now())

    def from_row(self, row: Any) -> Account:
        values = dict(zip(self.columns, row, strict=True))
        values["locked"] = LockReason(values["locked"]) if values["locked"] else None
        values["permissions"] = {
            ClinicId(id_): frozenset(map(Role, names)) for id_, names in values["permissions"].items()
        }
        values["last_on"] = {ClinicId(id_): date.fromisoformat(on) for id_, on in values["last_on"].items()}
        values["mail_at"] = {ClinicId(id_): tuple(wish) for id_, wish in values["mail_at"].items()}
        values["pending_email"] = _pending(values["pending_email"])
        values["absence"] = _absence(values["absence"])
        account = Account(**values)
        if account.last_on:
            account.ended = account.over(utc_now())
        return account

    def to_row(self, entity: Account) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.name,
            entity.title,
            entity.signature,
            entity.email,
            entity.language,
            entity.mail_on_assignment,
            entity.mail_on_new_case,
            entity.present,
            entity.locked.value if entity.locked else None,
            {id_: sorted(roles) for id_, roles in entity.permissions.items()},
            {id_: on.isoformat() for id_, on in entity.last_on.items()},
            entity.active_at,
            entity.locks_at,
            entity.reactivated_at,
            entity.hsa_id,
            entity.hsa_active,
            entity.other_email,
            asdict(entity.pending_email) if entity.pending_email is not None else None,
            {id_: list(wish) for id_, wish in entity.mail_at.items()},
            entity.sign_as_clinic,
            _kept(entity.absence),
            entity.away,
            *last_change_of(entity),
        )


def _kept(absence: Absence | None) -> dict[str, str | None] | None:
    if absence is None:
        return None
    last_on = absence.last_on.isoformat() if absence.last_on is not None else None
    return {"first_on": absence.first_on.isoformat(), "last_on": last_on, "substitute": absence.substitute}


def _pending(kept: Any) -> PendingAddress | None:
    if kept is None:
        return None
    return PendingAddress(kept["email"], UUID(kept["code"]), datetime.fromisoformat(kept["asked_at"]))


def _absence(kept: Any) -> Absence | None:
    if kept is None:
        return None
    last_on = date.fromisoformat(kept["last_on"]) if kept["last_on"] else None
    return Absence(date.fromisoformat(kept["first_on"]), last_on, kept["substitute"])


class AlertRows(Appended[Any]):
    """Clinics that an automatic lock left without an administrator."""

    table = ALERTS
    columns = ("clinic_id", "staff_id", "reason", "at")
