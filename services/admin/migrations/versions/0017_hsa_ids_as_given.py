"""HSA-ids of accounts as they were given, beside the form that they are compared by."""

from alembic import op

from shared.database.migrate import run_script

revision = "0017"
down_revision = "0016"

CHANGE = """
ALTER TABLE accounts ADD COLUMN hsa_id text NOT NULL DEFAULT '';
-- How those that are there were given is not known any more. An older release goes on to leave it empty.
UPDATE accounts SET hsa_id = id;
"""


def upgrade() -> None:
    run_script(op.get_bind(), CHANGE)
