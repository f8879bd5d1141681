"""The table of messages: whole, and bound to what the use cases take."""

from datetime import timedelta
from pathlib import Path

import services.intake
from services.intake.adapters.tables import metadata
from services.intake.domain.life import mermaid
from services.intake.entrypoints.consumers import handlers
from services.intake.invariants import INVARIANTS
from shared.contracts.catalogue import COMMANDS, EVENTS, owner_of
from shared.contracts.events.admin import ClinicPublished
from shared.contracts.events.routing import ResponsibilityEvent
from shared.contracts.message import Message

NOT_HEARD = {"CaseQueued"}
"""Routing tells it when it has received a case from us: nobody holds it then, and there is nothing to note."""


def test_every_command_of_a_portal_and_every_fact_of_routing_has_its_row() -> None:
    table = handlers(timedelta(days=1))
    ours: list[type[Message]] = [command for command in COMMANDS if owner_of(command) == "intake"]
    facts: list[type[Message]] = [event for event in EVENTS if issubclass(event, ResponsibilityEvent)]
    expected: list[type[Message]] = [*ours, *facts]
    expected.append(ClinicPublished)
    assert {message.__name__ for message in expected if table.get(message) is None} == NOT_HEARD


def test_invariants_name_tables_that_exist() -> None:
    assert {"cases", "messages"} <= set(metadata.tables)
    assert all("SELECT" in statement for statement in INVARIANTS.values())


def test_the_readme_shows_the_table_of_transitions() -> None:
    readme = Path(services.intake.__file__).with_name("README.md").read_text()
    assert mermaid() in readme
