"""Templates of what caregivers send to citizens."""

from alembic import op

from shared.database.migrate import run_script

revision = "0015"
down_revision = "0014"

CHANGE = """
CREATE TABLE templates (
    id text PRIMARY KEY,
    owner_kind text NOT NULL DEFAULT 'national',
    owner_place text NOT NULL DEFAULT '',
    content jsonb,
    draft jsonb,
    revision bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    approved_by text NOT NULL,
    CHECK (content IS NOT NULL OR draft IS NOT NULL),
    CHECK ((content IS NULL) = (version = 0))
);
"""


def upgrade() -> None:
    run_script(op.get_bind(), CHANGE)
