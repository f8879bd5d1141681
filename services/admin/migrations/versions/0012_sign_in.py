"""Sessions, the terms for staff, and the record of sign-ins."""

from alembic import op

from shared.database.migrate import run_script

revision = "0012"
down_revision = "0011"

SCRIPT = """
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    secret_hash bytea NOT NULL UNIQUE,
    hsa_ids jsonb NOT NULL,
    name text NOT NULL,
    title text NOT NULL,
    how text NOT NULL,
    level text NOT NULL,
    source text NOT NULL,
    agent text NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    staff_id text,
    clinic_id text,
    role text
);
CREATE INDEX sessions_by_account ON sessions (staff_id);

CREATE TABLE sign_ins (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    staff_id text NOT NULL,
    act text NOT NULL,
    how text NOT NULL,
    result text NOT NULL,
    session_id uuid,
    source text NOT NULL,
    agent text NOT NULL
);
CREATE INDEX sign_ins_by_account ON sign_ins (staff_id, number);

CREATE TABLE used_attempts (
    state_hash bytea PRIMARY KEY,
    used_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE terms (
    version integer PRIMARY KEY CHECK (version > 0),
    text_sv text NOT NULL,
    text_en text NOT NULL,
    published_by text NOT NULL,
    published_at timestamptz NOT NULL
);

CREATE TABLE terms_accepted (
    staff_id text NOT NULL,
    version integer NOT NULL REFERENCES terms,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (staff_id, version)
);

-- Who signed in, what was accepted, and what it said, stays.
DO $$
DECLARE
    application text := regexp_replace(current_user, '_owner$', '');
BEGIN
    IF application <> current_user AND EXISTS (SELECT FROM pg_roles WHERE rolname = application) THEN
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON sign_ins, terms, terms_accepted FROM %I', application);
    END IF;
END $$;
"""


def upgrade() -> None:
    run_script(op.get_bind(), SCRIPT)
