"""Everything published again as it is, with its present version: whoever has it ignores it, whoever lost it learns it.

Page by page under the rows' locks: an older state written to the outbox after a newer one would be the one that
compaction keeps.
"""

from typing import Any

import uuid_utils

from services.admin.adapters.rows.accounts import AccountRows
from services.admin.adapters.rows.adaptations import AdaptationRows
from services.admin.adapters.rows.clinics import ClinicRows
from services.admin.adapters.rows.groups import GroupRows
from services.admin.adapters.rows.portals import PortalRows
from shared.clock import Clock
from shared.contracts.envelope import Envelope
from shared.contracts.events.admin import CaseTypePublished, SigningKeyPublished, TemplatePublished
from shared.contracts.message import Message
from shared.database.pool import Connection, Database
from shared.outbox.rows import Outbox

PAGE = 1000

_VERSIONS = """
SELECT id, state FROM history WHERE kind IN ('CaseType', 'Template') AND id > $1 ORDER BY id LIMIT $2
"""
_KEYS = """
SELECT key_id, version, public_jwk, revoked FROM signing_keys WHERE key_id > $1 ORDER BY key_id LIMIT $2 FOR UPDATE
"""


def _version(row: Any) -> Message:
    type_ = TemplatePublished if row["id"].startswith("template:") else CaseTypePublished
    return type_.model_validate(row["state"])


class Republishing:
    """One pass over all that is published."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.published = 0

    async def run(self) -> int:
        """Publish clinics before the accounts that have roles there. Gives the number of states."""
        await self._pages(_KEYS, self._key)
        await self._pages(_VERSIONS, _version)
        for rows in (AdaptationRows, ClinicRows, PortalRows, AccountRows, GroupRows):
            reader: Any = rows()
            statement = (
                f"SELECT {', '.join(rows.columns)} FROM {rows.table.name} "  # noqa: S608 -- our own names
                "WHERE id > $1 ORDER BY id LIMIT $2 FOR UPDATE"
            )
            await self._pages(statement, lambda row, reader=reader: reader.from_row(row).published())
        return self.published

    async def _pages(self, statement: str, state_of: Any) -> None:
        last = ""
        while True:
            async with self._database.transaction() as connection:
                rows = await connection.fetch(statement, last, PAGE)
                await self._publish(connection, [state_of(row) for row in rows])
            if len(rows) < PAGE:
                return
            last = rows[-1][0]

    async def _publish(self, connection: Connection, states: list[Message]) -> None:
        now = self._clock()
        outbox = Outbox("admin")
        cause = Envelope(str(uuid_utils.uuid7()), "admin.republish", "operator", now)
        outbox.add(states, cause=cause, handler="republish", now=now)
        await outbox.write(connection)
        self.published += len(states)

    def _key(self, row: Any) -> SigningKeyPublished:
        key_id, version, jwk, revoked = row
        return SigningKeyPublished(
            key_id=key_id, version=version, at=self._clock(), public_jwk=jwk, revoked=revoked
        )
