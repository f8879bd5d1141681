"""Each clinic belongs to a region; those that are there already to none until a national administrator says so."""

from alembic import op

from shared.database.migrate import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE clinics ADD COLUMN region text NOT NULL DEFAULT '';
        CREATE INDEX clinics_by_region ON clinics (region, id);
        """,
    )
