"""The tables about staff accounts."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.admin.adapters.tables.history import last_change, metadata

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
    *last_change(),
    Index("accounts_by_clinic", "permissions", postgresql_using="gin"),
)
