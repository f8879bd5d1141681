"""The table of the reviews of permissions."""

from sqlalchemy import Column, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from services.admin.adapters.tables.history import last_change, metadata
from shared.database.tables import INSTANT

PERMISSION_REVIEWS = Table(
    "permission_reviews",
    metadata,
    Column("id", Text, primary_key=True),
    Column("clinic_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("items", JSONB, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", INSTANT, nullable=False),
    Column("signed_off_by", Text),
    Column("signed_off_at", INSTANT),
    *last_change(),
    Index("permission_reviews_by_clinic", "clinic_id", "number"),
    Index(
        "permission_reviews_open", "clinic_id", unique=True, postgresql_where=text("signed_off_at IS NULL")
    ),
)
