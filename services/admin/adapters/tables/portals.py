"""The tables about portals."""

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.admin.adapters.tables.history import last_change, metadata
from shared.database.tables import INSTANT

_ALL_SCOPES = '["cases:submit", "cases:reply", "cases:read", "catalogue:read"]'

PORTALS = Table(
    "portals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("kind", Text, nullable=False, server_default=text("'portal'")),
    Column("scopes", JSONB, nullable=False, server_default=text(f"'{_ALL_SCOPES}'")),
    Column("per_minute", Integer, nullable=False, server_default=text("6000")),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("former_hash", LargeBinary, nullable=False),
    Column("former_until", INSTANT, nullable=False),
    Column("secret_expires_at", INSTANT, nullable=False, server_default=text("now() + interval '1 year'")),
    *last_change(),
)

PORTAL_USE = Table(
    "portal_use",
    metadata,
    Column("portal_id", Text, primary_key=True),
    Column("used_at", INSTANT, nullable=False),
)
