"""Pin every group of dependencies with hashes, and tell whether the pins are as old as pyproject.toml is new.

python requirements/compile.py              write requirements/<group>.txt; pins stay unless they must move
python requirements/compile.py --upgrade    let every pin move
python requirements/compile.py --check      no network: compare the fingerprints; 1 if a file is stale
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
PYPROJECT = FOLDER.parent / "pyproject.toml"
GROUPS = ("admin", "dev", "intake", "local", "notify", "routing")
FINGERPRINT = "# Made by `make requirements`, for these dependencies in pyproject.toml: sha256 "


def dependencies_of(group: str, pyproject: dict[str, Any]) -> list[str]:
    """What the project and this group ask for, groups within groups unfolded."""

    def unfolded(name: str) -> list[str]:
        found: list[str] = []
        for entry in pyproject["dependency-groups"][name]:
            found += [entry] if isinstance(entry, str) else unfolded(entry["include-group"])
        return found

    return sorted({*pyproject["project"]["dependencies"], *unfolded(group)})


def fingerprint(group: str, pyproject: dict[str, Any]) -> str:
    """A hash of everything in pyproject.toml that decides what the group's file says."""
    decisive = [pyproject["project"]["requires-python"], *dependencies_of(group, pyproject)]
    return hashlib.sha256(json.dumps(decisive).encode()).hexdigest()


def stale(folder: Path, pyproject: dict[str, Any]) -> list[str]:
    """The groups whose file is missing or was made from other dependencies."""
    return [group for group in GROUPS if _recorded(folder / f"{group}.txt") != fingerprint(group, pyproject)]


def compile_group(group: str, pyproject: dict[str, Any], *, upgrade: bool) -> None:
    """Write one file. Needs a package index; which one is uv's business, not ours."""
    path = FOLDER / f"{group}.txt"
    subprocess.run(
        [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--group", group]
        + ["--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]
        + [*(["--upgrade"] if upgrade else []), "--python-version", "3.11", "--output-file", str(path)],
        cwd=PYPROJECT.parent,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    path.write_text(f"{FINGERPRINT}{fingerprint(group, pyproject)}\n{path.read_text()}")


def _recorded(path: Path) -> str:
    first = path.read_text().partition("\n")[0] if path.exists() else ""
    return first.removeprefix(FINGERPRINT) if first.startswith(FINGERPRINT) else ""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--upgrade", action="store_true")
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    pyproject = tomllib.loads(PYPROJECT.read_text())
    if chosen.check:
        if old := stale(FOLDER, pyproject):
            sys.exit(f"requirements: {', '.join(old)} older than pyproject.toml; run `make requirements`.")
        return
    for group in GROUPS:
        print(f"requirements/{group}.txt")
        compile_group(group, pyproject, upgrade=chosen.upgrade)


if __name__ == "__main__":
    main()
