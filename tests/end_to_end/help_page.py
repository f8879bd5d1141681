"""A new user with a help page and a shell: carries out what stands there, step by step, and nothing else."""

import json
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from deploy.local.demo import documented
from deploy.local.home import REPOSITORY
from deploy.local.region import Region

PATIENCE = 60
"""Seconds for one script."""


class HelpPage(AbstractContextManager["HelpPage"]):
    """The commands under a heading of docs/. A step is named by the comment above it; each must have been carried out.

    What a step sets is known to the next ones, as in a shell.
    """

    def __init__(self, region: Region, page: str, heading: str) -> None:
        services = {name.upper(): region.url(name) for name in ("admin", "intake", "routing")}
        addresses = services | {"MAILS": region.stack.mailbox.url}
        given = " ".join(f"{name}={url}" for name, url in addresses.items())
        self._before = f"{given}\n{documented('Before you begin', 'help-pages.md')}"
        self._steps = _steps(documented(heading, page))
        self._left = dict.fromkeys(self._steps)
        self._folder = TemporaryDirectory()
        self._known = Path(self._folder.name) / "known"
        self._known.touch()
        self.do(next(iter(self._steps)))

    def do(self, step: str) -> Any:
        """What the step's last command answered, as JSON; None where it answers nothing."""
        self._left.pop(step, None)
        keep = f"declare -p | grep '^declare -- [A-Z]' | grep -v ' BASH_' > {self._known}"
        script = "\n".join((self._before, self._known.read_text(), self._steps[step], keep))
        return next(reversed(answered(script)), None)

    def known(self, name: str) -> str:
        """What a variable holds."""
        set_to = f'declare -- {name}="'
        lines = self._known.read_text().splitlines()
        return next(line.removeprefix(set_to)[:-1] for line in lines if line.startswith(set_to))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._folder.cleanup()
        assert kind is not None or not self._left, f"nobody has tried: {', '.join(self._left)}"


def _steps(commands: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for line in commands.splitlines():
        if line.startswith("# "):
            found[line[2:]] = lines = []
        elif line:
            lines.append(line)
    return {step: "\n".join(lines) for step, lines in found.items()}


def answered(script: str) -> list[Any]:
    """What the commands of a script answer, one JSON value after the other."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    answers: list[Any] = []
    rest = done.stdout.strip()
    while rest:
        answer, end = json.JSONDecoder().raw_decode(rest)
        answers.append(answer)
        rest = rest[end:].strip()
    return answers
