"""Mails about the account itself, and receivers whose permission ends."""

from alembic import op

from shared.database.migrate import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE staff
            ADD COLUMN receives_until jsonb NOT NULL DEFAULT '{}',
            ADD COLUMN reactivated_at timestamptz,
            ADD COLUMN locks_at timestamptz;
        ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
        ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check
            CHECK (kind IN ('assigned', 'queued', 'reactivated', 'inactive'));
        """,
    )
