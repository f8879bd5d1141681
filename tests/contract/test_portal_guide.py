"""What the portal guide says is what happens: its bytes, its requests and its codes."""

import ast
import asyncio
import json
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from datetime import timedelta
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest

from deploy.local.choose import Infrastructure
from deploy.local.kafka_login import KafkaLogin
from services.intake.domain.life import State
from services.intake.entrypoints.http_offers import OfferedClinics
from shared.contracts.commands.intake import SubmitCase
from shared.contracts.envelope import HEADER_NAMES, REQUIRED
from shared.contracts.topics import MAX_MESSAGE_BYTES, portal_commands, portal_outcomes, portal_principal
from shared.forms import wording
from shared.inbox.claim import NEWEST, OLDEST
from shared.messaging import faults
from shared.messaging.arrival import read_record
from shared.messaging.consumer import Consumer
from shared.messaging.parking import WAIT_FOR, StoredRecord
from shared.testing.infrastructure import a_topic
from tests.architecture.tree import ROOT
from tests.contract.portal_of_another_make import record_in, settings_in

GUIDE = ROOT / "docs" / "portal-guide.md"
TEXT = GUIDE.read_text()
PORTAL = "example-portal"
PARTITIONS = 12
NEVER_TOLD_TO_PORTALS = frozenset(
    "account_locked already_answered assignment_not_yet_known day_passed grant_unknown no_longer_yours"
    " not_in_the_future only_receivers_and_administrators only_reviewers version_changed version_required"
    " waits_for_the_citizen".split()
)
"""Codes that only staff can meet."""


async def test_the_record_in_the_guide_arrives_as_a_case(infrastructure: Infrastructure) -> None:
    """The producer is another process, isolated from our code: it has the guide and librdkafka alone."""
    principal = portal_principal(PORTAL)
    topic = a_topic(infrastructure, partitions=PARTITIONS, writers=(principal,), readers=("intake",))

    told = await asyncio.to_thread(_send_as_the_guide_says, infrastructure.login(principal), topic)
    record = await _only_record_of(infrastructure, topic)
    arrival = read_record(record, None)

    assert told == [str(record.partition), "0"]
    assert isinstance(arrival.body, SubmitCase), [arrival.faults, arrival.unreadable]
    assert arrival.body.citizen.value == "191212121212"
    assert arrival.line == record.key.decode() == str(arrival.body.case_id)
    assert record.partition == zlib.crc32(record.key) % PARTITIONS, (
        "librdkafka places keys as our producers do"
    )


def _send_as_the_guide_says(login: KafkaLogin, topic: str) -> list[str]:
    protocol = "SASL_PLAINTEXT" if login.user else "PLAINTEXT"
    arguments = [str(GUIDE), login.servers, protocol, login.user or "", login.password or "", topic]
    script = Path(__file__).parent / "portal_of_another_make.py"
    told = subprocess.run(
        [sys.executable, "-I", script, *arguments], capture_output=True, text=True, timeout=60
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.split()


async def _only_record_of(infrastructure: Infrastructure, topic: str) -> Any:
    login = infrastructure.login("intake").for_aiokafka()
    async with Consumer(topic, auto_offset_reset="earliest", group_id=None, **login) as consumer:
        found = await consumer.getmany(timeout_ms=10_000)
        return next(record for records in found.values() for record in records)


def test_the_record_is_taken_at_its_own_time_and_refused_outside_the_window() -> None:
    _, headers, value = record_in(TEXT)
    made = read_record(_record(headers, value), None).envelope.time

    assert isinstance(read_record(_record(headers, value), made + OLDEST).body, SubmitCase)
    assert isinstance(read_record(_record(headers, value), made - NEWEST).body, SubmitCase)
    late = read_record(_record(headers, value), made + OLDEST + timedelta(seconds=1))
    assert [fault.code for fault in late.faults] == ["time_out_of_window"]


def _record(headers: list[tuple[str, bytes]], value: bytes) -> StoredRecord:
    return StoredRecord(f"intake.{PORTAL}.commands", 0, 0, 0, None, value, headers)


def test_names_and_figures_in_the_guide_are_the_ones_in_the_code() -> None:
    place, _, value = record_in(TEXT)

    assert place == {"topic": portal_commands(PORTAL).name, "key": json.loads(value)["case_id"]}
    assert f"`{portal_outcomes(PORTAL).name}` | read" in TEXT
    assert settings_in(TEXT)["sasl.username"] == portal_principal(PORTAL)
    assert f"({MAX_MESSAGE_BYTES:,} bytes)" in TEXT
    assert f"at most {OLDEST.days} days ago" in TEXT
    assert f"at most {int(NEWEST.total_seconds() / 60)} minutes ahead" in TEXT
    assert f"for up to {int(WAIT_FOR.total_seconds() / 60)} minutes" in TEXT
    assert f"kept for {portal_outcomes(PORTAL).retention.days} days" in TEXT


def test_every_header_is_in_the_guide_with_whether_it_is_required() -> None:
    rows = dict(re.findall(r"^\| (`.*?`) \| (required|may be left out) \|", TEXT, re.MULTILINE))
    told = {name.strip(" `"): said == "required" for names, said in rows.items() for name in names.split(",")}

    assert told.keys() == {*HEADER_NAMES} - {"causation_id"}
    assert {name for name, required in told.items() if required} == {*REQUIRED}


@pytest.mark.parametrize("request_", re.findall(r"```http\n(.*?)```", TEXT, re.DOTALL))
def test_a_request_in_the_guide_is_one_that_a_service_takes(request_: str) -> None:
    first, _, rest = request_.partition("\n")
    method, path, _ = first.split()
    headers = Parser().parsestr(rest)
    service = headers["Host"].split(".")[0]
    document = json.loads((ROOT / "docs" / "openapi" / f"{service}.json").read_text())
    content = document["paths"][path][method.lower()]["requestBody"]["content"]

    assert headers["Content-Type"] in content
    if path == "/cases":
        body = json.loads(str(headers.get_payload()))
        SubmitCase.model_validate({"case_id": "019cad4b-6f2e-7c31-9a54-2f8e1b7d9c06", **body})


def test_every_route_in_the_guide_exists() -> None:
    document = json.loads((ROOT / "docs" / "openapi" / "intake.json").read_text())
    routes = re.findall(r"^\| `(GET|POST) (/\S+)` \|", TEXT, re.MULTILINE)

    assert routes
    for method, path in routes:
        assert method.lower() in document["paths"][path], path


def test_every_code_that_a_portal_can_be_told_is_in_the_guide_and_no_other() -> None:
    rows = TEXT.partition("## Why something is refused")[2]
    explained = {
        code
        for row in re.findall(r"^\| (`.*?) \|", rows, re.MULTILINE)
        for code in row.replace("`", "").split(", ")
    }

    assert explained == set(_codes()) - NEVER_TOLD_TO_PORTALS


def _codes() -> Iterator[str]:
    """Codes of faults in machinery, in forms' answers and in intake."""
    yield from (code for code, _, _ in faults._TEXTS.values())
    yield faults._OTHER[0]
    yield from wording.ABOUT_ANSWERS
    yield from wording.ABOUT_RESPONSES
    yield from (f"not_when_{state}" for state in State)
    for path in (ROOT / "shared" / "messaging", ROOT / "shared" / "http", ROOT / "services" / "intake"):
        for file in path.rglob("*.py"):
            yield from _literal_codes(ast.parse(file.read_text()))


def _literal_codes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault":
            yield from (str(code.value) for code in node.args[1:2] if isinstance(code, ast.Constant))


def _shown_with(name: str) -> Any:
    """The first JSON in the guide that has this field."""
    blocks = map(json.loads, re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL))
    return next(block for block in blocks if name in block)


def test_a_page_of_clinics_looks_as_the_guide_shows() -> None:
    shown = _shown_with("clinics")

    assert OfferedClinics.model_validate(shown).model_dump(mode="json") == shown


def test_a_problem_looks_as_the_guide_shows() -> None:
    shown = _shown_with("reasons")

    assert set(shown) == {"type", "title", "status", "detail", "reasons"}
    assert set(shown["reasons"][0]) == {"field", "code", "message"}
    assert shown["type"].endswith(shown["reasons"][0]["code"])
