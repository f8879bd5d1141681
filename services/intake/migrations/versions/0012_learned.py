"""A mark that changes with what is learned of portals, clinics and case types, so that a process may remember them."""

from alembic import op

from shared.database.migrate import run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        CREATE TABLE learned (what text PRIMARY KEY, mark uuid NOT NULL);
        INSERT INTO learned VALUES ('offers', gen_random_uuid());
        """,
    )
