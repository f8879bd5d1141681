"""How portals become rows and back."""

from typing import Any

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.tables.portals import PORTALS
from services.admin.domain.portal import Portal
from shared.contracts.events.admin import PortalKind, Scope
from shared.contracts.ids import PortalId
from shared.database.rows import Rows


class PortalRows(Rows[PortalId, Portal]):
    """Portals, locked."""

    table = PORTALS
    columns = (
        "id",
        "name",
        "active",
        "kind",
        "scopes",
        "per_minute",
        "secret_hash",
        "former_hash",
        "former_until",
        "secret_expires_at",
        *LAST_CHANGE,
    )

    def from_row(self, row: Any) -> Portal:
        id_, name, active, kind, scopes, *rest = row
        return Portal(id_, name, active, PortalKind(kind), frozenset(map(Scope, scopes)), *rest)

    def to_row(self, entity: Portal) -> tuple[Any, ...]:
        return (
            entity.id,
            entity.name,
            entity.active,
            entity.kind.value,
            sorted(entity.scopes),
            entity.per_minute,
            entity.secret_hash,
            entity.former_hash,
            entity.former_until,
            entity.secret_expires_at,
            *last_change_of(entity),
        )
