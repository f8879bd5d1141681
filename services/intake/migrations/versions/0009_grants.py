"""Which citizens a clinic has approved or given a case type, and which clinics take approved citizens only."""

from alembic import op

from shared.database.migrate import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE clinics ADD COLUMN approved_citizens_only boolean NOT NULL DEFAULT false;
        CREATE TABLE grants (
            id uuid PRIMARY KEY,
            clinic_id text NOT NULL,
            case_type text NOT NULL,
            citizen_kind text NOT NULL,
            citizen_value text NOT NULL,
            until date,
            granted_by text NOT NULL,
            granted_at timestamptz NOT NULL,
            revoked_by text NOT NULL,
            revoked_at timestamptz
        );
        CREATE UNIQUE INDEX grants_one_each ON grants (clinic_id, citizen_kind, citizen_value, case_type);
        CREATE INDEX grants_shown ON grants (clinic_id, id) WHERE revoked_at IS NULL;
        """,
    )
