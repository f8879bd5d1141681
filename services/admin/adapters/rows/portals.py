"""How portals become rows and back."""

from typing import Any

from services.admin.adapters.rows.published import LAST_CHANGE, last_change_of
from services.admin.adapters.tables.portals import PORTALS
from services.admin.domain.portal import Portal
from shared.contracts.ids import PortalId
from shared.database.rows import Rows


class PortalRows(Rows[PortalId, Portal]):
    """Portals, locked."""

    table = PORTALS
    columns = ("id", "name", "active", "secret_hash", "former_hash", "former_until", *LAST_CHANGE)

    def from_row(self, row: Any) -> Portal:
        return Portal(*row)

    def to_row(self, entity: Portal) -> tuple[Any, ...]:
        secrets = (entity.secret_hash, entity.former_hash, entity.former_until)
        return (entity.id, entity.name, entity.active, *secrets, *last_change_of(entity))
