"""The tables about case types."""

from sqlalchemy import (
    Boolean,
    Column,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.admin.adapters.tables.history import last_change, metadata

CASE_TYPES = Table(
    "case_types",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name_sv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("question_form", JSONB, nullable=False),
    Column("answer_form", JSONB, nullable=False),
    *last_change(),
)
