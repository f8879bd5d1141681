"""Importing a service does nothing: no connection, no engine, no process before somebody asks for them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SERVICES


def test_importing_a_service_neither_connects_nor_builds() -> None:
    apps = [f"services.{name}.app" for name in SERVICES if (ROOT / "services" / name / "app.py").exists()]

    wrong = probed(*apps)

    assert wrong == {app: [] for app in apps}


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        (
            "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('127.0.0.1', 9))",
            "socket.connect",
        ),
        ("import subprocess\nsubprocess.run(['true'])", "subprocess.Popen"),
        (
            "from sqlalchemy import create_engine\nengine = create_engine('sqlite://')",
            "is a Engine, built at import",
        ),
        ("from fastapi import FastAPI\napp = FastAPI()", "is a FastAPI, built at import"),
    ),
)
def test_a_planted_connection_is_seen(text: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "planted.py").write_text(text)

    wrong = probed("services.planted", first=tmp_path)

    assert any(expected in what for what in wrong["services.planted"]), wrong


def probed(*modules: str, first: Path = ROOT) -> dict[str, list[str]]:
    told = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "architecture" / "import_probe.py"), *modules],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(first)},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    found: dict[str, list[str]] = json.loads(told.stdout)
    return found
