"""Signing keys, and the heartbeat."""

from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)

from services.admin.adapters.tables.history import metadata
from shared.database.tables import INSTANT

OWN_KEYS = Table(
    "own_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("use_from", INSTANT, nullable=False),
    Column("revoked_at", INSTANT),
)


HEARTBEAT = Table(
    "heartbeat",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("sent_at", INSTANT, nullable=False),
    Column("outbox_id", BigInteger, nullable=False, server_default=text("0")),
)
