"""Clinics have settings and texts; those that are there already have said nothing yet."""

from alembic import op

from shared.database.migrate import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE clinics ADD COLUMN settings jsonb NOT NULL DEFAULT '{}';
        ALTER TABLE clinics ADD COLUMN information jsonb NOT NULL DEFAULT '[]';
        ALTER TABLE clinics ADD COLUMN terms jsonb NOT NULL DEFAULT '[]';
        """,
    )
