"""The first form of admin's database."""

from alembic import op

from shared.database.ddl import MESSAGE_TABLES_V1
from shared.database.migrate import run_script

revision = "0001"
down_revision = None

OWN = """
CREATE TABLE clinics (
    id text PRIMARY KEY,
    name text NOT NULL,
    active boolean NOT NULL,
    distribution text NOT NULL,
    claim_allowed boolean NOT NULL,
    case_types jsonb NOT NULL,
    administrators integer NOT NULL CHECK (administrators >= 0),
    version bigint NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
);

CREATE TABLE accounts (
    id text PRIMARY KEY,
    name text NOT NULL,
    title text NOT NULL,
    signature text NOT NULL,
    email text NOT NULL,
    language text NOT NULL,
    mail_on_assignment boolean NOT NULL,
    mail_on_new_case boolean NOT NULL,
    present boolean NOT NULL,
    locked text,
    permissions jsonb NOT NULL,
    version bigint NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX accounts_by_clinic ON accounts USING gin (permissions);

CREATE TABLE portals (
    id text PRIMARY KEY,
    name text NOT NULL,
    active boolean NOT NULL,
    secret_hash bytea NOT NULL,
    former_hash bytea NOT NULL,
    former_until timestamptz NOT NULL,
    version bigint NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
);

CREATE TABLE case_types (
    id text PRIMARY KEY,
    name_sv text NOT NULL,
    name_en text NOT NULL,
    active boolean NOT NULL,
    question_form jsonb NOT NULL,
    answer_form jsonb NOT NULL,
    version bigint NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL
);

-- Every state that was ever published, with who made it so. Only ever added to.
CREATE TABLE history (
    kind text NOT NULL,
    id text NOT NULL,
    version bigint NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    state jsonb NOT NULL,
    PRIMARY KEY (kind, id, version)
);

-- The end of the chain: its one row is locked by whoever adds to the access log, so that there is one order.
CREATE TABLE access_chain (
    id smallint PRIMARY KEY CHECK (id = 1),
    number bigint NOT NULL,
    hash bytea NOT NULL
);
INSERT INTO access_chain VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE access_log (
    number bigint PRIMARY KEY,
    access_id uuid NOT NULL UNIQUE,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    clinic_id text NOT NULL,
    citizen_ref text NOT NULL,
    case_id uuid NOT NULL,
    act text NOT NULL,
    accessed_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX access_log_by_clinic ON access_log (clinic_id, number);
CREATE INDEX access_log_by_citizen ON access_log (citizen_ref, number);

CREATE TABLE own_keys (
    key_id text PRIMARY KEY,
    sealed bytea NOT NULL,
    use_from timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE TABLE heartbeat (
    id smallint PRIMARY KEY CHECK (id = 1),
    sent_at timestamptz NOT NULL,
    outbox_id bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
INSERT INTO heartbeat VALUES (1, 'epoch', 0);

-- What happened stays: the application (the owner's name without its ending) may add and read, and no more.
DO $$
DECLARE
    application text := regexp_replace(current_user, '_owner$', '');
BEGIN
    IF application <> current_user AND EXISTS (SELECT FROM pg_roles WHERE rolname = application) THEN
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON access_log, history FROM %I', application);
        EXECUTE format('REVOKE INSERT, DELETE, TRUNCATE ON access_chain FROM %I', application);
    END IF;
END $$;
"""


def upgrade() -> None:
    run_script(op.get_bind(), MESSAGE_TABLES_V1 + OWN)
