"""The tables about staff accounts."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.admin.adapters.tables.history import last_change, metadata
from shared.database.tables import INSTANT

ACCOUNTS = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("mail_on_assignment", Boolean, nullable=False),
    Column("mail_on_new_case", Boolean, nullable=False),
    Column("present", Boolean, nullable=False),
    Column("locked", Text),
    Column("permissions", JSONB, nullable=False),
    Column("last_on", JSONB, nullable=False, server_default=text("'{}'")),
    Column("active_at", INSTANT, nullable=False, server_default=text("now()")),
    Column("warned_at", INSTANT),
    Column("reactivated_at", INSTANT),
    Column("hsa_active", Boolean, nullable=False, server_default=text("true")),
    *last_change(),
    Index("accounts_by_clinic", "permissions", postgresql_using="gin"),
    Index("accounts_limited", "id", postgresql_where=text("last_on <> '{}'")),
    Index("accounts_by_activity", "active_at", postgresql_where=text("locked IS NULL")),
)
