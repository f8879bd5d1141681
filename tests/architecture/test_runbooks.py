"""Every alert has its runbook, speaks of a metric that exists, and every command in a runbook can be run."""

import re
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import REGISTRY

from services.admin.adapters import portal_secrets, review_opening, upkeep
from shared.contracts.topics import SERVICES, topics_of_a_region
from shared.observability import metrics
from tests.chaos.plan import Kind

ROOT = Path(__file__).parents[2]
RULES = yaml.safe_load((ROOT / "deploy/observability/alerts.yml").read_text())["groups"][0]["rules"]


def missing_runbooks(rules: list[dict[str, Any]], root: Path) -> list[str]:
    """Alerts whose runbook does not exist or does not speak of them."""
    wrong = []
    for rule in rules:
        name, book = str(rule["alert"]), root / str(rule["annotations"]["runbook"])
        if (
            not book.is_file()
            or f"`{name}`" not in book.read_text() + (root / "docs/runbooks/README.md").read_text()
        ):
            wrong.append(name)
    return wrong


def test_every_alert_has_a_runbook_that_speaks_of_it() -> None:
    assert missing_runbooks(RULES, ROOT) == []


def test_an_alert_without_a_runbook_is_found() -> None:
    planted = {"alert": "Planted", "annotations": {"runbook": "docs/runbooks/planted.md"}}
    assert missing_runbooks([*RULES, planted], ROOT) == ["Planted"]


def test_every_alert_speaks_of_a_metric_that_exists() -> None:
    assert metrics.MESSAGES is not None
    assert upkeep.ALONE is not None
    assert review_opening.OVERDUE is not None
    assert portal_secrets.ENDING is not None
    known = set()
    for family in REGISTRY.collect():
        known |= {family.name, f"{family.name}_total"}
    used = {name for rule in RULES for name in re.findall(r"vardvaxel_\w+", rule["expr"])}
    assert used <= known


def test_every_rewind_in_a_runbook_is_of_a_group_and_of_topics_that_the_service_has() -> None:
    readers = {topic.name: topic.readers for topic in topics_of_a_region(("minvard",))}
    books = "".join(book.read_text() for book in (ROOT / "docs/runbooks").glob("*.md"))
    rewinds = re.findall(r"python -m services\.(\w+) rewind (\S+) \S+((?: [a-z][\w.-]*)+)", books)
    assert {service for service, _, _ in rewinds} == set(SERVICES)
    for service, group, topics in rewinds:
        assert group.partition("-")[0] == service
        assert all(service in readers[topic] for topic in topics.split())


def test_every_command_in_a_runbook_is_one_that_services_have() -> None:
    told = set()
    for book in (ROOT / "docs/runbooks").glob("*.md"):
        told |= set(re.findall(r"python -m services\.\w+ ([a-z-]+)", book.read_text()))
    programs = [ROOT / "shared/main.py", *ROOT.glob("services/*/entrypoints/operator.py")]
    source = "".join(program.read_text() for program in programs)
    assert told <= set(re.findall(r'add_parser\(\s*"([a-z-]+)"', source)) | {"all", "api", "worker", "relay"}
    assert told


def test_every_fault_that_is_tried_is_among_those_that_need_nobody() -> None:
    told = re.findall(
        r"^\|[^|]+\| `([a-z ]+)` \|", (ROOT / "docs/runbooks/faults.md").read_text(), re.MULTILINE
    )
    assert sorted(told) == sorted(Kind)
