"""Clinics are drained and closed; of those that are there already `active` says whether they are open."""

from alembic import op

from shared.database.migrate import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE clinics ADD COLUMN state text NOT NULL DEFAULT '';
        ALTER TABLE clinics ADD COLUMN closing jsonb NOT NULL DEFAULT '{}';
        """,
    )
