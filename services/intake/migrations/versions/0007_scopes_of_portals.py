"""What each portal may ask for; those that are known already may ask for everything, as before."""

from alembic import op

from shared.database.migrate import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_script(
        op.get_bind(),
        """
        ALTER TABLE portals ADD COLUMN scopes jsonb NOT NULL
            DEFAULT '["cases:submit", "cases:reply", "cases:read", "catalogue:read"]';
        """,
    )
