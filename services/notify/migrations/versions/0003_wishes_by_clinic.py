"""Wishes for mail that differ from clinic to clinic."""

from alembic import op

from shared.database.migrate import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE staff ADD COLUMN other_wish_at jsonb NOT NULL DEFAULT '[]';
        ALTER TABLE staff ALTER COLUMN other_wish_at DROP DEFAULT;
        """,
    )
