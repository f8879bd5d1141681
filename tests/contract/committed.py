"""What git knows of a folder: the files of a commit, so that a promise once made is held against today's files."""

import subprocess

from tests.architecture.tree import ROOT


def baselines() -> list[str]:
    """The commits that today must be compatible with: the last one, and the newest release."""
    found = [_told("rev-parse", "--verify", "HEAD"), _told("describe", "--tags", "--abbrev=0", "--match=v*")]
    return [commit.strip() for commit in found if commit]


def files_of(commit: str, folder: str) -> dict[str, str]:
    """Path → text of every JSON file under a folder in a commit."""
    listed = _told("ls-tree", "-r", "-z", "--name-only", commit, "--", folder) or ""
    return {
        path: _told("show", f"{commit}:{path}") or "" for path in listed.split("\0") if path.endswith(".json")
    }


def _told(*arguments: str) -> str | None:
    """What git says, or None where there is no git, no repository or no such thing."""
    try:
        told = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return told.stdout if told.returncode == 0 else None
