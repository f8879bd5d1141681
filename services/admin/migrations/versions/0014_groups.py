"""Groups of caregivers."""

from alembic import op

from shared.database.migrate import run_script

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        CREATE TABLE groups (
            id text PRIMARY KEY,
            clinic_id text NOT NULL,
            name_sv text NOT NULL,
            name_en text NOT NULL,
            members jsonb NOT NULL,
            removed boolean NOT NULL,
            version bigint NOT NULL,
            changed_by text NOT NULL,
            changed_at timestamptz NOT NULL
        );
        CREATE INDEX groups_by_clinic ON groups (clinic_id, id);
        """,
    )
