"""What the databases hold when all is quiet, as plain rows, and what the services' own invariants find."""

import importlib
import uuid
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson

from deploy.local.databases import ServiceDatabases
from shared.contracts.topics import SERVICES
from tests.chaos.planted import WORD

Row = dict[str, Any]

_EVERYWHERE = {
    "inbox": "SELECT source, message_id FROM inbox",
    "parked": 'SELECT state, topic, partition, "offset", reason FROM parked',
}
_OWN: dict[str, dict[str, str]] = {
    "intake": {
        "cases": """
            SELECT id AS case_id, portal_id, clinic_id, state, version, holder, epoch, routing_version, answered_by
            FROM cases
        """,
        "contents": f"""
            SELECT case_id, substring(body ->> 'form' FROM '{WORD}-([0-9]+)')::bigint AS content
            FROM messages WHERE kind = 'question_form'
        """,
        "answers": "SELECT case_id, id AS message_id, said_by FROM messages WHERE kind = 'answer'",
    },
    "routing": {
        "cases": "SELECT case_id, clinic_id, status, holder, epoch, version FROM cases",
        "held": "SELECT case_id, holder FROM held",
        "queue": "SELECT case_id FROM queue",
        "history": "SELECT case_id, version, act, holder, epoch, by FROM history",
    },
    "notify": {
        "cases": "SELECT id AS case_id, version, holder, ended FROM cases",
        "notifications": """
            SELECT id AS notification_id, staff_id, kind, state,
                   extract(epoch FROM created_at)::float8 AS created_at FROM notifications
        """,
        "staff": """
            SELECT id AS staff_id, email, locked, mail_on_assignment, mail_on_new_case, receives_at FROM staff
        """,
    },
    "admin": {
        "access_log": "SELECT * FROM access_log ORDER BY number",
        "access_chain": "SELECT number, hash FROM access_chain",
        "accounts": """
            SELECT id AS staff_id, version, extract(epoch FROM changed_at)::float8 AS at, state
            FROM history WHERE kind = 'Account' ORDER BY id, version
        """,
    },
}


@dataclass(slots=True)
class Snapshot:
    """Rows by service and name, such as `intake.cases`; ids are text. `broken` holds what invariants found."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    broken: list[tuple[str, str, str]] = field(default_factory=list)
    """Service, invariant, the first rows."""

    def rows(self, name: str) -> list[Row]:
        """The rows of one table; none where there is none."""
        return self.tables.get(name, [])


async def take_snapshot(databases: ServiceDatabases) -> Snapshot:
    """Read all databases."""
    snapshot = Snapshot()
    for service in SERVICES:
        connection: Any = await asyncpg.connect(databases.url(service))
        try:
            await connection.set_type_codec(
                "jsonb", schema="pg_catalog", encoder=str, decoder=orjson.loads, format="text"
            )
            for name, statement in (_EVERYWHERE | _OWN[service]).items():
                snapshot.tables[f"{service}.{name}"] = [
                    _plain(it) for it in await connection.fetch(statement)
                ]
            snapshot.broken += await _broken(connection, service)
        finally:
            await connection.close()
    return snapshot


async def _broken(connection: Any, service: str) -> list[tuple[str, str, str]]:
    invariants: dict[str, str] = importlib.import_module(f"services.{service}.invariants").INVARIANTS
    broken = []
    for name, statement in invariants.items():
        if found := await connection.fetch(statement):
            broken.append((service, name, f"{len(found)} rows, such as {dict(found[0])}"))
    return broken


def _plain(row: Any) -> Row:
    return {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in row.items()}
