"""Where the source lies, and which files the rules of this folder are about."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("deploy", "frontends", "services", "shared")
"""What ships or runs. Tests are looked at too, where a rule says so."""
SERVICES = ("admin", "intake", "notify", "routing")


def python_files(*folders: str, root: Path = ROOT) -> list[Path]:
    """Every Python file in these folders."""
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py"))


def markdown_files(root: Path = ROOT) -> list[Path]:
    """What people read: at the root, in docs, and beside the code."""
    folders = (*PACKAGES, "docs", "tests", "requirements")
    return sorted(
        [*root.glob("*.md"), *(path for folder in folders for path in (root / folder).rglob("*.md"))]
    )


def shown(path: Path, root: Path = ROOT) -> str:
    """The path as a reader of a failure wants it."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
