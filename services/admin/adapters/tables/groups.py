"""The table about groups of caregivers."""

from sqlalchemy import Boolean, Column, Index, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from services.admin.adapters.tables.history import last_change, metadata

GROUPS = Table(
    "groups",
    metadata,
    Column("id", Text, primary_key=True),
    Column("clinic_id", Text, nullable=False),
    Column("name_sv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("members", JSONB, nullable=False),
    Column("removed", Boolean, nullable=False),
    *last_change(),
    Index("groups_by_clinic", "clinic_id", "id"),
)
