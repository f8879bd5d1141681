"""Alembic's way in: everything is in shared/database/migrate.py."""

from services.notify.adapters.tables import metadata
from shared.database.migrate import run_env

run_env(metadata)
