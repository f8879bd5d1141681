"""What a clinic tells citizens while it is being closed."""

from alembic import op

from shared.database.migrate import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE clinics ADD COLUMN closing_sv text NOT NULL DEFAULT '';
        ALTER TABLE clinics ADD COLUMN closing_en text NOT NULL DEFAULT '';
        """,
    )
