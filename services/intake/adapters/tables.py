"""The tables of intake's database. Personal data live in `cases`, `messages` and `grants`, and nowhere else."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.database.tables import INSTANT, message_tables, projection_tables
from shared.security.keys import key_table

metadata = MetaData()
message_tables(metadata)
projection_tables(metadata)
key_table(metadata)

cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("portal_id", Text, nullable=False),
    Column("clinic_id", Text, nullable=False),
    Column("case_type", Text, nullable=False),
    Column("case_type_version", Integer, nullable=False),
    Column("citizen_kind", Text, nullable=False),
    Column("citizen_value", Text, nullable=False),
    Column("citizen_name", Text, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("received_at", INSTANT, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("said_version", Integer, nullable=False),
    Column("reply_by", INSTANT),
    Column("holder", Text, nullable=False),
    Column("former_holder", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("held_since", INSTANT),
    Column("routing_version", Integer, nullable=False),
    Column("started_epoch", Integer, nullable=False),
    Column("answered_by", Text, nullable=False),
    Column("answered_at", INSTANT),
    Column("closed_by", Text, nullable=False),
    Column("closed_at", INSTANT),
    Index("cases_to_close", "answered_at", "id", postgresql_where=text("state = 'answered'")),
)

messages = Table(
    "messages",
    metadata,
    Column("case_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("sent_at", INSTANT, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("read_at", INSTANT),
    PrimaryKeyConstraint("case_id", "id"),
    Index("messages_one_answer", "case_id", unique=True, postgresql_where=text("kind = 'answer'")),
)

grants = Table(
    "grants",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("clinic_id", Text, nullable=False),
    Column("case_type", Text, nullable=False),
    Column("citizen_kind", Text, nullable=False),
    Column("citizen_value", Text, nullable=False),
    Column("until", Date),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", INSTANT, nullable=False),
    Column("revoked_by", Text, nullable=False),
    Column("revoked_at", INSTANT),
    Index("grants_one_each", "clinic_id", "citizen_kind", "citizen_value", "case_type", unique=True),
    Index("grants_shown", "clinic_id", "id", postgresql_where=text("revoked_at IS NULL")),
)

_ALL_SCOPES = '["cases:submit", "cases:reply", "cases:read", "catalogue:read"]'

learned = Table(
    "learned", metadata, Column("what", Text, primary_key=True), Column("mark", Uuid, nullable=False)
)

portals = Table(
    "portals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("scopes", JSONB, nullable=False, server_default=text(f"'{_ALL_SCOPES}'")),
)

clinics = Table(
    "clinics",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("case_types", JSONB, nullable=False),
    Column("name", Text, nullable=False),
    Column("closing_sv", Text, nullable=False, server_default=text("''")),
    Column("closing_en", Text, nullable=False, server_default=text("''")),
    Column("region", Text, nullable=False, server_default=text("''")),
    Column("approved_citizens_only", Boolean, nullable=False, server_default=text("false")),
    Column("service_area", JSONB, nullable=False, server_default=text("'{}'")),
)

clinic_pages = Table(
    "clinic_pages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("page", JSONB, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("permissions", JSONB, nullable=False),
    Column("ends", JSONB, nullable=False, server_default=text("'{}'")),
    Column("sign_as_clinic", Boolean, nullable=False),
)

case_types = Table(
    "case_types",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("published_at", INSTANT, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("name_sv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("limits", JSONB, nullable=False, server_default=text("'{}'")),
)

adaptations = Table(
    "adaptations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("adaptation", JSONB, nullable=False),
    Column("readable", Boolean, nullable=False),
)

forms = Table(
    "forms",
    metadata,
    Column("case_type", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("question_form", JSONB, nullable=False),
    Column("answer_form", JSONB, nullable=False),
    Column("said", JSONB, nullable=False, server_default=text("'{}'")),
    PrimaryKeyConstraint("case_type", "version"),
)
