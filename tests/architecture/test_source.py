"""Every file keeps the rules of the house, and each rule bites."""

from pathlib import Path

import pytest

from tests.architecture.source_rules import (
    Rule,
    passed_over,
    too_long,
    untamed_consumers,
    vague_names,
    without_docstring,
)
from tests.architecture.tree import PACKAGES, ROOT, python_files, shown

NAMED = '"""Says what it is for."""\n'


@pytest.mark.parametrize(
    ("rule", "folders"),
    (
        (too_long, PACKAGES),
        (without_docstring, (*PACKAGES, "requirements", "tests")),
        (vague_names, PACKAGES),
        (untamed_consumers, (*PACKAGES, "tests")),
        (passed_over, ("tests",)),
    ),
)
def test_every_file_keeps_the_rule(rule: Rule, folders: tuple[str, ...]) -> None:
    wrong = [
        f"{shown(path)}: {what}" for path in python_files(*folders) for what in rule(path, path.read_text())
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    (
        (too_long, "services/intake/app.py", "x = 1\n" * 301),
        (without_docstring, "services/intake/app.py", ""),
        (without_docstring, "services/intake/app.py", "# Not a docstring\nx = 1\n"),
        (vague_names, "shared/utils.py", NAMED),
        (vague_names, "services/intake/app.py", f"{NAMED}class CaseManager: ..."),
        (vague_names, "services/intake/app.py", f"{NAMED}class MailService: ..."),
        (vague_names, "services/intake/app.py", f"{NAMED}class BaseRepository: ..."),
        (vague_names, "services/intake/app.py", f"{NAMED}class CaseInfo: ..."),
        (vague_names, "services/intake/app.py", f"{NAMED}class CaseAssignedEvent:\n    TYPE = 'x.v1'"),
        (vague_names, "services/intake/app.py", f"{NAMED}class CaseStatusChanged: ..."),
        (vague_names, "services/intake/app.py", f"{NAMED}class Case:\n    def process_reply(self): ..."),
        (vague_names, "services/intake/app.py", f"{NAMED}async def _handle_case(): ..."),
        (vague_names, "services/intake/app.py", f"{NAMED}def helper(): ..."),
        (
            untamed_consumers,
            "tests/unit/test_x.py",
            "from aiokafka import AIOKafkaConsumer, AIOKafkaProducer",
        ),
        (passed_over, "tests/unit/test_x.py", "pytest.skip('no broker here')"),
        (passed_over, "tests/unit/test_x.py", "@pytest.mark.xfail\ndef test_x(): ..."),
    ),
)
def test_the_rule_bites(rule: Rule, path: str, text: str) -> None:
    assert rule(Path(path), text)


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    (
        (too_long, "services/intake/app.py", "x = 1\n" * 300),
        (too_long, "services/intake/migrations/versions/0001_first.py", "x = 1\n" * 301),
        (vague_names, "services/intake/app.py", f"{NAMED}class Database: ..."),
        (vague_names, "services/intake/app.py", f"{NAMED}class CaseEvent:\n    TYPE: str"),
        (vague_names, "services/intake/app.py", f"{NAMED}class _T: ..."),
        (vague_names, "services/intake/app.py", f"{NAMED}def on_case_received(): ..."),
        (vague_names, "deploy/local/mailbox.py", f"{NAMED}async def handle_DATA(): ..."),
        (untamed_consumers, "shared/messaging/consumer.py", "from aiokafka import AIOKafkaConsumer"),
        (untamed_consumers, "services/intake/app.py", "from aiokafka import AIOKafkaProducer"),
    ),
)
def test_the_rule_lets_pass(rule: Rule, path: str, text: str) -> None:
    assert not rule(Path(path), text)


def test_the_source_is_found() -> None:
    assert len(python_files(*PACKAGES)) > 10
    assert Path(__file__) in python_files("tests", root=ROOT)
