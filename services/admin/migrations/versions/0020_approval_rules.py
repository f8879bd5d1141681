"""Whether templates need a second person's approval, as regions and clinics say."""

from alembic import op

from shared.database.migrate import run_script

revision = "0020"
down_revision = "0019"

CHANGE = """
CREATE TABLE approval_rules (
    id text PRIMARY KEY,
    place_kind text NOT NULL CHECK (place_kind IN ('region', 'clinic')),
    place text NOT NULL,
    needed boolean,
    locked boolean NOT NULL,
    version bigint NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    CHECK (place_kind = 'region' OR NOT locked)
);
"""


def upgrade() -> None:
    run_script(op.get_bind(), CHANGE)
