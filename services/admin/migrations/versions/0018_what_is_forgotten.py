"""The record of sign-ins is kept for a time, and links to verify addresses are found when they are over."""

from alembic import op

from shared.database.migrate import run_script

revision = "0018"
down_revision = "0017"

SCRIPT = """
-- The application role can't take anything out of the record; this takes the oldest out, and nothing younger.
CREATE FUNCTION forget_sign_ins(kept_from timestamptz, at_most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    forgotten integer;
BEGIN
    IF kept_from > now() - interval '90 days' THEN
        RAISE EXCEPTION 'the record of sign-ins is kept for at least 90 days';
    END IF;
    WITH oldest AS (SELECT number FROM sign_ins ORDER BY number LIMIT at_most)
    DELETE FROM sign_ins s USING oldest o WHERE s.number = o.number AND s.at < kept_from;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;

CREATE INDEX accounts_with_pending_email ON accounts (id) WHERE pending_email IS NOT NULL;
"""


def upgrade() -> None:
    run_script(op.get_bind(), SCRIPT)
