"""The first form of notify's database."""

from alembic import op

from shared.database.ddl import MESSAGE_TABLES_V1
from shared.database.migrate import run_script

revision = "0001"
down_revision = None

OWN = """
CREATE TABLE cases (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    holder text NOT NULL,
    ended boolean NOT NULL,
    counted_in jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    CHECK (NOT ended OR holder = '')
);
CREATE INDEX cases_over ON cases (changed_at) WHERE ended;

CREATE TABLE staff (
    id text PRIMARY KEY,
    version bigint NOT NULL,
    email text NOT NULL,
    language text NOT NULL CHECK (language IN ('sv', 'en')),
    locked boolean NOT NULL,
    mail_on_assignment boolean NOT NULL,
    mail_on_new_case boolean NOT NULL,
    receives_at jsonb NOT NULL,
    refused_address text NOT NULL
);
CREATE INDEX staff_receivers ON staff USING gin (receives_at) WHERE mail_on_new_case AND NOT locked;

CREATE TABLE notifications (
    id uuid PRIMARY KEY,
    staff_id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('assigned', 'queued')),
    state text NOT NULL
        CHECK (state IN ('waiting', 'sending', 'retry', 'suspended', 'sent', 'failed', 'cancelled')),
    cases integer NOT NULL CHECK (cases >= 0),
    attempts integer NOT NULL CHECK (attempts >= 0),
    due_at timestamptz NOT NULL,
    uncertain boolean NOT NULL,
    code text NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX notifications_due ON notifications (due_at) WHERE state IN ('waiting', 'retry', 'sending');
CREATE INDEX notifications_open ON notifications (staff_id) WHERE state IN ('waiting', 'retry', 'suspended');
CREATE INDEX notifications_over ON notifications (changed_at) WHERE state IN ('sent', 'failed', 'cancelled');
"""


def upgrade() -> None:
    run_script(op.get_bind(), MESSAGE_TABLES_V1 + OWN)
