"""The tables about sign-in: sessions, terms, and the record of who signed in how."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.admin.adapters.tables.history import metadata
from shared.database.tables import INSTANT

SESSIONS = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("hsa_ids", JSONB, nullable=False),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("started_at", INSTANT, nullable=False),
    Column("seen_at", INSTANT, nullable=False),
    Column("staff_id", Text),
    Column("clinic_id", Text),
    Column("role", Text),
    Index("sessions_by_account", "staff_id"),
)

SIGN_INS = Table(
    "sign_ins",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("at", INSTANT, nullable=False),
    Column("staff_id", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("session_id", Uuid),
    Column("source", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Index("sign_ins_by_account", "staff_id", "number"),
)

USED_ATTEMPTS = Table(
    "used_attempts",
    metadata,
    Column("state_hash", LargeBinary, primary_key=True),
    Column("used_at", INSTANT, nullable=False, server_default=text("now()")),
)

TERMS = Table(
    "terms",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("text_sv", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", INSTANT, nullable=False),
)

TERMS_ACCEPTED = Table(
    "terms_accepted",
    metadata,
    Column("staff_id", Text, nullable=False),
    Column("version", Integer, ForeignKey("terms.version"), nullable=False),
    Column("accepted_at", INSTANT, nullable=False),
    PrimaryKeyConstraint("staff_id", "version"),
)
