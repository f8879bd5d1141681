"""Every role, state and reason that the contracts know is in the glossary, so that no reader meets a bare code."""

import pytest

from services.intake.domain.life import State
from services.routing.domain.case import Status
from shared.contracts.events.admin import LockReason, Role
from tests.architecture.tree import ROOT

TEXT = (ROOT / "docs" / "glossary.md").read_text()


@pytest.mark.parametrize("code", sorted({*Role, *LockReason, *State, *Status}))
def test_a_code_is_in_the_glossary(code: str) -> None:
    assert f"`{code}`" in TEXT
