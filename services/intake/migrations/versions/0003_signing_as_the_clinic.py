"""Who signs as the clinic, and what the clinic is called: known when the directory tells it the next time."""

from alembic import op

from shared.database.migrate import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE clinics ADD COLUMN name text NOT NULL DEFAULT '';
        ALTER TABLE clinics ALTER COLUMN name DROP DEFAULT;
        ALTER TABLE staff ADD COLUMN sign_as_clinic boolean NOT NULL DEFAULT false;
        ALTER TABLE staff ALTER COLUMN sign_as_clinic DROP DEFAULT;
        """,
    )
