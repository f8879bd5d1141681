"""`python -m services.notify`: run notify, or do one thing as its operator."""

from pathlib import Path

from services.notify.adapters.rebuilding import FORGET
from services.notify.app import build
from services.notify.invariants import INVARIANTS
from services.notify.settings import NotifySettings
from shared.main import Program, main

if __name__ == "__main__":
    main(Program("notify", NotifySettings, build, Path(__file__).parent / "migrations", INVARIANTS, FORGET))
