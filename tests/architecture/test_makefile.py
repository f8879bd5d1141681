"""The manual names every target, and a machine without Python 3.11 is told so in one sentence."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
PARTS = {"FORCE"}


def made(*arguments: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which("make") or "make", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )


def test_the_manual_names_every_target() -> None:
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)
    assert phony
    targets = set(phony[1].replace("\\\n", " ").split()) - PARTS

    manual = made("help").stdout

    assert {target for target in targets if not re.search(rf"\b{target}\b", manual)} == set()
    assert "test-LEVEL" in manual


@pytest.mark.parametrize(
    "target", ("check", "test", "fmt", "generate", "requirements", "demo", "bench", "chaos", "stop")
)
def test_every_target_can_be_made(target: str) -> None:
    assert made("--dry-run", target).returncode == 0


def test_an_unknown_level_is_answered_by_the_known_ones() -> None:
    told = made("test-planted", "--assume-old=.venv/.installed")

    assert told.returncode != 0
    assert "There is no tests/planted" in told.stderr
    assert "architecture" in told.stderr


def test_without_python_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "dev.txt").touch()
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "bin").mkdir()
    for program in ("sh", "echo"):
        (tmp_path / "bin" / program).symlink_to(shutil.which(program) or program)

    told = made("install", folder=tmp_path, PATH=str(tmp_path / "bin"))

    assert told.returncode != 0
    assert told.stderr.startswith("Python 3.11 is needed")


@pytest.mark.parametrize(("committed", "fresh"), (("made\n", True), ("made by hand\n", False)))
def test_a_stale_generated_file_is_seen_and_left_alone(committed: str, fresh: bool, tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "generator.py").write_text("open('generated.txt', 'w').write('made\\n')")
    (tmp_path / "generated.txt").write_text(committed)
    for name in ("requirements/dev.txt", ".venv/.installed"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()

    told = made("check-generated", "GENERATORS=generator", f"PYTHON={sys.executable}", folder=tmp_path)

    assert (told.returncode == 0) is fresh
    assert ("run `make generate`" in told.stderr) is not fresh
    assert (tmp_path / "generated.txt").read_text() == committed
