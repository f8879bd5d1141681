"""An outbox row holds many messages."""

from alembic import op

from shared.database.ddl import PACKED_OUTBOX
from shared.database.migrate import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Rows that wait become rows of one message."""
    run_script(op.get_bind(), PACKED_OUTBOX)
