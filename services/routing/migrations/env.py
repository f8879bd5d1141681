"""Where Alembic begins."""

from services.routing.adapters.tables import metadata
from shared.database.migrate import run_env

run_env(metadata)
