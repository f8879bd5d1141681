"""The first form of routing's database."""

from alembic import op

from shared.database.ddl import MESSAGE_TABLES_V1
from shared.database.migrate import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROUTING_V1 = """
CREATE TABLE clinics (
    clinic_id text PRIMARY KEY,
    version bigint NOT NULL,
    name text NOT NULL,
    active boolean NOT NULL,
    distribution text NOT NULL,
    claim_allowed boolean NOT NULL
);

CREATE TABLE staff (
    staff_id text PRIMARY KEY,
    version bigint NOT NULL,
    name text NOT NULL,
    locked text,
    present boolean NOT NULL,
    roles jsonb NOT NULL
);

-- One row per person and clinic, for rounds and lists. Never deleted: whoever left may still have a history.
CREATE TABLE members (
    clinic_id text NOT NULL,
    staff_id text NOT NULL,
    name text NOT NULL,
    receiver boolean NOT NULL,
    caregiver boolean NOT NULL,
    locked boolean NOT NULL,
    present boolean NOT NULL,
    load integer NOT NULL DEFAULT 0,
    turn bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (clinic_id, staff_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE cases (
    case_id uuid PRIMARY KEY,
    clinic_id text NOT NULL,
    case_type text NOT NULL,
    received_at timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'assigned', 'started', 'done', 'ended')),
    holder text,
    last_holder text,
    epoch integer NOT NULL,
    version integer NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    returned boolean NOT NULL,
    CHECK ((holder IS NOT NULL) = (status IN ('assigned', 'started')))
) WITH (fillfactor = 50);

CREATE TABLE queue (
    clinic_id text NOT NULL,
    queued_at timestamptz NOT NULL,
    case_id uuid NOT NULL,
    case_type text NOT NULL,
    version integer NOT NULL,
    epoch integer NOT NULL,
    avoid text,
    PRIMARY KEY (clinic_id, queued_at, case_id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_threshold = 5000);

CREATE TABLE held (
    holder text NOT NULL,
    since timestamptz NOT NULL,
    case_id uuid NOT NULL,
    clinic_id text NOT NULL,
    PRIMARY KEY (holder, since, case_id)
);

CREATE TABLE history (
    case_id uuid NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    act text NOT NULL,
    clinic_id text NOT NULL,
    holder text,
    former_holder text,
    epoch integer NOT NULL,
    by text NOT NULL,
    reason text NOT NULL,
    round_id uuid,
    position smallint,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (case_id, version)
);
CREATE INDEX history_by_transaction ON history (xid);

CREATE TABLE rosters (
    roster_id bytea PRIMARY KEY,
    clinic_id text NOT NULL,
    people jsonb NOT NULL
);

CREATE TABLE rounds (
    round_id uuid PRIMARY KEY,
    clinic_id text NOT NULL,
    at timestamptz NOT NULL,
    distribution text NOT NULL,
    roster_id bytea NOT NULL,
    loads integer[] NOT NULL,
    turns bigint[] NOT NULL,
    choices smallint[] NOT NULL
);

CREATE TABLE round_wanted (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clinic_id text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0);

CREATE TABLE release_wanted (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    staff_id text NOT NULL,
    clinic_ids text[] NOT NULL
);
"""


def upgrade() -> None:
    """Make everything."""
    run_script(op.get_bind(), MESSAGE_TABLES_V1 + ROUTING_V1)


def downgrade() -> None:
    """There is nothing before the first form."""
    raise NotImplementedError("restore a backup instead")
