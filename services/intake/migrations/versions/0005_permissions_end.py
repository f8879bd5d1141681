"""Permissions that end by themselves."""

from alembic import op

from shared.database.migrate import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE staff ADD COLUMN ends jsonb NOT NULL DEFAULT '{}';
        """,
    )
