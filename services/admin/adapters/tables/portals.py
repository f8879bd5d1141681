"""The tables about portals."""

from sqlalchemy import (
    Boolean,
    Column,
    LargeBinary,
    Table,
    Text,
)

from services.admin.adapters.tables.history import last_change, metadata
from shared.database.tables import INSTANT

PORTALS = Table(
    "portals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("former_hash", LargeBinary, nullable=False),
    Column("former_until", INSTANT, nullable=False),
    *last_change(),
)
