"""Tables full of made-up rows, so that the planner has something to choose between."""

from typing import Any

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.dialects import postgresql

from shared.database.pool import Connection

ROWS = 20_000
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_BY_TYPE = {
    "UUID": "md5(n::text)::uuid",
    "TEXT": "'x' || n",
    "BIGINT": "n",
    "INTEGER": "n % 1000",
    "SMALLINT": "n % 10",
    "BOOLEAN": "n % 50 = 0",
    "TIMESTAMP WITH TIME ZONE": "now() - n * interval '1 second'",
    "DATE": "current_date + n",
    "BYTEA": "decode(md5(n::text), 'hex')",
    "JSONB": "jsonb_build_array('x' || n)",
    "xid8": "n::text::xid8",
}
_BY_COLUMN = {
    "intake.cases.state": "(ARRAY['closed', 'closed', 'closed', 'closed', 'open', 'answered'])[1 + n % 6]",
    "intake.cases.citizen_kind": "'personnummer'",
    "intake.cases.version": "1",
    "intake.messages.kind": "'question_form'",
    "intake.grants.revoked_at": "CASE WHEN n % 10 = 0 THEN now() END",
    "notify.notifications.state": "CASE WHEN n % 100 = 0 THEN 'waiting' ELSE 'sent' END",
    "notify.notifications.kind": "'assigned'",
    "routing.cases.status": "CASE WHEN n % 10 = 0 THEN 'queued' ELSE 'done' END",
    "routing.cases.holder": "NULL",
    "routing.clinics.distribution": "(ARRAY['manual', 'round_robin'])[1 + n % 2]",
    "notify.cases.holder": "CASE WHEN n % 50 = 0 THEN '' ELSE 'x' || n END",
    "notify.staff.language": "'sv'",
    "admin.access_log.recorded_on": "current_date",
    "admin.accounts.absence": "CASE WHEN n % 100 = 0 THEN '{}'::jsonb END",
    "admin.accounts.active_at": "now() - n * interval '1 minute'",
    "admin.accounts.last_on": "CASE WHEN n % 100 = 0 THEN jsonb_build_object('x' || n, '2026-03-31') ELSE '{}' END",
    "admin.accounts.locked": "CASE WHEN n % 50 = 0 THEN 'leave' END",
    "admin.accounts.permissions": "jsonb_build_object('x' || n % 500, jsonb_build_array('caregiver'))",
    "admin.approval_rules.locked": "false",
    "admin.approval_rules.place_kind": "'clinic'",
    "admin.permission_reviews.signed_off_by": "CASE WHEN n % 40 > 0 THEN 'x' END",
    "admin.permission_reviews.signed_off_at": "CASE WHEN n % 40 > 0 THEN now() END",
    "admin.sign_in_tries.failures": "1",
    "admin.terms_accepted.version": "1",
    "inbox.day": "current_date",
    "parked.state": "CASE WHEN n % 1000 = 0 THEN 'parked' ELSE 'dead' END",
}
"""What a check or a sensible share demands, by service, table and column; or by table and column alone."""
_FEW = {
    "access_beginning": 0,
    "access_chain": 0,
    "heartbeat": 0,
    "own_keys": 3,
    "portal_use": 10,
    "terms": 3,
    "templates": 20,
    "signing_keys": 3,
    "heard": 6,
    "learned": 1,
    "unreadable_states": 3,
    "portals": 10,
    "case_types": 20,
    "outbox_held": 0,
}
"""Tables that never are big: a handful of rows."""


async def fill(connection: Connection, service: str, metadata: MetaData) -> frozenset[str]:
    """Put rows into every table, and let the planner look at them. Gives the tables that are big now."""
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if column.identity is None]
        values = ", ".join(_value(service, table, column) for column in columns)
        names = ", ".join(f'"{column.name}"' for column in columns)
        await connection.execute(
            f"INSERT INTO {table.name} ({names}) SELECT {values} "
            f"FROM generate_series(1, {_FEW.get(table.name, ROWS)}) n"
        )
    await connection.execute("ANALYZE")
    big = await connection.fetch("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= $1", ROWS)
    return frozenset(row[0] for row in big)


def _value(service: str, table: Table, column: "Column[Any]") -> str:
    place = f"{table.name}.{column.name}"
    stated = _BY_COLUMN.get(f"{service}.{place}") or _BY_COLUMN.get(place)
    if stated is not None:
        return stated
    if isinstance(column.type, postgresql.ARRAY):
        item = str(column.type.item_type.compile(dialect=_DIALECT))
        return f"ARRAY[{_BY_TYPE[item]}]::{item}[]"
    return _BY_TYPE[str(column.type.compile(dialect=_DIALECT))]
