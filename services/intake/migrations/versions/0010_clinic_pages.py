"""What citizens are shown of a clinic, beside what decisions need: read when offers are asked for, and then only.

What was published before says nothing of it here: `rebuild`, or admin's `republish`, brings it.
"""

from alembic import op

from shared.database.migrate import run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        CREATE TABLE clinic_pages (
            id text PRIMARY KEY,
            version bigint NOT NULL,
            page jsonb NOT NULL
        );
        """,
    )
