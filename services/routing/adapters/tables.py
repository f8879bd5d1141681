"""Routing's own tables, described. `migrations/versions` makes them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import UserDefinedType

from shared.database.tables import INSTANT, message_tables, projection_tables
from shared.security.keys import key_table


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's `xid8`: the number of the transaction that wrote a row, which never comes again."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


metadata = MetaData()
message_tables(metadata)
projection_tables(metadata)
key_table(metadata)

clinics = Table(
    "clinics",
    metadata,
    Column("clinic_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("distribution", Text, nullable=False),
    Column("claim_allowed", Boolean, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("staff_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("locked", Text),
    Column("present", Boolean, nullable=False),
    Column("roles", JSONB, nullable=False),
    Column("ends", JSONB, nullable=False, server_default=text("'{}'")),
)

members = Table(
    "members",
    metadata,
    Column("clinic_id", Text, primary_key=True),
    Column("staff_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("receiver", Boolean, nullable=False),
    Column("caregiver", Boolean, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("present", Boolean, nullable=False),
    Column("load", Integer, nullable=False, server_default=text("0")),
    Column("turn", BigInteger, nullable=False, server_default=text("0")),
    Column("ends_at", INSTANT),
)

cases = Table(
    "cases",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("clinic_id", Text, nullable=False),
    Column("case_type", Text, nullable=False),
    Column("received_at", INSTANT, nullable=False),
    Column("status", Text, nullable=False),
    Column("holder", Text),
    Column("last_holder", Text),
    Column("epoch", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", INSTANT, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("returned", Boolean, nullable=False),
)

# What waits and what is held have tables of their own, so that no index of `cases` knows the state and its
# updates stay heap-only.
queue = Table(
    "queue",
    metadata,
    Column("clinic_id", Text),
    Column("queued_at", INSTANT),
    Column("case_id", Uuid),
    Column("case_type", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("avoid", Text),
    PrimaryKeyConstraint("clinic_id", "queued_at", "case_id"),
)

held = Table(
    "held",
    metadata,
    Column("holder", Text),
    Column("since", INSTANT),
    Column("case_id", Uuid),
    Column("clinic_id", Text, nullable=False),
    PrimaryKeyConstraint("holder", "since", "case_id"),
)

history = Table(
    "history",
    metadata,
    Column("case_id", Uuid),
    Column("version", Integer),
    Column("at", INSTANT, nullable=False),
    Column("act", Text, nullable=False),
    Column("clinic_id", Text, nullable=False),
    Column("holder", Text),
    Column("former_holder", Text),
    Column("epoch", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("round_id", Uuid),
    Column("position", SmallInteger),
    Column("xid", TransactionId, nullable=False, server_default=text("pg_current_xact_id()")),
    PrimaryKeyConstraint("case_id", "version"),
    Index("history_by_transaction", "xid"),
)

rosters = Table(
    "rosters",
    metadata,
    Column("roster_id", LargeBinary, primary_key=True),
    Column("clinic_id", Text, nullable=False),
    Column("people", JSONB, nullable=False),
)

rounds = Table(
    "rounds",
    metadata,
    Column("round_id", Uuid, primary_key=True),
    Column("clinic_id", Text, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("distribution", Text, nullable=False),
    Column("roster_id", LargeBinary, nullable=False),
    Column("loads", ARRAY(Integer), nullable=False),
    Column("turns", ARRAY(BigInteger), nullable=False),
    Column("choices", ARRAY(SmallInteger), nullable=False),
)

round_wanted = Table(
    "round_wanted",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("clinic_id", Text, nullable=False),
)

release_wanted = Table(
    "release_wanted",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("staff_id", Text, nullable=False),
    Column("clinic_ids", ARRAY(Text), nullable=False),
)
