"""Addresses for notifications that people chose themselves."""

from alembic import op

from shared.database.migrate import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE accounts
            ADD COLUMN other_email text NOT NULL DEFAULT '',
            ADD COLUMN pending_email jsonb;
        """,
    )
