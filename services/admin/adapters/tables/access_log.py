"""The access log, the ends of its chain, and the samples that reviewers check."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.admin.adapters.tables.history import last_change, metadata
from shared.database.tables import INSTANT

ACCESS_CHAIN = Table(
    "access_chain",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("recorded_on", Date, nullable=False),
)
ACCESS_BEGINNING = Table(
    "access_beginning",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
ACCESS_LOG = Table(
    "access_log",
    metadata,
    Column("recorded_on", Date, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("access_id", Uuid, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("clinic_id", Text, nullable=False),
    Column("citizen_ref", Text, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("act", Text, nullable=False),
    Column("accessed_at", INSTANT, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("recorded_on", "number"),
    Index("access_log_by_access", "access_id"),
    Index("access_log_by_clinic", "clinic_id", "number"),
    Index("access_log_by_citizen", "citizen_ref", "number"),
    Index("access_log_by_actor", "actor_id", "number"),
)
ACCESS_HEADS = Table(
    "access_heads",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signed_at", INSTANT, nullable=False),
    Column("token", Text, nullable=False),
)
ACCESS_DRAWS = Table(
    "access_draws",
    metadata,
    Column("week", Text, primary_key=True),
    Column("drawn_at", INSTANT, nullable=False),
)
ACCESS_SAMPLES = Table(
    "access_samples",
    metadata,
    Column("id", Text, primary_key=True),
    Column("clinic_id", Text, nullable=False),
    Column("week", Text, nullable=False),
    Column("items", JSONB, nullable=False),
    Column("deviations", Integer, nullable=False),
    Column("signed_off_by", Text),
    Column("signed_off_at", INSTANT),
    *last_change(),
    Index("access_samples_by_clinic", "clinic_id", "week"),
)
