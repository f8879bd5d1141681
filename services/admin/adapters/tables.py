"""Admin's tables, as the migrations make them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.database.tables import INSTANT, message_tables
from shared.security.keys import key_table

metadata = MetaData()
message_tables(metadata)
key_table(metadata)


def _last_change() -> list["Column[object]"]:
    return [
        Column("version", BigInteger, nullable=False),
        Column("changed_by", Text, nullable=False),
        Column("changed_at", INSTANT, nullable=False),
    ]


CLINICS = Table(
    "clinics",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("distribution", Text, nullable=False),
    Column("claim_allowed", Boolean, nullable=False),
    Column("case_types", JSONB, nullable=False),
    Column("administrators", Integer, nullable=False),
    *_last_change(),
)
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
    *_last_change(),
    Index("accounts_by_clinic", "permissions", postgresql_using="gin"),
)
PORTALS = Table(
    "portals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("former_hash", LargeBinary, nullable=False),
    Column("former_until", INSTANT, nullable=False),
    *_last_change(),
)
CASE_TYPES = Table(
    "case_types",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name_sv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("question_form", JSONB, nullable=False),
    Column("answer_form", JSONB, nullable=False),
    *_last_change(),
)
HISTORY = Table(
    "history",
    metadata,
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    *_last_change(),
    Column("state", JSONB, nullable=False),
    PrimaryKeyConstraint("kind", "id", "version"),
)
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
