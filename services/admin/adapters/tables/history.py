"""What admin's tables have in common, and the history of everything that was published."""

from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.database.tables import INSTANT, message_tables
from shared.security.keys import key_table

metadata = MetaData()
message_tables(metadata)
key_table(metadata)


def last_change() -> list["Column[object]"]:
    """The columns that say which version this is, and who made it so."""
    return [
        Column("version", BigInteger, nullable=False),
        Column("changed_by", Text, nullable=False),
        Column("changed_at", INSTANT, nullable=False),
    ]


HISTORY = Table(
    "history",
    metadata,
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    *last_change(),
    Column("state", JSONB, nullable=False),
    PrimaryKeyConstraint("kind", "id", "version"),
)
