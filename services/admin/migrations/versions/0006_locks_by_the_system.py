"""Locks that the system sets: the warning before, the alert after a clinic's last administrator, tries to sign in."""

from alembic import op

from shared.database.migrate import run_script

revision = "0006"
down_revision = "0005"

CHANGE = """
-- Never used by a release: what the warning says is the time of the lock.
ALTER TABLE accounts RENAME COLUMN warned_at TO locks_at;

CREATE TABLE alerts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    clinic_id text NOT NULL,
    staff_id text NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX alerts_by_clinic ON alerts (clinic_id);

CREATE TABLE sign_in_tries (
    staff_id text NOT NULL,
    source text NOT NULL,
    failures integer NOT NULL CHECK (failures > 0),
    last_at timestamptz NOT NULL,
    PRIMARY KEY (staff_id, source)
) WITH (fillfactor = 70);
CREATE INDEX sign_in_tries_by_age ON sign_in_tries (last_at);
"""


def upgrade() -> None:
    run_script(op.get_bind(), CHANGE)
