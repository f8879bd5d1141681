"""Planned absences, wishes for mail by clinic, and who signs as the clinic."""

from alembic import op

from shared.database.migrate import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE accounts
            ADD COLUMN mail_at jsonb NOT NULL DEFAULT '{}',
            ADD COLUMN sign_as_clinic boolean NOT NULL DEFAULT false,
            ADD COLUMN absence jsonb,
            ADD COLUMN away boolean NOT NULL DEFAULT false;
        CREATE INDEX accounts_with_absence ON accounts (id) WHERE absence IS NOT NULL;
        """,
    )
