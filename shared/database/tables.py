"""The tables that every service's database has for its messages, beside its own."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Identity,
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

INSTANT = DateTime(timezone=True)


def message_tables(metadata: MetaData) -> dict[str, Table]:
    """Describe outbox, outbox_held, inbox, answered, parked and heard in this metadata."""
    tables = (
        Table(
            "outbox",
            metadata,
            Column("id", BigInteger, Identity(always=True), primary_key=True),
            Column("topic", Text, nullable=False),
            Column("count", Integer, nullable=False),
            Column("messages", LargeBinary, nullable=False),
            Column("written_at", INSTANT, nullable=False, server_default=text("now()")),
        ),
        Table(
            "outbox_held",
            metadata,
            Column("id", BigInteger, primary_key=True),
            Column("position", Integer, primary_key=True),
            Column("topic", Text, nullable=False),
            Column("key", LargeBinary, nullable=False),
            Column("headers", LargeBinary, nullable=False),
            Column("value", LargeBinary, nullable=False),
            Column("written_at", INSTANT, nullable=False),
            Column("reason", Text, nullable=False),
            Column("held_at", INSTANT, nullable=False, server_default=text("now()")),
        ),
        Table(
            "inbox",
            metadata,
            Column("day", Date, nullable=False),
            Column("message_id", Uuid, nullable=False),
            Column("source", Text, nullable=False),
            Column("body_hash", LargeBinary, nullable=False),
            PrimaryKeyConstraint("day", "message_id", "source"),
            postgresql_partition_by="RANGE (day)",
        ),
        Table(
            "answered",
            metadata,
            Column("actor", Text, primary_key=True),
            Column("idempotency_key", Text, primary_key=True),
            Column("body_hash", LargeBinary, nullable=False),
            Column("status", SmallInteger, nullable=False),
            Column("answer", JSONB, nullable=False),
            Column("answered_at", INSTANT, nullable=False, server_default=text("now()")),
            Index("answered_by_age", "answered_at"),
        ),
        Table(
            "parked",
            metadata,
            Column("id", BigInteger, Identity(always=True), primary_key=True),
            Column("line", Text, nullable=False),
            Column("state", Text, nullable=False),
            Column("topic", Text, nullable=False),
            Column("partition", Integer, nullable=False),
            Column("offset", BigInteger, nullable=False),
            Column("key", LargeBinary),
            Column("headers", JSONB, nullable=False),
            Column("value", LargeBinary),
            Column("handler", Text, nullable=False),
            Column("reason", Text, nullable=False),
            Column("attempts", Integer, nullable=False),
            Column("release", Text, nullable=False),
            Column("parked_at", INSTANT, nullable=False, server_default=text("now()")),
            Column("try_at", INSTANT, nullable=False),
            Column("give_up_at", INSTANT),
            Index("parked_lines", "line", "id", postgresql_where=text("state <> 'dead'")),
            Index("parked_due", "try_at", postgresql_where=text("state <> 'dead'")),
        ),
        Table(
            "heard",
            metadata,
            Column("topic", Text, primary_key=True),
            Column("partition", Integer, primary_key=True),
            Column("heard_at", INSTANT, nullable=False),
            Column("read_to_end", Boolean, nullable=False),
        ),
    )
    return {table.name: table for table in tables}


def projection_tables(metadata: MetaData) -> dict[str, Table]:
    """Describe what a service with projections of compacted topics has beside them: unreadable_states."""
    table = Table(
        "unreadable_states",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("key", LargeBinary, primary_key=True),
        Column("offset", BigInteger, nullable=False),
        Column("noticed_at", INSTANT, nullable=False, server_default=text("now()")),
    )
    return {table.name: table}
