"""`python -m services.intake all | api | worker | relay | migrate`."""

from pathlib import Path

from services.intake.adapters.rebuilding import FORGET
from services.intake.app import build
from services.intake.invariants import INVARIANTS
from services.intake.settings import IntakeSettings
from shared.main import Program, main

main(Program("intake", IntakeSettings, build, Path(__file__).parent / "migrations", INVARIANTS, FORGET))
