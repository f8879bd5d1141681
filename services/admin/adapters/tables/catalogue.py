"""The tables about case types and templates."""

from sqlalchemy import BigInteger, Boolean, Column, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from services.admin.adapters.tables.history import last_change, metadata


def _documents(name: str, *more: "Column[object]") -> Table:
    """Documents with drafts and versions. `content` is the newest version's, null before the first."""
    return Table(
        name,
        metadata,
        Column("id", Text, primary_key=True),
        Column("owner_kind", Text, nullable=False, server_default=text("'national'")),
        Column("owner_place", Text, nullable=False, server_default=text("''")),
        Column("content", JSONB),
        Column("draft", JSONB),
        Column("revision", BigInteger, nullable=False, server_default=text("0")),
        *last_change(),
        *more,
    )


CASE_TYPES = _documents("case_types")
TEMPLATES = _documents("templates", Column("approved_by", Text, nullable=False))
ADAPTATIONS = Table(
    "adaptations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("place_kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("case_type", Text, nullable=False),
    Column("adaptation", JSONB, nullable=False),
    *last_change(),
)
APPROVAL_RULES = Table(
    "approval_rules",
    metadata,
    Column("id", Text, primary_key=True),
    Column("place_kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("needed", Boolean),
    Column("locked", Boolean, nullable=False),
    *last_change(),
)
