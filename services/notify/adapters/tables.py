"""Notify's tables, as the migrations make them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.database.tables import INSTANT, message_tables, projection_tables
from shared.security.keys import key_table

metadata = MetaData()
message_tables(metadata)
projection_tables(metadata)
key_table(metadata)

CASES = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("holder", Text, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("counted_in", JSONB, nullable=False),
    Column("changed_at", INSTANT, nullable=False),
    Index("cases_over", "changed_at", postgresql_where=text("ended")),
)
STAFF = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("mail_on_assignment", Boolean, nullable=False),
    Column("mail_on_new_case", Boolean, nullable=False),
    Column("receives_at", JSONB, nullable=False),
    Column("refused_address", Text, nullable=False),
    Column("receives_until", JSONB, nullable=False, server_default=text("'{}'")),
    Column("reactivated_at", INSTANT),
    Column("locks_at", INSTANT),
    Column("unverified_email", Text, nullable=False, server_default=text("''")),
    Column("verification_id", Uuid),
    Column("other_wish_at", JSONB, nullable=False),
    Index(
        "staff_receivers",
        "receives_at",
        postgresql_using="gin",
        postgresql_where=text("mail_on_new_case AND NOT locked"),
    ),
)
NOTIFICATIONS = Table(
    "notifications",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("staff_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", INSTANT, nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("code", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("changed_at", INSTANT, nullable=False),
    Index("notifications_due", "due_at", postgresql_where=text("state IN ('waiting', 'retry', 'sending')")),
    Index(
        "notifications_open", "staff_id", postgresql_where=text("state IN ('waiting', 'retry', 'suspended')")
    ),
    Index(
        "notifications_over", "changed_at", postgresql_where=text("state IN ('sent', 'failed', 'cancelled')")
    ),
)
