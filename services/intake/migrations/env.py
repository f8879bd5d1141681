"""Run by Alembic: where the tables are described."""

from services.intake.adapters.tables import metadata
from shared.database.migrate import run_env

run_env(metadata)
