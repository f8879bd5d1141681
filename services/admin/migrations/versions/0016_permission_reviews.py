"""Reviews of a clinic's permissions."""

from alembic import op

from shared.database.migrate import run_script

revision = "0016"
down_revision = "0015"

CHANGE = """
CREATE TABLE permission_reviews (
    id text PRIMARY KEY,
    clinic_id text NOT NULL,
    number integer NOT NULL,
    items jsonb NOT NULL,
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL,
    signed_off_by text,
    signed_off_at timestamptz,
    version bigint NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    CHECK ((signed_off_by IS NULL) = (signed_off_at IS NULL))
);
CREATE INDEX permission_reviews_by_clinic ON permission_reviews (clinic_id, number);
-- One at a time.
CREATE UNIQUE INDEX permission_reviews_open ON permission_reviews (clinic_id) WHERE signed_off_at IS NULL;

DO $$
DECLARE
    application text := regexp_replace(current_user, '_owner$', '');
BEGIN
    IF application <> current_user AND EXISTS (SELECT FROM pg_roles WHERE rolname = application) THEN
        EXECUTE format('REVOKE DELETE, TRUNCATE ON permission_reviews FROM %I', application);
    END IF;
END $$;
"""


def upgrade() -> None:
    run_script(op.get_bind(), CHANGE)
