"""What the rows of everything that is published have in common, and their history."""

from typing import Any

from services.admin.adapters.tables.history import HISTORY
from services.admin.domain.entity import Entity
from shared.database.rows import Appended

LAST_CHANGE = ("version", "changed_by", "changed_at")


class HistoryRows(Appended[Entity]):
    """Every state that was published, with who made it so."""

    table = HISTORY
    columns = ("kind", "id", *LAST_CHANGE, "state")


def last_change_of(entity: Entity) -> tuple[Any, ...]:
    """The values of `LAST_CHANGE`."""
    return entity.version, entity.changed_by, entity.changed_at
