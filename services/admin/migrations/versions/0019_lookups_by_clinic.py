"""Who is at a clinic is looked up far more often than permissions change; clinics without administrators are few."""

from alembic import op

from shared.database.migrate import run_script

revision = "0019"
down_revision = "0018"

# What waits is read by every lookup until the next vacuum: 0.6 ms in place of 0.1 after a region was seeded.
CHANGE = """
ALTER INDEX accounts_by_clinic SET (fastupdate = off);
SELECT gin_clean_pending_list('accounts_by_clinic');
CREATE INDEX clinics_alone ON clinics (id) WHERE active AND administrators = 0;
"""


def upgrade() -> None:
    run_script(op.get_bind(), CHANGE)
