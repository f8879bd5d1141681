"""Whom a clinic is for, and what a version of a case type says beside its forms.

What was published before says nothing of it here: `rebuild`, or admin's `republish`, brings the clinics', and `rebuild`
the case types'.
"""

from alembic import op

from shared.database.migrate import run_script

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE clinics ADD COLUMN service_area jsonb NOT NULL DEFAULT '{}';
        ALTER TABLE forms ADD COLUMN said jsonb NOT NULL DEFAULT '{}';
        """,
    )
