"""When case types are open, to whom, and how regions and clinics adapt them.

What was published before says nothing of it: `rebuild`, or admin's `republish`, brings the regions of clinics.
"""

from alembic import op

from shared.database.migrate import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE clinics ADD COLUMN region text NOT NULL DEFAULT '';
        ALTER TABLE case_types ADD COLUMN limits jsonb NOT NULL DEFAULT '{}';
        CREATE TABLE adaptations (
            id text PRIMARY KEY,
            version bigint NOT NULL,
            adaptation jsonb NOT NULL,
            readable boolean NOT NULL
        );
        """,
    )
