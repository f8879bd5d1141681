"""Pinned requirements are as new as pyproject.toml, every pin has a hash, and images get no more than they need."""

import re
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from requirements import compile as pins
from tests.architecture.tree import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_no_file_is_older_than_its_dependencies() -> None:
    assert pins.stale(ROOT / "requirements", PYPROJECT) == [], "run `make requirements`"


def test_every_group_has_a_file_and_every_file_a_group() -> None:
    assert set(pins.GROUPS) == set(PYPROJECT["dependency-groups"])
    assert {path.stem for path in (ROOT / "requirements").glob("*.txt")} == set(pins.GROUPS)


@pytest.mark.parametrize(
    ("where", "older"),
    (
        ("notify", {"notify", "dev"}),
        ("local", {"local", "dev"}),
        ("dev", {"dev"}),
        ("project", {"admin", "dev", "intake", "local", "notify", "routing"}),
    ),
)
def test_a_planted_dependency_makes_its_files_old(where: str, older: set[str]) -> None:
    planted: dict[str, Any] = deepcopy(PYPROJECT)
    groups = planted["dependency-groups"]
    (planted["project"]["dependencies"] if where == "project" else groups[where]).append("planted>=1")

    assert set(pins.stale(ROOT / "requirements", planted)) == older


def test_a_missing_file_is_old(tmp_path: Path) -> None:
    assert pins.stale(tmp_path, PYPROJECT) == list(pins.GROUPS)


@pytest.mark.parametrize("group", pins.GROUPS)
def test_every_pin_has_a_hash_and_no_file_names_an_index(group: str) -> None:
    lines = (ROOT / "requirements" / f"{group}.txt").read_text().splitlines()
    pinned = [number for number, line in enumerate(lines) if re.match(r"[a-z0-9]", line)]

    assert pinned
    assert all("==" in lines[number] and "--hash=sha256:" in lines[number + 1] for number in pinned)
    assert not [line for line in lines if line.startswith("-") or "://" in line]


@pytest.mark.parametrize("service", ("admin", "intake", "notify", "routing"))
def test_no_image_carries_tools(service: str) -> None:
    text = (ROOT / "requirements" / f"{service}.txt").read_text()

    assert not re.findall(
        r"^(?:pytest|mypy|ruff|uv|hypothesis|confluent-kafka|testcontainers)==", text, re.MULTILINE
    )
