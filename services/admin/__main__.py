"""`python -m services.admin`: run admin, or do one thing as its operator."""

from pathlib import Path

from services.admin.app import build
from services.admin.entrypoints.operator import operator_commands
from services.admin.invariants import INVARIANTS
from services.admin.settings import AdminSettings
from shared.main import Program, main

if __name__ == "__main__":
    main(
        Program(
            "admin",
            AdminSettings,
            build,
            Path(__file__).parent / "migrations",
            INVARIANTS,
            more=operator_commands,
        )
    )
