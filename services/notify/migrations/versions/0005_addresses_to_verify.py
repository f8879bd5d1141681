"""Addresses that people want mail at, and have to show to be theirs."""

from alembic import op

from shared.database.migrate import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE staff
            ADD COLUMN unverified_email text NOT NULL DEFAULT '',
            ADD COLUMN verification_id uuid;
        ALTER TABLE notifications DROP CONSTRAINT notifications_kind_check;
        ALTER TABLE notifications ADD CONSTRAINT notifications_kind_check
            CHECK (kind IN ('assigned', 'queued', 'reactivated', 'inactive', 'verify_address'));
        """,
    )
