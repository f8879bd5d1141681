"""Routing as a program: `python -m services.routing all|api|worker|relay|migrate`."""

from pathlib import Path

from services.routing.adapters.rebuilding import FORGET
from services.routing.app import build
from services.routing.invariants import INVARIANTS
from services.routing.settings import RoutingSettings
from shared.main import Program, main

if __name__ == "__main__":
    main(Program("routing", RoutingSettings, build, Path(__file__).parent / "migrations", INVARIANTS, FORGET))
