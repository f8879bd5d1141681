"""The first form of intake's database."""

from alembic import op

from shared.database.ddl import MESSAGE_TABLES_V1
from shared.database.migrate import run_script

revision = "0001"
down_revision = None

OWN_TABLES = """
CREATE TABLE cases (
    id uuid PRIMARY KEY,
    portal_id text NOT NULL,
    clinic_id text NOT NULL,
    case_type text NOT NULL,
    case_type_version integer NOT NULL,
    citizen_kind text NOT NULL CHECK (citizen_kind IN ('personnummer', 'samordningsnummer', 'nrid')),
    citizen_value text NOT NULL,
    citizen_name text NOT NULL,
    content_hash bytea NOT NULL,
    received_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'started', 'waiting', 'answered', 'closed', 'withdrawn')),
    version integer NOT NULL CHECK (version > 0),
    said_version integer NOT NULL,
    reply_by timestamptz,
    holder text NOT NULL,
    former_holder text NOT NULL,
    epoch integer NOT NULL,
    held_since timestamptz,
    routing_version integer NOT NULL,
    started_epoch integer NOT NULL,
    answered_by text NOT NULL,
    answered_at timestamptz,
    closed_by text NOT NULL,
    closed_at timestamptz
) WITH (fillfactor = 85);
CREATE INDEX cases_to_close ON cases (answered_at, id) WHERE state = 'answered';

CREATE TABLE messages (
    case_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('question_form', 'citizen_reply', 'counter_question', 'answer')),
    body jsonb NOT NULL,
    sent_at timestamptz NOT NULL,
    said_by text NOT NULL,
    read_at timestamptz,
    PRIMARY KEY (case_id, id)
);
-- What people write is short: compressing it cost a third of storing a case.
ALTER TABLE messages ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX messages_one_answer ON messages (case_id) WHERE kind = 'answer';

CREATE TABLE portals (
    id text PRIMARY KEY,
    version bigint NOT NULL,
    active boolean NOT NULL
);
CREATE TABLE clinics (
    id text PRIMARY KEY,
    version bigint NOT NULL,
    active boolean NOT NULL,
    case_types jsonb NOT NULL
);
CREATE TABLE staff (
    id text PRIMARY KEY,
    version bigint NOT NULL,
    name text NOT NULL,
    title text NOT NULL,
    signature text NOT NULL,
    locked boolean NOT NULL,
    permissions jsonb NOT NULL
);
CREATE TABLE case_types (
    id text PRIMARY KEY,
    version bigint NOT NULL,
    published_at timestamptz NOT NULL,
    active boolean NOT NULL,
    name_sv text NOT NULL,
    name_en text NOT NULL
);
CREATE TABLE forms (
    case_type text NOT NULL,
    version bigint NOT NULL,
    question_form jsonb NOT NULL,
    answer_form jsonb NOT NULL,
    PRIMARY KEY (case_type, version)
);
"""


def upgrade() -> None:
    run_script(op.get_bind(), MESSAGE_TABLES_V1 + OWN_TABLES)
