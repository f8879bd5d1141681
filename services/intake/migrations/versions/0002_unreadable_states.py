"""States of the directory that nobody can read, so that their entities stay denied."""

from alembic import op

from shared.database.ddl import UNREADABLE_STATES_V1
from shared.database.migrate import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script(op.get_bind(), UNREADABLE_STATES_V1)
