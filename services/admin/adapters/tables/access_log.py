"""The access log and the end of its chain."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from services.admin.adapters.tables.history import metadata
from shared.database.tables import INSTANT

ACCESS_CHAIN = Table(
    "access_chain",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)


ACCESS_LOG = Table(
    "access_log",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("access_id", Uuid, nullable=False, unique=True),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("clinic_id", Text, nullable=False),
    Column("citizen_ref", Text, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("act", Text, nullable=False),
    Column("accessed_at", INSTANT, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("access_log_by_clinic", "clinic_id", "number"),
    Index("access_log_by_citizen", "citizen_ref", "number"),
)
