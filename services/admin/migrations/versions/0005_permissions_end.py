"""Permissions that end by themselves, and when an account was last used."""

from alembic import op

from shared.database.migrate import run_script

revision = "0005"
down_revision = "0004"

CHANGE = """
ALTER TABLE accounts
    ADD COLUMN last_on jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN active_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN warned_at timestamptz,
    ADD COLUMN reactivated_at timestamptz,
    ADD COLUMN hsa_active boolean NOT NULL DEFAULT true;
CREATE INDEX accounts_limited ON accounts (id) WHERE last_on <> '{}';
CREATE INDEX accounts_by_activity ON accounts (active_at) WHERE locked IS NULL;
"""


def upgrade() -> None:
    run_script(op.get_bind(), CHANGE)
