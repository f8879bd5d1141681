"""The tables about staff accounts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
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
    Column("locks_at", INSTANT),
    Column("reactivated_at", INSTANT),
    Column("other_email", Text, nullable=False, server_default=text("''")),
    Column("pending_email", JSONB),
    Column("mail_at", JSONB, nullable=False, server_default=text("'{}'")),
    Column("sign_as_clinic", Boolean, nullable=False, server_default=text("false")),
    Column("absence", JSONB),
    Column("away", Boolean, nullable=False, server_default=text("false")),
    Column("hsa_id", Text, nullable=False, server_default=text("''")),
    Column("hsa_active", Boolean, nullable=False, server_default=text("true")),
    *last_change(),
    Index(
        "accounts_by_clinic",
        "permissions",
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    ),
    Index("accounts_with_absence", "id", postgresql_where=text("absence IS NOT NULL")),
    Index("accounts_with_pending_email", "id", postgresql_where=text("pending_email IS NOT NULL")),
    Index("accounts_limited", "id", postgresql_where=text("last_on <> '{}'")),
    Index("accounts_by_activity", "active_at", postgresql_where=text("locked IS NULL")),
)

ALERTS = Table(
    "alerts",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("clinic_id", Text, nullable=False),
    Column("staff_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", INSTANT, nullable=False),
    Index("alerts_by_clinic", "clinic_id"),
)

SIGN_IN_TRIES = Table(
    "sign_in_tries",
    metadata,
    Column("staff_id", Text),
    Column("source", Text),
    Column("failures", Integer, nullable=False),
    Column("last_at", INSTANT, nullable=False),
    PrimaryKeyConstraint("staff_id", "source"),
    Index("sign_in_tries_by_age", "last_at"),
)
