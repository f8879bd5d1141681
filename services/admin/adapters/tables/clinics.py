"""The tables about clinics."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.admin.adapters.tables.history import last_change, metadata

CLINICS = Table(
    "clinics",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("region", Text, nullable=False, server_default=text("''")),
    Column("active", Boolean, nullable=False),
    Column("state", Text, nullable=False, server_default=text("''")),
    Column("closing", JSONB, nullable=False, server_default=text("'{}'")),
    Column("distribution", Text, nullable=False),
    Column("claim_allowed", Boolean, nullable=False),
    Column("case_types", JSONB, nullable=False),
    Column("administrators", Integer, nullable=False),
    Column("settings", JSONB, nullable=False, server_default=text("'{}'")),
    Column("information", JSONB, nullable=False, server_default=text("'[]'")),
    Column("terms", JSONB, nullable=False, server_default=text("'[]'")),
    *last_change(),
    Index("clinics_by_region", "region", "id"),
    Index("clinics_alone", "id", postgresql_where=text("active AND administrators = 0")),
)
