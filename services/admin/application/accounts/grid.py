"""A clinic's permissions as a grid of tick boxes: people by roles, set all at once or not at all."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from pydantic import BaseModel, Field

from services.admin.application.accounts.commands import SetGrid
from services.admin.application.accounts.permissions import keep_count, must_be_able_to_set
from services.admin.application.accounts.views import AS_GIVEN, WarningView, one_left
from services.admin.application.accounts.wishes import GridRow
from services.admin.application.faults import (
    last_administrator,
    not_found,
    over_already,
    twice,
    unknown_person,
)
from services.admin.application.policy import Act, Subject, must
from services.admin.application.ports import Accounts, Clinics
from services.admin.domain.account import Account
from services.admin.domain.calendar import today
from services.admin.domain.clinic import Clinic
from shared.contracts.events.admin import LockReason
from shared.contracts.ids import ClinicId, StaffId
from shared.errors import Conflict, Refused
from shared.faults import Fault


class GridRowView(BaseModel):
    """One person of the clinic."""

    staff_id: str
    hsa_id: str = Field(description=AS_GIVEN)
    name: str
    title: str
    locked: LockReason | None = Field(description="Why the account is locked: shown, and greyed; or null")
    roles: list[str]
    last_on: date | None = Field(description="Their last day, in Sweden; null: no end")
    version: int = Field(description="To be sent back with the tick boxes")


class GridView(BaseModel):
    """A clinic's tick boxes, or a page of them."""

    clinic_id: str
    administrators: int = Field(description="Those to rely on: neither locked nor there for a time")
    warnings: list[WarningView]
    rows: list[GridRowView]
    next: str | None = Field(
        default=None, description="The next page begins `after` this; null: there is none"
    )


def set_grid(
    command: SetGrid, actor: Account | None, accounts: Accounts, clinics: Clinics, now: datetime
) -> GridView:
    """Set the tick boxes of all who are named. Whoever is given or taken nothing is not touched."""
    clinic_id = ClinicId(command.clinic_id)
    who = must(actor, Act.SET_ROLES, Subject(frozenset({clinic_id})))
    clinic = clinics.get(clinic_id)
    if clinic is None:
        raise not_found("clinic_id")
    pairs = _found(command.wish.rows, accounts)
    _must_be_sound(pairs, now)
    for account, row in pairs:
        must_be_able_to_set(who, account, {clinic_id: row.roles}, _ends(clinic_id, row))
    _must_be_as_seen(pairs)
    changing = [(account, row) for account, row in pairs if _differs(account, clinic_id, row)]
    before = {account.id: account.administers for account, _ in changing}
    _must_keep_somebody(clinic, changing, command.wish.rows)
    for account, row in changing:
        account.set_permissions({clinic_id: row.roles}, _ends(clinic_id, row))
        keep_count(before[account.id], account.administers, clinics)
        account.publish(command.actor, now)
    return grid_view(clinic, [account for account, _ in pairs])


def grid_view(clinic: Clinic, accounts: Iterable[Account], next_: str | None = None) -> GridView:
    """Show a clinic's tick boxes."""
    return GridView(
        clinic_id=clinic.id,
        administrators=clinic.administrators,
        warnings=one_left([clinic]),
        rows=[
            GridRowView(
                staff_id=account.id,
                hsa_id=account.hsa_id,
                name=account.name,
                title=account.title,
                locked=account.locked,
                roles=sorted(account.roles_at(clinic.id)),
                last_on=account.last_on.get(clinic.id),
                version=account.version,
            )
            for account in accounts
        ],
        next=next_,
    )


def _found(rows: Sequence[GridRow], accounts: Accounts) -> list[tuple[Account, GridRow]]:
    """The rows with their accounts. Raises Refused, naming each row whose person has none or stands there twice."""
    pairs, faults, seen = [], list[Fault](), set[str]()
    for number, row in enumerate(rows):
        account = accounts.get(StaffId(row.staff_id))
        if account is None:
            faults.append(unknown_person(f"rows.{number}.staff_id"))
        elif row.staff_id in seen:
            faults.append(twice(f"rows.{number}.staff_id"))
        else:
            pairs.append((account, row))
        seen.add(row.staff_id)
    if faults:
        raise Refused(*faults)
    return pairs


def _must_be_sound(pairs: Sequence[tuple[Account, GridRow]], now: datetime) -> None:
    over = [
        over_already(f"rows.{number}.last_on")
        for number, (_, row) in enumerate(pairs)
        if row.last_on is not None and row.roles and row.last_on < today(now)
    ]
    if over:
        raise Refused(*over)


def _must_be_as_seen(pairs: Sequence[tuple[Account, GridRow]]) -> None:
    """Raises Conflict that names every row which somebody has changed meanwhile, and who did."""
    stale = [
        account.changed_since(f"rows.{number}.version")
        for number, (account, row) in enumerate(pairs)
        if row.version != account.version
    ]
    if stale:
        raise Conflict(*stale)


def _must_keep_somebody(
    clinic: Clinic, changing: Sequence[tuple[Account, GridRow]], rows: Sequence[GridRow]
) -> None:
    """Raises Refused, naming the rows, if the update as a whole takes the clinic's last administrator.

    Two may change places in it.
    """
    losing, gained = [], 0
    for account, row in changing:
        lasts = account.locked is None and account.would_administer(row.roles, row.last_on)
        counted = clinic.id in account.administers
        gained += lasts and not counted
        if counted and not lasts:
            losing.append((account, row))
    if losing and clinic.administrators + gained - len(losing) < 1:
        numbered = ((f"rows.{rows.index(row)}.roles", account) for account, row in losing)
        raise Refused(*(last_administrator(field, account.id, clinic) for field, account in numbered))


def _differs(account: Account, clinic_id: ClinicId, row: GridRow) -> bool:
    ends = _ends(clinic_id, row).get(clinic_id)
    return (row.roles, ends) != (account.roles_at(clinic_id), account.last_on.get(clinic_id))


def _ends(clinic_id: ClinicId, row: GridRow) -> dict[ClinicId, date]:
    return {clinic_id: row.last_on} if row.last_on is not None and row.roles else {}
