"""Portals have scopes, rates, secrets that end, and a last use. Those that are there already may do all, for a year."""

from alembic import op

from shared.database.migrate import run_script

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE portals ADD COLUMN kind text NOT NULL DEFAULT 'portal';
        ALTER TABLE portals ADD COLUMN scopes jsonb NOT NULL
            DEFAULT '["cases:submit", "cases:reply", "cases:read", "catalogue:read"]';
        ALTER TABLE portals ADD COLUMN per_minute integer NOT NULL DEFAULT 6000;
        ALTER TABLE portals ADD COLUMN secret_expires_at timestamptz NOT NULL DEFAULT now() + interval '1 year';
        CREATE TABLE portal_use (portal_id text PRIMARY KEY, used_at timestamptz NOT NULL);
        """,
    )
